"""What partners of each type and age bring a year once grown, luck allowed for, and what a recruit of each type is worth."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.estimators.bootstrap import interval
from prmkit.estimators.shrinkage import shrink
from prmkit.estimators.tail import tail
from prmkit.practices.reach.count.case import Case
from prmkit.practices.result import NotComputed
from prmkit.practices.tenure import since

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

ANY = "all"
BANDS = {"under 1 year": (0.0, 12.0), "1 to 2 years": (12.0, 36.0), "3 years or more": (36.0, np.inf)}
UNKNOWN = "not known"
_ENOUGH = 8
_MIN_KINDS = 2
_STRENGTH = 10.0
_YEAR = 12


def yields(case: Case) -> tuple[pd.DataFrame | None, list[NotComputed]]:
    """reach_yields: mature revenue a year of partners that sold, by type and by age; "all" first.

    mean with its 90% interval (partner bootstrap), median, and drawn: the mean drawn towards all partners' as far as it is thin;
    tenth_share is what the largest tenth make, tenth_lognormal what log-normal yields of this spread would give, heavy_tail whether
    that is exceeded beyond chance. recruit_year: a signed recruit of the type over the goal's 12 months (signing evenly), whether it
    ever sells included; for types alone. Only groups of eight partners or more, the rest together.
    """
    level, kind, age = _partners(case)
    sold = level > 0
    if sold.sum() < _ENOUGH:
        return None, [NotComputed("yields", None, f"fewer than {_ENOUGH} partners of this portfolio ever sold", "sales")]
    known = pd.Series(kind[sold]).ne(UNKNOWN).any()
    groups = list(_groups(sold, kind, age))
    rows = [_row(case, level, mask, name, band) for name, band, mask in groups]
    made = pd.DataFrame(rows)
    made["drawn"] = _drawn(made)
    made["recruit_year"] = np.where(made["age"] == ANY, _recruit_year(case, made, kind), np.nan)
    missing = []
    if not known:
        missing.append(NotComputed("yields", "partner_type", "no partner type is known", "partners"))
    thin = made["tenth_share"].isna()
    if thin.any():
        why = "fewer than 20 partners: what the largest tenth make cannot be told from luck"
        missing.append(NotComputed("yields", "tenth_share", why, "partners"))
    return made.drop(columns="luck"), missing


def _partners(case: Case) -> tuple[Array, NDArray[np.object_], Array]:
    """Mature yield a year, type and months of age of the partners of the portfolio, in the order of its rows."""
    portfolio = case.portfolio
    ids = case.fit.partner_id[case.rows]
    listed = portfolio.partners.drop_duplicates("partner_id").set_index("partner_id").reindex(ids)
    months = since(portfolio).drop_duplicates("partner_id").set_index("partner_id")["months"].reindex(ids)
    kind = listed["partner_type"].astype(object).where(listed["partner_type"].notna(), UNKNOWN)
    return _YEAR * case.channel.yields.level[case.rows], kind.to_numpy(dtype=object), months.to_numpy(dtype=float)


def _groups(sold: Mask, kind: NDArray[np.object_], age: Array) -> Iterator[tuple[str, str, Mask]]:
    """All; each type of eight sellers or more; each age band of all, and of each such type where it has eight."""
    yield ANY, ANY, sold
    bands = {band: sold & (age >= low) & (age < high) for band, (low, high) in BANDS.items()}
    yield from ((ANY, band, mask) for band, mask in bands.items() if mask.sum() >= _ENOUGH)
    counts = pd.Series(kind[sold]).value_counts()
    large = sorted(str(name) for name, count in counts.items() if count >= _ENOUGH)
    if len(large) < _MIN_KINDS:
        return
    for name in large:
        own = sold & (kind == name)
        yield name, ANY, own
        yield from ((name, band, own & mask) for band, mask in bands.items() if (own & mask).sum() >= _ENOUGH)


def _row(case: Case, level: Array, mask: Mask, name: str, band: str) -> dict[str, object]:
    values = level[mask]
    weights = case.channel.weights[:, case.rows[mask]]
    draws = (weights @ values) / weights.sum(axis=1)
    low, high = interval(draws)
    row: dict[str, object] = {"partner_type": name, "age": band, "partners": len(values), "mean": float(values.mean())}
    row |= {"low": low, "high": high, "median": float(np.median(values)), "luck": float(np.log(draws).var())}
    found = tail(values, case.portfolio.settings.seed)
    if found is None:
        return row | {"tenth_share": np.nan, "tenth_lognormal": np.nan, "heavy_tail": None}
    return row | {"tenth_share": found.seen, "tenth_lognormal": found.expected, "heavy_tail": found.heavier}


def _drawn(made: pd.DataFrame) -> Array:
    """Means drawn towards that of all, on the log scale, types and ages each by how far they differ beyond luck."""
    logs = np.log((made["mean"] / float(made["mean"].iloc[0])).to_numpy(dtype=float))
    luck = made["luck"].to_numpy(dtype=float)
    drawn = made["mean"].to_numpy(dtype=float).copy()
    by_type, by_age = made["age"] == ANY, made["partner_type"] == ANY
    for group in (by_type & ~by_age, by_age & ~by_type, ~by_type & ~by_age):
        own = group.to_numpy(dtype=bool)
        if own.sum() < _MIN_KINDS:
            continue
        between = max(0.0, float(logs[own].var(ddof=1)) - float(luck[own].mean()))
        drawn[own] = float(made["mean"].iloc[0]) * np.exp(shrink(logs[own], luck[own], 0.0, between).mean)
    return drawn


def _recruit_year(case: Case, made: pd.DataFrame, kind: NDArray[np.object_]) -> Array:
    """A recruit of each type: the usual recruit's revenue by the type's yield and by how many of that type ever sold."""
    usual = float(case.grown().mean.mean())
    sold = case.channel.lives.sold[case.rows]
    overall = float(sold.mean())
    worth = []
    for name, drawn in zip(made["partner_type"], made["drawn"], strict=True):
        own = np.ones(len(kind), dtype=bool) if name == ANY else kind == name
        share = (float(sold[own].sum()) + _STRENGTH * overall) / (float(own.sum()) + _STRENGTH)
        worth.append(usual * drawn / float(made["mean"].iloc[0]) * (share / overall if overall > 0 else 1.0))
    return np.array(worth)
