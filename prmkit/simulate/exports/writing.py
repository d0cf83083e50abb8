"""Frames as CSV whose bytes follow from the values alone: UTF-8, a comma, `\\n`, quotes only where they are needed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

_AT_A_TIME = 500_000
_LARGEST_CENTS = 2.0**53 / 100
_TEXT = pa.large_string()


def write_files(files: Mapping[str, pd.DataFrame], folder: Path) -> list[Path]:
    """Write each frame to `folder`/<name>.csv; the paths in the order of the files."""
    folder.mkdir(parents=True, exist_ok=True)
    return [write_csv(frame, folder / f"{name}.csv") for name, frame in files.items()]


def write_csv(frame: pd.DataFrame, path: Path) -> Path:
    """Write one frame, its columns' names first.

    Dates are written as 2026-09-30, with the time where a value of the column has one. A column of whole numbers is written
    without decimals, one of whole cents with two, any other so that it reads back as the same number.
    """
    header = ",".join(_quoted(pa.array(list(frame.columns), type=_TEXT)).to_pylist()) + "\n"
    columns = [_column(frame[name]) for name in frame.columns]
    with path.open("wb") as file:
        file.write(header.encode())
        for start in range(0, len(frame), _AT_A_TIME):
            file.write(_lines([column.slice(start, _AT_A_TIME) for column in columns]))
    return path


def as_text(column: pd.Series) -> pd.Series:
    """A column of dates or numbers as it would be written, missing where there is no value."""
    return pd.Series(_column(column).to_pandas().to_numpy(), index=column.index, dtype="str")


def as_lines(frame: pd.DataFrame) -> pd.Series:
    """Each row as it would be written, without the line feed."""
    columns = [_column(frame[name]) for name in frame.columns]
    joined = pc.binary_join_element_wise(*columns, pa.scalar(",", type=_TEXT), null_handling="replace", null_replacement="")
    return pd.Series(joined.to_pandas().to_numpy(), index=frame.index, dtype="str")


def _lines(columns: list[Any]) -> memoryview:
    """The rows of some columns of text, each ended by a line feed."""
    comma, nothing = pa.scalar(",", type=_TEXT), pa.scalar("", type=_TEXT)
    joined = pc.binary_join_element_wise(*columns, comma, null_handling="replace", null_replacement="")
    ended = pc.binary_join_element_wise(joined, pa.scalar("\n", type=_TEXT), nothing)
    if isinstance(ended, pa.ChunkedArray):
        ended = ended.combine_chunks()
    offsets = np.frombuffer(ended.buffers()[1], dtype=np.int64)[ended.offset : ended.offset + len(ended) + 1]
    return memoryview(ended.buffers()[2])[int(offsets[0]) : int(offsets[-1])]


def _column(column: pd.Series) -> Any:
    """A column as text, null where there is no value."""
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return _dates(column)
    if pd.api.types.is_bool_dtype(column.dtype):
        raise TypeError(f"'{column.name}' holds yes and no: a system writes words for them")
    if pd.api.types.is_numeric_dtype(column.dtype):
        return _numbers(column.to_numpy(dtype="float64", na_value=np.nan))
    text = pa.array(column, type=_TEXT, from_pandas=True)
    return _quoted(text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text)


def _quoted(text: Any) -> Any:
    special = pc.match_substring_regex(text, '[",\r\n]|^ | $')
    if not pc.any(special).as_py():
        return text
    mark, nothing = pa.scalar('"', type=_TEXT), pa.scalar("", type=_TEXT)
    inside = pc.replace_substring(text, '"', '""')
    return pc.if_else(special, pc.binary_join_element_wise(mark, inside, mark, nothing), text)


def _dates(column: pd.Series) -> Any:
    values = column.to_numpy().astype("datetime64[s]")
    there = ~np.isnat(values)
    timed = bool((values[there] != values[there].astype("datetime64[D]")).any())
    stamps = pa.array(values, type=pa.timestamp("s"))
    if timed:
        return pc.replace_substring(pc.cast(stamps, _TEXT), "Z", "")
    return pc.cast(pc.cast(stamps, pa.date32()), _TEXT)


def _numbers(values: np.ndarray) -> Any:
    there = np.isfinite(values)
    known = values[there]
    if np.isinf(values).any():
        raise ValueError("a number without end cannot be written")
    if (known == np.trunc(known)).all() and (np.abs(known) < 2.0**53).all():
        return pc.cast(pa.array(np.where(there, values, 0).astype(np.int64), mask=~there), _TEXT)
    if (np.abs(known) < _LARGEST_CENTS).all() and (np.rint(known * 100) / 100 == known).all():
        return _decimals(np.rint(np.where(there, values, 0.0) * 100).astype(np.int64), ~there)
    return _shortest(values)


def _decimals(cents: np.ndarray, missing: np.ndarray) -> Any:
    """Whole cents with two decimals, as text: the low and the high word of a 128-bit decimal are filled by hand."""
    words = np.empty((len(cents), 2), dtype=np.int64)
    words[:, 0], words[:, 1] = cents, cents >> 63
    mask = pa.array(~missing).buffers()[1]
    return pc.cast(pa.Array.from_buffers(pa.decimal128(18, 2), len(cents), [mask, pa.py_buffer(words)]), _TEXT)


def _shortest(values: np.ndarray) -> Any:
    """The shortest text that reads back as the number; never with three decimals, which a reader could take for thousands."""
    codes, different = pd.factorize(values)
    texts = pa.array([_plain(float(value)) for value in different], type=_TEXT)
    return texts.take(pa.array(codes, mask=codes < 0))


def _plain(value: float) -> str:
    text = np.format_float_positional(value, unique=True, trim="0")
    return f"{text}0" if len(text.partition(".")[2]) == 3 else text
