"""How far each lever can be moved: to what the better quarter of the client's own channel does, up to a cap."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from prmkit.practices.phrases import Phrases
from prmkit.practices.reach.moves.families import further_family
from prmkit.practices.reach.moves.leaks import price_leak
from prmkit.practices.reach.moves.response import Response
from prmkit.practices.reach.moves.seen import Compared, Seen, compare, ranges_seen

STEPS = {"activation": 0.10, "ramp": -0.25, "retention": -0.20, "yield": 0.05, "new_family": 0.10, "price_leak": 0.25}
"""The small step of each lever that the table compares."""
_CAPS = {"activation": 0.20, "ramp": -0.50, "retention": -0.35, "yield": 0.15, "new_family": 0.25, "price_leak": 0.50}
_NEVER = "no part of the channel does better than another by more than chance: the step shown has not been seen here"
_ALONE = "there are no parts of the channel to compare: the step shown is an assumption"
_LEAST = 0.01
_RAMP_WORTH = 0.1


@dataclass(frozen=True, slots=True)
class Lever:
    """One lever of a case. step: the small one. reach: how far it can be moved at most, in the same unit. best: how far the best part
    of the channel is ahead, None where nothing could be compared. saw: in words. missing: why it cannot be worked out."""

    name: str
    step: float = 0.0
    reach: float = 0.0
    best: float | None = None
    saw: str = ""
    missing: str = ""

    def within(self, change: float) -> bool | None:
        """Whether so much has been seen in some part of the channel."""
        return None if self.best is None else abs(change) <= abs(self.best) + 1e-9

    @property
    def stretch(self) -> float:
        """How hard it is to move to `reach`: four times as hard where that has not been seen."""
        return 1.0 if self.within(self.reach) else 4.0


def reachable(response: Response) -> dict[str, Lever]:
    """The six levers besides recruits, date and goal, by name."""
    portfolio = response.case.portfolio
    seen, say = portfolio.fitted(ranges_seen), Phrases.of(portfolio)
    made = [
        _activation(response, seen, say),
        _ramp(response, seen, say),
        _proportion("retention", seen.attrition, say, "lose {} fewer partners"),
        _proportion("yield", seen.growth, say, "grew {} more with the partners that stayed"),
        _families(response, seen, say),
        _leak(response, seen, say),
    ]
    return {one.name: one for one in made}


def _lever(name: str, better: float | None, best: float | None, saw: str, step: float | None = None) -> Lever:
    """A lever whose better quarter and best part are ahead by so much, with the sign of its step."""
    small = STEPS[name] if step is None else step
    sign = float(np.sign(small))
    if better is None or best is None:
        return Lever(name, small, small, None, _ALONE)
    if sign * better < _LEAST:
        return Lever(name, small, small, 0.0, _NEVER)
    return Lever(name, small, sign * min(abs(better), abs(_CAPS[name])), best, saw)


def _proportion(name: str, found: Compared | None, say: Phrases, words: str) -> Lever:
    if found is None:
        return _lever(name, None, None, "")
    better, best = found.better - 1, found.best - 1
    return _lever(name, better, best, f"the better quarter of {found.by} {words.format(say.share(abs(better)))}")


def _activation(response: Response, seen: Seen, say: Phrases) -> Lever:
    now = float(response.activated.mean())
    room = 1 - now
    if room <= 0.005:
        return Lever("activation", missing="every partner on the list sells already")
    step, found = min(STEPS["activation"], room), seen.activation
    if found is None:
        return _within_half(_lever("activation", None, None, "", step), room)
    better, best = (min(now * (factor - 1), room) for factor in (found.better, found.best))
    saw = f"in the better quarter of {found.by} {say.share(min(now + better, 1.0))} of those signed sell, {say.share(now)} in all"
    return _within_half(_lever("activation", better, best, saw, step), room)


def _within_half(lever: Lever, room: float) -> Lever:
    """A share that has not been seen is raised by half of what is left to all at most."""
    return lever if lever.within(lever.reach) else replace(lever, reach=min(lever.reach, room / 2))


def _ramp(response: Response, seen: Seen, say: Phrases) -> Lever:
    ramp = response.case.channel.ramp
    lost = (1 - ramp.curve[:, :12]).sum(axis=1).mean()
    if not ramp.estimated or lost <= _RAMP_WORTH:
        return Lever("ramp", missing="no ramp is to be seen after the first sale, or too few partners were followed from their start")
    found = seen.ramp
    if found is None or found.spread.overall >= 1:
        return _lever("ramp", None, None, "")
    now = found.spread.overall
    better, best = (-min(now * (factor - 1) / (1 - now), 1.0) for factor in (found.better, found.best))
    saw = f"in the better quarter of {found.by} new partners lose {say.share(abs(better))} less of their first half-year"
    return _lever("ramp", better, best, saw)


def _families(response: Response, seen: Seen, say: Phrases) -> Lever:
    found = response.case.portfolio.fitted(further_family)
    if found.reason or response.lacking == 0:
        return Lever("new_family", missing=found.reason or "no active partner lacks a product family on offer")
    if seen.takers is None:
        return _lever("new_family", None, None, "")
    better, best = (found.taking * (factor - 1) for factor in (seen.takers.better, seen.takers.best))
    saw = f"in the better quarter of {seen.takers.by} {say.share(found.taking + better)} took up a further family in the year, "
    return _lever("new_family", better, best, saw + f"{say.share(found.taking)} in all")


def _leak(response: Response, seen: Seen, say: Phrases) -> Lever:
    portfolio = response.case.portfolio
    found = portfolio.fitted(price_leak)
    if found.reason or response.leak.mean() <= 0:
        return Lever("price_leak", missing=found.reason or "none of these partners is given more than is usual")
    ids = response.case.fit.partner_id
    leak, listed = (part.reindex(ids).fillna(0.0).to_numpy(dtype=float) for part in (found.leak, found.listed))
    compared = compare(leak, listed, seen.groups, higher=False)
    if compared is None:
        return _lever("price_leak", None, None, "")
    better, best = 1 - compared.better, 1 - compared.best
    saw = f"the better quarter of {compared.by} gives away {say.share(better)} less of its list value than usual sales explain"
    return _lever("price_leak", better, best, saw)
