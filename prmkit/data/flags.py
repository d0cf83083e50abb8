"""Conditions that rows may meet, counted together in one pass, with the first rows and values that meet them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from prmkit.data.engine import Engine
from prmkit.data.faults import FaultLog
from prmkit.errors import Severity

_NAMED = 3
_AT_A_TIME = 40


@dataclass(frozen=True, slots=True)
class Flag:
    """A condition in SQL on rows that carry `_row`, the fault it stands for, and SQL for the value to show."""

    code: str
    column: str
    condition: str
    value: str = "''"
    severity: Severity | None = None
    words: Mapping[str, str] = field(default_factory=dict)


def raise_flags(
    engine: Engine,
    relation: str,
    flags: Sequence[Flag],
    log: FaultLog,
    *,
    table: str,
    file: str = "",
    files: Mapping[int, str] | None = None,
) -> None:
    """Add a fault to `log` for every flag that some row of `relation` meets.

    The rows come from `file`, or carry `_unit`, a key of `files`.
    """
    for start in range(0, len(flags), _AT_A_TIME):
        some = flags[start : start + _AT_A_TIME]
        counts = engine.row(f"SELECT {', '.join(f'count(*) FILTER ({flag.condition})' for flag in some)} FROM {relation}")
        for flag, count in zip(some, counts, strict=True):
            if count:
                _describe(engine, relation, flag, log, table=table, file=file, files=files)


def _describe(engine: Engine, relation: str, flag: Flag, log: FaultLog, *, table: str, file: str, files: Mapping[int, str] | None) -> None:
    unit = "_unit" if files is not None else "0"
    query = f"""SELECT {unit} AS unit, count(*), min(_row, {_NAMED}), arg_min(CAST({flag.value} AS VARCHAR), _row)
        FROM {relation} WHERE {flag.condition} GROUP BY unit ORDER BY unit"""
    for number, count, rows, value in engine.rows(query):
        log.add(
            flag.code,
            table=table,
            file=files.get(number, "") if files is not None else file,
            column=flag.column,
            value=value,
            count=count,
            rows=rows,
            severity=flag.severity,
            words=flag.words,
        )
