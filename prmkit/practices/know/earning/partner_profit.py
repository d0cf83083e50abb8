"""What a partner earns with us, from its side: resale, services, money from us, less what our line costs it, and by the hour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.trade_profit import Trade, TradeProfit, interval, trade_profit
from prmkit.practices.aligned import aligned
from prmkit.practices.incentive_spend import counted
from prmkit.practices.know.earning.own_costs import own_costs
from prmkit.practices.know.earning.resale import BOUGHT_NOTHING, RETURNED, resale
from prmkit.practices.know.earning.selling_time import selling_time
from prmkit.practices.know.segments.momentum import buying_months, momentum
from prmkit.practices.know.standing import alignment

Array = NDArray[Any]

DRAWS = 200
MARKETING = ("mdf", "coop")
"""Money that pays for marketing done: it comes in and goes out again, and is no earning."""
TURNOVER_DOUBT = 0.35
ALTERNATIVE_DOUBT = 0.15
"""Standard error, on the log scale, of the margin a partner makes on all it sells around the one named for all partners."""
LEAST_RESALE = 0.05
"""A partner that resells less than this part of its revenue has no goods to sell services around."""
ENOUGH_OF_KIND = 10
ACTIVE_MONTHS = 6
"""Who bought nothing for so long is not judged by the hour: what it earns is small because it has stopped."""
SERVICES = "its services"
_NO_SHARE = "its share of services is not known"


@dataclass(frozen=True, eq=False)
class Books:
    """The books of every partner of the client. rows: a row a partner, in the order of partners. profit, services, hours (partners, draws):
    what an ordinary year may bring, what of it by services, and the hours it takes; nan where not known."""

    rows: pd.DataFrame
    profit: Array
    services: Array
    hours: Array


def books(portfolio: Portfolio) -> Books:
    """The books of the whole client, worked out once, cut to the partners of the portfolio."""
    made = portfolio.fitted(_books)
    place = pd.Index(made.rows["partner_id"]).get_indexer(pd.Index(portfolio.partners["partner_id"]))
    return Books(made.rows.take(place).reset_index(drop=True), made.profit[place], made.services[place], made.hours[place])


def _books(portfolio: Portfolio) -> Books:
    settings, rng = portfolio.settings.economics, np.random.default_rng(portfolio.settings.seed)
    price, costs, money = resale(portfolio), own_costs(portfolio), _money_from_us(portfolio)
    attach = _attach(portfolio.partners)
    training, support = (np.nan_to_num(costs[name].to_numpy()) for name in ("training_cost", "support_cost"))
    trade = Trade(
        paid=price["paid"].to_numpy(),
        paid_rate=price["paid_rate"].to_numpy(),
        street_rate=price["street_rate"].to_numpy(),
        street_error=price["street_error"].to_numpy(),
        attach=attach,
        granted=np.nan_to_num(money["incentives_earned"].to_numpy()) - training,
        burden=support,
        months=buying_months(portfolio, 0),
    )
    found = trade_profit(trade, settings.services_margin, settings.passed_on, momentum(portfolio).noise, rng, DRAWS)
    time = selling_time(portfolio, alignment.alignment(portfolio))
    hours = time["hours_on_line"].to_numpy()[:, None] * np.exp(
        time["hours_error"].to_numpy()[:, None] * rng.standard_normal((len(time), DRAWS))
    )
    rows = pd.concat(
        [
            price.drop(columns=["paid_rate", "street_error", "reason"]),
            _profit(found),
            money.drop(columns="partner_id"),
            costs.drop(columns=["partner_id", "left_out"]),
            time.drop(columns=["partner_id", "reason", "time_error", "hours_error", "months_there"]),
            _by_the_hour(portfolio, found, time, hours, rng),
        ],
        axis=1,
    )
    reason, left_out = _said(price["reason"], time["reason"], costs["left_out"], attach)
    return Books(rows.assign(attach_rate=attach, left_out=left_out, reason=reason), found.draws, found.services_draws, hours)


def _profit(found: TradeProfit) -> pd.DataFrame:
    made: dict[str, Array] = {}
    for name in ("margin", "resale", "services", "profit"):
        title = {"margin": "resale_margin", "profit": "gross_profit"}.get(name, f"{name}_profit")
        low, high = getattr(found, f"{name}_ends")
        made |= {title: getattr(found, name), f"{title}_low": low, f"{title}_high": high}
    return pd.DataFrame(made)


def _money_from_us(portfolio: Portfolio) -> pd.DataFrame:
    """partner_id, incentives (all paid in the 12 months), incentives_earned (rebates, bonuses, spiffs: on top of the price paid),
    marketing_funds (spent on campaigns, no earning), invoice_discounts (in the price paid already); null where none are on record."""
    ids = portfolio.partners["partner_id"]
    if not portfolio.has("incentives"):
        nothing = np.full(len(ids), np.nan)
        return pd.DataFrame(
            {"partner_id": ids} | dict.fromkeys(("incentives", "incentives_earned", "marketing_funds", "invoice_discounts"), nothing)
        )
    rows = counted(portfolio)
    marketing = rows["programme"].isin(MARKETING)

    def total(chosen: pd.Series[Any]) -> Array:
        sums: Array = aligned(rows[chosen].groupby("partner_id")["amount"].sum(), ids).fillna(0.0).to_numpy(dtype=float)
        return sums

    return pd.DataFrame(
        {
            "partner_id": ids,
            "incentives": total(rows["amount"].notna()),
            "incentives_earned": total(~marketing & ~rows["on_invoice"]),
            "marketing_funds": total(marketing),
            "invoice_discounts": total(rows["on_invoice"]),
        }
    )


def _attach(partners: pd.DataFrame) -> Array:
    """Services a partner sells for each unit of goods it resells, over all its business; nan where it states too little."""
    services = partners["services_share"].astype("float64").to_numpy()
    goods = partners["resale_share"].astype("float64").to_numpy()
    goods = np.where(np.isfinite(goods), goods, 1 - services)
    some = goods >= LEAST_RESALE
    return np.where(some, services / np.where(some, goods, 1.0), np.nan)


def _by_the_hour(portfolio: Portfolio, found: TradeProfit, time: pd.DataFrame, hours: Array, rng: np.random.Generator) -> pd.DataFrame:
    """What an hour of their salespeople earns with us, at other partners of their kind, and on all they sell."""
    on_line = time["hours_on_line"].to_numpy()
    on_line = np.where(on_line > 0, on_line, np.nan)
    rate = found.profit / on_line
    low, high = interval(found.draws / hours)
    usual = _usual(portfolio.partners["partner_type"], rate, np.isfinite(found.services))
    active = portfolio.per_partner(count=ACTIVE_MONTHS).to_numpy() > 0
    told = np.isfinite(rate) & np.isfinite(usual) & active
    margin = portfolio.settings.economics.partner_margin
    turnover = portfolio.partners["annual_revenue"].astype("float64").to_numpy()
    there = time["months_there"].to_numpy() / 12
    everything = np.where((turnover > 0) & (there > 0), turnover * there, np.nan) * (np.nan if margin is None else margin)
    share = time["time_share"].to_numpy()
    index = found.profit / (share * everything)
    doubt = np.sqrt(TURNOVER_DOUBT**2 + ALTERNATIVE_DOUBT**2 + time["time_error"].to_numpy() ** 2)
    worse, better = interval(
        found.draws / (share * everything)[:, None] * np.exp(doubt[:, None] * rng.standard_normal(found.draws.shape))
        if np.isfinite(everything).any()
        else np.full((len(rate), 1), np.nan)
    )
    return pd.DataFrame(
        {
            "profit_per_rep_hour": rate,
            "profit_per_rep_hour_low": np.fmin(low, rate),
            "profit_per_rep_hour_high": np.fmax(high, rate),
            "kind_profit_per_rep_hour": usual,
            "against_kind": np.select([told & (high < usual), told & (low > usual), told], ["below", "above", "alike"], "cannot_tell"),
            "alternative_per_rep_hour": everything / (on_line / share),
            "hour_index": index,
            "hour_index_low": np.fmin(worse, index),
            "hour_index_high": np.fmax(better, index),
            "worth_their_while": np.select([active & (better < 1), active & (worse > 1)], ["no", "yes"], "cannot_tell"),
        }
    )


def _usual(kind: pd.Series[Any], rate: Array, serviced: Array) -> Array:
    """The median rate of each partner's kind, of those whose books are as complete; nan where fewer than ENOUGH_OF_KIND are known."""
    keys = [kind.fillna("unknown").reset_index(drop=True), pd.Series(serviced)]
    grouped = pd.Series(rate).groupby(keys)
    made: Array = grouped.transform("median").where(grouped.transform("count") >= ENOUGH_OF_KIND).to_numpy(dtype=float)
    return made


def _said(price: pd.Series[Any], time: pd.Series[Any], costs: pd.Series[Any], attach: Array) -> tuple[pd.Series[Any], pd.Series[Any]]:
    """Why numbers are missing, and what the profit leaves out."""
    idle = price.isin([BOUGHT_NOTHING, RETURNED])
    why = [
        "; ".join(part for part in (first, None if nothing else second) if isinstance(part, str)) or None
        for first, second, nothing in zip(price, time, idle, strict=True)
    ]
    out = [
        "; ".join(filter(None, ("" if known else f"{SERVICES}: {_NO_SHARE}", cost)))
        for known, cost in zip(np.isfinite(attach), costs, strict=True)
    ]
    return pd.Series(why, dtype="str"), pd.Series(out, dtype="str").replace("", None)
