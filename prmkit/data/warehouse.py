"""A query on the client's warehouse staged as text; its address comes from the environment and is never repeated."""

from __future__ import annotations

import datetime as dt

from prmkit.data.cells import cell_text
from prmkit.data.engine import Engine
from prmkit.data.faults import FaultLog
from prmkit.data.mapping import choose
from prmkit.data.staging import Staged, StageWriter, Wanted
from prmkit.data.warehouse_link import reading
from prmkit.data.warehouse_query import Trouble, prepared
from prmkit.engagement import SourceSettings

_AT_A_TIME = 20_000


def query_label(settings: SourceSettings) -> str:
    """How faults and sources name a query."""
    return f"query on {settings.url_env}"


def stage_query(engine: Engine, settings: SourceSettings, wanted: Wanted, log: FaultLog, as_of: dt.date | None) -> Staged | None:
    """Stage the wanted columns of a query's rows, the first of which is row 1; None where it cannot be run or used."""
    file = query_label(settings)
    try:
        statement = prepared(settings, as_of)
        with reading(settings) as connection:
            result = connection.execution_options(stream_results=True).execute(statement)
            chosen = choose(wanted, list(result.keys()), log, file=file, row=0)
            if chosen is None:
                return None
            kinds = {column.name: column.kind for column in wanted.columns}
            with StageWriter(engine, list(chosen)) as writer:
                for batch in result.yield_per(_AT_A_TIME).partitions():
                    for values in batch:
                        writer.add(writer.rows + 1, [cell_text(values[place], kinds[name]) for name, place in chosen.items()])
            return writer.staged(file)
    except Trouble as trouble:
        log.add(trouble.code, table=wanted.table, file=file, value=trouble.value, words=trouble.words)
        return None
