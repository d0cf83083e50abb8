"""A channel's parameters, estimated on its months, with what is not known of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from prmkit.estimators import activation as activations
from prmkit.estimators.attrition import AGE_BANDS, Attrition, LifeTable, fit_attrition, hazard_shock, life_table, monthly, still_selling
from prmkit.estimators.bootstrap import bayesian_weights
from prmkit.estimators.growth import MATURE, Growth, like_for_like
from prmkit.estimators.lives import Lives, close_quiet, lives
from prmkit.estimators.ramp import Ramp, fit_ramp, linear
from prmkit.estimators.yields import Yields, fit_yields

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

RESAMPLES = 100
MIN_MONTHS = 12
MIN_UNITS = 20
_POOL = 30
_PROBABLY_GONE = 0.5
_TIE_PRIOR = 10
_TIE_LIMITS = (0.25, 4.0)


@dataclass(frozen=True, slots=True)
class Assumed:
    """What a person sets instead of what is estimated; None leaves the estimate. Attrition and activation are shares."""

    ramp_months: float | None = None
    activation: float | None = None
    attrition: float | None = None


@dataclass(frozen=True)
class Channel:
    """Everything estimated on one panel; B weightings of its units carry what is not known of the parameters.

        size_class (n,): 0 to 2 by yield; alive (n,): chance of selling again; closed (n,): life counted as ended;
    gone (n,): left for good; pool: units whose yields stand
        for a recruit's; tie (B, 13): what past starters really sold up to each month of age over what the parts
    give; activated (B,): draws of activation.
    """

    lives: Lives
    growth: Growth
    table: LifeTable
    attrition: Attrition
    ramp: Ramp
    yields: Yields
    activation: activations.Activation
    size_class: Whole
    alive: Array
    closed: NDArray[np.bool_]
    gone: NDArray[np.bool_]
    weights: Array
    pool: Whole
    tie: Array
    activated: Array

    @property
    def resamples(self) -> int:
        """How many weightings there are."""
        return len(self.weights)

    def survival(self, draw: int, months: int) -> Array:
        """Share (3, months + 1) of starters of each size class still alive at the beginning of each month of age."""
        age = np.broadcast_to(np.arange(months), (3, months))
        stay = 1 - self.attrition.of(draw, np.arange(3), age)
        share: Array = np.concatenate([np.ones((3, 1)), np.cumprod(stay, axis=1)], axis=1)
        return share


def too_thin(revenue: Array) -> str | None:
    """Why a panel cannot carry a forecast, or None."""
    n = int((revenue > 0).any(axis=1).sum())
    if revenue.shape[1] < MIN_MONTHS:
        return f"{revenue.shape[1]} months of sales are too few: a year's attrition needs at least {MIN_MONTHS}"
    if n < MIN_UNITS:
        return f"{n} partners with sales are too few: at least {MIN_UNITS} are needed"
    return None


def fit_channel(
    revenue: Array,
    signed: Array | None = None,
    activation: activations.Activation | None = None,
    *,
    gone: NDArray[np.bool_] | None = None,
    seed: int,
    resamples: int = RESAMPLES,
) -> Channel:
    """Estimate a channel on its monthly revenue (n, h), oldest month first.

    signed: as in `lives`. activation: None where every unit of the panel counts as signed. gone: (n,)
    units known to have left, whatever they sold. Raises ValueError where `too_thin` gives a reason.
    """
    reason = too_thin(revenue)
    if reason:
        raise ValueError(reason)
    life = lives(revenue, signed)
    alive = still_selling(life)
    left = np.zeros(len(revenue), dtype=bool) if gone is None else gone
    life = close_quiet(life, alive < _PROBABLY_GONE)
    weights = bayesian_weights(len(revenue), resamples, seed)
    growth = like_for_like(life, weights)
    middle = life.months - 6 - (np.arange(life.months) + 0.5)
    level_prices = life.revenue * np.exp(growth.mean * middle / 12)
    ramp = fit_ramp(life, level_prices, weights)
    yields = fit_yields(life, level_prices, ramp.curve.mean(axis=0))
    cuts = np.quantile(yields.level[life.sold], [1 / 3, 2 / 3])
    size_class = np.digitize(yields.level, cuts).astype(np.int64)
    table = life_table(life)
    attrition = _anchored(fit_attrition(table, size_class, weights), life)
    started = np.flatnonzero(life.sold & life.dated & (life.start >= 0) & (yields.level > 0))
    pool = started if len(started) >= _POOL else np.flatnonzero(yields.level > 0)
    share = activation or activations.share_selling(int(life.sold.sum()), len(revenue))
    rng = np.random.default_rng([seed, 1])
    shock = hazard_shock(life, attrition, size_class)
    channel = Channel(
        lives=life,
        growth=growth,
        table=table,
        attrition=attrition,
        ramp=ramp,
        yields=yields,
        activation=share,
        size_class=size_class,
        alive=np.where(left, 0.0, alive),
        closed=life.lapsed | (alive < _PROBABLY_GONE),
        gone=left,
        weights=weights,
        pool=pool,
        tie=np.ones((resamples, MATURE + 1)),
        activated=share.draws(resamples, rng),
    )
    channel = replace(channel, tie=_tie(channel, level_prices))
    return scale_attrition(channel, np.exp(shock * rng.standard_normal(resamples) - shock**2 / 2))


def _anchored(rates: Attrition, life: Lives) -> Attrition:
    """Ages and sizes as counted, all of them scaled to the chance of leaving that months with and without a sale give together.

    A count of lapses needs a silence long enough to tell; slow units and late ones have none, which makes it low.
    """
    by = life.beat.leaves / float(rates.pooled.mean()) if life.sold.any() else 1.0
    return replace(rates, hazard=rates.hazard * by, pooled=rates.pooled * by)


def _tie(channel: Channel, revenue: Array) -> Array:
    life, pool = channel.lives, channel.pool
    seen = np.flatnonzero(life.sold & life.dated & (life.start >= 0) & (life.start <= life.months - MATURE))
    tie = np.ones((channel.resamples, MATURE + 1))
    if len(seen) < _POOL:
        return tie
    position = life.start[seen][:, None] + np.arange(MATURE)
    year = np.cumsum(np.take_along_axis(revenue[seen], position, axis=1), axis=1)
    real = (channel.weights[:, seen] @ year) / channel.weights[:, seen].sum(axis=1, keepdims=True)
    for draw in range(channel.resamples):
        money = np.bincount(channel.size_class[pool], channel.weights[draw, pool] * channel.yields.level[pool], minlength=3)
        alive = money @ channel.survival(draw, MATURE)[:, :MATURE] / channel.weights[draw, pool].sum()
        tie[draw, 1:] = real[draw] / np.maximum(np.cumsum(alive * channel.ramp.curve[draw][:MATURE]), 1e-12)
    tie[:, 0] = tie[:, 1]
    limited: Array = np.clip(tie, *_TIE_LIMITS) ** (len(seen) / (len(seen) + _TIE_PRIOR))
    return limited


def assume(channel: Channel, assumed: Assumed) -> Channel:
    """The channel with a person's own numbers in place of the estimates; what is assumed is then taken as certain."""
    if assumed.attrition is not None:
        flat = np.full((channel.resamples, len(AGE_BANDS)), monthly(assumed.attrition))
        rates = replace(channel.attrition, hazard=flat, size=np.ones((channel.resamples, 3)), pooled=flat[:, 0])
        channel = replace(channel, attrition=rates)
    if assumed.ramp_months is not None:
        curve = np.append(linear(assumed.ramp_months, np.arange(MATURE)), 1.0)
        channel = replace(channel, ramp=replace(channel.ramp, curve=np.tile(curve, (channel.resamples, 1)), estimated=True))
    if assumed.activation is not None:
        if not 0 <= assumed.activation <= 1:
            raise ValueError("activation is a share, from 0 to 1")
        channel = replace(channel, activated=np.full(channel.resamples, assumed.activation))
    return channel


def scale_attrition(channel: Channel, factor: Array | float) -> Channel:
    """The same channel with every lapse rate multiplied, one factor or one for each weighting (B,)."""
    by = np.broadcast_to(np.asarray(factor, dtype=float), (channel.resamples,))
    rates = channel.attrition
    return replace(channel, attrition=replace(rates, hazard=rates.hazard * by[:, None], pooled=rates.pooled * by))
