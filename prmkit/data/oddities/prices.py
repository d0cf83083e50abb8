"""Partners whose prices are off by about an exchange rate: amounts in another currency than it says, or than is assumed."""

from __future__ import annotations

from collections.abc import Mapping

from prmkit.data.engine import Engine, literal
from prmkit.data.faults import FaultLog
from prmkit.data.oddities.counted import Counted
from prmkit.data.typed import typed_table
from prmkit.engagement import Engagement

_ENOUGH = 10
_OTHERS = 3
_FAR = 1.5
"""How far a rate must be from 1 before prices can tell it from a discount."""
_NEAR = 1.15
"""How near the prices must come to it."""


def check_prices(engine: Engine, engagement: Engagement, counted: Counted, files: Mapping[int, str], log: FaultLog) -> None:
    """Tell partners whose unit prices in the engagement's currency are those of others over, or times, a rate of another currency.

    The price of a line is held against the median price of its product at other partners, at least three of them; a
    partner's median ratio, over at least ten lines of one file, is held against the middle rate of each currency. Only rates
    that are further from 1 than discounts are (1.5 times) can be told so.
    """
    own = literal(engagement.currency)
    lines = f"""SELECT partner_id, _unit, _row, product_id, CAST(revenue AS DOUBLE) / units AS price FROM {typed_table("sales")}
        WHERE {counted.where} AND units > 0 AND revenue > 0 AND product_id IS NOT NULL
        AND coalesce(currency, {own}) = {own}"""
    found = engine.rows(
        f"""WITH lines AS ({lines}),
        each AS (SELECT product_id, partner_id, median(price) AS price FROM lines GROUP BY ALL),
        usual AS (SELECT product_id, median(price) AS price FROM each GROUP BY product_id HAVING count(*) > {_OTHERS}),
        ratio AS (SELECT partner_id, _unit, median(l.price / u.price) AS ratio, count(*) AS lines, min(_row, 3) AS rows
            FROM lines l JOIN usual u USING (product_id) GROUP BY ALL HAVING count(*) >= {_ENOUGH}),
        rate AS (SELECT currency, CAST(median(rate) AS DOUBLE) AS rate FROM {typed_table("rates")} WHERE rate > 0 GROUP BY currency
            HAVING abs(ln(CAST(median(rate) AS DOUBLE))) > ln({_FAR}))
        SELECT partner_id, _unit, currency, ratio, lines, rows FROM ratio JOIN rate
        ON least(abs(ln(ratio) + ln(rate)), abs(ln(ratio) - ln(rate))) < ln({_NEAR}) ORDER BY lines DESC, partner_id, _unit, currency"""
    )
    for partner, unit, currency, ratio, count, numbers in found:
        log.add(
            "price_off_by_rate",
            table="sales",
            file=files.get(unit, ""),
            column="revenue",
            value=partner,
            count=count,
            rows=numbers,
            detail=f"{partner} {currency}",
            words={"ratio": f"{ratio:.3g}", "currency": currency, "target": engagement.currency},
        )
