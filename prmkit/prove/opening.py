"""A made-up programme opened as a client: straight from its tables, or through its exports where there is dirt on them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from rich.console import Console

from prmkit.data import load, typed
from prmkit.data.checks import check_tables
from prmkit.data.client import Client
from prmkit.data.engine import Engine, engine, identifier
from prmkit.data.faults import FaultLog
from prmkit.data.frames import frame
from prmkit.data.lines import write_lines
from prmkit.data.tables import Table, tables
from prmkit.engagement import FILE, load_engagement, parse_engagement
from prmkit.errors import DataFaults
from prmkit.simulate.command import write_programme
from prmkit.simulate.programme import Programme
from prmkit.simulate.settings import settings
from prmkit.simulate.state import AS_OF

_CACHE = ".cache"


def open_programme(programme: Programme, folder: Path) -> Client:
    """The client of a programme, its sales lines in `folder`: through exports where the world has dirt, else straight."""
    return from_exports(programme, folder) if programme.state.world.dirt else from_tables(programme, folder)


def from_exports(programme: Programme, folder: Path) -> Client:
    """Write the programme as its systems would export it, with the dirt of its world, and load the files as any client's.

    Raises DataFaults where they cannot be assessed.
    """
    home = folder / "client"
    write_programme(programme, home, Console(quiet=True))
    return load.load(load_engagement(home), folder / _CACHE)


def from_tables(programme: Programme, folder: Path) -> Client:
    """The tables of a programme as the loader leaves them: typed, checked and in one currency, without the way through files.

    Raises DataFaults where a check finds an error.
    """
    engagement = parse_engagement(settings(programme.state.world, programme.state.seed, programme.tables), folder / FILE)
    log, given = FaultLog(), {name: rows for name, rows in programme.tables.items() if len(rows)}
    with engine(folder / _CACHE) as opened:
        for name, rows in given.items():
            _insert(opened, tables()[name], rows)
        present = {name: {0: name} for name in given}
        check_tables(opened, engagement, present, log, today=AS_OF.date())
        lines = write_lines(opened, engagement, present, present["sales"], log)
        frames = {name: frame(opened, tables()[name], engagement, files, log) for name, files in present.items() if name != "sales"}
        if lines is None or lines.last_partner_sale is None or log.has_errors():
            raise DataFaults(log.faults)
        return Client(
            engagement=engagement,
            tables=frames,
            sales=lines.kept_in(folder / _CACHE),
            channels=lines.channels,
            last_partner_sale=lines.last_partner_sale,
            sources={},
            faults=log.faults,
        )


def _insert(opened: Engine, table: Table, rows: pd.DataFrame) -> None:
    """Rows as the loader would type them; those without what every row needs stay out, as there."""
    typed.create(opened, table)
    opened.connection.register("given", rows.reset_index(drop=True).assign(_row=range(2, len(rows) + 2)))
    cast = ", ".join(f"CAST({_value(column.name, rows)} AS {typed.sql_type(table, column)})" for column in table.readable)
    needed = " AND ".join(f"{identifier(name)} IS NOT NULL" for name in table.required_names) or "true"
    opened.run(f"INSERT INTO {typed.typed_table(table.name)} SELECT 0, _row, {cast} FROM given WHERE {needed}")
    opened.connection.unregister("given")


def _value(column: str, rows: pd.DataFrame) -> str:
    """A column as the engine reads it; nan is a missing value there as it is in pandas."""
    if column not in rows:
        return "NULL"
    name = identifier(column)
    return f"CASE WHEN NOT isnan({name}) THEN {name} END" if rows[column].dtype.kind == "f" else name
