"""Three mixes of levers that reach the goal as surely as asked: mostly from today's partners, least stretch, mostly recruiting."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from prmkit.estimators.lever_mix import least_stretch, reaches, shares, surely
from prmkit.practices.reach.moves.levers import Moves, moved
from prmkit.practices.reach.moves.reachable import Lever
from prmkit.practices.reach.moves.response import Pull

Array = NDArray[np.float64]

TODAY, LEAST, RECRUITING, WITHIN = "todays_partners", "least_stretch", "recruiting", "within_reach"
_WORTH_WHILE = 0.02
_HARDLY = 0.25
_ALIKE = 0.1
_FEW_RECRUITS = 5.0


@dataclass(frozen=True)
class Mix:
    """One mix of a case. setting: of each usable lever as a share of how far it can be moved; recruits: partners signed on top."""

    name: str
    moves: Moves
    setting: Array
    recruits: int

    @property
    def pull(self) -> Pull:
        """The levers as they are moved."""
        return pull_of(self.moves, self.setting, self.recruits)

    @cached_property
    def drawn(self) -> Array:
        """Draws of the revenue of the goal's 12 months."""
        return self.moves.response.total(self.pull)

    def without(self, lever: str) -> Array:
        """Draws of the revenue with one lever, or the recruits, left out."""
        left = np.array([0.0 if one.name == lever else share for one, share in zip(self.moves.usable, self.setting, strict=True)])
        return self.moves.response.total(pull_of(self.moves, left, 0 if lever == "recruits" else self.recruits))

    def chance(self, share: float = 1.0) -> float | None:
        """Chance of the goal if only `share` of what the levers are moved by comes about, recruits signed in full."""
        goal = self.moves.case.target.revenue
        return None if goal is None else float(np.mean(self.moves.response.total(self.pull.times(share)) >= goal))

    @property
    def reaches(self) -> bool:
        """Whether it reaches the goal as surely as asked."""
        goal = self.moves.case.target.revenue
        return goal is not None and reaches(self.drawn, goal, self.moves.case.target.confidence)

    @property
    def surely(self) -> float:
        """The goal that it reaches as surely as asked."""
        return surely(self.drawn, self.moves.case.target.confidence)

    @property
    def used(self) -> list[tuple[Lever, float]]:
        """Levers that are moved, and by how much."""
        return [(lever, share * lever.reach) for lever, share in zip(self.moves.usable, self.setting, strict=True) if share > 0]

    @cached_property
    def parts(self) -> dict[str, float]:
        """What each lever and the recruits add on average; together the difference to today's partners."""
        most = max(self.recruits, 1)

        def total(setting: Array) -> Array:
            return self.moves.response.total(pull_of(self.moves, setting[:-1], round(setting[-1] * most)))

        names = [lever.name for lever in self.moves.usable] + ["recruits"]
        setting = np.append(self.setting, 1.0 if self.recruits else 0.0)
        return {name: float(part) for name, part, how in zip(names, shares(total, setting), setting, strict=True) if how > 0}

    @property
    def seen(self) -> bool | None:
        """Whether every setting and the number of recruits lie within what this client has seen; None where that cannot be told of one."""
        told = [lever.within(change) for lever, change in self.used]
        if self.recruits:
            told.append(self.recruits <= self.moves.most_signed)
        return False if False in told else None if None in told else True

    @cached_property
    def cost(self) -> Array | None:
        """Draws of the known cost a year; None where nothing of it is known."""
        known = [self.moves.costs.of(name, pull, self.moves.response) for name, pull in self.alone]
        told = [one for one in known if one is not None]
        return np.sum(told, axis=0) if told else None

    @property
    def cost_missing(self) -> tuple[str, ...]:
        """What of its cost is not known, in words."""
        said = [self.moves.costs.unknown(name) for name, _ in self.alone]
        return tuple(one for one in said if one)

    @property
    def alone(self) -> list[tuple[str, Pull]]:
        """Each lever of the mix beside its recruits, and the recruits last, as if no other were moved."""
        made = [(lever.name, moved(lever.name, change, self.recruits)) for lever, change in self.used]
        return [*made, ("recruits", Pull(recruits=self.recruits))] if self.recruits else made

    @property
    def chance_later(self) -> float | None:
        """Chance of the goal with the same mix three months later, the levers' effect on present partners as it is now."""
        case, goal = self.moves.case, self.moves.case.target.revenue
        if goal is None:
            return None
        levers = pull_of(self.moves, self.setting)
        alone, coming = self.moves.response.total(levers), case.coming * case.trend
        more = np.divide(alone - case.past, coming, out=np.ones(len(coming)), where=coming > 0)
        past = float(case.later.past[case.rows].sum())
        drawn = past + (case.later.total(case.rows) - past) * more + self.moves.later_recruits.revenue(self.recruits)
        return float(np.mean(drawn >= goal))

    @cached_property
    def margin(self) -> Array | None:
        """Draws of the gross margin on what the mix adds, before its cost; None where no margin is known."""
        return None if self.moves.rate is None else self.moves.response.margin(self.pull, self.moves.rate)


def pull_of(moves: Moves, setting: Array, recruits: int = 0) -> Pull:
    """Settings as shares of how far each usable lever can be moved."""
    by = {lever.name: float(share * lever.reach) for lever, share in zip(moves.usable, setting, strict=True)}
    return Pull(
        activation=by.get("activation", 0.0),
        ramp=by.get("ramp", 0.0),
        retention=by.get("retention", 0.0),
        yields=_beside(moves, by),
        families=by.get("new_family", 0.0),
        leak=by.get("price_leak", 0.0),
        recruits=recruits,
    )


def _beside(moves: Moves, by: dict[str, float]) -> float:
    """Growth per partner besides further families and smaller discounts, which were part of the growth that was seen."""
    response, asked = moves.response, by.get("yield", 0.0)
    if asked <= 0:
        return 0.0
    coming = float((moves.case.coming * moves.case.trend).mean())
    other = by.get("new_family", 0.0) * float(response.family.mean())
    other += by.get("price_leak", 0.0) * float((response.leak * (1 - response.lost)).mean()) * response.hold
    return max(asked - other / (coming * response.hold), 0.0) if coming > 0 else 0.0


def mixes(moves: Moves) -> list[Mix]:
    """The mixes of a case, none without a goal or where today's partners reach it as they are.

    todays_partners: levers alone at the least stretch, or all of them as far as they go and the fewest recruits beside. least_stretch:
    levers and recruits together, each asked for as little as may be of what has been seen. recruiting: recruits alone. Where none of
    these both reaches the goal and stays within what was seen, within_reach follows: everything as far as has been seen.
    """
    goal = moves.case.target.revenue
    if goal is None or moves.asked == 0:
        return []
    keep = _worth_while(moves, goal)
    made = [_todays(moves, keep, goal), _least(moves, keep, goal), _recruiting(moves)]
    made = _apart(moves, made, goal)
    if not any(mix.reaches and mix.seen for mix in made):
        within = _within(moves, keep)
        made += [within] if all(within.pull != mix.pull for mix in made) else []
    return made


def _worth_while(moves: Moves, goal: float) -> Array:
    """1 for the levers that could bring a few hundredths of what is missing, 0 for the others."""
    sure = surely(moves.case.present, moves.case.target.confidence)
    gap, base = max(goal - sure, 1e-9), float(moves.case.present.mean())
    pace = max(moves.asked or 0, 1)
    kept = []
    for at in range(len(moves.usable)):
        alone = np.zeros(len(moves.usable))
        alone[at] = 1.0
        beside = float(moves.response.total(Pull(recruits=pace)).mean()) - base
        added = float(moves.response.total(pull_of(moves, alone, pace)).mean()) - base - beside
        kept.append(float(added >= _WORTH_WHILE * gap))
    return np.array(kept)


def _weights(moves: Moves) -> Array:
    return np.array([lever.stretch for lever in moves.usable])


def _todays(moves: Moves, keep: Array, goal: float) -> Mix:
    def total(setting: Array) -> Array:
        return moves.response.total(pull_of(moves, setting * keep))

    found = least_stretch(total, _weights(moves), goal, moves.case.target.confidence) if keep.any() else None
    if found is not None:
        return Mix(TODAY, moves, found * keep, 0)
    count = moves.count(pull_of(moves, keep))
    return Mix(TODAY, moves, keep, round(moves.most_signed) if count is None else count)


def _least(moves: Moves, keep: Array, goal: float) -> Mix:
    pace = max(moves.most_signed, _FEW_RECRUITS)
    most = float(max(moves.asked or 0, 2 * pace))

    def total(setting: Array) -> Array:
        return moves.response.total(pull_of(moves, setting[:-1] * keep, round(setting[-1] * most)))

    weight = np.append(_weights(moves), (most / pace) ** 2)
    found = least_stretch(total, weight, goal, moves.case.target.confidence)
    setting = keep if found is None else np.where(found[:-1] >= _HARDLY, found[:-1], 0.0) * keep
    count = moves.count(pull_of(moves, setting))
    return Mix(LEAST, moves, setting, round(moves.most_signed) if count is None else count)


def _recruiting(moves: Moves) -> Mix:
    nothing = np.zeros(len(moves.usable))
    return Mix(RECRUITING, moves, nothing, round(moves.most_signed) if moves.asked is None else moves.asked)


def _apart(moves: Moves, made: list[Mix], goal: float) -> list[Mix]:
    """The same with half the recruits in the middle where the middle mix is all but one of the others; without any that stay alike."""
    first, middle, last = made
    if not first.setting.any():
        return [last]
    if last.recruits and min(abs(middle.recruits - one.recruits) for one in (first, last)) <= _ALIKE * last.recruits:
        middle = _with(moves, (first.recruits + last.recruits) // 2, first, goal)
    kept = [first]
    for mix in (middle, last):
        if all(mix.pull != one.pull for one in kept):
            kept.append(mix)
    return kept


def _with(moves: Moves, recruits: int, first: Mix, goal: float) -> Mix:
    """So many recruits, and the levers of the first mix at the least stretch that is needed besides."""
    keep = (first.setting > 0).astype(float)

    def total(setting: Array) -> Array:
        return moves.response.total(pull_of(moves, setting * keep, recruits))

    found = least_stretch(total, _weights(moves), goal, moves.case.target.confidence)
    setting = first.setting if found is None else found * keep
    count = moves.count(pull_of(moves, setting))
    return Mix(LEAST, moves, setting, recruits if count is None else count)


def _within(moves: Moves, keep: Array) -> Mix:
    """Every lever as far as has been seen, and as many recruits as in the busiest 12 months."""
    seen = np.array([float(bool(lever.within(lever.reach))) for lever in moves.usable])
    return Mix(WITHIN, moves, keep * seen, round(moves.most_signed))
