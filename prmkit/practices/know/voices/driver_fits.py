"""What drives loyalty and growth, fitted once on all partners that answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.estimators.driver_shares import FEWEST, DriverShares, driver_shares
from prmkit.estimators.opportunity import on_ten, scale_of, without_style
from prmkit.practices.know.voices.respondents import Panel, panel
from prmkit.practices.survey import Voices

Array = NDArray[Any]

LOYALTY = ("nps", "csat")
SCALES = {"nps": (0.0, 10.0), "csat": (1.0, 5.0)}


@dataclass(frozen=True)
class Asked:
    """What was asked, on 0 to 10, rows as in the panel: drivers and needs by name; step: how far neighbouring answers lie apart.

    level: (n,) each respondent's own level of saying how important things are, nan where it was not asked of two needs.
    """

    drivers: pd.DataFrame
    importance: pd.DataFrame
    satisfaction: pd.DataFrame
    step: dict[str, float]
    relative: pd.DataFrame
    level: Array


@dataclass(frozen=True)
class Fits:
    """outcome: which answer stands for loyalty, "" without one. loyalty, growth: by kind ("driver" | "need"), of the columns in `used`."""

    outcome: str
    used: dict[str, list[str]]
    loyalty: dict[str, DriverShares | None]
    growth: dict[str, DriverShares | None]


def asked(portfolio: Portfolio) -> Asked:
    """What was asked of all partners."""
    return portfolio.fitted(_asked)


def fits(portfolio: Portfolio) -> Fits:
    """The shares fitted on all partners."""
    return portfolio.fitted(_fits)


@reads("worries", "privacy", "client")
def _asked(portfolio: Portfolio) -> Asked:
    found = panel(portfolio)
    heard = found.heard
    frames = {
        "driver": heard.named("driver:"),
        "importance": heard.named("need:", ":importance"),
        "satisfaction": heard.named("need:", ":satisfaction"),
    }
    scales = {name: scale_of(frame.to_numpy(dtype=float)) for name, frame in frames.items()}
    tens = {name: frame.apply(lambda column, ends=scales[name]: on_ten(column, *ends)) for name, frame in frames.items()}
    plain = tens["importance"].to_numpy(dtype=float)
    several = plain.shape[1] >= 2
    relative, level = without_style(plain, found.weights) if several else (plain, np.full(len(plain), np.nan))
    told = tens["importance"].notna().sum(axis=1).to_numpy() >= 2
    return Asked(
        drivers=tens["driver"],
        importance=tens["importance"],
        satisfaction=tens["satisfaction"],
        step={name: 10 / (high - low) for name, (low, high) in scales.items()},
        relative=pd.DataFrame(relative, index=heard.responses.index, columns=tens["importance"].columns),
        level=np.where(told, level, np.nan),
    )


def loyalty_of(heard: Voices) -> tuple[str, Array]:
    """The answer that stands for loyalty and its values on 0 to 10, (n,): how likely to recommend, else how satisfied."""
    for name in LOYALTY:
        if name in heard.scores and heard.scores[name].notna().sum() >= FEWEST and heard.scores[name].nunique() > 1:
            return name, on_ten(heard.scores[name].to_numpy(dtype=float), *SCALES[name])
    return "", np.full(len(heard.responses), np.nan)


@reads("worries", "privacy", "client")
def _fits(portfolio: Portfolio) -> Fits:
    found, questions = panel(portfolio), asked(portfolio)
    outcome, loyalty = loyalty_of(found.heard)
    growth = _growth(portfolio, found.heard)
    blocks = {"driver": questions.drivers, "need": questions.satisfaction}
    used = {kind: _usable(frame, loyalty) for kind, frame in blocks.items()}
    seed = portfolio.settings.seed
    return Fits(
        outcome=outcome,
        used=used,
        loyalty={kind: _fit(found, questions, blocks[kind][used[kind]], loyalty, seed) for kind in blocks},
        growth={kind: _fit(found, questions, blocks[kind][used[kind]], growth, seed) for kind in blocks},
    )


def _usable(frame: pd.DataFrame, outcome: Array) -> list[str]:
    """Columns that enough respondents answered, of those that gave an outcome, and not all alike."""
    rows = frame[np.isfinite(outcome)]
    return [name for name in frame.columns if rows[name].notna().sum() >= FEWEST and rows[name].nunique() > 1]


def _fit(found: Panel, questions: Asked, drivers: pd.DataFrame, outcome: Array, seed: int) -> DriverShares | None:
    if drivers.shape[1] < 2 or not np.isfinite(outcome).any():
        return None
    styled = np.isfinite(questions.level).mean() > 0.5
    return driver_shares(
        outcome,
        drivers.to_numpy(dtype=float),
        beside=questions.level[:, None] if styled else None,
        weights=found.weights,
        cluster=found.cluster,
        seed=seed,
    )


def _growth(portfolio: Portfolio, heard: Voices) -> Array:
    """Growth of each respondent's partner, (now - before) over the mean of both; nan without two years of sales."""
    if portfolio.history_months < 24:
        return np.full(len(heard.responses), np.nan)
    now, before = portfolio.per_partner(), portfolio.per_partner(first=12)
    both = (now > 0) & (before > 0)
    change = ((now - before) / ((now + before) / 2)).where(both)
    made: Array = heard.responses["partner_id"].map(change).to_numpy(dtype=float)
    return made
