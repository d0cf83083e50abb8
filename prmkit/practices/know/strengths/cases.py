"""Cases in which a strength shows or does not, and what each has to be compared by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data import calendar
from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads

Array = NDArray[np.float64]
Kind = Literal["share", "level", "log", "count"]

COMMON = 30
"""Cases of a word below which it is not told apart from the other rare ones."""
DEAL_MONTHS, CASE_MONTHS = 36, 24


@dataclass(frozen=True)
class Cases:
    """One row a case: whose it is, its value, and columns of numbers by which cases are made comparable.

    value: 0 or 1 for a share; a number for a level, its natural log for "log"; the count itself for "count", one case a partner.
    better: 1 where more is better, -1 where less is. noun: what a case is, one and many. shown: how the level is said ("fraction", ...).
    """

    partner_id: pd.Series
    value: Array
    kind: Kind
    noun: tuple[str, str]
    better: int = 1
    context: Mapping[str, Array] | None = None


def dummies(values: pd.Series, name: str, least: int = COMMON) -> dict[str, Array]:
    """A column of 0 and 1 for each word that at least `least` rows have, the most frequent one left out."""
    counts = values.value_counts()
    common = sorted(counts.index[counts >= least], key=lambda word: (-counts[word], str(word)))[1:]
    return {f"{name}={word}": (values == word).to_numpy(dtype=float, na_value=0.0) for word in common}


def scaled(values: Any, name: str) -> dict[str, Array]:
    """A number in standard deviations, zero where missing, with a mark of that where any is."""
    numbers = np.asarray(values, dtype=float)
    known = np.isfinite(numbers)
    if known.sum() < 2 or np.ptp(numbers[known]) == 0:
        return {}
    made = {name: np.where(known, (numbers - numbers[known].mean()) / numbers[known].std(), 0.0)}
    return made if known.all() else made | {f"{name} missing": (~known).astype(float)}


def ones(true: pd.Series) -> Array:
    """1 where true, 0 elsewhere."""
    return np.where(true.to_numpy(bool, na_value=False), 1.0, 0.0)


def log_above_zero(values: pd.Series) -> Array:
    """Natural logs, nan where not above zero."""
    numbers = values.to_numpy(dtype=float, na_value=np.nan)
    made: Array = np.log(np.where(numbers > 0, numbers, np.nan))
    return made


def since(portfolio: Portfolio, rows: pd.DataFrame, column: str, months: int) -> pd.DataFrame:
    """Rows of partners dated in the `months` to as_of."""
    recent = (rows[column] > calendar.month_end(portfolio.as_of, months)) & (rows[column] <= portfolio.as_of)
    return rows[recent & rows["partner_id"].notna()]


def end_markets(portfolio: Portfolio) -> pd.Series:
    """customer_id -> its end market."""
    if not portfolio.has("customers"):
        return pd.Series(dtype="str")
    rows = portfolio.tables["customers"].drop_duplicates("customer_id").set_index("customer_id")["vertical"]
    return rows[rows.notna()]


def served(portfolio: Portfolio) -> pd.DataFrame:
    """partner_id, customer_id: every pair that a deal, a contract or a support case names, once."""
    return portfolio.fitted(_served)


@reads("worries", "privacy", "client")
def _served(portfolio: Portfolio) -> pd.DataFrame:
    parts = [
        portfolio.tables[name][["partner_id", "customer_id"]].dropna()
        for name in ("deals", "subscriptions", "tickets")
        if portfolio.has(name)
    ]
    if not parts:
        return pd.DataFrame({"partner_id": pd.Series(dtype="str"), "customer_id": pd.Series(dtype="str")})
    return pd.concat(parts).drop_duplicates().reset_index(drop=True)
