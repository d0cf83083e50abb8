"""Direct sales and sales through partners, in one tier and two, summed where the lines lie."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy import CTE, Date, Select, Text, and_, case, cast, distinct, func, or_, select

from prmkit.data.sales_lines import ACCOUNTS, BEHIND, SERVED, SUPPLIED, TWO_TIER, Days
from prmkit.data.warehouse_relation import Expression, Relation, asking, decimal, direct_lines, partner_lines, rows


def served(
    relation: Relation, channel: str, days: Days, partners: tuple[str, ...] | None, territories: tuple[str, ...] | None
) -> pd.DataFrame:
    """Whom each road served in the days, as SalesLines says. Raises PrmkitError where the warehouse gives no answer."""
    with asking(relation.settings) as connection:
        dialect = connection.dialect.name
        lines = relation.lines(dialect)
        through, direct = partner_lines(lines, channel), direct_lines(lines, channel)
        counts = or_(through, direct)
        if partners is not None:
            through = and_(through, lines.c.partner_id.in_(partners))
        if territories is not None:
            direct = and_(direct, lines.c.territory.in_(territories))
        inside = and_(lines.c.date.between(days.first, days.last), or_(through, direct))
        sums = {row[0]: row[1:] for fine in (False, True) for row in rows(connection, _sums(lines, _road(lines, fine=fine), inside))}
        customers = rows(connection, _customers(lines, inside, and_(counts, lines.c.date <= days.last), days))[0]
    who = {road: customers[2 * place : 2 * place + 2] for place, road in enumerate(_ROADS)}
    made = [
        (road, decimal(sold, dialect), orders, who[road][0] or 0, decimal(named, dialect), who[road][1] or 0)
        for road, (sold, orders, named) in sorted(sums.items())
    ]
    return pd.DataFrame(made, columns=list(SERVED)).astype(SERVED)


def two_tier(relation: Relation, channel: str, days: Days) -> pd.DataFrame:
    """Sums of the lines that came through a distributor, as SalesLines says. Raises PrmkitError where the warehouse gives no answer."""
    with asking(relation.settings) as connection:
        dialect = connection.dialect.name
        lines = relation.lines(dialect)
        keys = (lines.c.partner_id, lines.c.territory, lines.c.product_family)
        costed = func.coalesce(func.sum(case((lines.c.cost.is_not(None), lines.c.revenue))), 0)
        wanted = lines.c.date.between(days.first, days.last), partner_lines(lines, channel), _supplied(lines)
        sums = select(*keys, func.sum(lines.c.revenue), func.sum(lines.c.cost), costed).where(*wanted)
        found = rows(connection, sums.group_by(*keys))
    made = [(*row[:3], *(decimal(value, dialect) for value in row[3:])) for row in found]
    frame = pd.DataFrame(made, columns=list(TWO_TIER)).astype(TWO_TIER)
    return frame.sort_values(list(TWO_TIER)[:3], na_position="last", kind="stable", ignore_index=True)


def supplied(relation: Relation, channel: str, days: Days) -> pd.DataFrame:
    """Sums by distributor, reseller and territory, as SalesLines says. Raises PrmkitError where the warehouse gives no answer."""
    with asking(relation.settings) as connection:
        dialect = connection.dialect.name
        lines = relation.lines(dialect)
        keys = (lines.c.distributor_id, lines.c.partner_id, lines.c.territory)
        wanted = lines.c.date.between(days.first, days.last), partner_lines(lines, channel), _supplied(lines)
        first = func.min(lines.c.date, type_=Date)
        found = rows(connection, select(*keys, func.sum(lines.c.revenue), first).where(*wanted).group_by(*keys))
    made = [(*row[:3], decimal(row[3], dialect), row[4]) for row in found]
    frame = pd.DataFrame(made, columns=list(SUPPLIED)).astype(SUPPLIED)
    return frame.sort_values(list(SUPPLIED)[:3], na_position="last", kind="stable", ignore_index=True)


def behind(relation: Relation, channel: str, days: Days) -> pd.DataFrame:
    """End customers of each distributor, as SalesLines says. Raises PrmkitError where the warehouse gives no answer."""
    with asking(relation.settings) as connection:
        lines = relation.lines(connection.dialect.name)
        counts = or_(partner_lines(lines, channel), direct_lines(lines, channel))
        who = case((_supplied(lines), lines.c.distributor_id)).label("who")
        pair = select(lines.c.customer_id, who).where(lines.c.date.between(days.first, days.last), counts, lines.c.customer_id.is_not(None))
        pairs = pair.distinct().cte("customer_and_distributor")
        others = func.sum(case((pairs.c.who.is_(None), 1), else_=0)).label("others")
        one = select(pairs.c.customer_id, func.count(pairs.c.who).label("distributors"), others)
        each = one.group_by(pairs.c.customer_id).cte("each_customer")
        joined = pairs.join(each, pairs.c.customer_id == each.c.customer_id)
        alone = case((and_(each.c.others == 0, each.c.distributors == 1), 1), else_=0)
        by_who = select(pairs.c.who, func.count(), func.sum(alone)).select_from(joined)
        found = [tuple(row) for row in rows(connection, by_who.where(pairs.c.who.is_not(None)).group_by(pairs.c.who))]
        behind_any = func.sum(case((each.c.distributors > 0, 1), else_=0))
        ((any_, only),) = rows(connection, select(behind_any, func.sum(case((each.c.others == 0, 1), else_=0))))
    made = [*sorted(found, key=lambda row: str(row[0])), (None, any_ or 0, only or 0)]
    return pd.DataFrame(made, columns=list(BEHIND)).astype(BEHIND)


def accounts(relation: Relation, channel: str, days: Days) -> pd.DataFrame:
    """Whom each partner, and we ourselves, sold to in the days. Raises PrmkitError where the warehouse gives no answer."""
    with asking(relation.settings) as connection:
        dialect = connection.dialect.name
        lines = relation.lines(dialect)
        keys = (lines.c.partner_id, lines.c.territory, lines.c.customer_id)
        counts = or_(partner_lines(lines, channel), direct_lines(lines, channel))
        wanted = lines.c.date.between(days.first, days.last), counts, lines.c.customer_id.is_not(None)
        sums = select(*keys, func.sum(lines.c.revenue), func.min(lines.c.date, type_=Date)).where(*wanted).group_by(*keys)
        found = rows(connection, sums)
    made = [(*row[:3], decimal(row[3], dialect), pd.Timestamp(row[4])) for row in found]
    frame = pd.DataFrame(made, columns=list(ACCOUNTS)).astype(ACCOUNTS)
    return frame.sort_values(list(ACCOUNTS)[:3], na_position="last", kind="stable", ignore_index=True)


_ROADS = ("direct", "partner", "one_tier", "two_tier")


def _supplied(lines: CTE) -> Expression:
    return and_(lines.c.distributor_id.is_not(None), lines.c.distributor_id != lines.c.partner_id)


def _road(lines: CTE, *, fine: bool) -> Expression:
    """Direct or through partners; told apart by tier where `fine`."""
    if not fine:
        return case((lines.c.partner_id.is_(None), "direct"), else_="partner")
    return case((lines.c.partner_id.is_(None), "direct"), (_supplied(lines), "two_tier"), else_="one_tier")


def _sums(lines: CTE, road: Expression, inside: Expression) -> Select[Any]:
    order = func.coalesce(lines.c.partner_id, "") + "/" + func.coalesce(lines.c.invoice_id, cast(lines.c.date, Text))
    sums = select(
        road,
        func.sum(lines.c.revenue),
        func.count(distinct(case((lines.c.revenue > 0, order)))),
        func.coalesce(func.sum(case((lines.c.customer_id.is_not(None), lines.c.revenue))), 0),
    )
    return sums.where(inside).group_by(road)


def _customers(lines: CTE, inside: Expression, ever: Expression, days: Days) -> Select[Any]:
    """For each road, how many customers bought on it in the days, and how many of these never before on any: one row.

    Each customer's lines are counted together first: a join of the lines with themselves would have no index to go by.
    """
    partner = lines.c.partner_id.is_not(None)
    of_road = {
        "direct": lines.c.partner_id.is_(None),
        "partner": partner,
        "one_tier": and_(partner, ~_supplied(lines)),
        "two_tier": _supplied(lines),
    }
    flags = [func.max(case((and_(inside, of_road[road]), 1), else_=0)).label(road) for road in _ROADS]
    first = func.min(lines.c.date, type_=Date).label("first_on")
    each = select(first, *flags).where(ever, lines.c.customer_id.is_not(None)).group_by(lines.c.customer_id).cte("each_customer")
    counted = [
        part for road in _ROADS for part in (func.sum(each.c[road]), func.sum(case((each.c.first_on >= days.first, each.c[road]), else_=0)))
    ]
    return select(*counted)
