"""The chance that a partner goes silent in the next six months, learnt from how partners looked before they did."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.estimators.landmark import Forecast, Landmark, fit_landmark, forecast
from prmkit.practices.loyalty.snapshots import FEATURES, WINDOW, History, Snapshot, history, snapshot, went_dormant

Array = NDArray[np.float64]

STEP = 3
SEASONAL_DEPTH = 30
_TELLING = 0.1
# what may be named as a driver: the side of the average it has to lie on, and the words
DRIVERS: dict[str, tuple[int, str]] = {
    "overdue": (1, "longer silent than its own rhythm"),
    "late": (1, "longer silent than its own rhythm"),
    "frequency": (-1, "orders in few months of the year"),
    "half_trend": (-1, "bought less in the last six months than in the six before"),
    "size": (-1, "a small account"),
    "order_trend": (-1, "orders smaller than a year ago"),
    "year_trend": (-1, "buys less than a year ago"),
    "tenure": (-1, "new to us"),
    "breadth": (-1, "buys from few product families"),
    "rhythm": (1, "long gaps between orders"),
}


@dataclass(frozen=True)
class RiskFit:
    """The landmark model of the whole client at as_of, and its forecast for the partners active now.

    model is None where history is too short for a single earlier snapshot with six months after it.
    """

    past: History
    now: Snapshot
    model: Landmark | None
    forecast: Forecast | None
    snapshots: tuple[int, ...]


@reads()
def fit_risk(portfolio: Portfolio) -> RiskFit:
    """Fit on snapshots every three months of the past (pass the whole client: portfolio.fitted does)."""
    past = history(portfolio)
    now = snapshot(past, 0)
    months = snapshot_months(past.depth, WINDOW)
    model = fit_snapshots(past, months, portfolio.settings.seed)
    if model is None:
        return RiskFit(past, now, None, None, ())
    ahead = forecast(model, seasonal(now, past.depth), np.random.default_rng([portfolio.settings.seed, 41]))
    return RiskFit(past, now, model, ahead, months)


def snapshot_months(depth: int, newest: int) -> tuple[int, ...]:
    """Months at which partners are looked back at: every third from `newest` on, six months of history before each.

    Every month where that gives fewer than four.
    """
    oldest = depth - WINDOW
    spaced = tuple(range(newest, oldest + 1, STEP))
    return spaced if len(spaced) >= 4 else tuple(range(newest, oldest + 1))


def fit_snapshots(past: History, months: tuple[int, ...], seed: int) -> Landmark | None:
    """The model learnt from the snapshots of `months`; None without a partner active in any."""
    stacks = [(snapshot(past, month), month) for month in months]
    stacks = [(seen, month) for seen, month in stacks if len(seen.partner)]
    if not stacks:
        return None
    features = np.concatenate([seasonal(seen, past.depth) for seen, _ in stacks])
    event = np.concatenate([went_dormant(past, month, seen.partner) for seen, month in stacks]).astype(float)
    group = np.concatenate([seen.partner for seen, _ in stacks])
    period = np.concatenate([np.full(len(seen.partner), month) for seen, month in stacks])
    return fit_landmark(features, event, group, period, np.random.default_rng([seed, 4]))


def seasonal(seen: Snapshot, depth: int) -> Array:
    """A snapshot's features with the time of year added, as one wave a year; flat where history is shorter than two and a half years.

    The same half-year then tells most about a coming one: months of few order days, summer breaks.
    """
    angle = 2 * np.pi * seen.month / 12
    wave = (np.cos(angle), np.sin(angle)) if depth >= SEASONAL_DEPTH else (0.0, 0.0)
    return np.column_stack([seen.features, np.full((len(seen.features), 2), wave)])


def drivers(contributions: Array, features: Array, model: Landmark) -> pd.DataFrame:
    """first_driver and second_driver of each row, in plain words: what lifts its risk most above the average partner's.

    Only what a partner manager would recognise counts (a longer silence, not a shorter one); null where nothing does.
    """
    words = np.full((len(contributions), 2), None, dtype=object)
    texts = list(dict.fromkeys(text for _, text in DRIVERS.values()))
    lift = np.zeros((len(contributions), len(texts)))
    for place, column in enumerate(model.used):
        if column < len(FEATURES):
            side, text = DRIVERS[FEATURES[column]]
            fits = side * (features[:, column] - model.centre[place]) > 0
            lift[:, texts.index(text)] += np.where(fits, contributions[:, column], 0.0)
    order = np.argsort(-lift, axis=1, kind="stable")[:, :2]
    for place in range(2):
        telling = np.take_along_axis(lift, order[:, place : place + 1], axis=1)[:, 0] > _TELLING
        words[telling, place] = np.array(texts, dtype=object)[order[telling, place]]
    return pd.DataFrame(words, columns=["first_driver", "second_driver"])
