"""The plan with some inputs moved: nothing is estimated again, and the same random numbers serve every set of inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.estimators.bootstrap import interval
from prmkit.estimators.capacity import Recruits, chance, count_for
from prmkit.estimators.channel import Channel, scale_attrition
from prmkit.estimators.moved import hazard_factor, ramp_to, share_to
from prmkit.estimators.predictive import Outlook, attrition_effect, outlook
from prmkit.estimators.recruitment import Pace, pool_mean, sharing
from prmkit.practices.reach.count.case import Case, draw_recruits
from prmkit.practices.reach.count.goal import Target
from prmkit.practices.reach.what_if.answer import CONFIDENCES, Answer, Range
from prmkit.practices.reach.what_if.asked import Input, checked
from prmkit.practices.reach.what_if.inputs import inputs
from prmkit.practices.reach.what_if.leaving import expected_to_leave
from prmkit.practices.reach.what_if.shown import shown

Array = NDArray[np.float64]
Piece = TypeVar("Piece")

_POINTS = 25
_PRESENT = {"goal_months", "attrition", "growth", "kept"}
_KEPT_PIECES = 12


class WhatIf:
    """Answers for one case under any inputs. Pieces that a change does not touch are kept from the answers before."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self._pieces: dict[tuple[Any, ...], Any] = {}

    @cached_property
    def inputs(self) -> tuple[Input, ...]:
        """Every input with what the plan takes for it."""
        return inputs(self.case, self.case.asked)

    @cached_property
    def base(self) -> Answer:
        """The plan's own answer."""
        return self.answer({})

    def answer(self, asked: Mapping[str, Any]) -> Answer:
        """The answer with the inputs in `asked` (key -> value) in place of the plan's; WrongInputs names those that cannot be."""
        moved = checked(self.inputs, asked)
        value = {one.key: one.estimate for one in self.inputs} | moved
        aim = self._target(moved)
        present = self._present(moved, aim)
        recruits = self._recruits(moved, aim, present)
        most, confidence = self.case.most, aim.confidence
        counts = {sure: _count(present, recruits, aim.revenue, sure, most) for sure in (*CONFIDENCES, confidence)}
        looked_at = int(value["recruits"] or 0)
        added = recruits.revenue(looked_at)
        cost = _cost(looked_at, value)
        needed, share = counts[confidence], value["conversion"]
        return Answer(
            moved=moved,
            by=aim.by,
            goal=aim.revenue,
            confidence=confidence,
            counts={sure: counts[sure] for sure in CONFIDENCES},
            asked=needed,
            most=most,
            candidates=needed / share if needed is not None and share else None,
            chance_now=None if aim.revenue is None else chance(present, recruits, 0, aim.revenue),
            recruits=looked_at,
            chance=None if aim.revenue is None else chance(present, recruits, looked_at, aim.revenue),
            baseline=_range(present),
            revenue=_range(present + added),
            cost=cost,
            margin_left=None if value["margin"] is None or cost is None else value["margin"] * float(added.mean()) - cost,
            capacity=None if value["onboarding"] is None else int(value["onboarding"] * self._signing_months(moved, aim)),
            seen=shown(self.case, moved, self._attrition_factor(moved)),
            curve=_curve(present, recruits, aim.revenue, max(needed or 0, looked_at, 10)),
        )

    def _target(self, moved: Mapping[str, float]) -> Target:
        aim = self.case.target
        if "goal_months" in moved:
            months = moved["goal_months"]
            whole, rest = int(months), months - int(months)
            as_of = self.case.portfolio.as_of
            by = as_of + pd.DateOffset(months=whole)
            by = by + pd.offsets.MonthEnd(0) if as_of.is_month_end else by
            aim = replace(aim, by=by + pd.Timedelta(days=round(rest * 365.25 / 12)), months=months)
        goal = moved.get("goal", self.case.revenue * (1 + moved["goal_growth"]) if "goal_growth" in moved else aim.revenue)
        return replace(aim, revenue=goal, confidence=moved.get("confidence", aim.confidence))

    def _outlook(self, moved: Mapping[str, float], aim: Target) -> Outlook:
        case = self.case
        if "goal_months" not in moved:
            return case.now
        each = len(case.now.trend) // case.channel.resamples
        return self._kept(
            ("outlook", aim.months), lambda: outlook(case.channel, [aim.window], case.portfolio.settings.seed, each, case.fit.local)[0]
        )

    def _present(self, moved: Mapping[str, float], aim: Target) -> Array:
        case, now = self.case, self._outlook(moved, aim)
        if not _PRESENT & set(moved):
            return case.present
        coming = case.coming if now is case.now else now.coming[case.rows].sum(axis=0, dtype=np.float64)
        factor = self._attrition_factor(moved)
        spared = factor * (1 - moved.get("kept", 0.0) / max(expected_to_leave(case, factor), 1e-9))
        drawn: Array = coming * now.trend * self._growth(moved, now) * self._effect(aim, max(spared, 0.0)) + now.past[case.rows].sum()
        return drawn

    def _effect(self, aim: Target, factor: float) -> float:
        if factor == 1.0:
            return 1.0
        case, seed = self.case, self.case.portfolio.settings.seed
        return self._kept(("effect", aim.months, factor), lambda: attrition_effect(case.channel, case.rows, aim.window, factor, seed))

    def _growth(self, moved: Mapping[str, float], now: Outlook) -> float:
        if "growth" not in moved:
            return 1.0
        return float(np.exp((np.log1p(moved["growth"]) - self.case.channel.growth.mean) * now.window.years_ahead))

    def _attrition_factor(self, moved: Mapping[str, float]) -> float:
        return hazard_factor(self.case.channel.attrition.pooled, moved["attrition"]) if "attrition" in moved else 1.0

    def _recruits(self, moved: Mapping[str, float], aim: Target, present: Array) -> Recruits:
        case, now = self.case, self._outlook(moved, aim)
        by = self._growth(moved, now)
        if "recruit_yield" in moved:
            by *= moved["recruit_yield"] / float(12 * pool_mean(case.channel).mean() * case.factor)
        made = self._drawn(moved, aim, now)
        made = made.scaled(now.trend if by == 1.0 else now.trend * by)
        coming = present - now.past[case.rows].sum()
        if "elasticity" in moved:
            made = self._crowded(made, moved, aim, coming)
        return made.among(float(case.productive), coming) if _PRESENT & set(moved) else made

    def _crowded(self, recruits: Recruits, moved: Mapping[str, float], aim: Target, takes: Array) -> Recruits:
        """Recruits that share the market more or less than the plan has it; where it has them find their own buyers, at one elasticity."""
        if recruits.crowding is not None:
            return replace(recruits, crowding=(*recruits.crowding[:2], share_to(recruits.crowding[2], moved["elasticity"])))
        channel = self._channel(moved)
        units, selling = max(float(self.case.productive), 1.0), float(channel.activated.mean())
        crowding = (units, selling, np.full(len(recruits.mean), moved["elasticity"]))
        return replace(recruits, crowding=crowding, sharing=sharing(channel, aim.window, takes, self._pace(moved, aim)))

    def _drawn(self, moved: Mapping[str, float], aim: Target, now: Outlook) -> Recruits:
        case, keys = self.case, ("goal_months", "activation", "ramp_months", "attrition", "signing_months")
        touched = tuple((key, moved[key]) for key in keys if key in moved)
        if not touched:
            return case.recruits
        enough = case.recruits.simulated
        return self._kept(
            ("recruits", touched),
            lambda: draw_recruits(case.portfolio, self._channel(moved), now, aim, case.rows, case.factor, enough, self._pace(moved, aim)),
        )

    def _channel(self, moved: Mapping[str, float]) -> Channel:
        channel = self.case.channel
        if "activation" in moved:
            channel = replace(channel, activated=share_to(channel.activated, moved["activation"]))
        if "ramp_months" in moved:
            curve = ramp_to(channel.ramp.curve, moved["ramp_months"])
            channel = replace(channel, ramp=replace(channel.ramp, curve=curve, estimated=True))
        return scale_attrition(channel, self._attrition_factor(moved)) if "attrition" in moved else channel

    def _pace(self, moved: Mapping[str, float], aim: Target) -> Pace | None:
        return Pace(0.0, self._signing_months(moved, aim)) if "signing_months" in moved else None

    def _signing_months(self, moved: Mapping[str, float], aim: Target) -> float:
        return min(moved.get("signing_months", aim.months), aim.months)

    def _kept(self, key: tuple[Any, ...], make: Callable[[], Piece]) -> Piece:
        if key not in self._pieces:
            while len(self._pieces) >= _KEPT_PIECES:
                del self._pieces[next(iter(self._pieces))]
            self._pieces[key] = make()
        made: Piece = self._pieces[key]
        return made


def _count(present: Array, recruits: Recruits, goal: float | None, confidence: float, most: int) -> int | None:
    return None if goal is None else count_for(present, recruits, goal, confidence, most)


def _cost(count: int, value: Mapping[str, float | None]) -> float | None:
    known = [cost for cost in (value["recruit_cost"], value["partner_cost"]) if cost is not None]
    return count * sum(known) if known else None


def _range(draws: Array) -> Range:
    low, high = interval(draws)
    return Range(float(draws.mean()), low, high)


def _curve(present: Array, recruits: Recruits, goal: float | None, upto: int) -> pd.DataFrame:
    counts = np.unique(np.rint(np.linspace(0, 1.6 * upto, _POINTS)).astype(int))
    chances = [np.nan if goal is None else chance(present, recruits, int(count), goal) for count in counts]
    return pd.DataFrame({"count": counts.astype(float), "chance": chances})
