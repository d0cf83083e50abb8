"""From the spreadsheet's count to the sound one, a factor at a time."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.estimators.capacity import mean_count
from prmkit.estimators.recruitment import expected_months
from prmkit.practices.reach.count.case import Case

_YEAR = 12
MEANS = {
    "naive": "the gap over what an active partner sells in a year; what present partners will lose is in the gap",
    "activation": "some of those signed never sell",
    "ramp": "they sign through the year and take time to sell as others do",
    "attrition": "some of those that sell stop again before the year is over",
    "yield": "new partners sell more or less than the present ones, and the common trend",
    "saturation": "partners in one market share what is to be had",
    "certainty": "enough to reach the goal as surely as asked, not just on average",
}


def waterfall(case: Case) -> pd.DataFrame | None:
    """reach_waterfall: step, recruits (after that step), added (by it), means (one line). None without a goal or a yardstick.

    The steps up to saturation are expectations; the last one asks for the engagement's confidence.
    """
    goal, yardstick = case.target.revenue, case.average_yield
    asked = case.count(case.target.confidence)
    if goal is None or yardstick is None or asked is None:
        return None
    gap = max(goal - float(case.present.mean()), 0.0)
    activation = float(case.channel.activated.mean())
    if gap <= 0 or activation <= 0:
        return None
    window = case.target.window
    growing = expected_months(case.channel, window, attrition=False).mean() / _YEAR
    lasting = expected_months(case.channel, window).mean() / _YEAR
    naive = gap / yardstick
    one = float(case.grown(case.recruits).mean.mean())
    steps = {
        "naive": naive,
        "activation": naive / activation,
        "ramp": naive / activation / growing,
        "attrition": naive / activation / lasting,
        "yield": mean_count(float(case.present.mean()), one, goal),
    }
    if case.recruits.crowding is not None:
        steps["saturation"] = _crowded(case, gap, steps["yield"])
    steps["certainty"] = float(asked)
    made = pd.DataFrame({"step": list(steps), "recruits": list(steps.values())})
    return made.assign(added=made["recruits"].diff().fillna(made["recruits"]), means=made["step"].map(MEANS))


def _crowded(case: Case, gap: float, start: float) -> float:
    """The count whose expected revenue, shared with the partners present, fills the gap."""
    recruits = case.grown(case.recruits)
    low, high = 0, max(int(start), 1)
    while float(recruits.revenue(high).mean()) < gap and high < case.most:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if float(recruits.revenue(middle).mean()) >= gap else (middle, high)
    return float(np.minimum(high, case.most))
