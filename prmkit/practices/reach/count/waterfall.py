"""From the spreadsheet's count to the sound one, a factor at a time."""

from __future__ import annotations

import pandas as pd

from prmkit.estimators.capacity import Recruits, mean_count, naive_count
from prmkit.estimators.recruitment import expected_months
from prmkit.practices.reach.count.case import Case

_YEAR = 12
MEANS = {
    "naive": "the goal less last year's revenue, over what an active partner sold in that year",
    "activation": "some of those signed never sell",
    "ramp": "they sign through the year and take time to sell as others do",
    "attrition": "some of those that sell stop again before the year is over",
    "base": "the partners of today will not sell what they sold last year: some stop, some grow, some are still starting",
    "yield": "new partners sell more or less than today's, and the common trend moves them too",
    "saturation": "partners in one market share what is to be had: recruits take some of it from those present",
    "certainty": "enough to reach the goal as surely as asked, not just on average",
}


def waterfall(case: Case) -> pd.DataFrame | None:
    """reach_waterfall: step, recruits (after that step), added (by it; the sum of them is the last count), means (one line).

    None without a goal or a yardstick, and where nothing has to be added. The steps up to saturation are expectations; the last one
    asks for the engagement's confidence. Order: the spreadsheet, activation, ramp, attrition of recruits, then of the base,
    saturation, certainty.
    """
    goal, yardstick, asked = case.target.revenue, case.average_yield, case.asked
    if goal is None or yardstick is None or not asked:
        return None
    activation = float(case.channel.activated.mean())
    gap = goal - float(case.present.mean())
    one = float(case.grown().mean.mean())
    if gap <= 0 or activation <= 0 or one <= 0:
        return None
    window = case.target.window
    growing = float(expected_months(case.channel, window, attrition=False).mean()) / _YEAR
    lasting = float(expected_months(case.channel, window).mean()) / _YEAR
    naive = naive_count(goal - case.revenue, yardstick)
    steps = {
        "naive": naive,
        "activation": naive / activation,
        "ramp": naive / activation / growing,
        "attrition": naive / activation / lasting,
        "base": naive_count(gap, yardstick) / activation / lasting,
        "yield": mean_count(0.0, one, gap),
    }
    grown = case.grown()
    if grown.crowding is not None:
        steps["saturation"] = count_on_average(grown, gap, steps["yield"], case.most)
    steps["certainty"] = float(asked)
    made = pd.DataFrame({"step": list(steps), "recruits": list(steps.values())})
    return made.assign(added=made["recruits"].diff().fillna(made["recruits"]), means=made["step"].map(MEANS))


def count_on_average(recruits: Recruits, gap: float, start: float, most: int) -> float:
    """The count, between whole numbers too, whose expected net revenue fills the gap; `most` where none does."""
    low, high = 0, max(int(start), 1)
    while float(recruits.revenue(high).mean()) < gap:
        if high >= most:
            return float(most)
        low, high = high, min(2 * high, most)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if float(recruits.revenue(middle).mean()) >= gap else (middle, high)
    below, above = float(recruits.revenue(low).mean()), float(recruits.revenue(high).mean())
    return low + (gap - below) / (above - below) if above > below else float(high)
