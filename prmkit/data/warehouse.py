"""A query on the client's warehouse staged as text; its address comes from the environment and is never repeated."""

from __future__ import annotations

import os

from prmkit.data.cells import cell_text
from prmkit.data.engine import Engine
from prmkit.data.faults import FaultLog
from prmkit.data.mapping import choose
from prmkit.data.staging import Staged, StageWriter, Wanted
from prmkit.engagement import SourceSettings

_AT_A_TIME = 20_000


def query_label(settings: SourceSettings) -> str:
    """How faults and sources name a query."""
    return f"query on {settings.url_env}"


def stage_query(engine: Engine, settings: SourceSettings, wanted: Wanted, log: FaultLog) -> Staged | None:
    """Stage the wanted columns of a query's rows; None where it cannot be run or used."""
    from sqlalchemy import create_engine, text
    from sqlalchemy.exc import SQLAlchemyError

    file = query_label(settings)
    address = os.environ.get(settings.url_env or "", "")
    if not address or settings.sql is None:
        log.add("warehouse_no_address", table=wanted.table, file=file, value=settings.url_env)
        return None
    try:
        warehouse = create_engine(address)
        try:
            with warehouse.connect().execution_options(stream_results=True) as connection:
                result = connection.execute(text(settings.sql))
                chosen = choose(wanted, list(result.keys()), log, file=file, row=1)
                if chosen is None:
                    return None
                kinds = {column.name: column.kind for column in wanted.columns}
                with StageWriter(engine, list(chosen)) as writer:
                    for batch in result.yield_per(_AT_A_TIME).partitions():
                        for values in batch:
                            writer.add(writer.rows + 2, [cell_text(values[place], kinds[name]) for name, place in chosen.items()])
                return writer.staged(file)
        finally:
            warehouse.dispose()
    except (SQLAlchemyError, ImportError) as error:
        reason = type(getattr(error, "orig", None) or error).__name__
        log.add("warehouse_failed", table=wanted.table, file=file, words={"reason": reason})
        return None
