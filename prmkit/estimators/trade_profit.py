"""What a year of reselling one supplier's goods leaves a reseller, with every doubt about it carried along as draws."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtr, ndtri

from prmkit.estimators.annual_noise import AnnualNoise

Array = NDArray[np.float64]

MARGIN_DOUBT = 0.4
"""Standard error of a margin on services, on the log-odds scale: 40% lies between 26% and 56% nine times in ten."""
ATTACH_DOUBT = 0.4
"""Standard error, on the log scale, of services sold around a line when only services sold around all lines are known."""
BURDEN_DOUBT = 0.5
PASSED_DOUBT = 0.15
"""How far a stated share passed on may be off either way."""
SHARED = 0.5
"""Which part of the variance of an unknown habit (what is passed on, what services earn) all resellers have in common."""
_CHUNK = 4_000


@dataclass(frozen=True, slots=True)
class Trade:
    """A year of n resellers, arrays (n,). Money in one currency, nan where not known.

    paid: what they paid for the goods, returns taken off. paid_rate: paid / list price. street_rate: what customers paid / list price,
    with its standard error on the log scale. attach: services they sell for each unit of goods sold. granted: money that came on top,
    less costs that are known. burden: costs that are only roughly known. months: buying months behind `paid`.
    """

    paid: Array
    paid_rate: Array
    street_rate: Array
    street_error: Array
    attach: Array
    granted: Array
    burden: Array
    months: Array


@dataclass(frozen=True, slots=True)
class TradeProfit:
    """margin, resale, services, profit (n,): the best single figures; margin is a fraction of the price to customers, resale + services +
    granted - burden = profit, nan where neither resale nor services can be worked out; a part that cannot counts as nothing there.
    margin_ends, resale_ends, services_ends, profit_ends (2, n): ends of 90% intervals. draws, services_draws
    (n, draws): of profit and of what services bring of it.
    """

    margin: Array
    resale: Array
    services: Array
    profit: Array
    margin_ends: Array
    resale_ends: Array
    services_ends: Array
    profit_ends: Array
    draws: Array
    services_draws: Array


def trade_profit(
    trade: Trade, services_margin: float, passed_on: float | None, luck: AnnualNoise, rng: np.random.Generator, draws: int = 200
) -> TradeProfit:
    """Profit of each reseller from the trade in an ordinary year such as this one.

    services_margin: what services leave, a fraction of their price (above 0, below 1 or 1 exactly). passed_on: which part of the discount
    off list is passed on to customers where `street_rate` is not known; None for anything from none to all, with a half as the
    single figure. luck: how much of a year's volume is chance. The unknown habits are partly common to all: their average stays unsure.
    """
    count = len(trade.paid)
    usual = 0.5 if passed_on is None else passed_on
    street = np.where(np.isfinite(trade.street_rate), trade.street_rate, 1 - usual * (1 - trade.paid_rate))
    margin, resale, services, profit = _figures(trade, slice(None), street[:, None], np.full((1, 1), services_margin))
    # evenly spread rather than drawn: what is common to all is the one thing that many resellers do not average out
    even = ndtri((np.arange(draws) + 0.5) / draws)
    common = np.stack([rng.permutation(even), rng.permutation(even)])
    ends, drawn, serviced = np.full((4, 2, count), np.nan), np.full((count, draws), np.nan), np.full((count, draws), np.nan)
    for start in range(0, count, _CHUNK):
        rows = slice(start, start + _CHUNK)
        shape = (len(trade.paid[rows]), draws)
        habit, earns, known, around, burden = rng.standard_normal((5, *shape))
        part = ndtr(np.sqrt(SHARED) * common[0] + np.sqrt(1 - SHARED) * habit)
        if passed_on is not None:
            part = np.clip(passed_on + PASSED_DOUBT * (2 * part - 1), 0.0, 1.0)
        guess = 1 - part * (1 - trade.paid_rate[rows, None])
        seen = trade.street_rate[rows, None] * np.exp(trade.street_error[rows, None] * known)
        price = np.where(np.isfinite(trade.street_rate[rows, None]), seen, guess)
        shift = MARGIN_DOUBT * (np.sqrt(SHARED) * common[1] + np.sqrt(1 - SHARED) * earns)
        rate = expit(logit(min(services_margin, 1 - 1e-9)) + shift)
        volume = luck.redraw(np.where(trade.paid[rows] > 0, 1.0, 0.0), trade.months[rows], draws, rng)
        volume = np.where(trade.paid[rows, None] > 0, volume, 1.0)
        found = _figures(trade, rows, price, rate, volume=volume, around=np.exp(ATTACH_DOUBT * around), more=np.exp(BURDEN_DOUBT * burden))
        for place, values in enumerate(found):
            ends[place][:, rows] = interval(values)
        drawn[rows], serviced[rows] = found[3], found[2]
    ends[0] = _margin_ends(trade, passed_on)
    for place, values in enumerate((margin, resale, services, profit)):
        ends[place] = np.minimum(ends[place][0], values[:, 0]), np.maximum(ends[place][1], values[:, 0])
    first, second, third, fourth = (values[:, 0] for values in (margin, resale, services, profit))
    return TradeProfit(first, second, third, fourth, ends[0], ends[1], ends[2], ends[3], drawn, serviced)


def _margin_ends(trade: Trade, passed_on: float | None) -> Array:
    """Ends of the margin (2, n): they follow from the price alone, without draws."""
    from scipy.stats import norm

    reach = np.array([[0.95], [0.05]])
    part = reach if passed_on is None else np.clip(passed_on + PASSED_DOUBT * (2 * reach - 1), 0.0, 1.0)
    seen = trade.street_rate * np.exp(trade.street_error * np.array([[-1.0], [1.0]]) * norm.ppf(0.95))
    price = np.where(np.isfinite(trade.street_rate), seen, 1 - part * (1 - trade.paid_rate))
    made: Array = 1 - trade.paid_rate / price
    return made


def interval(drawn: Array) -> Array:
    """Ends of the 90% interval of each row of draws (2, n); nan for a row that holds nan."""
    known = np.isfinite(drawn).all(axis=1)
    ends = np.full((2, len(drawn)), np.nan)
    if known.any():
        ends[:, known] = np.quantile(drawn[known], (0.05, 0.95), axis=1)
    return ends


def _figures(
    trade: Trade,
    rows: slice,
    street: Array,
    rate: Array,
    volume: float | Array = 1.0,
    around: float | Array = 1.0,
    more: float | Array = 1.0,
) -> tuple[Array, Array, Array, Array]:
    """Margin, resale, services and profit at a price to customers (n, draws) and a margin on services."""
    paid, paid_rate = trade.paid[rows, None], trade.paid_rate[rows, None]
    sold = volume * paid * street / paid_rate
    resale = sold - volume * paid
    services = sold * trade.attach[rows, None] * around * rate
    known = np.isfinite(resale) | np.isfinite(services)
    parts = np.nan_to_num(resale) + np.nan_to_num(services) + np.nan_to_num(trade.granted)[rows, None]
    profit = np.where(known, parts - np.nan_to_num(trade.burden)[rows, None] * more, np.nan)
    return 1 - paid_rate / street, resale, services, profit
