"""Who agreed to which assumption: read from the sheet that a person filled in and put into the engagement folder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from prmkit.assumptions.table import NAME
from prmkit.errors import PrmkitError
from prmkit.results import Results

FILE = "assumptions.xlsx"
SHEET = "Assumptions"
HEADINGS = ("Assumption", "Value", "Agreed", "By", "On")
_MOST_ROWS = 2_000
_MOST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Signature:
    """agreed: "yes" or "no". value: what was agreed to. on: an ISO day, or the words that stood there."""

    value: str
    agreed: str
    by: str
    on: str


def signatures(folder: Path) -> dict[str, Signature]:
    """Assumption -> its signature, from `assumptions.xlsx` in the engagement folder; none where there is no such file.

    Rows that are neither agreed nor refused are not signed. PrmkitError where the file cannot be read or lacks the sheet.
    """
    path = folder / FILE
    if not path.exists():
        return {}
    import openpyxl

    do = f"Save the workbook of a run, with the sheet '{SHEET}' filled in, as {FILE} here; or take the file away."
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            rows = [tuple(row) for row in book[SHEET].iter_rows(max_row=_MOST_ROWS, values_only=True)]
        finally:
            book.close()
    except Exception as error:  # a damaged workbook may fail in any way
        raise PrmkitError(f"The signed assumptions cannot be read ({type(error).__name__}).", where=FILE, do=do) from None
    heads = [str(cell) for cell in rows[0]] if rows else []
    if not set(HEADINGS) <= set(heads):
        raise PrmkitError(f"The sheet '{SHEET}' lacks a column of: {', '.join(HEADINGS)}.", where=FILE, do=do)
    places = [heads.index(name) for name in HEADINGS]
    return dict(signed for row in rows[1:] if (signed := _signature([row[place] for place in places])))


def with_signatures(made: Results, folder: Path) -> Results:
    """Results whose assumptions carry today's signatures. Where the value has changed since, `asks` says so and `agreed` is empty."""
    frame = made.tables.get(NAME)
    if frame is None:
        return made
    return replace(made, tables={**made.tables, NAME: signed(frame, signatures(folder))})


def signed(frame: pd.DataFrame, known: Mapping[str, Signature]) -> pd.DataFrame:
    """The table with its columns agreed, by, on and asks filled from the signatures."""
    rows = [_filled(row, known.get(row["assumption"])) for row in frame[["assumption", "value"]].to_dict("records")]
    filled = {name: pd.Series([row[name] for row in rows], index=frame.index, dtype="str") for name in ("agreed", "by", "on", "asks")}
    return frame.assign(**filled)


def _filled(row: Mapping[Hashable, Any], said: Signature | None) -> dict[str, str | None]:
    if said is None:
        return {"agreed": None, "by": None, "on": None, "asks": None}
    if said.value != row["value"]:
        word = "agreed" if said.agreed == "yes" else "refused"
        who = f" by {said.by}" if said.by else ""
        asks = f"Was {word} at {said.value}{who}{f' on {said.on}' if said.on else ''}; now {row['value']}. Please sign again."
        return {"agreed": None, "by": None, "on": None, "asks": asks}
    return {"agreed": said.agreed, "by": said.by, "on": said.on, "asks": None}


def _signature(cells: list[Any]) -> tuple[str, Signature] | None:
    name, value, agreed, by, on = (_plain(cell) for cell in cells)
    word = agreed.casefold()
    return (name, Signature(value, word, by, on)) if name and word in {"yes", "no"} else None


def _plain(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime | dt.date):
        return cell.strftime("%Y-%m-%d")
    return f"{cell:.10g}" if isinstance(cell, float) else " ".join(str(cell).split())[:_MOST_TEXT]
