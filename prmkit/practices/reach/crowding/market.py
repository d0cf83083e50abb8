"""Who shared which territory with how many others, quarter by quarter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.estimators.neighbours import AGES, Neighbourhood
from prmkit.estimators.presence import Presence, presence

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

FEWEST = 4
MOST_UNITS = 30_000
_QUARTER, _YEAR, _LONGEST = 3, 12, 60
_SHRINK = 2


@dataclass(frozen=True)
class Market:
    """places: one row a territory, by name: partners (expected to be there at as_of), partner_years (of the 12 months), revenue (12
    months),
    luck (sum of revenue times the partner's usual selling month), unsure (variance of the number of partners
    that were there), fewest and most (partners in any quarter). by_age (territories, 5):
    partner
    years of the 12 months by age, grown first. neighbourhood: partners of the territories named in `fitted`, in units of their usual
    selling month; None where no territory had four partners on average.
    dated: share of pairs of partner and territory whose day of joining is known and believed.
    """

    places: pd.DataFrame
    by_age: Array
    fitted: tuple[str, ...]
    neighbourhood: Neighbourhood | None
    dated: float = 0.0


@reads()
def market(whole: Portfolio) -> Market:
    """Every partner and territory it sold in, over the whole quarters to as_of (five years at most).

    A sale without a territory counts at its partner's home. Revenue of a partner is told in its own usual selling month, so that one
    large partner does not outweigh all others; its level drops out. Of more than 30,000 pairs of partner and territory every second (third,
    ...) is followed; all are counted as neighbours.
    """
    months = min(whole.history_months, _LONGEST)
    count = months // _QUARTER
    units, revenue = _sold(whole, months)
    if not count or units.empty:
        return Market(
            pd.DataFrame(columns=["partners", "partner_years", "revenue", "luck", "unsure", "fewest", "most"]),
            np.zeros((0, AGES + 1)),
            (),
            None,
        )
    there = presence(revenue > 0, _joined(whole, units, months))
    place, names = pd.factorize(units["territory"], sort=True)
    usual = _usual_month(revenue)
    chance, age = _quarters(there.chance, count).mean(axis=2), _ages(there, count, months)
    numbers = _by_place(chance, place, len(names))
    sold = np.maximum(_quarters(revenue, count).sum(axis=2), 0.0)
    kept = (numbers.mean(axis=1) >= FEWEST) & (np.bincount(place, sold.sum(axis=1), len(names)) > 0)
    return Market(
        _places(names, place, revenue, usual, there, numbers),
        _by_age(chance, age, place, len(names)),
        tuple(names[kept]),
        _neighbourhood(sold / usual[:, None], chance, numbers, place, age, kept),
        float(np.isfinite(there.joined).mean()),
    )


def _sold(whole: Portfolio, months: int) -> tuple[pd.DataFrame, Array]:
    """Partner and territory of each unit, and its revenue by month, oldest first."""
    rows = whole.months[whole.months["month"] < months]
    home = whole.partners.drop_duplicates("partner_id").set_index("partner_id")["territory"]
    territory = rows["territory"]
    if territory.isna().any():
        territory = territory.fillna(rows["partner_id"].map(home))
    rows, territory = rows[territory.notna()], territory[territory.notna()]
    partner, partners = pd.factorize(rows["partner_id"], sort=True)
    place, places = pd.factorize(territory, sort=True)
    pairs, unit = np.unique(partner.astype(np.int64) * max(len(places), 1) + place, return_inverse=True)
    cell = unit * months + (months - 1 - rows["month"].to_numpy(dtype=np.int64))
    flat: Array = np.bincount(cell, rows["revenue"].to_numpy(dtype=float), minlength=len(pairs) * months).astype(np.float64)
    revenue = flat.reshape(len(pairs), months)
    keys = {"partner_id": partners[pairs // max(len(places), 1)], "territory": places[pairs % max(len(places), 1)]}
    return pd.DataFrame({name: pd.Series(values, dtype="str") for name, values in keys.items()}), revenue


def _joined(whole: Portfolio, units: pd.DataFrame, months: int) -> Array:
    """Month of joining of each unit, oldest month 0; only for a partner's home, the day it came to other territories is not on record."""
    partners = whole.partners.drop_duplicates("partner_id").set_index("partner_id")
    joined = units["partner_id"].map(partners["joined_on"])
    back = (whole.as_of.year - joined.dt.year) * _YEAR + whole.as_of.month - joined.dt.month
    home = units["partner_id"].map(partners["territory"])
    made: Array = (months - 1 - back).where(home.isna() | (home == units["territory"])).to_numpy(dtype=float, na_value=np.nan)
    return made


def _usual_month(revenue: Array) -> Array:
    """Revenue of each unit's usual selling month, drawn a little to the typical one's."""
    count, total = (revenue > 0).sum(axis=1), np.maximum(revenue, 0.0).sum(axis=1)
    sells = count > 0
    if not sells.any():
        return np.ones(len(revenue))
    logs = np.log(np.where(sells, total, 1.0) / np.maximum(count, 1))
    made: Array = np.exp((logs * count + float(np.median(logs[sells])) * _SHRINK) / (count + _SHRINK))
    return made


def _quarters(monthly: Array, count: int) -> Array:
    made: Array = monthly[:, monthly.shape[1] - count * _QUARTER :].reshape(len(monthly), count, _QUARTER)
    return made


def _ages(there: Presence, count: int, months: int) -> Whole:
    """0 for a grown unit, else 4 to 1 for the first to the fourth quarter of its life."""
    middle = np.arange(count) * _QUARTER + 1 + months - count * _QUARTER
    born = np.where(there.start > 0, there.start, np.where(there.joined < 0, there.joined, -_LONGEST))
    made: Whole = np.clip(AGES - np.floor_divide(middle[None, :] - born[:, None], _QUARTER), 0, AGES).astype(np.int64)
    return made


def _by_place(values: Array, place: Whole, places: int) -> Array:
    made = np.zeros((places, values.shape[1]))
    np.add.at(made, place, values)
    return made


def _by_age(chance: Array, age: Whole, place: Whole, places: int) -> Array:
    """Partner years of the last four quarters by territory and age."""
    recent, ages = chance[:, -4:], age[:, -4:]
    sums = np.bincount((place[:, None] * (AGES + 1) + ages).ravel(), recent.ravel(), minlength=places * (AGES + 1))
    made: Array = sums.reshape(places, AGES + 1) / 4
    return made


def _places(names: pd.Index, place: Whole, revenue: Array, usual: Array, there: Presence, numbers: Array) -> pd.DataFrame:
    year, chance = revenue[:, -_YEAR:].sum(axis=1), there.chance[:, -_YEAR:]
    return pd.DataFrame(
        {
            "partners": np.bincount(place, there.chance[:, -1], len(names)),
            "partner_years": _by_place(chance, place, len(names)).sum(axis=1) / _YEAR,
            "revenue": np.bincount(place, year, len(names)),
            "luck": np.bincount(place, np.maximum(year, 0.0) * usual, len(names)),
            "unsure": np.bincount(place, (chance * (1 - chance)).mean(axis=1), len(names)),
            "fewest": numbers.min(axis=1),
            "most": numbers.max(axis=1),
        },
        index=pd.Index(names, name="territory"),
    )


def _neighbourhood(sold: Array, chance: Array, numbers: Array, place: Whole, age: Whole, kept: NDArray[np.bool_]) -> Neighbourhood | None:
    ok = kept[place] & (sold.sum(axis=1) > 0)
    if not ok.any():
        return None
    told = np.flatnonzero(ok)
    told = told[:: len(told) // MOST_UNITS + 1]
    code = (np.cumsum(kept) - 1)[place[told]]
    own = chance[told]
    return Neighbourhood(sold[told], own, numbers[place[told]] - own, code.astype(np.int64), np.where(own > 0, age[told], 0))
