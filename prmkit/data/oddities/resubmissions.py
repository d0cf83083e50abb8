"""Reports that were sent again: the same sales lines in another file, or a second time in one, without an id that would show it."""

from __future__ import annotations

from collections.abc import Mapping

from prmkit.data.engine import Engine
from prmkit.data.faults import FaultLog
from prmkit.data.oddities.counted import amounts
from prmkit.data.typed import typed_table
from prmkit.engagement import Engagement

_LINE = 'partner_id, invoice_id, "date", product_id, customer_id, units'
_FEWEST = 3
"""Equal lines of a partner and month, from another file and without an invoice, below which they may be chance."""


def check_resubmissions(engine: Engine, engagement: Engagement, files: Mapping[int, str], log: FaultLog) -> None:
    """Tell lines that stand there again under another sale_id or none; nothing is dropped.

    With an invoice, a line is sent again where one equal in partner, invoice, date, product, customer and units stands in an
    earlier file; within one file, where every line of the invoice stands there equally often and the invoice's lines stand
    apart (an invoice may hold two equal lines side by side). Without an invoice, lines of another file that are equal in
    amount too, at least three of a partner and month and at least half of its lines there.
    """
    sales = typed_table("sales")
    engine.run(
        f"""CREATE OR REPLACE TEMP TABLE again_twins AS SELECT hash({_LINE}) AS h FROM {sales}
        GROUP BY h HAVING count(*) > 1 AND (count(DISTINCT sale_id) > 1 OR count(*) > count(sale_id))"""
    )
    if not engine.row("SELECT count(*) FROM again_twins")[0]:
        return
    engine.run(
        f"""CREATE OR REPLACE TEMP TABLE again_lines AS SELECT _unit, _row, sale_id, {_LINE}, revenue, currency,
        rank() OVER same AS n, first(_unit) OVER same AS unit_before, first(_row) OVER same AS row_before,
        first(revenue) OVER same AS revenue_before, first(sale_id) OVER same AS id_before, hash({_LINE}) AS h
        FROM {sales} WHERE hash({_LINE}) IN (SELECT h FROM again_twins)
        WINDOW same AS (PARTITION BY {_LINE} ORDER BY _unit, _row, rowid)"""
    )
    engine.run("CREATE OR REPLACE TEMP TABLE again_found AS " + " UNION ALL ".join((_in_another_file(), _within_a_file(), _no_invoice())))
    for code, changed in (("lines_sent_again", "revenue = revenue_before"), ("lines_corrected", "revenue <> revenue_before")):
        _report(engine, engagement, code, changed, files, log)


_NEW = "n > 1 AND (sale_id IS NULL OR sale_id IS DISTINCT FROM id_before)"


def _in_another_file() -> str:
    return f"SELECT * FROM again_lines WHERE invoice_id IS NOT NULL AND {_NEW} AND _unit <> unit_before"


def _within_a_file() -> str:
    """Whole invoices that stand in two places of one file."""
    whole = f"""SELECT _unit, partner_id, invoice_id FROM (
            SELECT _unit, partner_id, invoice_id, count(*) AS times, min(_row) AS first, max(_row) AS last FROM {typed_table("sales")}
            WHERE invoice_id IS NOT NULL AND invoice_id IN (SELECT invoice_id FROM again_lines)
            GROUP BY _unit, {_LINE})
        GROUP BY ALL HAVING min(times) > 1 AND min(times) = max(times) AND max(last) - min(first) + 1 > sum(times)"""
    return f"""SELECT l.* FROM again_lines l SEMI JOIN ({whole}) w
        ON w._unit = l._unit AND w.invoice_id = l.invoice_id AND w.partner_id IS NOT DISTINCT FROM l.partner_id
        WHERE {_NEW} AND l._unit = unit_before"""


def _no_invoice() -> str:
    again = f"invoice_id IS NULL AND {_NEW} AND _unit <> unit_before AND revenue = revenue_before"
    month = "date_trunc('month', \"date\")"
    many = f"""SELECT _unit, partner_id, month FROM (
            SELECT _unit, partner_id, {month} AS month, count(*) AS again FROM again_lines WHERE {again} GROUP BY ALL) a
        JOIN (SELECT _unit, partner_id, {month} AS month, count(*) AS lines FROM {typed_table("sales")} GROUP BY ALL) t
        USING (_unit, partner_id, month) WHERE again >= {_FEWEST} AND again * 2 >= lines"""
    return f"""SELECT l.* FROM again_lines l SEMI JOIN ({many}) m
        ON m._unit = l._unit AND m.partner_id = l.partner_id AND m.month = date_trunc('month', l."date") WHERE {again}"""


def _report(engine: Engine, engagement: Engagement, code: str, changed: str, files: Mapping[int, str], log: FaultLog) -> None:
    sums = engine.rows(f"SELECT currency, sum(revenue) FROM again_found WHERE {changed} GROUP BY currency ORDER BY currency")
    if not sums:
        return
    total = amounts(sums, engagement.currency)
    found = engine.rows(
        f"""SELECT _unit, count(*), min(_row, 3), arg_min(coalesce(invoice_id, partner_id), _row), arg_min(unit_before, _row),
        arg_min(row_before, _row) FROM again_found WHERE {changed} GROUP BY _unit ORDER BY _unit"""
    )
    for unit, count, numbers, value, unit_before, row_before in found:
        place = ", ".join(filter(None, (files.get(unit_before, ""), f"row {row_before}" if row_before else "")))
        log.add(
            code,
            table="sales",
            file=files.get(unit, ""),
            column="invoice_id",
            value=value,
            count=count,
            rows=numbers,
            words={"amount": total, "like": f" (the first as in {place})" if place else ""},
        )
