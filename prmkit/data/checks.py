"""What must hold within and between the typed tables; everything that does not is a fault, none stops the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from prmkit.data.duplicates import check_duplicates
from prmkit.data.engine import Engine, identifier
from prmkit.data.faults import FaultLog
from prmkit.data.flags import Flag, raise_flags
from prmkit.data.orphans import check_references
from prmkit.data.tables import Table, tables
from prmkit.data.typed import typed_table
from prmkit.engagement import Engagement
from prmkit.errors import Severity

# Dates of what has happened; others may lie ahead (ends, expiries, plans).
_HAPPENED: Mapping[str, tuple[str, ...]] = {
    "partners": ("joined_on",),
    "deals": ("registered_on", "decided_on", "opened_on"),
    "subscriptions": ("renewed_on",),
    "trainings": ("completed_on",),
    "incentives": ("requested_on", "approved_on", "paid_on"),
    "support": ("month",),
    "tickets": ("opened_on",),
    "surveys": ("date",),
    "recruits": ("contacted_on", "qualified_on", "signed_on", "first_sale_on", "lost_on"),
    "events": ("date",),
}
_IN_ORDER: Mapping[str, tuple[str, str]] = {
    "partners": ("joined_on", "ended_on"),
    "subscriptions": ("starts_on", "ends_on"),
    "agreements": ("starts_on", "ends_on"),
    "incentives": ("starts_on", "ends_on"),
    "goals": ("period_start", "period_end"),
    "people": ("active_from", "active_to"),
    "history": ("valid_from", "valid_to"),
    "products": ("launched_on", "retired_on"),
}
_SUBJECTS = ("partner_id", "territory", "partner_manager")
MANY_RETURNS = 0.2
_TOLERANCE = 1e-9


def check_tables(
    engine: Engine, engagement: Engagement, present: Mapping[str, Mapping[int, str]], log: FaultLog, *, today: dt.date
) -> None:
    """All checks on the typed tables. `present`: table -> {unit: file}, only of tables that are there."""
    if "rates" in present:
        engine.run(f"UPDATE {typed_table('rates')} SET kind = 'average' WHERE kind IS NULL")
    for name, files in present.items():
        table = tables()[name]
        if "month" in table.names:
            engine.run(f"UPDATE {typed_table(name)} SET month = date_trunc('month', month)")
        flags = [*_of_values(table), *_of_dates(table, engagement, today), *_of_rows(table)]
        raise_flags(engine, typed_table(name), flags, log, table=name, files=files)
        check_duplicates(engine, table, files, log)
    check_references(engine, present, log)
    if "partners" in present:
        _names(engine, present["partners"], log)
        _parents(engine, present["partners"], log)
    if "deal_partners" in present:
        _credit(engine, present["deal_partners"], log)
    if "sales" in present:
        _returns(engine, log)


def _of_values(table: Table) -> list[Flag]:
    flags = []
    for column in table.columns:
        name = identifier(column.name)
        if column.kind == "integer":
            flags.append(Flag("not_whole", column.name, f"{name} <> trunc({name})", name))
        if column.bounds:
            low, high = column.bounds
            hint = " A fraction is written 0.35, or 35% with the sign." if column.is_fraction else ""
            words = {"low": f"{low:g}", "high": f"{high:g}", "hint": hint}
            flags.append(Flag("out_of_bounds", column.name, f"{name} NOT BETWEEN {low} AND {high}", name, words=words))
    return flags


def _of_dates(table: Table, engagement: Engagement, today: dt.date) -> list[Flag]:
    ahead = f"> DATE '{today.isoformat()}'"
    severity: Severity
    flags = [Flag("future_date", name, f"{identifier(name)} {ahead}", identifier(name)) for name in _HAPPENED.get(table.name, ())]
    if table.name == "sales":
        severity = "error" if engagement.as_of is None else "warning"
        flags.append(Flag("future_date", "date", f'"date" {ahead}', '"date"', severity=severity))
    if table.name in _IN_ORDER:
        began, ended = _IN_ORDER[table.name]
        value, wrong = f"{identifier(ended)} || ' before ' || {identifier(began)}", f"{identifier(ended)} < {identifier(began)}"
        severity = "warning" if table.name == "products" else "error"
        flags.append(Flag("ended_before_began", ended, wrong, value, severity=severity, words={"other": began}))
    return flags


def _of_rows(table: Table) -> list[Flag]:
    if table.name == "goals":
        given = " + ".join(f"CAST({identifier(name)} IS NOT NULL AS INTEGER)" for name in _SUBJECTS)
        return [Flag("goal_subject", "partner_id", f"({given}) <> 1", f"({given})")]
    if table.name == "support":
        return [Flag("no_cost_or_hours", "cost", "cost IS NULL AND hours IS NULL")]
    if table.name == "sales":
        return [Flag("negative_with_units", "revenue", "revenue < 0 AND units > 0", "revenue")]
    if table.name == "rates":
        return [Flag("rate_not_positive", "rate", "rate <= 0", "rate")]
    return []


def _names(engine: Engine, files: Mapping[int, str], log: FaultLog) -> None:
    found = engine.rows(
        f"""SELECT string_agg(DISTINCT name, ' / ' ORDER BY name), count(*), arg_min(_unit, _row), min(_row, 3)
        FROM {typed_table("partners")} GROUP BY lower(name) HAVING count(DISTINCT name) > 1 ORDER BY min(_row), 1"""
    )
    if found:
        named = "; ".join(str(row[0]) for row in found[:3]) + (f" and {len(found) - 3:,} more" if len(found) > 3 else "")
        _, _, unit, rows = found[0]
        log.add(
            "name_case",
            table="partners",
            file=files.get(unit, ""),
            row=rows[0],
            column="name",
            value=str(found[0][0]),
            count=len(found),
            words={"values": named},
        )


def _parents(engine: Engine, files: Mapping[int, str], log: FaultLog) -> None:
    partners = typed_table("partners")
    own = "parent_partner_id = partner_id"
    raise_flags(engine, partners, [Flag("own_parent", "parent_partner_id", own, "partner_id")], log, table="partners", files=files)
    engine.run(f"UPDATE {partners} SET parent_partner_id = NULL WHERE {own}")
    rows = engine.rows(
        f"SELECT partner_id, parent_partner_id, _unit, _row FROM {partners} WHERE parent_partner_id IS NOT NULL ORDER BY _unit, _row"
    )
    parent = {row[0]: row[1] for row in rows}
    place = {row[0]: (row[2], row[3]) for row in rows}
    for circle in circles(parent):
        unit, number = place[circle[0]]
        shown = " → ".join([*circle[:6], "…"] if len(circle) > 6 else [*circle, circle[0]])
        log.add(
            "parent_cycle",
            table="partners",
            file=files.get(unit, ""),
            row=number,
            column="parent_partner_id",
            value=circle[0],
            words={"values": shown},
            detail=circle[0],
        )


def circles(parent: Mapping[str, str]) -> list[list[str]]:
    """The circles in a mapping of child to parent, each from its first child in the mapping's order."""
    done: set[str] = set()
    found = []
    for start in parent:
        path: dict[str, None] = {}
        at: str | None = start
        while at is not None and at not in done and at not in path:
            path[at] = None
            at = parent.get(at)
        if at is not None and at in path:
            members = list(path)
            found.append(members[members.index(at) :])
        done |= set(path)
    return found


def _credit(engine: Engine, files: Mapping[int, str], log: FaultLog) -> None:
    found = engine.rows(
        f"""SELECT deal_id, role, sum(credit), arg_min(_unit, _row), min(_row, 3) FROM {typed_table("deal_partners")}
        GROUP BY deal_id, role HAVING sum(credit) > 1 + {_TOLERANCE} AND count(*) > 1 ORDER BY min(_unit), min(_row)"""
    )
    for deal, role, total, unit, rows in found:
        words = {"role": role, "total": f"{total:g}"}
        log.add("credit_above_one", table="deal_partners", file=files.get(unit, ""), row=rows[0], column="credit", value=deal, words=words)


def _returns(engine: Engine, log: FaultLog) -> None:
    negative, lines = engine.row(f"SELECT count(*) FILTER (revenue < 0), count(*) FROM {typed_table('sales')}")
    if lines and negative / lines > MANY_RETURNS:
        log.add("many_returns", table="sales", column="revenue", value=f"{negative / lines:.0%}", count=negative)
