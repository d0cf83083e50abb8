"""Columns of canonical tables: names by position, numbered ids, days, cents; and a frame with every column of the contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from prmkit.data.tables import table
from prmkit.simulate.state import Array, Whole

_TEXT = pa.large_string()
_TYPES = {"date": "datetime64[us]", "number": "float64", "integer": "float64", "boolean": "boolean"}
NO_DAY = np.datetime64("NaT", "D")


def frame(name: str, rows: int, columns: Mapping[str, Any]) -> pd.DataFrame:
    """The canonical table `name` with all its columns in order, typed; a single value fills its column, a column not given is empty.

    Raises KeyError for a column that the contract does not have.
    """
    contract = table(name)
    strange = set(columns) - set(contract.names)
    if strange:
        raise KeyError(f"the contract knows no {', '.join(sorted(strange))} in {name}")
    index = pd.RangeIndex(rows)
    made = {}
    for column in contract.columns:
        kind = _TYPES.get(column.kind, "str")
        given = columns.get(column.name)
        if given is None:
            made[column.name] = pd.Series(np.nan if kind == "float64" else None, index=index, dtype=kind)
        elif isinstance(given, str | float | int | bool):
            made[column.name] = pd.Series(given, index=index, dtype=kind)
        else:
            values = given.to_numpy() if isinstance(given, pd.Series) and kind != "str" else given
            made[column.name] = pd.Series(values, dtype=kind).set_axis(index)
    return pd.DataFrame(made)


def names(words: Sequence[str] | NDArray[Any], position: Whole) -> pd.Series:
    """Words by position, missing where the position is -1."""
    return pd.Series(_taken(words, position).to_pandas(), dtype="str")


def _taken(words: Sequence[str] | NDArray[Any], position: Whole) -> Any:
    place = np.asarray(position, dtype=np.int64)
    known = pa.array(list(words) or [""], type=_TEXT)
    return known.take(pa.array(np.maximum(place, 0), mask=place < 0))


def joined(*parts: Sequence[str] | NDArray[Any] | pd.Series | str) -> pd.Series:
    """Texts put together piece by piece; missing where a piece is."""
    pieces = [pa.scalar(part, _TEXT) if isinstance(part, str) else _text(part) for part in parts]
    return pd.Series(pc.binary_join_element_wise(*pieces, pa.scalar("", _TEXT)).to_pandas(), dtype="str")


def _text(part: Any) -> Any:
    made = pa.array(part, type=_TEXT, from_pandas=True)
    return made.combine_chunks() if isinstance(made, pa.ChunkedArray) else made


def numbered(prefix: str, count: int, width: int) -> pd.Series:
    """Ids such as T0000042, counted from 1."""
    digits = pc.utf8_lpad(pc.cast(pa.array(np.arange(1, count + 1, dtype=np.int64)), _TEXT), width, "0")
    return joined(prefix, pd.Series(digits.to_pandas(), dtype="str"))


def cents(amount: NDArray[np.floating[Any]]) -> Array:
    """Amounts rounded to cents."""
    made: Array = np.rint(amount * 100) / 100
    return made


def quarters(hours: Array) -> Array:
    """Hours rounded to a quarter of one."""
    made: Array = np.rint(hours * 4) / 4
    return made


def round_sum(amount: Array | float) -> Array:
    """Amounts as people set them: two leading digits, nothing below ten."""
    given = np.asarray(amount, dtype=np.float64)
    step = np.full(given.shape, 10.0)
    for power in (1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9):
        step = np.where(given >= power, power / 10, step)
    made: Array = np.maximum(np.rint(given / step), 1.0) * step
    return made
