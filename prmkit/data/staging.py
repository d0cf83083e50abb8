"""Rows of one file as text on disk, before anything is made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from prmkit.data.engine import Engine, identifier, parquet
from prmkit.data.tables import Column

_BATCH = 50_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader is to find in a file.

    table: the canonical table a fault is about. columns: what to look for. headers: column ->
    header, where the settings or a preset say it. needed: columns without which the file is of no
    use. whole: whether headers that nobody asked for are reported (false for the raw files of a
    preset, which always hold more). also: column -> other headers it may have; the first that is there counts.
    sheet: what the sheet of a workbook is called, where it is not the table's name. places: column -> its position, for columns
    that no header names for good.
    """

    table: str
    columns: tuple[Column, ...]
    headers: Mapping[str, str] = field(default_factory=dict)
    needed: frozenset[str] = frozenset()
    whole: bool = True
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sheet: str = ""
    places: Mapping[str, int] = field(default_factory=dict)

    def ways(self, column: Column) -> tuple[str, ...]:
        """The headers under which a column may stand, the expected one first."""
        return (self.header(column), *self.also.get(column.name, ()))

    def header(self, column: Column) -> str:
        """The header under which a column is expected."""
        return self.headers.get(column.name, column.name)


@dataclass(frozen=True, slots=True)
class Staged:
    """The rows of one file: text columns named as wanted, in a Parquet file.

    file: the name a fault uses. rows: how many are in `path`. first_row: the spreadsheet row of the
    first of them, 0 when `path` carries each row's own number as `_row`.
    """

    file: str
    path: Path
    columns: tuple[str, ...]
    rows: int
    first_row: int = 0

    def relation(self, last: int = 0) -> str:
        """SQL for the rows, or the `last` of them, with their spreadsheet row as `_row`."""
        skipped = f" OFFSET {max(0, self.rows - last)}" if last else ""
        if not self.first_row:
            return f"(SELECT * FROM {parquet(self.path)}{skipped})"
        names = ", ".join(identifier(column) for column in self.columns)
        numbered = f"file_row_number + {self.first_row}"
        return f"(SELECT {numbered} AS _row, {names} FROM {parquet(self.path, numbered=True)}{skipped})"


class StageWriter:
    """Writes numbered rows of text to a Parquet file, a batch at a time."""

    def __init__(self, engine: Engine, columns: Sequence[str]) -> None:
        self.path = engine.fresh(".parquet")
        self.columns = tuple(columns)
        self.rows = 0
        self._schema = pa.schema([("_row", pa.int64()), *((column, pa.string()) for column in columns)])
        self._writer = pq.ParquetWriter(self.path, self._schema)
        self._waiting: list[Sequence[Any]] = []

    def __enter__(self) -> StageWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._flush()
        self._writer.close()

    def add(self, row: int, cells: Sequence[str | None]) -> None:
        """One row: its spreadsheet number and a text (or None) for each column."""
        self._waiting.append((row, *(cell or None for cell in cells)))
        self.rows += 1
        if len(self._waiting) >= _BATCH:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            arrays = [pa.array(values, kind.type) for values, kind in zip(zip(*self._waiting, strict=True), self._schema, strict=True)]
            self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema))
            self._waiting = []

    def staged(self, file: str) -> Staged:
        """What was written, once closed."""
        return Staged(file=file, path=self.path, columns=self.columns, rows=self.rows)
