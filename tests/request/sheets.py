"""Sheets of a data request as a client would work on them: read, filled in, saved as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from prmkit.data.load import Inspection, inspect
from prmkit.engagement import Engagement

PARTNERS = "partner_id,name,partner_manager,status\n007,Gamma,Ann,active\nP1,Alpha,Bo,active\nP2,Beta,Ann,active\n"
SALES = "sale_id,date,partner_id,revenue\nS1,2026-01-15,P1,100.10\nS2,2026-02-15,P2,200.20\nS3,2026-03-15,007,300.30\n"


def rows(path: Path, sheet: str) -> list[list[Any]]:
    """All cells of a sheet, row by row."""
    return every_sheet(path)[sheet]


def every_sheet(path: Path) -> dict[str, list[list[Any]]]:
    """All cells of every sheet."""
    book = openpyxl.load_workbook(path)
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}


def save_as_csv(cells: Iterable[Sequence[Any]], path: Path, delimiter: str = ",") -> None:
    """Rows as a spreadsheet saves them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([["" if cell is None else cell for cell in row] for row in cells])


def fill(path: Path, sheet: str, answers: Mapping[int, Mapping[str, Any]]) -> None:
    """Write answers (row -> header -> value) into a sheet of a workbook and save it."""
    book = openpyxl.load_workbook(path)
    headers = {cell.value: cell.column for cell in book[sheet][1]}
    for row, given in answers.items():
        for header, value in given.items():
            cell = book[sheet].cell(row, headers[header])
            cell.value = value
            cell.data_type = "s" if isinstance(value, str) else cell.data_type
    book.save(path)


def engagement(folder: Path) -> Engagement:
    """Three partners and a sale through each."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    (folder / "data" / "partners.csv").write_text(PARTNERS, encoding="utf-8")
    (folder / "data" / "sales.csv").write_text(SALES, encoding="utf-8")
    return Engagement(folder=folder, client="Example")


def look(folder: Path) -> Inspection:
    """What the loader makes of the folder."""
    return inspect(engagement(folder), folder / "cache")
