"""Fair contribution: what a partner is expected to bring once luck is taken out.

Three parts, each drawn towards like partners by how thin its record is: how often it orders, how
large its orders are, and what margin they carry. Posterior draws of their product, hyper-parameters
drawn too, are scaled so that the whole ties with the ledger, less the partner's own incentives and cost to serve.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.estimators.order_rate import fit_order_rate
from prmkit.estimators.order_value import fit_order_value
from prmkit.estimators.shrinkage import hierarchy
from prmkit.practices.gross_margin import monthly_margin
from prmkit.practices.peers import peers
from prmkit.practices.tenure import exposure

Array = NDArray[np.float64]

ENOUGH_PARTNERS = 10
_DRAWS = 400
_CHUNK = 2_000
_WILD = 1.0


@dataclass(frozen=True)
class FairDraws:
    """Posterior draws for every partner of the client, for the same 12 months.

    partner_id: (n,) in id order. revenue, margin: (n, d) expected revenue and gross margin in
    currency. peer_rate: (n,) gross margin rate of like partners. months: (n,) months of the 12 that
    the partner was there. family, cv2: shape and spread of order values. ties: revenue of the ledger
    over revenue as first modelled, before scaling.
    """

    partner_id: pd.Series
    revenue: NDArray[np.float32]
    margin: NDArray[np.float32]
    peer_rate: Array
    months: Array
    family: str
    cv2: float
    ties: float


@dataclass(frozen=True, slots=True)
class TooThin:
    """Why there is no fair contribution, and what it would take."""

    reason: str
    needs: str


@reads("economics", "prune.include")
def fit_fair(portfolio: Portfolio) -> FairDraws | TooThin:
    """Draws of expected revenue and margin of each partner of the client (pass the whole client: portfolio.fitted does).

    TooThin where margins are not known, or fewer than ten partners ordered in the 12 months, or none
    ordered in two different months.
    """
    monthly = monthly_margin(portfolio)
    orders = portfolio.orders[(portfolio.orders["month"] < 12) & (portfolio.orders["orders"] > 0)]
    if len(monthly) and monthly["margin"].isna().all():
        return TooThin("no sales line carries a cost and the engagement names no gross margin", "sales.cost")
    monthly = monthly.dropna(subset="margin")
    orders = orders.merge(monthly[["partner_id", "month"]], on=["partner_id", "month"])
    value = monthly[monthly["revenue"] > 0].merge(orders[["partner_id", "month", "orders"]], on=["partner_id", "month"])
    if value["partner_id"].nunique() < ENOUGH_PARTNERS or value.groupby("partner_id")["month"].nunique().max() < 2:
        reason = (
            f"fewer than {ENOUGH_PARTNERS} partners ordered in the last 12 months, or none in two of them: luck cannot be told from skill"
        )
        return TooThin(reason, "sales")
    return _draws(portfolio, monthly, orders, value)


def _draws(portfolio: Portfolio, monthly: pd.DataFrame, orders: pd.DataFrame, value: pd.DataFrame) -> FairDraws:
    rng = np.random.default_rng([portfolio.settings.seed, 5])
    index = pd.Index(portfolio.partners["partner_id"])
    n = len(index)
    span = exposure(portfolio)
    count = orders.groupby("partner_id")["orders"].sum().reindex(index, fill_value=0).to_numpy(dtype=float)
    given = np.minimum(span["given_orders"].to_numpy(dtype=float), count)
    months = span["months"].to_numpy(dtype=float)
    earlier = _year_before(portfolio, index)
    alike = peers(portfolio, earlier[["orders"]])
    rate = fit_order_rate(count - given, months, alike.design, alike.blocks, rng, _DRAWS)

    buyer = index.get_indexer(value["partner_id"])
    size = fit_order_value((value["revenue"] / value["orders"]).to_numpy(), value["orders"].to_numpy(dtype=float), buyer, n)
    alike = peers(portfolio, earlier[["log_order"]])
    sizes = hierarchy(size.log_mean, size.variance, alike.design, alike.blocks, rng, _DRAWS)
    usual = pd.DataFrame({"rate": earlier["rate"], "log_order": pd.Series(size.log_mean).where(np.isfinite(size.variance))})
    own_rate, rate_variance = _margin_rates(value, buyer, n)
    alike = peers(portfolio, usual)
    rates = hierarchy(own_rate, rate_variance, alike.design, alike.blocks, rng, _DRAWS)

    frequency, order, margin_rate = (np.empty((n, _DRAWS), dtype=np.float32) for _ in range(3))
    for start in range(0, n, _CHUNK):
        rows = slice(start, min(start + _CHUNK, n))
        frequency[rows] = given[rows, None] + rate.draw(rows, rng) * months[rows, None]
        order[rows] = np.exp(sizes.draw(rows, rng))
        margin_rate[rows] = rates.draw(rows, rng)
    ledger = monthly.groupby("partner_id")[["revenue", "margin"]].sum().reindex(index, fill_value=0.0)
    scale, shift = _ties(ledger, count, order, margin_rate, rng)
    revenue = (frequency * order * scale).astype(np.float32)
    # what like partners are sold to at, without this one's own past
    peer_rate = alike.without("rate") @ rates.coefficients.mean(axis=0) + float(shift.mean())
    margin = (revenue * (margin_rate + shift)).astype(np.float32)
    return FairDraws(
        partner_id=portfolio.partners["partner_id"],
        revenue=revenue,
        margin=margin,
        peer_rate=peer_rate,
        months=months,
        family=size.family,
        cv2=size.cv2,
        ties=float(scale.mean()),
    )


def _year_before(portfolio: Portfolio, index: pd.Index) -> pd.DataFrame:
    """orders (log), log_order, rate of months 12 to 23 for every partner, null where it was not there yet."""
    before = portfolio.orders[portfolio.orders["month"].between(12, 23)]
    sums = before.groupby("partner_id")[["revenue", "orders"]].sum().reindex(index)
    known = portfolio.orders[portfolio.orders["month"] >= 24]["partner_id"].unique()
    there = index.isin(known) | sums["orders"].notna().to_numpy()
    ledger = monthly_margin(portfolio, first=12).groupby("partner_id")[["revenue", "margin"]].sum(min_count=1).reindex(index)
    sold = (sums["orders"] > 0) & (sums["revenue"] > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        log_order = pd.Series(np.log(sums["revenue"] / sums["orders"]), index=index).where(sold)
        rate = (ledger["margin"] / ledger["revenue"]).where(sold)
    frame = pd.DataFrame({"orders": np.log1p(sums["orders"].fillna(0.0)).where(there), "log_order": log_order, "rate": _tame(rate)})
    return frame.reset_index(drop=True)


def _margin_rates(value: pd.DataFrame, buyer: NDArray[np.int64], n: int) -> tuple[Array, Array]:
    """Own margin rate of each partner and its sampling variance (inf without sales), months weighted by revenue."""
    revenue = value["revenue"].to_numpy(dtype=float)
    monthly = _tame(value["margin"] / value["revenue"]).to_numpy(dtype=float)
    total = np.bincount(buyer, revenue, minlength=n)
    squares = np.bincount(buyer, revenue**2, minlength=n)
    own = np.divide(np.bincount(buyer, revenue * monthly, minlength=n), total, out=np.zeros(n), where=total > 0)
    uneven = np.divide(squares, total, out=np.zeros(n), where=total > 0)
    freedom = float((total - uneven).sum())
    spread = float(np.sum(revenue * (monthly - own[buyer]) ** 2)) / freedom if freedom > 0 else 0.0
    variance = np.divide(spread * squares, total**2, out=np.full(n, np.inf), where=total > 0)
    return own, variance


def _tame(rate: pd.Series) -> pd.Series:
    """Rates more than a whole revenue away from the usual one, drawn in to it: a one-dollar order sold at ten must not decide."""
    centre = float(rate.median()) if rate.notna().any() else 0.0
    return rate.clip(centre - _WILD, centre + _WILD)


def _ties(
    ledger: pd.DataFrame, count: Array, order: NDArray[np.float32], rate: NDArray[np.float32], rng: np.random.Generator
) -> tuple[Array, Array]:
    """Per draw, the factor on revenue and the shift of the rate that make the whole agree with the ledger.

    Partners are re-weighted at random in every draw (Rubin's Bayesian bootstrap), so that the chance
    in the ledger's own total is carried too.
    """
    revenue, margin = (ledger[name].to_numpy(dtype=float) for name in ("revenue", "margin"))
    scale, shift = np.ones(_DRAWS), np.zeros(_DRAWS)
    for draw in range(_DRAWS):
        weight = rng.standard_exponential(len(count))
        modelled = float(np.sum(weight * count * order[:, draw]))
        sold = float(np.sum(weight * revenue))
        if modelled > 0 and sold > 0:
            scale[draw] = sold / modelled
            shift[draw] = float(np.sum(weight * (margin - revenue * rate[:, draw]))) / sold
    return scale, shift
