"""reach_mixes and reach_mix_levers: one line a mix, and one for each lever in it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.estimators.bootstrap import interval
from prmkit.estimators.capacity import naive_count
from prmkit.practices.reach.moves.mix_words import changes, must_be_true, title
from prmkit.practices.reach.moves.mixes import Mix
from prmkit.practices.reach.moves.response import Pull

Array = NDArray[np.float64]


def mix_rows(made: list[Mix]) -> pd.DataFrame | None:
    """reach_mixes; None without mixes.

    cost: the part that is known, a year; cost_missing: what is not in it. margin: on what the mix adds in the goal's 12 months; left: that
    less the known cost. probability_half: chance if levers do half of what they are to. goal_in_reach: the goal reached as surely
    as asked. probability_later: chance of the goal three months later. naive_*: the same on every row, what plain division says.
    """
    return pd.DataFrame([_row(mix) for mix in made]) if made else None


def lever_rows(made: list[Mix]) -> pd.DataFrame | None:
    """reach_mix_levers; None without mixes. The first row of each mix is what today's partners bring; revenue adds up to the mix's."""
    return pd.DataFrame([row for mix in made for row in _levers(mix)]) if made else None


def _row(mix: Mix) -> dict[str, object]:
    case = mix.moves.case
    row: dict[str, object] = {
        "mix": mix.name,
        "title": title(mix),
        "words": "; ".join(change.words for change in changes(mix).values()) or "nothing changes",
        "recruits": mix.recruits,
        "goal": case.target.revenue,
        "confidence": case.target.confidence,
        "probability": mix.chance(),
        "probability_half": mix.chance(0.5),
        "probability_later": mix.chance_later,
        "reaches": mix.reaches,
        "goal_in_reach": mix.surely,
        "within_range_seen": mix.seen,
        "cost_missing": "; ".join(mix.cost_missing) or None,
        "must_be_true": must_be_true(mix),
    }
    left = left_of(mix)
    row |= _spreadsheet(mix)
    row |= _money("revenue", mix.drawn, "") | _money("cost", mix.cost) | _money("margin", mix.margin) | _money("left", left)
    return row


def _spreadsheet(mix: Mix) -> dict[str, object]:
    """The plain rule beside it: the gap over what an average partner sells, at the cost of signing and looking after so many."""
    case, goal = mix.moves.case, mix.moves.case.target.revenue
    if goal is None or case.average_yield is None:
        return {}
    count = int(np.ceil(naive_count(goal - float(case.present.mean()), case.average_yield)))
    cost = mix.moves.costs.of("recruits", Pull(recruits=count), mix.moves.response)
    return {"naive_recruits": count, "naive_probability": case.chance(count), "naive_cost": None if cost is None else float(cost.mean())}


def left_of(mix: Mix) -> Array | None:
    """Draws of the margin that a mix leaves after its known cost; None where either is not known."""
    return None if mix.margin is None or mix.cost is None else mix.margin - mix.cost


def _levers(mix: Mix) -> list[dict[str, object]]:
    case, told = mix.moves.case, changes(mix)
    rows: list[dict[str, object]] = [
        {"mix": mix.name, "lever": "present", "words": "today's partners, nothing changed"} | _money("revenue", case.present)
    ]
    steps = {lever.name: (change, lever.within(change)) for lever, change in mix.used}
    if mix.recruits:
        steps["recruits"] = (float(mix.recruits), mix.recruits <= mix.moves.most_signed)
    for name, pull in mix.alone:
        change, seen = steps[name]
        cost, said = mix.moves.costs.of(name, pull, mix.moves.response), told[name]
        added = mix.drawn - mix.without(name)
        scale = mix.parts[name] / float(added.mean()) if added.mean() else 1.0
        low, high = interval(added * scale)
        rows.append(
            {
                "mix": mix.name,
                "lever": name,
                "change": change,
                "from_value": said.before,
                "to_value": said.after,
                "unit": said.unit,
                "revenue": mix.parts[name],
                "revenue_low": low,
                "revenue_high": high,
                "cost": None if cost is None else float(cost.mean()),
                "within_range_seen": seen,
                "words": said.words,
            }
        )
    return rows


def _money(name: str, drawn: Array | None, prefix: str | None = None) -> dict[str, object]:
    ends = ("low", "high") if prefix == "" else (f"{name}_low", f"{name}_high")
    if drawn is None:
        return dict.fromkeys((name, *ends))
    low, high = interval(drawn)
    return {name: float(drawn.mean()), ends[0]: low, ends[1]: high}
