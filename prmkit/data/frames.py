"""Typed tables as pandas holds them: every canonical column, amounts in one currency, held against the schema."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from prmkit.data.engine import Engine, identifier
from prmkit.data.faults import FaultLog
from prmkit.data.orphans import ADDED
from prmkit.data.rates import converted
from prmkit.data.schemas import dtype, validate
from prmkit.data.tables import Column, Table
from prmkit.engagement import Engagement


def frame(engine: Engine, table: Table, engagement: Engagement, files: Mapping[int, str], log: FaultLog) -> pd.DataFrame:
    """One canonical table in the order of its files; rows that were added come last."""
    source, _ = converted(engine, table, engagement, files, log)
    columns = ", ".join(_selected(column) for column in table.columns)
    order = ", ".join(identifier(name) for name in table.key or table.names)
    query = f"SELECT {columns} FROM {source} ORDER BY _unit = {ADDED}, _unit, _row, {order}"
    made = engine.connection.execute(query).df().astype({column.name: dtype(column) for column in table.columns})
    validate(table.name, made, next(iter(files.values()), ""), log)
    return made


def span(table: Table, made: pd.DataFrame) -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
    """First and last date of a table's main date: the first that every row needs, else the first there is."""
    dates = [column for column in table.columns if column.kind == "date"]
    main = next((column for column in dates if column.required), dates[0] if dates else None)
    if main is None or made[main.name].isna().all():
        return None, None
    return made[main.name].min(), made[main.name].max()


def _selected(column: Column) -> str:
    name = identifier(column.name)
    return f"CAST({name} AS DOUBLE) AS {name}" if column.kind in {"number", "integer"} else name
