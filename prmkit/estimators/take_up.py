"""The chance that a unit takes up something new within a set time, learnt from who took up what in the past."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from prmkit.estimators.landmark import Forecast, Landmark, fit_landmark, forecast

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

FEWEST_EVENTS = 10
NEW_DIFFER = 0.5
"""How much things are taken to differ beyond their features, as a standard deviation of the log odds, before any was seen ..."""
WORTH_THINGS = 4
"""... and how many things seen that weighs as much as."""
_CELLS_PER_SHARED = 3
_Z = float(stats.norm.ppf(0.95))


@dataclass(frozen=True)
class TakeUp:
    """A fitted chance of take-up.

    names: features in the model, as positions in `columns` of all that were offered. dropped: features with a sign
    that had to hold and was not seen. weight: change of the log odds per standard deviation of each feature in the model, by name.
    """

    model: Landmark
    names: tuple[str, ...]
    columns: tuple[int, ...]
    dropped: tuple[str, ...]

    @property
    def pooled(self) -> bool:
        """Whether only a common rate could be given."""
        return self.model.pooled

    @property
    def weight(self) -> dict[str, float]:
        """Change of the log odds per standard deviation of each feature used."""
        return {self.names[at]: float(value) for at, value in zip(self.model.used, self.model.model.coefficients[1:], strict=True)}

    def chance(self, features: Array) -> tuple[Array, Array, Array]:
        """Chance (n,) of rows of features (n, p), as offered, and the ends of its 90% interval, by the spread of the draws.

        The interval carries coefficients and how much families differed from what was expected of them.
        """
        fit = self.model
        if fit.pooled:
            drawn = forecast(fit, features[:1, self.columns], np.random.default_rng(1)) if len(features) else None
            ends = (drawn.probability[0], drawn.low[0], drawn.high[0]) if drawn else (np.nan,) * 3
            return tuple(np.full(len(features), end) for end in ends)  # type: ignore[return-value]
        chosen = [self.columns[at] for at in fit.used]
        x = (features[:, chosen] - fit.centre) / fit.scale
        beta = fit.model.coefficients
        odds = beta[0] + x @ beta[1:]
        spread = np.cov(fit.draws, rowvar=False)
        root = np.linalg.cholesky(spread + 1e-12 * np.eye(len(spread)))
        variance = ((root[0] + x @ root[1:]) ** 2).sum(axis=1) + fit.period_sd**2
        half = _Z * np.sqrt(variance)
        return special.expit(odds), special.expit(odds - half), special.expit(odds + half)

    def ahead(self, features: Array, rng: np.random.Generator) -> Forecast:
        """Chances of rows of features (n, p) with their draws; for few rows, since it holds 200 draws of each."""
        return forecast(self.model, features[:, self.columns], rng)


def fit_take_up(
    features: Mapping[str, Array],
    event: NDArray[np.bool_],
    unit: Codes,
    thing: Codes,
    look: Codes,
    rng: np.random.Generator,
    *,
    signs: Mapping[str, int] | None = None,
) -> TakeUp | None:
    """Learn from stacked earlier looks at pairs of a unit and a thing it did not have.

    features: name -> (n,), most telling first. event: (n,) whether it took it up in the time after. unit, thing, look: (n,) codes
    of whom, of what, and of the day of the look. Pairs of one thing and look share what is not known of the thing: how much these cells
    differ beyond the features widens every interval, and where few things were seen, a judgement of how much they may differ does. A
    feature that all pairs of a cell share needs three cells. signs: features that may only count with this
    sign (-1 or 1); they are left out again unless nineteen in twenty draws agree. None with fewer than ten events (or non-events).
    """
    y = event.astype(np.float64)
    if min(y.sum(), len(y) - y.sum()) < FEWEST_EVENTS:
        return None
    names, cell = list(features), thing * (int(look.max()) + 1) + look
    matrix = np.column_stack([features[name] for name in names])
    room = len(np.unique(cell)) // _CELLS_PER_SHARED
    shared = _shared(matrix, cell)
    kept = [at for at in range(len(names)) if not shared[at] or shared[: at + 1].sum() <= room]
    fit = fit_landmark(matrix[:, kept], y, unit, cell, rng)
    wrong = _wrong(fit, [names[at] for at in kept], signs or {})
    if wrong:
        kept = [at for at in kept if names[at] not in wrong]
        fit = fit_landmark(matrix[:, kept], y, unit, cell, rng)
    return TakeUp(_doubted(fit, len(np.unique(thing)), rng), tuple(names[at] for at in kept), tuple(kept), tuple(wrong))


def _doubted(fit: Landmark, things: int, rng: np.random.Generator) -> Landmark:
    """The fit with the spread between cells drawn to what things may differ by, by how few things were seen."""
    variance = (things * fit.period_sd**2 + WORTH_THINGS * NEW_DIFFER**2) / (things + WORTH_THINGS)
    spread = float(np.sqrt(variance))
    return replace(fit, period_sd=spread, shocks=spread * rng.standard_normal(len(fit.shocks)))


def _shared(matrix: Array, cell: Codes) -> NDArray[np.bool_]:
    order = np.argsort(cell, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(cell[order]) != 0])
    spread = np.maximum.reduceat(matrix[order], starts) - np.minimum.reduceat(matrix[order], starts)
    made: NDArray[np.bool_] = np.all(spread == 0, axis=0)
    return made


def _wrong(fit: Landmark, names: Sequence[str], signs: Mapping[str, int]) -> list[str]:
    """Features with a sign to hold that is not seen in nineteen of twenty draws, or that there was no room for."""
    at = {names[column]: place + 1 for place, column in enumerate(fit.used)}
    return [name for name in names if name in signs and (name not in at or np.quantile(signs[name] * fit.draws[:, at[name]], 0.05) <= 0)]
