"""What is said of mixes of levers, against the chance of the goal in a year in which they were truly pulled."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from prmkit.practices.reach.count.case import build_case
from prmkit.practices.reach.moves.levers import Moves
from prmkit.practices.reach.moves.mixes import Mix, mixes
from prmkit.practices.reach.moves.response import TAKES_HOLD
from prmkit.prove.case import Case
from prmkit.prove.limit import future
from prmkit.prove.limit.changed import Changed
from prmkit.prove.limit.recruits import draw_recruits
from prmkit.prove.limit.year import year_ahead
from prmkit.prove.score import Answer, Estimates, Outcome
from prmkit.simulate.state import AHEAD, State

_NOT_SIMULATED = ("new_family", "price_leak")


def chance_of_mixes(case: Case) -> Outcome | None:
    """The true chance of the goal with each mix that is said to reach it as surely as asked.

    Mixes of the levers that a made-up year knows: activation, ramp, retention, yield and recruits. Partners signed that
    never sold stay so, and further families and discounts are left as they are.
    """
    made = build_case(case.portfolio)
    if made is None or made.target.revenue is None:
        return None
    goal, confidence = made.target.revenue, made.target.confidence
    ways = [mix for mix in mixes(known_moves(Moves.of(made))) if mix.reaches]
    if not ways:
        return None
    truth = np.array([true_chance(case.state, mix, goal) for mix in ways])
    naive = case.table("reach", "plan").iloc[0]["recruits_naive"]
    spreadsheet = future.true_chance(case.state, int(np.ceil(naive)), goal) if np.isfinite(naive) else np.nan
    return Outcome(Estimates.of(np.full(len(ways), confidence), truth, naive=np.full(len(ways), spreadsheet)))


def known_moves(moves: Moves) -> Moves:
    """The same without the levers that a made-up year does not know."""
    levers = {name: replace(one, missing="not simulated") if name in _NOT_SIMULATED else one for name, one in moves.levers.items()}
    return replace(moves, response=replace(moves.response, silent=0.0), levers=levers)


def true_chance(state: State, mix: Mix, goal: float, draws: int = future.DRAWS, seed: int = 0) -> float:
    """The chance of the goal (EUR) in a year in which the mix is pulled, for who knows what every partner of today truly is."""
    changed = changed_by(mix)
    year = year_ahead(state, draws, seed, known=True, changed=changed)
    return float(np.mean(draw_recruits(state, year, seed, changed).total(mix.recruits) >= goal))


def changed_by(mix: Mix) -> Changed:
    """The levers of a mix month by month, in force within three months as they are taken to be."""
    force = np.clip((np.arange(AHEAD) + 0.5) / TAKES_HOLD, 0.0, 1.0)
    pull = mix.pull
    return Changed(
        hazard=1 + pull.retention * force, sales=1 + pull.yields * force, activation=pull.activation * force, ramp=-pull.ramp * force
    )


MOVES_ANSWERS = (
    Answer(
        "reach.mixes",
        "reach",
        "How likely is the goal truly, with each mix of levers named for 80%?",
        "mix",
        "gap over the average partner in recruits, no lever moved",
        "not worked out",
        chance_of_mixes,
    ),
)
