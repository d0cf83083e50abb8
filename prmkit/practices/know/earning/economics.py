"""How partners earn with us: their own books on our line, what an hour of theirs brings, and how they earn altogether."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.practices.know.earning.earning_model import ASKS, MODELS, earning_model
from prmkit.practices.know.earning.partner_profit import Books, books
from prmkit.practices.know.earning.resale import by_kind
from prmkit.practices.know.earning.vendor_rank import vendor_rank
from prmkit.practices.know.standing import alignment

__all__ = ["STAND_IN", "earning_models", "economics"]

Array = NDArray[Any]

STAND_IN = (
    "resale_margin lies between what the partner keeps at our list price and nothing, unless its own sales or deals show the price "
    "customers paid; services are taken to sell around our line as around its other lines"
)
ALL = "all"
FEWEST = 4
_RECURRING = ("renewal", "usage")
_OWN = ("model", "model_chance", "model_basis", "rank_among_vendors", "rank_low", "rank_high", "rank_basis")


def economics(portfolio: Portfolio) -> pd.DataFrame:
    """A row a partner: its profit and loss with us over 12 months from its side (`partner_profit.Books`), how it earns and our rank.

    Beside the contract: *_low and *_high are 90% intervals of an ordinary year such as this one. gross_profit = resale_profit +
    services_profit + incentives_earned - training_cost - support_cost, parts not known left out and named in `left_out`.
    basis is that of the weakest number in the row: estimated, surveyed, measured, none.
    """
    found, whole = books(portfolio).rows, portfolio.fitted(_traits)
    own = whole.take(pd.Index(whole["partner_id"]).get_indexer(pd.Index(portfolio.partners["partner_id"]))).reset_index(drop=True)
    partners = portfolio.partners.reset_index(drop=True)
    stated = {name: partners[name].astype("float64") for name in ("resale_share", "services_share", "recurring_share")}
    made = found.assign(**stated, **{name: own[name] for name in (*_OWN, "our_services_share", "our_recurring_share")})
    earned = made["incentives_earned"].fillna(0.0) + made["invoice_discounts"].fillna(0.0)
    positive = (made["gross_profit"] > 0) & made["incentives"].notna()
    return made.assign(
        bought_share=(earned / made["gross_profit"]).where(positive),
        bought_share_low=(earned / made["gross_profit_high"]).where(positive),
        bought_share_high=(earned / made["gross_profit_low"]).where(positive & (made["gross_profit_low"] > 0)),
        basis=_basis(made),
    )


def earning_models(portfolio: Portfolio, rows: pd.DataFrame) -> pd.DataFrame:
    """A row a model and "all" last: partners, revenue, resale_margin, profit_per_rep_hour, what_they_ask, a typical partner's books.

    resale_margin: of the goods of all its partners together. What follows is of those whose services are known, where they are at least
    FEWEST (`books`: with services, or without). profit_per_rep_hour: their profit over their hours, where both are known. typical_*:
    means over the partners in the middle half by revenue (over all where they are fewer than twice FEWEST) whose profit is known, so
    that they add up as one partner's do; typical_low, typical_high: ends of the 90% interval of that mean profit.
    """
    found, revenue = books(portfolio), portfolio.per_partner().to_numpy()
    model = rows["model"].to_numpy(dtype=object)
    made = [_summary(name, rows, found, revenue, (model == name) | (name == ALL)) for name in (*MODELS, ALL)]
    return pd.DataFrame([row for row in made if row["partners"]])


def _summary(name: str, rows: pd.DataFrame, found: Books, revenue: Array, mine: Array) -> dict[str, Any]:
    priced = mine & rows["resale_profit"].notna().to_numpy()
    resold = rows.loc[priced, "resale_profit"].sum()
    goods = rows.loc[priced, "paid"].sum() + resold
    whole = _complete(mine, rows)
    both = whole & rows["profit_per_rep_hour"].notna().to_numpy()
    hours = rows.loc[both, "hours_on_line"].sum()
    drawn = found.profit[both].sum(axis=0) / found.hours[both].sum(axis=0) if both.any() else np.full(1, np.nan)
    rate = rows.loc[both, "gross_profit"].sum() / hours if both.any() else np.nan
    low, high = np.quantile(drawn, (0.05, 0.95))
    typical = _middle(revenue, whole & rows["gross_profit"].notna().to_numpy() & (revenue > 0))
    picked = rows[typical]
    ends = np.quantile(found.profit[typical].mean(axis=0), (0.05, 0.95)) if typical.any() else (np.nan, np.nan)
    parts = ("paid", "resale_profit", "services_profit", "incentives_earned", "training_cost", "support_cost")
    return {
        "model": name,
        "partners": int(mine.sum()),
        "revenue": float(revenue[mine].sum()),
        "resale_margin": resold / goods if goods > 0 else np.nan,
        "profit_per_rep_hour": rate,
        "what_they_ask": ASKS.get(name),
        "profit_per_rep_hour_low": min(low, rate),
        "profit_per_rep_hour_high": max(high, rate),
        "hours_known": int(both.sum()),
        "books": "with services" if rows.loc[typical, "services_profit"].notna().any() else "without services",
        "typical_partners": int(typical.sum()),
        **{f"typical_{part}": float(picked[part].fillna(0.0).mean()) for part in parts},
        "typical_profit": float(picked["gross_profit"].mean()),
        "typical_low": float(ends[0]),
        "typical_high": float(ends[1]),
    }


def _complete(mine: Array, rows: pd.DataFrame) -> Array:
    """Of these partners those whose services are known, so that books are alike; all where these are too few."""
    serviced: Array = mine & rows["services_profit"].notna().to_numpy()
    return serviced if serviced.sum() >= FEWEST else mine


def _middle(revenue: Array, known: Array) -> Array:
    """Of the partners known, those in the middle half by revenue; all of them where these are too few."""
    if known.sum() < 2 * FEWEST:
        return known
    low, high = np.quantile(revenue[known], (0.25, 0.75))
    made: Array = known & (revenue >= low) & (revenue <= high)
    return made


def _traits(portfolio: Portfolio) -> pd.DataFrame:
    """How each partner of the client earns, our rank, and what recurs and what is service in what it sells of ours."""
    placed = vendor_rank(portfolio, alignment.alignment(portfolio))
    ids = portfolio.partners["partner_id"]
    if len(portfolio.months):
        rows = by_kind(portfolio)
        rows = rows[(rows["channel"] == portfolio.measure) & rows["kind"].notna()]
        sums = rows.pivot_table(index="partner_id", columns="kind", values="revenue", aggfunc="sum").reindex(ids)
    else:
        sums = pd.DataFrame(index=ids)
    total = sums.sum(axis=1, min_count=1)

    def part(kinds: tuple[str, ...]) -> Array:
        chosen = sums[[kind for kind in kinds if kind in sums]].sum(axis=1)
        made: Array = (chosen / total.where(total > 0)).to_numpy(dtype=float)
        return made

    return pd.concat([earning_model(portfolio), placed.drop(columns="partner_id")], axis=1).assign(
        our_services_share=part(("services",)), our_recurring_share=part(_RECURRING)
    )


def _basis(rows: pd.DataFrame) -> Array:
    """The weakest basis among the numbers that a row holds."""
    judged = [rows["resale_margin"].notna() & (rows["price_basis"] != "measured"), rows["services_profit"].notna()]
    estimated = np.logical_or.reduce([*judged, rows["hours_on_line"].notna(), rows["rank_basis"] == "estimated"])
    surveyed = rows["services_share"].notna() | (rows["rank_basis"] == "surveyed") | (rows["model_basis"] == "surveyed")
    measured = rows["incentives"].notna() | rows["resale_margin"].notna()
    made: Array = np.select([estimated, surveyed, measured], ["estimated", "surveyed", "measured"], default="none")
    return made
