"""How well parts of this client's own channel have done: what a lever's setting is compared with, luck allowed for."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.estimators.channel import Channel
from prmkit.estimators.group_spread import GroupSpread, group_spread
from prmkit.practices.reach.forecast.fit import fit_reach

Array = NDArray[np.float64]

_BY = {"territory": "territories", "partner_type": "partner types", "partner_manager": "partner managers"}
_HALF = 6
_SURE = 0.01


@dataclass(frozen=True, slots=True)
class Compared:
    """A rate compared between parts of the channel: by what, how far they differ, and whether that is more than chance."""

    by: str
    spread: GroupSpread
    differ: bool

    @property
    def better(self) -> float:
        """Factor of the better quarter; 1 where parts differ by no more than chance."""
        return self.spread.better if self.differ else 1.0

    @property
    def best(self) -> float:
        """Factor of the best part; 1 where parts differ by no more than chance."""
        return self.spread.best if self.differ else 1.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What territories, types, managers and years have shown; None where nothing could be compared.

    activation: share that sells; attrition: lapses a month; growth: revenue of partners that stayed over the year before;
    ramp: sales of the first six months over mature sales; takers: partners that took up a further family within the 12 months.
    signed_in_a_year: most partners that first sold in any 12 months, over the share that activates. best_year: highest
    like-for-like growth of a year, whatever brought it.
    """

    activation: Compared | None = None
    attrition: Compared | None = None
    growth: Compared | None = None
    ramp: Compared | None = None
    takers: Compared | None = None
    signed_in_a_year: float = 0.0
    best_year: float | None = None
    groups: dict[str, NDArray[np.int64]] = field(default_factory=dict)


@reads("reach")
def ranges_seen(whole: Portfolio) -> Seen:
    """The ranges of the whole client. Use it through `portfolio.fitted(ranges_seen)`."""
    fit = whole.fitted(fit_reach)
    channel = fit.estimated
    if channel is None:
        return Seen()
    groups = groups_of(whole, fit.partner_id)
    life = channel.lives
    listed = np.ones(len(life.sold))
    then, now = _stayed(channel)
    early, mature = _first_half(channel)
    lapses, lived = channel.table.lapses.sum(axis=1), channel.table.months.sum(axis=1)
    started, active = _took_up(whole, fit.partner_id)
    return Seen(
        activation=compare(life.sold.astype(float), listed, groups),
        attrition=compare(lapses, lived, groups, higher=False),
        growth=compare(now, then, {name: codes for name, codes in groups.items() if name != _BY["partner_type"]}),
        ramp=compare(early, mature, groups),
        takers=compare(started, active, groups),
        signed_in_a_year=_busiest_year(life.start[life.sold & life.dated], life.months) / max(float(channel.activated.mean()), 1e-9),
        best_year=float(np.expm1(max(channel.growth.seen))) if channel.growth.seen else None,
        groups=groups,
    )


def groups_of(whole: Portfolio, partner_id: pd.Index) -> dict[str, NDArray[np.int64]]:
    """Codes (n,) of territory, type and manager, for those of them that tell partners apart."""
    partners = whole.partners.set_index("partner_id").reindex(partner_id)
    made: dict[str, NDArray[np.int64]] = {}
    for column, name in _BY.items():
        codes = np.asarray(partners[column].astype("category").cat.codes, dtype=np.int64)
        if codes.max(initial=-1) > 0:
            made[name] = codes
    return made


def compare(top: Array, bottom: Array, groups: dict[str, NDArray[np.int64]], *, higher: bool = True) -> Compared | None:
    """The comparison in which the better quarter stands out most, of those in which parts differ by more than chance, else any."""
    found = [(name, group_spread(top, bottom, codes, higher=higher)) for name, codes in groups.items()]
    known = [Compared(name, spread, spread.p < _SURE / len(found)) for name, spread in found if spread is not None]
    return max(known, key=lambda one: (one.differ, abs(np.log(one.spread.better))), default=None)


def _stayed(channel: Channel) -> tuple[Array, Array]:
    """Revenue of the year before last and of the last year (n,), of partners that sold in both and a year before."""
    revenue = channel.lives.revenue
    if channel.lives.months < 24:
        return np.zeros(len(revenue)), np.zeros(len(revenue))
    now, then = np.maximum(revenue[:, -12:].sum(axis=1), 0.0), np.maximum(revenue[:, -24:-12].sum(axis=1), 0.0)
    stayed = channel.lives.alive[:, [-24, -1]].all(axis=1)
    typical = np.minimum(now, 3 * then)
    return np.where(stayed, then, 0.0), np.where(stayed, typical, 0.0)


def _first_half(channel: Channel) -> tuple[Array, Array]:
    """Sales of the first six months and six mature months (n,) of partners followed from their start."""
    life = channel.lives
    use = life.sold & life.dated & (life.start >= 0) & (life.start <= life.months - _HALF) & (channel.yields.level > 0)
    position = np.clip(life.start, 0, max(life.months - _HALF, 0))[:, None] + np.arange(min(_HALF, life.months))
    early = np.maximum(np.take_along_axis(life.revenue, position, axis=1).sum(axis=1), 0.0)
    mature = _HALF * channel.yields.level
    return np.where(use, np.minimum(early, 2 * mature), 0.0), np.where(use, mature, 0.0)


def _took_up(whole: Portfolio, partner_id: pd.Index) -> tuple[Array, Array]:
    """Whether each partner bought a family in the 12 months that it never had before (n,), and whether it bought in both spans (n,)."""
    rows = whole.months[whole.months["product_family"].notna() & (whole.months["revenue"] > 0)]
    n = len(partner_id)
    if rows.empty or whole.history_months < 24 or rows["product_family"].nunique() < 2:
        return np.zeros(n), np.zeros(n)
    who = partner_id.get_indexer(pd.Index(rows["partner_id"]))
    what = rows["product_family"].astype("category").cat.codes.to_numpy(dtype=np.int64)
    kinds, recent = int(what.max()) + 1, rows["month"].to_numpy() < 12
    cell, known = who * kinds + what, who >= 0
    now, before = (np.bincount(cell[known & part], minlength=n * kinds).reshape(n, kinds) > 0 for part in (recent, ~recent))
    active = now.any(axis=1) & before.any(axis=1)
    return ((now & ~before).any(axis=1) & active).astype(float), active.astype(float)


def _busiest_year(starts: NDArray[np.int64], months: int) -> float:
    inside = starts[(starts >= 0) & (starts < months)]
    by_month = np.bincount(inside, minlength=months)
    return float(np.convolve(by_month, np.ones(12), mode="valid").max()) if months >= 12 else float(by_month.sum())
