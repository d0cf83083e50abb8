"""Small engagements written by hand, for tests of loading."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

from prmkit.data.client import Client
from prmkit.data.load import Inspection, inspect
from prmkit.engagement import Engagement
from prmkit.errors import Fault

Content = str | bytes | Callable[[Path], None]

PARTNERS = "partner_id,name,territory\nP1,Alpha,North\nP2,Beta,South\n007,Gamma,North\n"
SALES = "sale_id,date,partner_id,revenue\nS1,2026-01-15,P1,100.10\nS2,2026-02-15,P2,200.20\nS3,2026-03-15,007,300.30\n"


def write(folder: Path, files: Mapping[str, Content]) -> None:
    """Files of an engagement folder by name: text, bytes, or a function that makes the file."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if callable(content):
            content(path)
        elif isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content, encoding="utf-8", newline="")


def engagement(folder: Path, files: Mapping[str, Content | None] | None = None, **settings: Any) -> Engagement:
    """An engagement on `folder`/data: three partners and three sales, with `files` written over them (None: without)."""
    given: dict[str, Content | None] = {"data/partners.csv": PARTNERS, "data/sales.csv": SALES, **(files or {})}
    write(folder, {name: content for name, content in given.items() if content is not None})
    for name, content in given.items():
        if content is None:
            (folder / name).unlink(missing_ok=True)
    return Engagement(folder=folder, client="Example", **settings)


@pytest.fixture
def look(tmp_path: Path) -> Callable[..., Inspection]:
    """inspect() on an engagement made from the given files and settings."""

    def inspected(files: Mapping[str, Content | None] | None = None, **settings: Any) -> Inspection:
        return inspect(engagement(tmp_path, files, **settings), tmp_path / "cache")

    return inspected


def lines(client: Client, columns: str = "*") -> list[tuple[Any, ...]]:
    """Rows of sales.parquet by sale_id."""
    with duckdb.connect() as connection:
        return connection.execute(
            f"SELECT {columns} FROM read_parquet($path) ORDER BY sale_id, date", {"path": str(client.sales)}
        ).fetchall()


def fault(found: Inspection, code: str) -> Fault:
    """The one fault of a code."""
    (only,) = [fault for fault in found.faults if fault.code == code]
    return only


def codes(found: Inspection, severity: str = "") -> set[str]:
    """The codes of all faults, or of those of one severity."""
    return {fault.code for fault in found.faults if severity in ("", fault.severity)}
