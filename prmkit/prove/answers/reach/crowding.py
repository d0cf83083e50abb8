"""What is said of territories with too many partners, against how much they truly share."""

from __future__ import annotations

from prmkit.prove.case import Case
from prmkit.prove.score import Answer, Estimates, Outcome


def elasticity(case: Case) -> Outcome | None:
    """How a territory's revenue answers to its number of selling partners."""
    rows = case.table("reach", "saturation")
    first = {} if rows.empty else rows.iloc[0].to_dict()
    enough = len(case.state.network.places) >= 6
    ends = (first.get("elasticity_low"), first.get("elasticity_high"))
    return Outcome(Estimates.single(case.world.elasticity, first.get("elasticity"), *ends, naive=1.0, should=enough))


CROWDING_ANSWERS = (
    Answer(
        "reach.elasticity",
        "reach",
        "Do more partners in a territory bring more, or share what there is?",
        "whole",
        "every partner adds the average",
        "not worked out",
        elasticity,
    ),
)
