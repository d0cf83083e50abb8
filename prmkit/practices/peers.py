"""Which partners are alike: the peer design that estimators draw thin partners towards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio

Array = NDArray[np.float64]

_SMALLEST_GROUP = 10
_PARTNERS_PER_COLUMN = 20
_MOST_COLUMNS = 20
_ATTRIBUTES = ("partner_type", "territory")


@dataclass(frozen=True, slots=True)
class Peers:
    """design (partners, columns), the kind of each column (0 the common mean, 1 a number, 2 membership of a group) and its name."""

    design: Array
    blocks: NDArray[np.int64]
    names: tuple[str, ...]

    def without(self, name: str) -> Array:
        """The design with the column `name` at its average for everyone."""
        return np.where(np.array(self.names) == name, 0.0, self.design)


def peers(portfolio: Portfolio, earlier: pd.DataFrame) -> Peers:
    """Ones, what `earlier` and employees say, and kind and territory as centred 0/1 columns.

    `earlier` holds one row for every partner in their order: numbers of the year before, null where
    there are none; each becomes a standardised column, and one more says that there was none. Groups
    of fewer than ten partners stay with the common mean, and there is a column for every 20 partners at most.
    """
    n = len(portfolio.partners)
    named = _numbers(earlier)
    employees = portfolio.partners["employees"]
    if employees.notna().mean() > 0.8 and employees.nunique() > 1:
        named.append(("employees", _standardised(np.log1p(employees.clip(lower=0)))))
    groups = _groups(portfolio.partners)
    room = min(_MOST_COLUMNS, n // _PARTNERS_PER_COLUMN)
    blocks = np.array([0, *([1] * len(named)), *([2] * len(groups))][: room + 1], dtype=np.int64)
    columns = [*named, *groups][:room]
    return Peers(np.column_stack([np.ones(n), *[column for _, column in columns]]), blocks, ("all", *[name for name, _ in columns]))


def _numbers(earlier: pd.DataFrame) -> list[tuple[str, Array]]:
    columns = []
    for name in earlier.columns:
        values = earlier[name].astype("float64")
        if values.nunique() > 1:
            columns.append((str(name), _standardised(values)))
    absent = earlier.isna().all(axis=1).to_numpy(dtype=float)
    if 0 < absent.mean() < 1:
        columns.append(("absent", absent - absent.mean()))
    return columns


def _groups(partners: pd.DataFrame) -> list[tuple[str, Array]]:
    sized = []
    for attribute in _ATTRIBUTES:
        counts = partners[attribute].value_counts()
        for value, count in counts.items():
            if _SMALLEST_GROUP <= count < len(partners):
                sized.append((-int(count), attribute, str(value)))
    columns = []
    for _, attribute, value in sorted(sized):
        member = (partners[attribute] == value).to_numpy(dtype=float)
        columns.append((f"{attribute}={value}", member - member.mean()))
    return columns


def _standardised(values: pd.Series[Any]) -> Array:
    spread = float(values.std(ddof=0)) or 1.0
    standard: Array = ((values - values.mean()) / spread).fillna(0.0).clip(-4, 4).to_numpy(dtype=float)
    return standard
