"""What a partner keeps of a sale of ours: the price it paid us against the price its customers paid, as far as either is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data import calendar
from prmkit.data.portfolio import Portfolio
from prmkit.data.sales_lines import Days
from prmkit.practices.aligned import aligned

Array = NDArray[Any]

LEVELS = ("sell_in", "sell_through", "sell_out")
"""From the price we got to the price customers paid."""
FEW_DEALS = 5
"""How many deals of its own weigh as much as all partners' deals together."""
CLEARLY = 1.02
"""Deals show the price to customers only where they surely lie above what partners paid by more than this factor."""
RECORDED_ERROR = 0.02
BOUGHT_NOTHING = "nothing bought in the 12 months"
RETURNED = "returned more than it bought"
NO_LIST = "no list price on the lines it bought"
ABOVE_LIST = "paid more than list price"
NO_COST = "its sales are recorded at the price customers paid; what it paid us is not on record"


def resale(portfolio: Portfolio) -> pd.DataFrame:
    """partner_id, paid, paid_rate, street_rate, street_error, list_margin, price_basis, reason; a row for every partner.

    paid: what it paid us for what it sold of ours in 12 months. paid_rate, street_rate: that, and what customers paid, as shares of
    list price; street_rate is null where no record shows it. list_margin: what it would keep at list price, 1 - paid_rate: the end
    that it reaches only if it passes none of its discount on. price_basis: measured (both prices on its own sales lines), estimated
    or none.

    Where a partner's lines stand in several channels, the one nearest to us is what it paid and the one nearest to the customer what
    they paid. Where no line of its own shows what it paid (no list price, or only sell_out), the discount of its tier says it. Where
    there is no second price on its lines, its won deals are asked, if deals lie above what partners paid.
    """
    return _mine(portfolio, portfolio.fitted(_resale))


def _mine(portfolio: Portfolio, rows: pd.DataFrame) -> pd.DataFrame:
    place = pd.Index(rows["partner_id"]).get_indexer(pd.Index(portfolio.partners["partner_id"]))
    return rows.take(place).reset_index(drop=True)


def _resale(portfolio: Portfolio) -> pd.DataFrame:
    ids = portfolio.partners["partner_id"]
    bought = portfolio.per_partner().to_numpy()
    rates = _rates(portfolio)
    paid_rate = _own_price(portfolio, rates)
    brought_down = portfolio.measure in LEVELS[1:]
    street, error, measured = _second_price(portfolio, rates, paid_rate)
    sold_out = portfolio.measure == "sell_out"
    here = rates[portfolio.measure].to_numpy(dtype=float)
    here = here if sold_out else np.where(np.isfinite(here), here, paid_rate)
    # lines at a later price are brought down to what the partner paid for them; here is paid_rate where they are its own price
    paid = bought * np.where(np.isfinite(paid_rate), paid_rate, 1.0) / np.where(np.isfinite(here), here, 1.0) if brought_down else bought
    reason = np.select(
        [paid_rate > 1, bought < 0, bought == 0, sold_out & ~np.isfinite(paid_rate), ~np.isfinite(paid_rate) | ~np.isfinite(here)],
        [ABOVE_LIST, RETURNED, BOUGHT_NOTHING, NO_COST, NO_LIST],
        default="",
    )
    told = reason == ""
    return pd.DataFrame(
        {
            "partner_id": ids,
            "paid": np.where(told, paid, bought),
            "paid_rate": np.where(told, paid_rate, np.nan),
            "street_rate": np.where(told, street, np.nan),
            "street_error": np.where(told, error, np.nan),
            "list_margin": np.where(told, 1 - paid_rate, np.nan),
            "price_basis": np.select([~told, measured], ["none", "measured"], default="estimated"),
            "reason": pd.Series(reason, dtype="str").replace("", None),
        }
    )


def _rates(portfolio: Portfolio) -> pd.DataFrame:
    """Revenue / list price of each partner's lines of the 12 months in each channel, of the lines that carry a list price."""
    ids = portfolio.partners["partner_id"]
    if not len(portfolio.months):
        return pd.DataFrame(np.nan, index=ids, columns=list({*LEVELS, portfolio.measure}))
    rows = by_kind(portfolio)
    sums = rows.groupby(["partner_id", "channel"])[["listed_revenue", "list_amount"]].sum()
    rate = (sums["listed_revenue"] / sums["list_amount"]).where((sums["listed_revenue"] > 0) & (sums["list_amount"] > 0))
    return rate.unstack().reindex(index=ids, columns=list(dict.fromkeys((*LEVELS, portfolio.measure)))).astype("float64")


def by_kind(portfolio: Portfolio) -> pd.DataFrame:
    """Sums of the client's sales lines by partner, channel and kind, 12 months to as_of; lines without a channel are of the measure."""
    return portfolio.fitted(_by_kind)


def _by_kind(portfolio: Portfolio) -> pd.DataFrame:
    first = calendar.month_end(portfolio.as_of, 12) + pd.Timedelta(days=1)
    rows = portfolio.client.lines.by_kind(Days(first.date(), portfolio.as_of.date()))
    return rows.assign(channel=rows["channel"].fillna(portfolio.measure))


def _own_price(portfolio: Portfolio, rates: pd.DataFrame) -> Array:
    """What the partner paid us / list price: on its lines in the channel nearest to us, else by the discount of its tier."""
    order = LEVELS[: LEVELS.index(portfolio.measure) + 1] if portfolio.measure in LEVELS else (portfolio.measure,)
    if portfolio.measure == "sell_out":
        order = LEVELS[:2]
    paid = rates[list(order)].bfill(axis=1).iloc[:, 0].fillna(1 - _tier_discount(portfolio))
    made: Array = paid.to_numpy(dtype=float)
    return made


def _tier_discount(portfolio: Portfolio) -> pd.Series[Any]:
    """The discount that the rules give a holder of each partner's tier, by partner_id; null without."""
    ids = portfolio.partners["partner_id"]
    if not portfolio.has("requirements"):
        return pd.Series(np.nan, index=ids)
    rules = portfolio.tables["requirements"].dropna(subset=["discount"])
    general = rules[rules["partner_type"].isna()].groupby("tier")["discount"].max()
    own = rules.groupby(["tier", "partner_type"])["discount"].max()
    keys = pd.MultiIndex.from_arrays([portfolio.partners["tier"], portfolio.partners["partner_type"]])
    found = pd.Series(own.reindex(keys).to_numpy(dtype=float), index=ids)
    return found.fillna(pd.Series(portfolio.partners["tier"].map(general).to_numpy(dtype=float), index=ids))


def _second_price(portfolio: Portfolio, rates: pd.DataFrame, paid_rate: Array) -> tuple[Array, Array, Array]:
    """What customers paid / list price, its error on the log scale, and whether the partner's own sales lines show it."""
    street = rates["sell_out"].fillna(rates["sell_through"].where(rates["sell_in"].notna())).to_numpy(dtype=float)
    lined = np.isfinite(street)
    from_deals, error = _deal_prices(portfolio, paid_rate)
    measured = lined & rates[["sell_in", "sell_through"]].notna().any(axis=1).to_numpy()
    return np.where(lined, street, from_deals), np.where(lined, RECORDED_ERROR, error), measured


def _deal_prices(portfolio: Portfolio, paid_rate: Array) -> tuple[Array, Array]:
    """Amount / list price of deals won in the 12 months, drawn to all partners' where few; nan where they say nothing."""
    ids = portfolio.partners["partner_id"]
    unknown = np.full(len(ids), np.nan), np.full(len(ids), np.nan)
    deals = portfolio.tables.get("deals")
    if deals is None:
        return unknown
    recent = (deals["closed_on"] > calendar.month_end(portfolio.as_of, 12)) & (deals["closed_on"] <= portfolio.as_of)
    won = deals[recent & (deals["outcome"] == "won") & (deals["amount"] > 0) & (deals["list_amount"] > 0)]
    won = won[won["partner_id"].isin(ids)]
    usual = np.nanmedian(paid_rate) if np.isfinite(paid_rate).any() else np.nan
    if len(won) < 2 * FEW_DEALS or not usual > 0:
        return unknown
    logs = pd.Series(np.log((won["amount"] / won["list_amount"]).to_numpy()), index=won.index)
    if logs.mean() - 1.645 * logs.std(ddof=1) / np.sqrt(len(logs)) <= np.log(CLEARLY * usual):
        return unknown
    grouped = logs.groupby(won["partner_id"])
    number, mean = (aligned(values, ids).fillna(0.0).to_numpy(dtype=float) for values in (grouped.size(), grouped.mean()))
    inside = float((logs - grouped.transform("mean")).pow(2).sum() / max(len(logs) - grouped.ngroups, 1))
    own = grouped.mean()
    between = max(float(own.var(ddof=1)) - inside * float((1 / grouped.size()).mean()), 0.0) if len(own) > 1 else inside
    together = float(own.mean())
    rate = (number * mean + FEW_DEALS * together) / (number + FEW_DEALS)
    error = np.sqrt((inside * number + (between + inside / len(logs)) * FEW_DEALS**2) / (number + FEW_DEALS) ** 2)
    return np.exp(rate), error
