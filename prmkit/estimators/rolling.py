"""The forecast made again at earlier dates with what was known then, against what came; and what its misses teach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from prmkit.estimators.activation import WITHIN_MONTHS, Activation, activation
from prmkit.estimators.channel import MIN_MONTHS, fit_channel, too_thin
from prmkit.estimators.growth import Growth
from prmkit.estimators.predictive import Outlook, Window, growth_factors, outlook

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

AHEAD, STEP = 12, 6
_ORIGINS, _FEWER, _MANY = 6, 3, 4000
_RESAMPLES, _FEWER_RESAMPLES, _DRAWS_EACH = 40, 12, 10
_ENOUGH_SIGNINGS = 20


@dataclass(frozen=True)
class Panel:
    """What rolling needs: revenue (n, h), oldest month first; signed (n,) and ended (n,) months on that count, nan where not known."""

    revenue: Array
    signed: Array | None
    ended: Array

    def until(self, months: int) -> tuple[Array, Array | None, Mask, Mask]:
        """What was known after so many months: revenue, signed, gone of the units there then, and which those are."""
        seen = self.revenue[:, :months]
        there: Mask = np.asarray((seen > 0).any(axis=1), dtype=np.bool_)
        if self.signed is not None:
            there = there | (self.signed < months)
        signed: Array | None = None if self.signed is None else np.where(self.signed < months, self.signed, np.nan)[there]
        gone: Mask = (self.ended < months)[there]
        return seen[there], signed, gone, there


@dataclass(frozen=True)
class Trial:
    """One forecast made earlier. months_before: its origin, in months before now; ahead: how many months it was for.

    units (m,): rows of the panel known then; made: their outlook, its trend with the shock that the trials over by then had taught;
    seen (m,), last (m,): what each sold in the months ahead, and in the twelve before. miss: log of what came over expected, in all;
    luck: variance of the log that the outlook gives without a shock.
    """

    months_before: int
    ahead: int
    units: NDArray[np.int64]
    made: Outlook
    seen: Array
    last: Array
    miss: float
    luck: float
    months: int


def origins(months: int, units: int) -> list[tuple[int, int]]:
    """(months of history, months ahead) of each trial, oldest first: half a year apart and a year ahead, else half a year ahead."""
    most = _ORIGINS if units <= _MANY else _FEWER
    whole = [(at, AHEAD) for at in range(months - AHEAD, MIN_MONTHS - 1, -STEP)][:most]
    if not whole and months - STEP >= MIN_MONTHS:
        whole = [(months - STEP, STEP)]
    return whole[::-1]


def roll(panel: Panel, seed: int) -> list[Trial]:
    """All trials that the history carries, oldest first; none where it is too short or too thin."""
    months, trials = panel.revenue.shape[1], list[Trial]()
    for known, ahead in origins(months, len(panel.revenue)):
        revenue, signed, gone, there = panel.until(known)
        if too_thin(revenue):
            continue
        resamples = _RESAMPLES if len(revenue) <= _MANY else _FEWER_RESAMPLES
        channel = fit_channel(revenue, signed, _activation(revenue, signed), gone=gone, seed=seed, resamples=resamples)
        (made,) = outlook(channel, [Window(0, ahead)], seed, _DRAWS_EACH)
        seen, last = panel.revenue[there, known : known + ahead].sum(axis=1), revenue[:, -AHEAD:].sum(axis=1)
        expected, came = float(made.total().mean()), float(seen.sum())
        if expected <= 0 or came <= 0:
            continue
        growth = taught(channel.growth, [one for one in trials if known >= months - one.months_before + one.ahead], known)
        trend = growth_factors(growth, made.window.years_ahead, len(made.trend), seed)
        spread = float(np.log(np.maximum(made.coming.sum(axis=0, dtype=float), 1e-12)).var()) + channel.growth.error**2
        trials.append(
            Trial(
                months - known,
                ahead,
                np.flatnonzero(there),
                replace(made, trend=trend),
                seen,
                last,
                float(np.log(came / expected)),
                spread,
                known,
            )
        )
    return trials


def taught(growth: Growth, trials: Sequence[Trial], months: int) -> Growth:
    """The growth with a shock that has learnt from how far the same forecast missed before.

    Each trial is a draw of the shock's square: its miss squared less its luck. Trials overlap by half and rest on less history than there
    is now, so that each weighs half a year, by the share of today's history it had.
    """
    if not trials:
        return growth
    weight = np.array([0.5 * one.ahead / AHEAD * one.months / max(months, 1) for one in trials])
    square = np.array([max(one.miss**2 - one.luck, 0.0) for one in trials])
    total = growth.freedom + float(weight.sum())
    shock = float(np.sqrt((growth.freedom * growth.shock**2 + float(weight @ square)) / total))
    return replace(growth, shock=shock, freedom=total)


def _activation(revenue: Array, signed: Array | None) -> Activation | None:
    if signed is None:
        return None
    months = revenue.shape[1]
    inside = np.isfinite(signed) & (signed >= 0)
    watched = months - signed[inside]
    if (watched >= WITHIN_MONTHS).sum() < _ENOUGH_SIGNINGS:
        return None
    sold = revenue[inside] > 0
    first = np.where(sold.any(axis=1), np.argmax(sold, axis=1), np.nan)
    return activation(np.maximum(first - signed[inside], 0.0), watched)
