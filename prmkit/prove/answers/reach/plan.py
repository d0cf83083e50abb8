"""What is said of how many partners the goal needs, against what would truly come."""

from __future__ import annotations

import numpy as np

from prmkit.practices.reach.count.goal import target
from prmkit.prove.case import Case
from prmkit.prove.limit import future
from prmkit.prove.score import Answer, Claims, Estimates, Outcome
from prmkit.simulate.revenue import realised_revenue
from prmkit.simulate.state import Array

_CERTAIN = 0.8
_INSIDE, _OUTSIDE = (0.60, 0.98), 0.20


def baseline(case: Case) -> Outcome | None:
    """Revenue of the coming 12 months from the partners of today: the sum that really came."""
    row = _plan(case)
    months = case.state.months
    came = float(realised_revenue(case.state)[:, months : months + 12].sum())
    last = float(case.portfolio.per_partner().sum())
    drawn = _present(case)
    low, high = np.quantile(drawn, [0.05, 0.95])
    return Outcome(
        Estimates.single(
            came,
            row.get("baseline"),
            row.get("baseline_low"),
            row.get("baseline_high"),
            naive=last,
            limit=float(drawn.mean()),
            limit_low=float(low),
            limit_high=float(high),
            scale=max(came, 1.0),
        )
    )


def chance_reached(case: Case) -> Outcome | None:
    """The true chance of the goal with the number of recruits named for a chance of 0.8; nothing where even none would give it.

    As a claim: to name a number for 0.8 is false where its true chance lies outside 0.60 to 0.98, which one in five may.
    """
    row, goal = _plan(case), target(case.portfolio).revenue
    limit = future.count_for(case.state, goal, _CERTAIN) if goal is not None else None
    if goal is None or not limit:
        return None
    tool, naive = (_chance(case, goal, row.get(column)) for column in ("recruits_p80", "recruits_naive"))
    said = [np.isfinite(chance) for chance in (tool, naive)]
    false = [bool(known and not _INSIDE[0] <= chance <= _INSIDE[1]) for known, chance in zip(said, (tool, naive), strict=True)]
    claims = Claims(int(said[0]), int(false[0]), _OUTSIDE, int(said[1]), int(false[1]), 1, 1)
    return Outcome(Estimates.single(_CERTAIN, tool, naive=naive, limit=_chance(case, goal, limit)), claims=claims)


def recruits(case: Case) -> Outcome | None:
    """Recruits named for a chance of 0.8, over the number that truly gives it."""
    counted = _counts(case)
    if counted is None:
        return None
    needed, tool, naive, limit = counted
    return Outcome(Estimates.single(needed, tool, naive=naive, limit=limit, scale=needed))


def recruits_ratio(case: Case) -> Outcome | None:
    """The same on the scale of logarithms, where half as many and twice as many are as far off: the bias is that of the middle world."""
    counted = _counts(case)
    if counted is None:
        return None
    needed, *said = counted
    logs = [float(np.log(count / needed)) if np.isfinite(count) and count > 0 else np.nan for count in said]
    return Outcome(Estimates.single(0.0, logs[0], naive=logs[1], limit=logs[2]))


def _counts(case: Case) -> tuple[float, float, float, float] | None:
    """Recruits truly needed for 0.8, and what the tool, the spreadsheet and the limit say; None where none are needed."""
    row, goal = _plan(case), target(case.portfolio).revenue
    needed = future.count_for(case.state, goal, _CERTAIN, known=True) if goal is not None else None
    if goal is None or not needed:
        return None
    limit = future.count_for(case.state, goal, _CERTAIN)
    said = (row.get("recruits_p80", np.nan), row.get("recruits_naive", np.nan))
    return float(needed), *said, np.nan if limit is None else float(limit)


def probability_now(case: Case) -> Outcome | None:
    """The chance of the goal with the partners of today."""
    row, goal = _plan(case), target(case.portfolio).revenue
    if goal is None:
        return None
    drawn = _present(case)
    truth = future.true_chance(case.state, 0, goal)
    naive = float(case.portfolio.per_partner().sum() >= goal)
    return Outcome(Estimates.single(truth, row.get("probability_now"), naive=naive, limit=float((drawn >= goal).mean())))


def _plan(case: Case) -> dict[str, float]:
    rows = case.table("reach", "plan")
    whole = rows[rows["territory"] == "all"]
    return {} if whole.empty else {str(name): float(value) for name, value in whole.iloc[0].items() if name != "territory"}


def _present(case: Case) -> Array:
    return future.present(case.state)


def _chance(case: Case, goal: float, count: float | None) -> float:
    if count is None or not np.isfinite(count):
        return np.nan
    return future.true_chance(case.state, int(np.ceil(count)), goal)


PLAN_ANSWERS = (
    Answer(
        "reach.baseline",
        "reach",
        "What will the partners of today sell in the coming 12 months?",
        "whole",
        "what they sold in the last 12",
        "posterior of every partner's rate, size and life, told all rates of the world; future shocks drawn",
        baseline,
    ),
    Answer(
        "reach.chance_reached",
        "reach",
        "How likely is the goal truly, with the recruits named for 80%?",
        "whole",
        "gap over the average partner",
        "the smallest number that gives 80% by all that is on record, told how the channel works",
        chance_reached,
    ),
    Answer(
        "reach.recruits",
        "reach",
        "How many partners must be signed for an 80% chance of the goal?",
        "whole",
        "gap over the average partner",
        "the smallest number that gives 80% by all that is on record, told how the channel works",
        recruits,
    ),
    Answer(
        "reach.recruits_ratio",
        "reach",
        "By what factor does the number of partners named for 80% miss the true one (its logarithm)?",
        "whole",
        "gap over the average partner",
        "the smallest number that gives 80% by all that is on record, told how the channel works",
        recruits_ratio,
    ),
    Answer(
        "reach.probability_now",
        "reach",
        "How likely is the goal with the partners of today?",
        "whole",
        "certain or impossible, by last year's revenue",
        "as for the baseline",
        probability_now,
    ),
)
