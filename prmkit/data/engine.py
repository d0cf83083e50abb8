"""The embedded database that reads, types and checks: limited in memory, spilling to the cache folder."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import duckdb

from prmkit.errors import PrmkitError

WHITESPACE = " \t\r\n\x0b\x0c\u00a0\u2007\u202f\u3000"
_LARGEST_MEMORY = 2_000_000_000
_SHARE_OF_MEMORY = 0.7
_PREFIX = ".load-"
_ABANDONED_AFTER = 86_400


def identifier(name: str) -> str:
    """A column or table name as SQL writes it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def file_literal(path: Path) -> str:
    """A path as SQL writes it, taken letter by letter: `*`, `?` and `[` are no pattern."""
    return literal(re.sub(r"([*?\[])", r"[\1]", str(path)))


def parquet(path: Path, *, numbered: bool = False) -> str:
    """SQL for the rows of a Parquet file; a folder called `revenue=5` is no column."""
    return f"read_parquet({file_literal(path)}, hive_partitioning = false{', file_row_number = true' if numbered else ''})"


def trimmed(expression: str) -> str:
    """SQL for a text without outer white space; null where nothing is left."""
    return f"nullif(trim({expression}, {literal(WHITESPACE)}), '')"


def _memory_limit() -> int:
    try:
        physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        physical = _LARGEST_MEMORY
    return int(min(_LARGEST_MEMORY, _SHARE_OF_MEMORY * physical))


@dataclass(frozen=True)
class Engine:
    """A connection and a private folder for one load; `fresh` names files that nobody else uses."""

    connection: duckdb.DuckDBPyConnection
    folder: Path
    _numbers: Iterator[int] = field(default_factory=lambda: count(1), repr=False)

    def fresh(self, suffix: str) -> Path:
        """A new file name in the private folder."""
        return self.folder / f"part_{next(self._numbers)}{suffix}"

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        return self.connection.execute(query, list(values)).fetchall()

    def row(self, query: str, values: Sequence[Any] = ()) -> tuple[Any, ...]:
        """The one row of a query."""
        return self.rows(query, values)[0]

    def run(self, query: str) -> None:
        """A statement whose result nobody reads."""
        self.connection.execute(query)


def _clear_abandoned(cache: Path) -> None:
    """Take away what a load that was killed left behind a day ago or longer."""
    for left in cache.glob(f"{_PREFIX}*"):
        if time.time() - left.stat().st_mtime > _ABANDONED_AFTER:
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def engine(cache: Path) -> Iterator[Engine]:
    """An Engine whose files live in a private folder of `cache` and go when it closes."""
    if "?" in str(cache):
        do = "Rename the folder, or move the engagement to another."
        raise PrmkitError("Data cannot be worked on below a folder whose name holds a question mark.", where=str(cache), do=do)
    cache.mkdir(parents=True, exist_ok=True)
    _clear_abandoned(cache)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=cache, ignore_cleanup_errors=True) as made:
        folder = Path(made)
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": f"{_memory_limit()}B",
            "temp_directory": str(folder / "spill"),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "python_enable_replacements": "false",
        }
        with duckdb.connect(folder / "load.duckdb", config=settings) as connection:
            connection.execute("PRAGMA disable_checkpoint_on_shutdown")
            yield Engine(connection, folder)
