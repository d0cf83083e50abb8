"""The inputs and the plan's own answer as results tables, so that a page without a kernel shows them whole."""

from __future__ import annotations

import pandas as pd

from prmkit.practices.reach.count.case import Case
from prmkit.practices.reach.what_if.answer import Answer
from prmkit.practices.reach.what_if.world import WhatIf

_CHANCE_OF = {0.5: "an even chance", 0.8: "four chances in five", 0.9: "nine chances in ten"}


def what_if(case: Case) -> dict[str, pd.DataFrame]:
    """reach_what_if: one row an input; reach_what_if_answers: what the plan's own inputs come to; reach_what_if_curve: the chance."""
    world = WhatIf(case)
    columns = ["input", "label", "group", "unit", "setting", "low", "high", "least", "most", "about"]
    rows = [
        (one.key, one.label, one.group, one.unit, one.estimate, one.low, one.high, one.least, one.most, one.about) for one in world.inputs
    ]
    return {
        "what_if": pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[4:9], "float64")),
        "what_if_answers": answers(world.base),
        "what_if_curve": world.base.curve.rename(columns={"count": "recruits"}),
    }


def answers(found: Answer) -> pd.DataFrame:
    """One row an answer: answer, unit, value, low, high. Null where it is not known."""
    rows: list[tuple[str, str, float | None, float | None, float | None]] = [
        *((f"recruits for {said}", "partners", _number(found.counts[sure]), None, None) for sure, said in _CHANCE_OF.items()),
        ("recruits for the confidence asked", "partners", _number(found.asked), None, None),
        ("prospects to approach for them", "partners", found.candidates, None, None),
        ("chance with today's partners alone", "share", found.chance_now, None, None),
        ("recruits looked at", "partners", float(found.recruits), None, None),
        ("chance with the recruits looked at", "share", found.chance, None, None),
        ("revenue with today's partners alone", "money", found.baseline.mean, found.baseline.low, found.baseline.high),
        ("revenue with the recruits looked at", "money", found.revenue.mean, found.revenue.low, found.revenue.high),
        ("cost of the recruits looked at", "money", found.cost, None, None),
        ("margin they leave after it", "money", found.margin_left, None, None),
    ]
    return pd.DataFrame(rows, columns=["answer", "unit", "value", "low", "high"]).astype(dict.fromkeys(("value", "low", "high"), "float64"))


def _number(count: int | None) -> float | None:
    return None if count is None else float(count)
