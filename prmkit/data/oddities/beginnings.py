"""Tables that begin long after the sales do, and at once in full: a system that was brought in later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from prmkit.data.engine import Engine, identifier
from prmkit.data.faults import FaultLog
from prmkit.data.typed import typed_table

LATE = 6
"""Months after the first sale."""
_ENOUGH = 50
_FIRST_MONTHS = 3
_DATES: Mapping[str, str] = {
    "tickets": "opened_on",
    "deals": "opened_on",
    "trainings": "completed_on",
    "support": "month",
    "incentives": "starts_on",
    "events": "date",
}
"""What happens all the time once it is recorded; surveys, plans and campaigns come when they come."""


def check_beginnings(engine: Engine, present: Mapping[str, Mapping[int, str]], log: FaultLog, *, until: dt.date) -> None:
    """Tell tables with at least fifty rows whose first day is more than six months after that of sales.

    In full at once: the first three whole months hold at least half as many rows as three months usually do. A table that grows slowly
    from nothing tells of a thing that grew.
    """
    here = f"<= DATE '{until.isoformat()}'"
    sold = engine.row(f'SELECT quantile_disc("date", 0.001) FROM {typed_table("sales")} WHERE "date" {here}')[0]
    for name, column in _DATES.items():
        if name not in present or sold is None:
            continue
        day = identifier(column)
        first, rows = engine.row(f"SELECT quantile_disc({day}, 0.001), count(*) FROM {typed_table(name)} WHERE {day} {here}")
        months = 0 if first is None else (first.year - sold.year) * 12 + first.month - sold.month
        if rows < _ENOUGH or months < LATE or not _at_once(engine, name, day, first, until):
            continue
        unit, row = engine.row(f"SELECT arg_min(_unit, {day}), arg_min(_row, {day}) FROM {typed_table(name)} WHERE {day} >= ?", [first])
        words = {"first": first.isoformat(), "months": str(months)}
        log.add(
            "history_begins_late",
            table=name,
            file=present[name].get(unit, ""),
            row=row or 0,
            column=column,
            value=first.isoformat(),
            words=words,
        )


def _at_once(engine: Engine, name: str, day: str, first: dt.date, until: dt.date) -> bool:
    begun, length = engine.row(
        f"""SELECT count(*) FILTER ({day} < CAST(? AS DATE) + INTERVAL {_FIRST_MONTHS} MONTH) / {_FIRST_MONTHS}.0,
        count(*) / greatest(1, datediff('day', CAST(? AS DATE), CAST(? AS DATE)) / 30.44)
        FROM {typed_table(name)} WHERE {day} BETWEEN ? AND ?""",
        [first, first, until, first, until],
    )
    return bool(begun >= length / 2)
