"""The chance of an event within a set time, learnt from earlier looks at the same units.

A landmark model (van Houwelingen 2007) stacks snapshots of the past: what was known of a unit on a
day, and whether the event came within the window after it. It needs no knowledge of the future.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from prmkit.estimators.calibration import proportion
from prmkit.estimators.logistic import Logistic, fit_logistic, group_draws

Array = NDArray[np.float64]

ENOUGH_EVENTS = 25
EVENTS_PER_FEATURE = 10
_PERIODS_PER_SHARED = 3
_DRAWS = 200


@dataclass(frozen=True)
class Landmark:
    """A fitted landmark model, or the pooled rate where there were too few events.

    used: indices of the features in the model (empty = pooled rate only). centre, scale: (len(used),)
    of the features. draws: (d, 1 + len(used)) coefficients; shocks: (d,) common shift in log odds of
    a coming window, from how far past windows differed. period_sd: its standard deviation.
    """

    used: tuple[int, ...]
    centre: Array
    scale: Array
    model: Logistic
    draws: Array
    shocks: Array
    period_sd: float
    events: int
    rows: int
    groups: int
    periods: int

    @property
    def pooled(self) -> bool:
        """Whether only a common rate could be given."""
        return not self.used


@dataclass(frozen=True, slots=True)
class Forecast:
    """Per unit: probability, its 90% interval, contributions (n, features) to the log odds above the average unit, and draws (n, d)."""

    probability: Array
    low: Array
    high: Array
    contributions: Array
    drawn: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Total:
    """An expected sum and the ends of the 90% predictive interval of what will be seen."""

    expected: float
    low: float
    high: float


def fit_landmark(features: Array, event: Array, group: NDArray[np.int64], period: NDArray[np.int64], rng: np.random.Generator) -> Landmark:
    """Fit on stacked snapshots.

    features: (n, p), most important first: with fewer than ten events a feature, only the leading ones
    are used. A feature that all units of a period share needs three periods. event: (n,) 0 or 1. group:
    (n,) codes of the units, whose rows belong together. period: (n,) codes of the snapshots.
    Below `ENOUGH_EVENTS` events (or non-events) a pooled rate is all that is fitted.
    Raises ValueError without rows.
    """
    y = np.asarray(event, dtype=float)
    if not len(y):
        raise ValueError("a landmark model needs at least one earlier snapshot")
    events = int(y.sum())
    rarer = min(events, len(y) - events)
    varies = np.ptp(features, axis=0) > 0 if features.size else np.zeros(features.shape[1], dtype=bool)
    room = rarer // EVENTS_PER_FEATURE if rarer >= ENOUGH_EVENTS else 0
    shared = _shared(features, period)
    periods = len(np.unique(period))
    if periods < _PERIODS_PER_SHARED * (shared & varies).sum():
        varies = varies & ~shared
    used = tuple(int(column) for column in np.flatnonzero(varies)[:room])
    centre, scale = features[:, used].mean(axis=0), features[:, used].std(axis=0)
    design = _design(features[:, used], centre, scale)
    penalty = np.r_[0.0 if rarer else 1.0, np.ones(len(used))]
    model = fit_logistic(design, y, penalty)
    codes = np.unique(group, return_inverse=True)[1]
    draws = group_draws(model, design, y, codes, rng, _DRAWS)
    period_sd = _period_spread(model.probability(design), y, period, explained=int(shared[list(used)].sum()))
    return Landmark(
        used=used,
        centre=centre,
        scale=scale,
        model=model,
        draws=draws,
        shocks=period_sd * rng.standard_normal(_DRAWS),
        period_sd=period_sd,
        events=events,
        rows=len(y),
        groups=int(codes.max()) + 1,
        periods=periods,
    )


def forecast(fit: Landmark, features: Array, rng: np.random.Generator) -> Forecast:
    """Probabilities of the coming window for the rows of `features` (n, p), p as fitted.

    The interval carries the uncertainty of the coefficients and how much windows differ from each
    other. The probability itself is the fitted one, averaged over windows as good and bad as those seen.
    """
    design = _design(features[:, fit.used], fit.centre, fit.scale)
    contributions = np.zeros(features.shape)
    contributions[:, fit.used] = design[:, 1:] * fit.model.coefficients[1:]
    if fit.pooled:
        return _pooled(fit, len(features), contributions, rng)
    probability = fit.model.probability(design)
    drawn = special.expit(design @ fit.draws.T + (fit.shocks + _recentre(fit, design, probability)))
    low, high = np.quantile(drawn, [0.05, 0.95], axis=1) if len(design) else (probability, probability)
    return Forecast(probability, np.minimum(low, probability), np.maximum(high, probability), contributions, drawn.astype(np.float32))


def expected_total(ahead: Forecast, value: Array, rng: np.random.Generator) -> Total:
    """The expected sum of `value` (n,) over the units with the event; ones count them, zeros leave units out.

    The interval carries coefficients, differences between windows, and the chance in each unit.
    """
    worth = np.asarray(value, dtype=float)
    expected = float(np.sum(ahead.probability * worth))
    if not len(worth) or not np.any(worth):
        return Total(expected, 0.0, 0.0)
    drawn = ahead.drawn.astype(float)
    sums = worth @ drawn
    spread = np.sqrt((worth**2) @ (drawn * (1 - drawn)))
    most, least = float(worth.clip(min=0).sum()), float(worth.clip(max=0).sum())
    seen = np.clip(sums + spread * rng.standard_normal(len(sums)), least, most)
    low, high = (float(end) for end in np.quantile(seen, [0.05, 0.95]))
    return Total(expected, min(low, expected), max(high, expected))


def _pooled(fit: Landmark, n: int, contributions: Array, rng: np.random.Generator) -> Forecast:
    rate = proportion(fit.events, fit.rows)
    beta = rng.beta(fit.events + 0.5, fit.rows - fit.events + 0.5, size=len(fit.shocks))
    drawn = special.expit(special.logit(np.clip(beta, 1e-12, 1 - 1e-12)) + fit.shocks)
    low, high = (float(end) for end in np.quantile(drawn, [0.05, 0.95]))
    everyone = np.broadcast_to(drawn.astype(np.float32), (n, len(drawn)))
    return Forecast(np.full(n, rate.rate), np.full(n, min(low, rate.low)), np.full(n, max(high, rate.high)), contributions, everyone)


def _recentre(fit: Landmark, design: Array, probability: Array) -> float:
    """The shift that makes the draws agree with the fitted probabilities on average."""
    shift = 0.0
    if not len(design):
        return shift
    odds = design @ fit.draws.T + fit.shocks
    for _ in range(8):
        drawn = special.expit(odds + shift)
        slope = float((drawn * (1 - drawn)).mean())
        if slope < 1e-9:
            break
        shift += float(probability.mean() - drawn.mean()) / slope
    return shift


def _shared(features: Array, period: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Features that all units of a period share, such as the time of year: they are learnt from periods, not from units."""
    order = np.argsort(period, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(period[order]) != 0])
    spread = np.maximum.reduceat(features[order], starts) - np.minimum.reduceat(features[order], starts)
    shared: NDArray[np.bool_] = np.all(spread == 0, axis=0)
    return shared


def _period_spread(probability: Array, y: Array, period: NDArray[np.int64], explained: int) -> float:
    """Standard deviation between periods of the log-odds shift, by the method of moments (DerSimonian and Laird 1986).

    `explained`: how many coefficients were fitted to the periods themselves.
    """
    codes = np.unique(period, return_inverse=True)[1]
    if codes.max() < 1:
        return 0.0
    information = np.bincount(codes, probability * (1 - probability))
    use = information > 0
    shift = (np.bincount(codes, y - probability)[use]) / information[use]
    weight = information[use]
    if len(weight) < 2:
        return 0.0
    centre = float(np.sum(weight * shift) / np.sum(weight))
    excess = float(np.sum(weight * (shift - centre) ** 2)) - (len(weight) - 1 - explained)
    scale = float(weight.sum() - np.sum(weight**2) / weight.sum())
    return float(np.sqrt(max(0.0, excess / scale)))


def _design(features: Array, centre: Array, scale: Array) -> Array:
    return np.column_stack([np.ones(len(features)), (features - centre) / scale]) if features.shape[1] else np.ones((len(features), 1))
