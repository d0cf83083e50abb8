"""Ids that name nothing: partners of sales are added under their id, all else is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prmkit.data.engine import Engine, identifier
from prmkit.data.faults import FaultLog
from prmkit.data.tables import tables
from prmkit.data.typed import typed_table

ADDED = -1
"""The unit number of partners that were added because sales name them."""
TARGETS: Mapping[str, str] = {
    "partner_id": "partners",
    "parent_partner_id": "partners",
    "distributor_id": "partners",
    "customer_id": "customers",
    "parent_customer_id": "customers",
    "product_id": "products",
    "replaces_product_id": "products",
    "deal_id": "deals",
    "person_id": "people",
    "territory": "territories",
}
_NAMED = 5


def check_references(engine: Engine, present: Mapping[str, Mapping[int, str]], log: FaultLog) -> None:
    """Every reference between tables that are there. `present`: table -> {unit: file}."""
    ordered = sorted(present, key=lambda name: name != "sales")
    for name in ordered:
        for column in tables()[name].columns:
            target = TARGETS.get(column.name)
            own = target == name and (column.name,) == tables()[name].key
            if target is None or target not in present or own:
                continue
            _check(engine, name, column.name, target, present[name], log)


def _check(engine: Engine, name: str, column: str, target: str, files: Mapping[int, str], log: FaultLog) -> None:
    key = tables()[target].key[0]
    reference = identifier(column)
    unknown = f"""FROM {typed_table(name)} t ANTI JOIN {typed_table(target)} k ON t.{reference} = k.{identifier(key)}
        WHERE t.{reference} IS NOT NULL"""
    found = engine.rows(
        f"SELECT t.{reference}, count(*), min(_unit), min(_row, 3) {unknown} GROUP BY ALL ORDER BY count(*) DESC, 1 LIMIT {_NAMED}"
    )
    if not found:
        return
    count, different = engine.row(f"SELECT count(*), count(DISTINCT t.{reference}) {unknown}")
    values = ", ".join(f"'{value}' ({n:,} rows)" for value, n, _, _ in found)
    if different > len(found):
        values += f" and {different - len(found):,} more"
    added = name == "sales" and column == "partner_id"
    value, _, unit, numbers = found[0]
    words = {"target": target, "values": values, "hint": hint(engine, target, key, [str(row[0]) for row in found])}
    log.add(
        "partner_added" if added else "orphan",
        table=name,
        file=files.get(unit, ""),
        column=column,
        value=value,
        count=count,
        rows=numbers,
        words=words,
    )
    if added:
        engine.run(
            f"""INSERT INTO {typed_table(target)} BY NAME
            SELECT {ADDED} AS _unit, 0 AS _row, t.{reference} AS partner_id, t.{reference} AS name {unknown} GROUP BY ALL ORDER BY ALL"""
        )


def hint(engine: Engine, target: str, key: str, values: list[str]) -> str:
    """A known id that is written a little differently: other capitals, zeros in front, or the long form of a Salesforce id."""
    name = identifier(key)
    for value in values:
        query = f"""SELECT {name} FROM {typed_table(target)} WHERE {name} <> ? AND (lower(ltrim({name}, '0')) = lower(ltrim(?, '0'))
            OR (length(?) = 15 AND length({name}) = 18 AND starts_with({name}, ?))
            OR (length(?) = 18 AND length({name}) = 15 AND starts_with(?, {name}))) ORDER BY 1 LIMIT 1"""
        alike: list[tuple[Any, ...]] = engine.rows(query, [value] * 6)
        if alike:
            return f" '{value}' may be '{alike[0][0]}' written another way: ids are compared as written."
    return ""
