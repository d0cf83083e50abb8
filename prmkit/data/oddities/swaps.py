"""Dates with day and month swapped: the one that jumps out of an order that all others keep, and fits once it is swapped back."""

from __future__ import annotations

from collections.abc import Mapping

from prmkit.data.engine import Engine, identifier
from prmkit.data.faults import FaultLog
from prmkit.data.typed import typed_table

_ENOUGH = 20
_ORDERED = 0.9
_LOOKED_AT = 20_000
"""Rows of a file that show whether it is ordered."""
_DATES: Mapping[str, tuple[str, str]] = {
    "sales": ("date", "partner_id"),
    "tickets": ("opened_on", ""),
    "deals": ("opened_on", ""),
    "trainings": ("completed_on", ""),
    "incentives": ("starts_on", ""),
    "events": ("date", ""),
}
"""The date by which an export is sorted, if it is, and within what."""


def check_swaps(engine: Engine, present: Mapping[str, Mapping[int, str]], log: FaultLog) -> None:
    """Tell, of files of which nine in ten rows stand in the order of their dates, those rows that do only with day and month swapped."""
    for name, (column, within) in _DATES.items():
        if name in present:
            _check(engine, name, column, within, present[name], log)


def _check(engine: Engine, name: str, column: str, within: str, files: Mapping[int, str], log: FaultLog) -> None:
    day = identifier(column)
    group = f"_unit, {identifier(within)}" if within else "_unit"
    placed = f"""SELECT _unit, _row, {day} AS day, lag({day}) OVER w AS before, lead({day}) OVER w AS after
        FROM {typed_table(name)} WHERE {day} IS NOT NULL AND _row > 0 {{more}} WINDOW w AS (PARTITION BY {group} ORDER BY _row)"""
    ordered = engine.rows(
        f"""SELECT _unit FROM ({placed.format(more=f"AND _row <= {_LOOKED_AT}")}) GROUP BY _unit HAVING count(before) >= {_ENOUGH}
        AND count(*) FILTER (day >= before) >= {_ORDERED} * count(before)"""
    )
    if not ordered:
        return
    units = ", ".join(str(int(row[0])) for row in ordered)
    found = engine.rows(
        f"""WITH suspect AS (SELECT *, TRY(make_date(year(day), day(day), month(day))) AS swapped
            FROM ({placed.format(more=f"AND _unit IN ({units})")})
            WHERE day(day) <= 12 AND day(day) <> month(day) AND before <= after AND day NOT BETWEEN before AND after)
        SELECT _unit, count(*), min(_row, 3), strftime(arg_min(day, _row), '%Y-%m-%d'), strftime(arg_min(swapped, _row), '%Y-%m-%d')
        FROM suspect WHERE swapped BETWEEN before AND after GROUP BY _unit ORDER BY _unit"""
    )
    for unit, count, numbers, value, swapped in found:
        words = {"swapped": swapped}
        log.add(
            "day_month_swapped",
            table=name,
            file=files.get(unit, ""),
            column=column,
            value=value,
            count=count,
            rows=numbers,
            words=words,
        )
