"""Customers that are nobody: stock, cash sales, unknown, tests; and resellers that bought for themselves."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

import pandas as pd

from prmkit.data.engine import Engine, identifier
from prmkit.data.faults import FaultLog
from prmkit.data.identity.hints import read_hints
from prmkit.data.identity.lexicon import BESIDE, NOBODY, PHRASES
from prmkit.data.identity.names import domain_of, name_of, plain_text
from prmkit.data.identity.organisations import counted
from prmkit.data.rates import converted
from prmkit.data.tables import tables
from prmkit.data.typed import typed_table
from prmkit.engagement import Engagement

_PHRASES = frozenset(plain_text(phrase) for phrase in PHRASES)
_NO_FORM = frozenset({"company", "co", "de", "da", "me", "is"})


@lru_cache(maxsize=500_000)
def is_placeholder(text: str, site: str = "") -> bool:
    """Whether a customer's name (or id, where nothing else names it) means nobody. A legal form or a domain of its own makes it a firm."""
    plain = plain_text(text)
    if not plain or site:
        return bool(text.strip()) and not plain and not site
    if plain in _PHRASES:
        return True
    words = [word for word in plain.split() if not word.isdigit()]
    if set(name_of(text).form.split()) - _NO_FORM and len(words) > 1:
        return False
    return any(word in NOBODY for word in words) and all(word in NOBODY or word in BESIDE for word in words)


def leave_out_placeholders(engine: Engine, engagement: Engagement, present: Collection[str], log: FaultLog) -> int:
    """Empty customer_id in sales and deals where it means nobody, or where a reseller is its own customer; told, with rows and revenue.

    Returns how many rows were changed.
    """
    nobody = _nobody(engine, present)
    changed = 0
    for name in ("sales", "deals"):
        if name in present:
            changed += _leave_out(engine, engagement, name, nobody, present, log)
    return changed


def _nobody(engine: Engine, present: Collection[str]) -> dict[str, str]:
    """customer_id -> name, of all that mean nobody."""
    known: dict[str, tuple[str, str]] = {}
    hints = read_hints(engine, "customer")
    for given, name, domain in zip(hints["given"], hints["name"], hints["domain"], strict=True):
        known[given] = ("" if name != name else name, "" if domain != domain else domain)
    if "customers" in present:
        query = f"SELECT customer_id, coalesce(min(name), ''), coalesce(min(domain), '') FROM {typed_table('customers')} GROUP BY 1"
        known |= {row[0]: (row[1], row[2]) for row in engine.rows(query)}
    for table in ("sales", "deals"):
        if table in present:
            for (text,) in engine.rows(f"SELECT DISTINCT customer_id FROM {typed_table(table)} WHERE customer_id IS NOT NULL"):
                known.setdefault(text, ("", ""))
    said = {key: (name or key, domain_of(domain)) for key, (name, domain) in known.items()}
    return {key: name for key, (name, site) in said.items() if is_placeholder(name, site)}


def _leave_out(engine: Engine, engagement: Engagement, name: str, nobody: dict[str, str], present: Collection[str], log: FaultLog) -> int:
    rows = typed_table(name)
    engine.run("CREATE OR REPLACE TEMP TABLE nobody (customer_id VARCHAR, partner_id VARCHAR, said VARCHAR)")
    _insert(engine, [(customer, None, said) for customer, said in nobody.items()])
    _insert(engine, [pair for pair in _own_customers(engine, rows, present) if pair[0] not in nobody])
    met = "n.customer_id = t.customer_id AND (n.partner_id IS NULL OR n.partner_id = t.partner_id)"
    if not engine.row(f"SELECT count(*) FROM {rows} t SEMI JOIN nobody n ON {met}")[0]:
        return 0
    money = "revenue" if name == "sales" else "amount"
    source, _ = converted(engine, tables()[name], engagement, {}, FaultLog())
    within = counted(engine, engagement) if name == "sales" else "true"
    found = engine.rows(
        f"""SELECT said, count(*), coalesce(CAST(sum({identifier(money)}) FILTER ({within}) AS DOUBLE), 0), min(_unit), min(_row, 3)
        FROM (SELECT t.*, n.said FROM {source} t JOIN nobody n ON {met})
        GROUP BY said ORDER BY 3 DESC, 1"""
    )
    count = sum(int(row[1]) for row in found)
    named = [f"'{said}' ({lines:,} rows, {amount:,.2f} {engagement.currency})" for said, lines, amount, _, _ in found[:10]]
    more = f" and {len(found) - 10:,} more" if len(found) > 10 else ""
    log.add(
        "placeholder_customer",
        table=name,
        column="customer_id",
        value=found[0][0],
        count=count,
        rows=[row for row in found[0][4] if row],
        words={"values": ", ".join(named) + more},
    )
    engine.run(f"UPDATE {rows} SET customer_id = NULL WHERE rowid IN (SELECT t.rowid FROM {rows} t SEMI JOIN nobody n ON {met})")
    return count


def _insert(engine: Engine, rows: list[tuple[str, str | None, str]]) -> None:
    engine.connection.register("listed_nobody", pd.DataFrame(rows, columns=["customer_id", "partner_id", "said"]).astype("str"))
    engine.run("INSERT INTO nobody SELECT * FROM listed_nobody")
    engine.connection.unregister("listed_nobody")


def _own_customers(engine: Engine, rows: str, present: Collection[str]) -> list[tuple[str, str | None, str]]:
    """(customer_id, partner_id, name) of resellers that bought for themselves: a customer of the same name, or their own id."""
    if "partners" not in present:
        return []
    sold = f"SELECT DISTINCT customer_id, partner_id FROM {rows} WHERE customer_id IS NOT NULL AND partner_id IS NOT NULL"
    if "customers" not in present:
        return [(row[0], row[1], row[0]) for row in engine.rows(f"{sold} AND customer_id = partner_id ORDER BY 1")]
    begin = "lower(strip_accents(left(trim({}), 1)))"
    query = f"""SELECT s.customer_id, s.partner_id, c.name, p.name FROM ({sold}) s
        JOIN (SELECT customer_id, min(name) AS name FROM {typed_table("customers")} GROUP BY 1) c USING (customer_id)
        JOIN (SELECT partner_id, min(name) AS name FROM {typed_table("partners")} GROUP BY 1) p USING (partner_id)
        WHERE {begin.format("c.name")} = {begin.format("p.name")} ORDER BY 1, 2"""
    return [(row[0], row[1], row[2]) for row in engine.rows(query) if name_of(row[2]).core == name_of(row[3]).core]
