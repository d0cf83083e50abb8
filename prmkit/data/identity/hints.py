"""What an export says beside a reference of whom it means: name, postal code, country, domain; kept in a table of their own."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from prmkit.data.engine import Engine, identifier, literal, trimmed
from prmkit.data.staging import Staged
from prmkit.data.tables import Column, Table

TABLE = '"hints of references"'
KINDS: Mapping[str, str] = {"partner": "partners", "customer": "customers"}
"""What a reference can mean -> the canonical table that lists it."""
ABOUT = ("name", "postal_code", "country", "domain")


def hint_columns(table: Table) -> tuple[Column, ...]:
    """The columns partner_name, partner_postal_code ... that may stand beside the references of a table."""
    kinds = [kind for kind, home in KINDS.items() if f"{kind}_id" in table.names and table.name != home]
    return tuple(Column(name=f"{kind}_{about}", kind="string") for kind in kinds for about in ABOUT)


def keep_hints(engine: Engine, table: Table, staged: Staged) -> None:
    """Keep the hints of a staged file under table, column and the reference's text, with how often each stands there."""
    there = set(staged.columns)
    for kind in KINDS:
        if f"{kind}_id" not in there or not any(column.name in there for column in hint_columns(table) if column.name.startswith(kind)):
            continue
        _create(engine)
        reference = trimmed(identifier(f"{kind}_id"))
        said = [trimmed(identifier(f"{kind}_{about}")) if f"{kind}_{about}" in there else "CAST(NULL AS VARCHAR)" for about in ABOUT]
        engine.run(
            f"""INSERT INTO {TABLE} SELECT {literal(table.name)}, {literal(f"{kind}_id")}, {reference}, {", ".join(said)}, count(*)
            FROM {staged.relation()} WHERE {reference} IS NOT NULL AND coalesce({", ".join(said)}) IS NOT NULL GROUP BY ALL"""
        )


def read_hints(engine: Engine, kind: str) -> pd.DataFrame:
    """One row a reference text: given, name, postal_code, country, domain: of each what is said most often (null: nothing is)."""
    _create(engine)
    most = []
    for about in ABOUT:
        counted = f"SELECT given, {about}, sum(rows) AS n FROM {TABLE} WHERE reference = {literal(kind + '_id')} AND {about} IS NOT NULL"
        ranked = f"row_number() OVER (PARTITION BY given ORDER BY n DESC, {about})"
        most.append(f"SELECT given, {about} FROM ({counted} GROUP BY ALL) QUALIFY {ranked} = 1")
    joined = f"({most[0]})" + "".join(f" FULL JOIN ({query}) USING (given)" for query in most[1:])
    return engine.connection.execute(f"SELECT given, {', '.join(ABOUT)} FROM {joined} ORDER BY given").df().astype("str")


def _create(engine: Engine) -> None:
    texts = ", ".join(f"{about} VARCHAR" for about in ABOUT)
    engine.run(f'CREATE TABLE IF NOT EXISTS {TABLE} ("table" VARCHAR, reference VARCHAR, given VARCHAR, {texts}, rows BIGINT)')
