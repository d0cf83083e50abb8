"""How revenue answers to several levers at once, on the draws of one case."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.estimators.attrition import yearly
from prmkit.estimators.capacity import Recruits
from prmkit.estimators.channel import scale_attrition
from prmkit.estimators.predictive import attrition_effect
from prmkit.estimators.recruitment import expected_months
from prmkit.practices.reach.count.case import Case, case_of
from prmkit.practices.reach.moves.dormant import late_start, not_selling
from prmkit.practices.reach.moves.families import further_family
from prmkit.practices.reach.moves.leaks import price_leak

Array = NDArray[np.float64]

TAKES_HOLD = 3
"""Months over which a change comes into force."""
_NO_MONTH = 1e-6
_REFERENCE = -0.2
_STREAM = 63


@dataclass(frozen=True, slots=True)
class Pull:
    """How far each lever is moved: activation, share of those signed, added; ramp and retention, proportions (below 0);
    yields, proportion; families, share of the partners lacking one; leak, share closed; recruits, partners signed."""

    activation: float = 0.0
    ramp: float = 0.0
    retention: float = 0.0
    yields: float = 0.0
    families: float = 0.0
    leak: float = 0.0
    recruits: int = 0

    def times(self, share: float) -> Pull:
        """The same levers, all but recruits moved by `share` of it."""
        return Pull(
            activation=share * self.activation,
            ramp=share * self.ramp,
            retention=share * self.retention,
            yields=share * self.yields,
            families=share * self.families,
            leak=share * self.leak,
            recruits=self.recruits,
        )


@dataclass(frozen=True)
class Response:
    """Draws (D,) of a case and what each lever does to them, everything but the past with the common trend on it.

    kept, kept_new: factor of present partners' and recruits' sales if lapses fell by a fifth. faster: by how much recruits would sell
    more without any ramp. one: sales of a signed partner that is brought to sell; silent: how many of those would answer as recruits do.
    family: sales if every partner lacking a family took one up; lacking: how many. leak: discount that could be closed; lost: share of it
    that is lost again in volume. hold, hold_kept, hold_new: which part of a full year's effect falls into the window.
    """

    case: Case
    recruits: Recruits
    kept: Array
    kept_new: Array
    faster: Array
    activated: Array
    one: Array
    silent: float
    family: Array
    lacking: int
    leak: Array
    lost: Array
    hold: float
    hold_kept: float
    hold_new: float

    def total(self, pull: Pull) -> Array:
        """Draws (D,) of revenue in the goal's 12 months with all these levers moved."""
        more = 1 + pull.yields * self.hold
        present = self.case.coming * self.case.trend * self.kept ** (self.hold_kept * pull.retention / _REFERENCE)
        drawn: Array = self.case.past + more * (present + self._brought_to_sell(pull) + self._signed(pull))
        drawn += pull.families * self.family + pull.leak * self.hold * self.leak * (1 - self.lost)
        return drawn

    def margin(self, pull: Pull, rate: float) -> Array:
        """Draws (D,) of the gross margin on what that adds: discount that is not given costs nothing to make."""
        closed = pull.leak * self.hold * self.leak
        added = self.total(pull) - self.total(Pull())
        drawn: Array = rate * (added - closed * (1 - self.lost)) + closed * (1 - rate * self.lost)
        return drawn

    def partners_more(self, pull: Pull) -> Array:
        """Draws (D,) of partners more than without these levers that sell: they have to be looked after."""
        activated = np.minimum(self.activated + pull.activation * self.hold_new, 1.0)
        more: Array = pull.recruits * activated + pull.activation * self.silent + self.partners_kept(pull.retention)
        return more

    def partners_kept(self, change: float) -> Array:
        """Draws (D,) of present partners that stay within a year because lapses fall by so much."""
        lost = yearly(self.case.channel.attrition.pooled)
        kept: Array = -change * self.case.productive * np.repeat(lost, len(self.lost) // len(lost))
        return kept

    def _signed(self, pull: Pull) -> Array:
        if pull.recruits <= 0:
            return np.zeros(len(self.case.trend))
        selling = np.minimum(self.activated + pull.activation * self.hold_new, 1.0) / np.maximum(self.activated, 1e-9)
        faster = 1 - pull.ramp * self.hold_new * self.faster
        kept = self.kept_new ** (self.hold_new * pull.retention / _REFERENCE)
        drawn: Array = self.recruits.revenue(pull.recruits) * selling * faster * kept
        return drawn

    def _brought_to_sell(self, pull: Pull) -> Array:
        faster = 1 - pull.ramp * self.hold_new * self.faster
        drawn: Array = pull.activation * self.silent * self.hold_new * self.one * faster
        return drawn


def response_of(case: Case) -> Response:
    """What each lever does, worked out once for a portfolio; what only prices it is that of the case at hand."""
    return replace(case.portfolio.kept(_responded), case=case)


@reads("reach", "goal")
def _responded(portfolio: Portfolio) -> Response:
    case = case_of(portfolio)
    assert case is not None
    return respond(case)


def respond(case: Case) -> Response:
    """Work out once what each lever does."""
    channel, window, seed = case.channel, case.target.window, case.portfolio.settings.seed
    draws = len(case.trend)
    each = draws // channel.resamples
    effect = attrition_effect(channel, case.rows, window, 1 + _REFERENCE, seed)
    pooled = channel.attrition.pooled
    lapse = np.repeat(pooled / max(float(pooled.mean()), 1e-12), each)
    months, steep = expected_months(channel, window), expected_months(channel, window, ramp=False)
    calm = expected_months(scale_attrition(channel, 1 + _REFERENCE), window)
    rng = np.random.default_rng([seed, _STREAM])
    activated = np.repeat(channel.activated, each)
    recruits = case.grown()
    inside = _Hold.of(case)
    asleep = not_selling(case.portfolio)
    waiting = int(asleep["waiting"].fillna(False).sum())
    late = case.portfolio.fitted(late_start).share / max(float(activated.mean()), 1e-9)
    weaker = rng.uniform(0.5, 1.0, draws)
    family, lacking = _family(case, inside.first_year, draws)
    leaked, _ = case.portfolio.fitted(price_leak).of(case.portfolio)
    return Response(
        case=case,
        recruits=recruits,
        kept=1 + (effect - 1) * lapse,
        kept_new=np.repeat(_times(calm, months), each),
        faster=np.repeat(_times(steep, months), each) - 1,
        activated=activated,
        one=recruits.mean / np.maximum(activated, 1e-9) * weaker,
        silent=waiting + min(late, 1.0) * (len(asleep) - waiting),
        family=family,
        lacking=lacking,
        leak=np.resize(leaked, draws) * case.trend,
        lost=rng.uniform(0.0, 1.0, draws),
        hold=inside.present,
        hold_kept=inside.kept,
        hold_new=inside.new,
    )


def _times(then: Array, now: Array) -> Array:
    """Mature months then over those now; 1 where a recruit brings next to none either way."""
    made: Array = np.divide(np.maximum(then, 0.0), now, out=np.ones(len(now)), where=now > _NO_MONTH)
    return made


def _family(case: Case, first_year: float, draws: int) -> tuple[Array, int]:
    """Sales in the window if every partner of the case that lacks a family took one up, on top of what it sells."""
    found = case.portfolio.fitted(further_family)
    base = found.base[found.base.index.isin(pd.Index(case.portfolio.partners["partner_id"]))]
    if found.reason or base.empty:
        return np.zeros(draws), 0
    drawn: Array = np.resize(found.ratio, draws) * float(base.sum()) * first_year * case.trend
    return drawn, len(base)


@dataclass(frozen=True, slots=True)
class _Hold:
    """Parts of a full effect that fall into the window when a change takes three months to come into force.

    present: of a rise in sales; kept: of fewer lapses, whose effect adds up; new: of a change to what recruits do; first_year:
    of the first 12 months of something begun evenly from now to the window's end.
    """

    present: float
    kept: float
    new: float
    first_year: float

    @classmethod
    def of(cls, case: Case) -> _Hold:
        inside = case.target.window.weights()
        months = np.arange(len(inside))
        force = np.clip((months + 0.5) / TAKES_HOLD, 0.0, 1.0)
        sold = case.now.path[case.rows].sum(axis=0)[: len(inside)] * inside
        sold = sold if sold.sum() > 0 else inside
        left = np.cumsum(inside[::-1])[::-1] - inside / 2
        year = np.array([inside[at : at + 12].sum() - inside[at] / 2 for at in months]) / 12
        return cls(
            present=float((sold * force).sum() / sold.sum()),
            kept=float((sold * np.cumsum(force)).sum() / (sold * (months + 1)).sum()),
            new=float((left * force).sum() / left.sum()),
            first_year=float((year * force).mean()),
        )
