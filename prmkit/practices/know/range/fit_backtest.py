"""Would the next families have been right? Learnt from what was known a year ago, against the year since."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.calibration import auc
from prmkit.estimators.landmark import Total, expected_total
from prmkit.practices.know.range.product_mix import CENT, ProductMix, product_mix
from prmkit.practices.know.range.take_up import AHEAD, Array, Codes, Look, learn, look, taken_up, value_inputs

FEWEST_SEEN = 10


@dataclass(frozen=True)
class FitBacktest:
    """One year's test. auc: how well take-ups were ranked among all pairs; popular_auc: by how many sell the family.

    taken, popular_taken, revenue_taken: share of partners that took up the family named first: by chance; by the most popular one it
    lacks; by the one with the most revenue a seller. brought, popular_brought, revenue_brought: revenue in the year from the family
    named first by expected revenue, and by the two rules. total: expected take-ups with the 90% range of what is seen; seen: how many
    came. partners: how many had a family to be named. pairs (m rows): partner, family, chance, taken, as looked at.
    """

    auc: float
    popular_auc: float
    taken: float
    popular_taken: float
    revenue_taken: float
    stated: float
    brought: float
    popular_brought: float
    revenue_brought: float
    total: Total
    seen: int
    partners: int
    pairs: pd.DataFrame


def fit_backtest(portfolio: Portfolio) -> FitBacktest | None:
    """The test on a whole client (hand it to `portfolio.fitted`); None where a year ago there was not enough to learn from."""
    mix = product_mix(portfolio)
    if mix is None:
        return None
    seed = portfolio.settings.seed
    learnt = learn(mix, AHEAD, seed)
    if learnt.chance is None:
        return None
    then = look(mix, AHEAD, learnt.look_back)
    event = taken_up(mix, then)
    if min(event.sum(), (~event).sum()) < FEWEST_SEEN:
        return None
    features = np.column_stack(list(then.features.values()))
    chance = learnt.chance.chance(features)[0]
    some = np.sort(np.random.default_rng([seed, 54]).permutation(len(event))[:5_000])
    scale = len(event) / len(some)
    told = expected_total(
        learnt.chance.ahead(features[some], np.random.default_rng([seed, 55])), np.full(len(some), scale), np.random.default_rng([seed, 56])
    )
    first = np.ones(len(event))
    if learnt.value is not None:
        inputs = value_inputs(mix, then.size[then.partner], then.often[then.partner], then.partner)
        first = learnt.value.expected(inputs, then.family, slice(0, 1))[:, 0] * learnt.usual[then.family]
    carried = then.features["carried"]
    a_seller = _revenue_a_seller(mix, then)[then.family]
    after = mix.sold(0, AHEAD)[then.partner, then.family]
    named = {
        name: _first_named(then.partner, score)
        for name, score in (("chance", chance), ("worth", chance * first), ("popular", carried), ("revenue", a_seller))
    }
    return FitBacktest(
        auc=auc(chance, event) or 0.5,
        popular_auc=auc(carried, event) or 0.5,
        taken=float(event[named["chance"]].mean()),
        popular_taken=float(event[named["popular"]].mean()),
        revenue_taken=float(event[named["revenue"]].mean()),
        stated=float(chance[named["chance"]].mean()),
        brought=float(after[named["worth"]].sum()),
        popular_brought=float(after[named["popular"]].sum()),
        revenue_brought=float(after[named["revenue"]].sum()),
        total=told,
        seen=int(event.sum()),
        partners=len(named["chance"]),
        pairs=pd.DataFrame({"partner": then.partner, "family": then.family, "chance": chance, "taken": event}),
    )


def _first_named(partner: Codes, score: Array) -> Codes:
    """Per partner the position of its pair with the highest score; the larger family where two are alike."""
    order = np.lexsort((np.arange(len(score)), -score, partner))
    made: Codes = order[np.r_[True, np.diff(partner[order]) != 0]]
    return made


def _revenue_a_seller(mix: ProductMix, then: Look) -> Array:
    year = np.maximum(mix.sold(then.month, 12), 0.0)
    made: Array = year.sum(axis=0) / np.maximum((year > CENT).sum(axis=0), 1)
    return made
