"""Customers that are nobody: stock, cash sales, unknown, tests; and resellers that bought for themselves."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

import pandas as pd

from prmkit.data.engine import Engine
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
_NAMED = 10
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


def leave_out_placeholders(engine: Engine, engagement: Engagement, present: Collection[str], log: FaultLog) -> None:
    """Empty customer_id in sales and deals where it means nobody, or where a reseller is its own customer; told, with rows and revenue."""
    there = [name for name in ("sales", "deals") if name in present]
    known = _known(engine, there, present)
    nobody = [(text, None, name) for text, (name, domain) in known.items() if is_placeholder(name, domain_of(domain))]
    for name in there:
        own = _own_customers(engine, name, known, present)
        _insert(engine, [*nobody, *(pair for pair in own if not is_placeholder(pair[2]))])
        _leave_out(engine, engagement, name, log)


def _known(engine: Engine, there: Collection[str], present: Collection[str]) -> dict[str, tuple[str, str]]:
    """customer_id -> name and domain of every customer that is named: of its row, else as hinted at, else its id for a name."""
    known = {}
    for table in there:
        for (text,) in engine.rows(f"SELECT DISTINCT customer_id FROM {typed_table(table)} WHERE customer_id IS NOT NULL ORDER BY 1"):
            known[str(text)] = str(text), ""
    hints = read_hints(engine, "customer")
    said = dict(zip(hints["given"], zip(hints["name"].fillna(""), hints["domain"].fillna(""), strict=True), strict=True))
    if "customers" in present:
        query = f"SELECT customer_id, coalesce(min(name), ''), coalesce(min(domain), '') FROM {typed_table('customers')} GROUP BY 1"
        said |= {str(row[0]): (str(row[1]), str(row[2])) for row in engine.rows(query)}
    return {text: (said[text][0] or text, said[text][1]) if text in said else own for text, own in known.items()}


def _insert(engine: Engine, rows: list[tuple[str, str | None, str]]) -> None:
    engine.connection.register("listed_nobody", pd.DataFrame(rows, columns=["customer_id", "partner_id", "said"]).astype("str"))
    engine.run("CREATE OR REPLACE TEMP TABLE nobody AS SELECT * FROM listed_nobody")
    engine.connection.unregister("listed_nobody")


def _own_customers(
    engine: Engine, name: str, known: dict[str, tuple[str, str]], present: Collection[str]
) -> list[tuple[str, str | None, str]]:
    """(customer_id, partner_id, name) of resellers that bought for themselves: a customer of the same name, or their own id."""
    if "partners" not in present:
        return []
    partners = {str(row[0]): str(row[1]) for row in engine.rows(f"SELECT partner_id, min(name) FROM {typed_table('partners')} GROUP BY 1")}
    query = f"SELECT DISTINCT customer_id, partner_id FROM {typed_table(name)} WHERE customer_id IS NOT NULL AND partner_id IS NOT NULL"
    found: list[tuple[str, str | None, str]] = []
    for customer, partner in engine.rows(f"{query} ORDER BY 1, 2"):
        said, seller = known[customer][0], partners.get(partner, "")
        if (said == customer == partner) or (seller and name_of(said).core == name_of(seller).core):
            found.append((customer, partner, said))
    return found


def _leave_out(engine: Engine, engagement: Engagement, name: str, log: FaultLog) -> None:
    """Empty customer_id of the table's rows that `nobody` names, for all partners or for one."""
    rows = typed_table(name)
    met = "n.customer_id = t.customer_id AND (n.partner_id IS NULL OR n.partner_id = t.partner_id)"
    if not engine.row(f"SELECT count(*) FROM {rows} t SEMI JOIN nobody n ON {met}")[0]:
        return
    money = "revenue" if name == "sales" else "amount"
    source, _ = converted(engine, tables()[name], engagement, {}, FaultLog())
    within = counted(engine, engagement) if name == "sales" else "true"
    found = engine.rows(
        f"""SELECT said, count(*), coalesce(CAST(sum({money}) FILTER ({within}) AS DOUBLE), 0)
        FROM (SELECT t.*, n.said FROM {source} t JOIN nobody n ON {met}) GROUP BY said ORDER BY 3 DESC, 1"""
    )
    named = [f"'{said}' ({lines:,} rows, {amount:,.2f} {engagement.currency})" for said, lines, amount in found[:_NAMED]]
    more = f" and {len(found) - _NAMED:,} more" if len(found) > _NAMED else ""
    log.add(
        "placeholder_customer",
        table=name,
        column="customer_id",
        value=found[0][0],
        count=sum(int(row[1]) for row in found),
        words={"values": ", ".join(named) + more},
    )
    engine.run(f"UPDATE {rows} SET customer_id = NULL WHERE rowid IN (SELECT t.rowid FROM {rows} t SEMI JOIN nobody n ON {met})")
