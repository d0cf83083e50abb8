"""The canonical tables as pandera schemas, made from spec/tables.yaml."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from prmkit.data.tables import Column, table

if TYPE_CHECKING:
    import pandas as pd
    from pandera.pandas import DataFrameSchema

    from prmkit.data.faults import FaultLog

DTYPES = {"date": "datetime64[us]", "number": "float64", "integer": "float64", "boolean": "boolean"}
"""Column kind -> pandas dtype; every other kind is `str`."""


def dtype(column: Column) -> str:
    """The pandas dtype of a canonical column in a Client's tables."""
    return DTYPES.get(column.kind, "str")


@cache
def schema(name: str) -> DataFrameSchema:
    """The schema that a Client's table `name` fulfils: every canonical column in order, its dtype, words, bounds and key."""
    import pandera.pandas as pandera

    canonical = table(name)
    columns = {
        column.name: pandera.Column(dtype(column), checks=_checks(column, pandera), nullable=not column.required, coerce=False)
        for column in canonical.columns
    }
    unique = list(canonical.key) if canonical.key and all(canonical[part].required for part in canonical.key) else None
    return pandera.DataFrameSchema(columns, unique=unique, strict=True, ordered=True, name=name)


def _checks(column: Column, pandera: Any) -> list[Any]:
    checks = []
    if column.words:
        checks.append(pandera.Check.isin(column.words))
    if column.bounds:
        checks.append(pandera.Check.in_range(*column.bounds))
    if column.kind == "integer":
        checks.append(pandera.Check(lambda values: values % 1 == 0, name="whole numbers"))
    return checks


def validate(name: str, frame: pd.DataFrame, file: str, log: FaultLog) -> None:
    """Hold a table against its schema; what no earlier check has noted becomes a fault.

    Columns that nobody filled hold nothing to check.
    """
    from pandera.errors import SchemaErrors

    filled = [column.name for column in table(name).columns if column.required or frame[column.name].notna().any()]
    try:
        schema(name).select_columns(filled).validate(frame[filled], lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
        for (column, check), met in cases.groupby(["column", "check"], sort=True, dropna=False):
            shown = str(column)
            if log.has_errors(name) and (shown == "nan" or log.has_errors(name, shown) or shown in table(name).key):
                continue
            words = {"check": str(check)}
            log.add("schema", table=name, file=file, column=shown, value=str(met["failure_case"].iloc[0]), count=len(met), words=words)
