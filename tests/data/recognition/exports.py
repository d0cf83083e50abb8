"""Small made-up exports under their systems' exact headers, and an engagement folder to lay them in."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from prmkit.data.load import load
from prmkit.data.recognition import peek
from prmkit.data.recognition.fit import best_fit
from prmkit.engagement import load_engagement
from prmkit.proposing import Look, look

PARTNERS = "partner_id,name,domain\nP1,Alpha GmbH,alpha.example\nP2,Beta Ltd,beta.example\n"
SALES = "sale_id,date,partner_id,revenue\nS1,2026-01-15,P1,100.10\nS2,2026-02-15,P2,200.20\n"


def sheet(head: Sequence[str], *rows: Sequence[str]) -> list[Sequence[str]]:
    """An export: its headers, and below them rows, each filled up with empty cells."""
    return [list(head), *([*row, *[""] * (len(head) - len(row))] for row in rows)]


def lay(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    """Write an export as CSV."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def looked(folder: Path, exports: Mapping[str, Sequence[Sequence[str]]], *, alone: bool = False) -> Look:
    """What a look at an engagement on these files (name -> rows) takes them for, all that is asked agreed to.

    alone: without the partners.csv and sales.csv that lie beside them otherwise.
    """
    (folder / "engagement.yaml").write_text("client: Example\ncurrency: EUR\ndata: data\n", encoding="utf-8")
    for name, rows in exports.items():
        lay(folder / "data" / name, rows)
    if not alone:
        (folder / "data" / "partners.csv").write_text(PARTNERS, encoding="utf-8")
        (folder / "data" / "sales.csv").write_text(SALES, encoding="utf-8")
    return look(load_engagement(folder), folder / "out" / ".check", accept=True)


def cells(seen: Look, table: str, *columns: str) -> list[tuple[Any, ...]]:
    """Cells of a canonical table as plain values: dates as ISO text, empty ones as None."""
    frame = seen.inspection.tables[table]
    return [tuple(_plain(value) for value in row) for row in frame[list(columns)].itertuples(index=False, name=None)]


def told(path: Path, rows: Sequence[Sequence[str]]) -> tuple[str, tuple[str, ...]]:
    """What a file with these rows is taken for (preset.export), and the rivals; empty where nothing fits."""
    fit = best_fit(peek(lay(path, rows)))
    return (f"{fit.preset}.{fit.export}", fit.rivals) if fit else ("", ())


def sold(folder: Path) -> list[tuple[Any, ...]]:
    """Lines of sales as loaded: id, date, partner, customer, channel and revenue."""
    client = load(load_engagement(folder), folder / "out" / ".cache")
    rows = duckdb.sql(
        f"SELECT sale_id, date::DATE, partner_id, customer_id, channel, revenue::DOUBLE FROM '{client.sales}' ORDER BY 1"
    ).fetchall()
    return [(row[0], str(row[1]), *row[2:]) for row in rows]


def errors(seen: Look) -> list[tuple[str, str | None]]:
    """Code and column of every fault that is an error."""
    return [(fault.code, fault.column) for fault in seen.inspection.faults if fault.severity == "error"]


def _plain(value: Any) -> Any:
    if value is None or value != value or str(value) in {"NaT", "<NA>"}:
        return None
    return value.date().isoformat() if hasattr(value, "date") else value
