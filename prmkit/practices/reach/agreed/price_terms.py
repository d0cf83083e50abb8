"""Signs that somebody settles what partners charge: terms that speak of resale prices, and street prices that are all the same."""

from __future__ import annotations

import re
from collections.abc import Iterator

from prmkit.data.portfolio import Portfolio
from prmkit.practices.reach.agreed.points import Point
from prmkit.practices.reach.territories import NONE

_OWN_PRICES = ("sell_through", "sell_out")
_SELLERS = 8
_WITHIN = 0.005
_LEAST_DISCOUNT = 0.01
_WORDS = re.compile(
    r"\b(?i:resale prices?|street prices?|advertised prices?|minimum prices?|fixed prices?|price floor|rrp|srp|msrp)\b|\bU?MAP\b"
)
_TERMS = "the tier's terms as partners have them, and any letter or policy on prices they charge or advertise"
_ALIKE = (
    "price lists and letters sent to these partners, price clauses in promotions and special bids, and what the sales force says on prices"
)


def price_terms(portfolio: Portfolio) -> Iterator[Point]:
    """Tiers whose terms name resale prices; and territories where eight partners or more sell a family at the same discount off list.

    The latter only where sales are recorded at the partners' own prices, and at discounts above 1% that lie within half a point.
    """
    yield from _tiers(portfolio)
    if portfolio.measure in _OWN_PRICES:
        yield from _alike(portfolio)


def _tiers(portfolio: Portfolio) -> Iterator[Point]:
    rows = portfolio.tables.get("requirements")
    if rows is None or not len(rows):
        return
    text = rows["metric"].fillna("") + " " + rows["benefit"].fillna("")
    named = rows[text.str.contains(_WORDS)]
    holders = portfolio.partners.groupby("tier")["partner_id"].agg(list)
    year = portfolio.per_partner()
    for tier, group in named.groupby("tier"):
        bound = group["discount"].notna().any()
        stake = float(year.reindex(holders.get(tier, [])).clip(lower=0).sum())
        why = f"what tier {tier} asks or gives speaks of resale prices{', and its discount hangs on it' if bound else ''}"
        yield Point(f"tier {tier}", "price_terms", why, _TERMS, at_stake=stake)


def _alike(portfolio: Portfolio) -> Iterator[Point]:
    months = portfolio.months[(portfolio.months["month"] < 12) & (portfolio.months["list_amount"] > 0)]
    months = months.assign(territory=months["territory"].fillna(NONE), family=months["product_family"].fillna("all products"))
    sums = months.groupby(["territory", "family", "partner_id"])[["list_amount", "listed_revenue", "revenue"]].sum()
    discount = (1 - sums["listed_revenue"] / sums["list_amount"])[sums["listed_revenue"] > 0]
    spread = discount.groupby(level=["territory", "family"]).agg(["size", "min", "max"])
    alike = spread[(spread["size"] >= _SELLERS) & (spread["max"] - spread["min"] <= _WITHIN) & (spread["min"] > _LEAST_DISCOUNT)]
    revenue = sums["revenue"].groupby(level=["territory", "family"]).sum()
    for row in alike.assign(revenue=revenue.reindex(alike.index)).reset_index().to_dict("records"):
        why = (
            f"{int(row['size'])} partners sell {row['family']} in {row['territory']} at the same discount off list, "
            f"{row['min']:.1%} to {row['max']:.1%}; that may be chance or a list they all use"
        )
        place = str(row["territory"])
        yield Point(f"partners in {place}", "price_terms", why, _ALIKE, territory=place, at_stake=float(row["revenue"]))
