"""Confirmed matches applied to the typed tables: references are rewritten, rows that are one organisation become one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from prmkit.data.engine import Engine, identifier
from prmkit.data.faults import FaultLog
from prmkit.data.identity.decisions import FILE, Decision, read_decisions
from prmkit.data.identity.hints import KINDS
from prmkit.data.identity.names import salesforce_short
from prmkit.data.identity.organisations import references
from prmkit.data.identity.placeholders import leave_out_placeholders
from prmkit.data.tables import Table, tables
from prmkit.data.typed import typed_table
from prmkit.engagement import Engagement

_SUMMED = ("hours", "cost")


def join_ids(engine: Engine, present: Collection[str], log: FaultLog) -> None:
    """Give every partner and customer one id where the 15- and the 18-character form of the same Salesforce id stand side by side."""
    for kind, home in KINDS.items():
        if home not in present:
            continue
        listed = _salesforce_ids(engine, home, f"{kind}_id")
        known: dict[str, str] = {}
        for text in sorted(listed, key=lambda text: (-len(text), text)):
            known.setdefault(salesforce_short(text) or text, text)
        named = {text for name, column in references(kind, present) for text in _salesforce_ids(engine, name, column)}
        joined = {text: known[short] for text in sorted(named | listed) if (short := salesforce_short(text) or text) in known}
        joined = {text: kept for text, kept in joined.items() if text != kept}
        if joined:
            rewritten, dropped = _merge(engine, kind, joined, present)
            words = {"rows": f"{rewritten + dropped:,} rows", "kind": kind, "example": next(iter(joined.values()))}
            log.add("ids_joined", table=home, column=f"{kind}_id", value=next(iter(joined)), count=rewritten + dropped, words=words)


def _salesforce_ids(engine: Engine, name: str, column: str) -> set[str]:
    """The values of a column that may be Salesforce ids, in one of their two forms."""
    column = identifier(column)
    shape = f"length({column}) IN (15, 18) AND regexp_full_match({column}, '[A-Za-z0-9]+')"
    found = {str(row[0]) for row in engine.rows(f"SELECT DISTINCT {column} FROM {typed_table(name)} WHERE {shape}")}
    return {text for text in found if len(text) == 15 or salesforce_short(text)}


def apply_matches(engine: Engine, engagement: Engagement, present: Collection[str], log: FaultLog) -> None:
    """Apply what matches.csv confirms, then leave out customers that mean nobody; all of it is told in `log`."""
    decisions = [one for one in read_decisions(engagement.folder, log) if one.decision == "yes"]
    for kind, home in KINDS.items():
        chosen = [one for one in decisions if one.kind == kind]
        if home not in present or not chosen:
            continue
        kept = _resolved(chosen, _ids(engine, kind), log)
        if not kept:
            continue
        rewritten, dropped = _merge(engine, kind, kept, present)
        if not rewritten + dropped:
            continue
        words = {"references": f"{rewritten:,}", "dropped": f"{dropped:,}", "home": home}
        log.add("matches_applied", table=home, file=FILE, column=f"{kind}_id", value=next(iter(kept)), count=len(kept), words=words)
    leave_out_placeholders(engine, engagement, present, log)


def _ids(engine: Engine, kind: str) -> set[str]:
    return {str(row[0]) for row in engine.rows(f"SELECT DISTINCT {kind}_id FROM {typed_table(KINDS[kind])}")}


def _resolved(decisions: Sequence[Decision], listed: set[str], log: FaultLog) -> dict[str, str]:
    """What is given -> the row it becomes, through chains; questions that the data no longer ask are left out, circles told."""
    one_step = {one.given: one for one in decisions if one.proposed in listed and (one.given in listed) == (one.question == "duplicate")}
    kept: dict[str, str] = {}
    for given, first in one_step.items():
        at, met = given, {given}
        while at in one_step and (at := one_step[at].proposed) not in met:
            met.add(at)
        if at in one_step:
            log.add("matches_circle", file=FILE, row=first.row, column="proposed", value=given, detail=given)
        else:
            kept[given] = at
    return kept


def _merge(engine: Engine, kind: str, kept: Mapping[str, str], present: Collection[str]) -> tuple[int, int]:
    """Rewrite what is given to what is kept everywhere; returns the references rewritten and the rows that were dropped."""
    pairs = pd.DataFrame({"given": list(kept), "kept": list(kept.values())}).astype("str")
    engine.connection.register("pairs", pairs)
    engine.run("CREATE OR REPLACE TEMP TABLE merged AS SELECT * FROM pairs")
    engine.connection.unregister("pairs")
    rewritten = sum(_rewrite(engine, name, column) for name, column in references(kind, present))
    return rewritten, _one_row(engine, tables()[KINDS[kind]], f"{kind}_id")


def _rewrite(engine: Engine, name: str, column: str) -> int:
    rows, reference = typed_table(name), identifier(column)
    engine.run(f"CREATE OR REPLACE TEMP TABLE touched AS SELECT t.rowid AS r FROM {rows} t SEMI JOIN merged m ON t.{reference} = m.given")
    count = int(engine.row("SELECT count(*) FROM touched")[0])
    if count:
        engine.run(f"UPDATE {rows} SET {reference} = m.kept FROM merged m WHERE {reference} = m.given")
        if column in tables()[name].key and len(tables()[name].key) > 1:
            _one_key(engine, tables()[name])
    return count


def _one_key(engine: Engine, table: Table) -> None:
    """Rows that came under one key by the merge become one: amounts of work are added up, of anything else the kept row's stays."""
    rows = typed_table(table.name)
    key = ", ".join(identifier(name) for name in table.key)
    engine.run(
        f"""CREATE OR REPLACE TEMP TABLE collided AS SELECT *, first_value(r) OVER (PARTITION BY {key} ORDER BY fresh, _unit, _row) AS first
        FROM (SELECT *, t.rowid AS r, t.rowid IN (SELECT r FROM touched) AS fresh FROM {rows} t)
        QUALIFY count(*) OVER (PARTITION BY {key}) > 1 AND bool_or(fresh) OVER (PARTITION BY {key})"""
    )
    summed = [name for name in _SUMMED if name in table.names]
    if summed:
        sums = ", ".join(f"{name} = s.{name}" for name in summed)
        made = ", ".join(f"sum({name}) AS {name}" for name in summed)
        engine.run(f"UPDATE {rows} SET {sums} FROM (SELECT first, {made} FROM collided GROUP BY first) s WHERE {rows}.rowid = s.first")
    engine.run(f"DELETE FROM {rows} WHERE rowid IN (SELECT r FROM collided WHERE r <> first AND (fresh OR {str(bool(summed)).lower()}))")


def _one_row(engine: Engine, home: Table, key: str) -> int:
    """The rows of what is given fill the empty cells of what is kept, and go; returns how many went."""
    rows = typed_table(home.name)
    engine.run(f"CREATE OR REPLACE TEMP TABLE leaving AS SELECT m.kept, t.* FROM {rows} t JOIN merged m ON t.{key} = m.given")
    count = int(engine.row("SELECT count(*) FROM leaving")[0])
    if not count:
        return 0
    found, filled = zip(
        *(_filling(home, rows, name, key) for name in (column.name for column in home.readable) if name != key), strict=True
    )
    made = f"SELECT kept, {', '.join(found)} FROM leaving GROUP BY kept"
    engine.run(f"UPDATE {rows} SET {', '.join(filled)} FROM ({made}) f WHERE {rows}.{key} = f.kept")
    engine.run(f"DELETE FROM {rows} WHERE {key} IN (SELECT given FROM merged)")
    parent = f"parent_{key}"
    engine.run(f"UPDATE {rows} SET {parent} = NULL WHERE {parent} = {key} AND {key} IN (SELECT kept FROM merged)")
    return count


def _filling(home: Table, rows: str, column: str, key: str) -> tuple[str, str]:
    """SQL for what the leaving rows say in a column, and for what the kept row then says; a currency goes with its amount."""
    name, order = identifier(column), f"ORDER BY {key}, _unit, _row"
    if column == "external_ids":
        return f"string_agg({name}, '|' {order}) AS {name}", f"{name} = nullif(concat_ws('|', {rows}.{name}, f.{name}), '')"
    if column == "currency" and home.money:
        amount = identifier(home.money[0].name)
        filled = f"CASE WHEN {rows}.{amount} IS NULL AND f.{amount} IS NOT NULL THEN f.{name} ELSE {rows}.{name} END"
        return f"first({name} {order}) FILTER ({amount} IS NOT NULL) AS {name}", f"{name} = {filled}"
    return f"first({name} {order}) FILTER ({name} IS NOT NULL) AS {name}", f"{name} = coalesce({rows}.{name}, f.{name})"
