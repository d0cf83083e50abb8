"""Amounts into the engagement's currency: once, at load, by the month's rate; never by 1 for want of one."""

from __future__ import annotations

from collections.abc import Mapping

from prmkit.data.engine import Engine, identifier, literal
from prmkit.data.faults import FaultLog
from prmkit.data.tables import Column, Table
from prmkit.data.typed import typed_table
from prmkit.engagement import Engagement

EXACT = "DECIMAL(38, 18)"
_DECIMALS_TOGETHER = 18
_MISSING_NAMED = 50
# The date that says which month's rate applies, the first that is filled; other tables use their first required date.
_DATED_BY: Mapping[str, tuple[str, ...]] = {
    "deals": ("closed_on", "decided_on", "opened_on", "registered_on"),
    "recruits": ("first_sale_on", "signed_on", "qualified_on", "contacted_on"),
    "incentives": ("paid_on", "starts_on"),
}


def converted(engine: Engine, table: Table, engagement: Engagement, files: Mapping[int, str], log: FaultLog) -> tuple[str, str]:
    """A relation of the table's typed rows with its money in the engagement's currency, and the engine's type of that money.

    Amounts already in it stay DECIMAL(28, 10). Where a line is in another currency, money is the exact
    product DECIMAL(38, 18) of amount and rate; a missing rate is an error and leaves null.
    """
    source = typed_table(table.name)
    foreign = f"t.currency IS NOT NULL AND t.currency <> {literal(engagement.currency)}"
    if not table.money or not engine.row(f"SELECT count(*) FROM {source} t WHERE {foreign}")[0]:
        return source, "DECIMAL(28, 10)"
    rates = rates_used(engine, engagement)
    month = _month(table)
    joined = f"""{source} t
        LEFT JOIN {rates} r ON {foreign} AND r.currency = t.currency AND r.month = {month}
        LEFT JOIN newest n ON {foreign} AND {month} IS NULL AND n.currency = t.currency"""
    _report(engine, table, engagement, joined, foreign, month, files, log)
    amounts, decimals = _decimals(engine, table, source, foreign, rates, log)
    rate = f"CAST(coalesce(r.rate, n.rate) AS DECIMAL({min(38, 12 + decimals)}, {decimals}))"
    money = []
    for column in table.money:
        name = f"t.{identifier(column.name)}"
        product = f"CAST(CAST({name} AS DECIMAL(28, {amounts})) * {rate} AS {EXACT})"
        money.append(f"CASE WHEN {foreign} THEN {product} ELSE CAST({name} AS {EXACT}) END AS {identifier(column.name)}")
    return f"(SELECT t.* REPLACE ({', '.join(money)}) FROM {joined})", EXACT


def rates_used(engine: Engine, engagement: Engagement) -> str:
    """A table of one rate a currency and month, of the kind that the engagement converts with, and `newest` by currency."""
    there = engine.row("SELECT count(*) FROM information_schema.tables WHERE table_name = 'typed rates'")[0]
    rates = typed_table("rates")
    if not there:
        nothing = "SELECT CAST(NULL AS VARCHAR) AS currency, CAST(NULL AS DATE) AS month, CAST(NULL AS DECIMAL(38, 18)) AS rate WHERE false"
        engine.run(f"CREATE OR REPLACE TEMP TABLE used_rates AS {nothing}")
    else:
        engine.run(
            f"""CREATE OR REPLACE TEMP TABLE used_rates AS
            SELECT currency, CAST(date_trunc('month', month) AS DATE) AS month, any_value(rate) AS rate FROM {rates}
            WHERE coalesce(kind, 'average') = {literal(engagement.rates)} AND rate > 0 GROUP BY ALL"""
        )
    engine.run("CREATE OR REPLACE TEMP TABLE newest AS SELECT currency, arg_max(rate, month) AS rate FROM used_rates GROUP BY currency")
    return "used_rates"


def _month(table: Table) -> str:
    """SQL for the first day of the month whose rate applies; null where a row has no date."""
    required = [column.name for column in table.columns if column.kind == "date" and column.required][:1]
    names = _DATED_BY.get(table.name, tuple(required))
    if not names:
        return "CAST(NULL AS DATE)"
    dates = ", ".join(f"t.{identifier(name)}" for name in names)
    return f"CAST(date_trunc('month', coalesce({dates})) AS DATE)"


def _report(
    engine: Engine, table: Table, engagement: Engagement, joined: str, foreign: str, month: str, files: Mapping[int, str], log: FaultLog
) -> None:
    missing = engine.rows(
        f"""SELECT t.currency, {month} AS m, count(*), arg_min(t._unit, t._row), min(t._row, 3) FROM {joined}
        WHERE {foreign} AND r.rate IS NULL AND n.rate IS NULL GROUP BY ALL ORDER BY count(*) DESC, t.currency, m LIMIT {_MISSING_NAMED}"""
    )
    for currency, first, count, unit, rows in missing:
        words = {
            "kind": engagement.rates,
            "currency": currency,
            "month": f"{first:%Y-%m}" if first else "any month",
            "target": engagement.currency,
        }
        detail = f"{currency} {first}"
        log.add(
            "rate_missing",
            table=table.name,
            file=files.get(unit, ""),
            column="currency",
            value=f"{currency} {words['month']}",
            count=count,
            rows=rows,
            words=words,
            detail=detail,
        )
    query = (
        f"SELECT t.currency, count(*), min(t._unit), min(t._row) FROM {joined} WHERE {foreign} AND {month} IS NULL AND n.rate IS NOT NULL"
    )
    for currency, count, unit, row in engine.rows(f"{query} GROUP BY ALL ORDER BY ALL"):
        log.add(
            "rate_newest",
            table=table.name,
            file=files.get(unit, ""),
            row=row,
            column="currency",
            value=currency,
            count=count,
            words={"currency": currency},
            detail=currency,
        )


def _decimals(engine: Engine, table: Table, source: str, foreign: str, rates: str, log: FaultLog) -> tuple[int, int]:
    """Decimals that amounts and rates really use, cut to what can be multiplied exactly in 18."""

    def used(expression: str) -> str:
        return f"coalesce(max(length(rtrim(split_part(CAST({expression} AS VARCHAR), '.', 2), '0'))), 0)"

    amounts = max(engine.row(f"SELECT {', '.join(used(_amount(column)) for column in table.money)} FROM {source} t WHERE {foreign}"))
    wanted = engine.row(f"SELECT {used('rate')} FROM {rates}")[0]
    decimals = min(wanted, _DECIMALS_TOGETHER - amounts)
    if decimals < wanted:
        log.add("rate_rounded", table="rates", words={"decimals": str(decimals)})
    return amounts, decimals


def _amount(column: Column) -> str:
    return f"t.{identifier(column.name)}"
