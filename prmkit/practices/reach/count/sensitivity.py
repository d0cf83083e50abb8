"""Which inputs the number of recruits hangs on: each at its 10% and 90% setting, the rest left uncertain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.estimators.attrition import yearly
from prmkit.estimators.capacity import Recruits
from prmkit.estimators.channel import Channel, scale_attrition
from prmkit.estimators.predictive import attrition_effect
from prmkit.estimators.recruitment import Pace, pool_mean
from prmkit.practices.reach.count.case import Case, draw_recruits
from prmkit.practices.reach.count.funnel import signing_rate
from prmkit.practices.reach.count.signing import at_pace

Array = NDArray[np.float64]
Solved = tuple[float, int | None]

_ENDS = (0.1, 0.9)
CONVERSION = "conversion of prospects"
PACE = "signing pace: mean months until a recruit signs"
ELASTICITY = "elasticity: more revenue for more partners"


def sensitivity(case: Case) -> pd.DataFrame | None:
    """reach_sensitivity, widest range first; None without a goal. Settings: shares, months, currency a year, growth a year.

    recruits_low is at low_setting and recruits_high at high_setting, whichever is the larger number; candidates_low and
    candidates_high are the prospects to approach for them. The pace runs from all signed in the first half of the time to all in the
    last. Conversion changes the prospects alone.
    """
    if case.asked is None:
        return None
    asked: tuple[Callable[[Case], Iterator[Solved]], ...] = (_activation, _ramp, _attrition, _yield, _trend, _elasticity, _pace)
    names = (
        "activation",
        "ramp: months of mature yield lost in the first year",
        "attrition",
        "yield of a recruit",
        "growth of partners that stay",
        ELASTICITY,
        PACE,
    )
    rows = [_line(name, list(ask(case))) for name, ask in zip(names, asked, strict=True)]
    found = case.portfolio.fitted(signing_rate)
    share = float("nan") if found is None else found.share
    made = pd.DataFrame(
        [row for row in rows if row is not None], columns=["input", "low_setting", "high_setting", "recruits_low", "recruits_high"]
    )
    made["candidates_low"], made["candidates_high"] = made["recruits_low"] / share, made["recruits_high"] / share
    if found is not None and found.seen is not None:
        ends = found.seen.quantiles(_ENDS)
        made.loc[len(made)] = [CONVERSION, *ends, case.asked, case.asked, *(case.asked / ends)]
    made = made.astype(dict.fromkeys(made.columns.drop("input"), "float64"))
    width = (made["recruits_high"] - made["recruits_low"]).abs().fillna(np.inf)
    return made.iloc[np.argsort(-width.to_numpy(dtype=float), kind="stable")].reset_index(drop=True)


def _line(name: str, solved: list[Solved]) -> list[object] | None:
    if not solved:
        return None
    (low, few), (high, many) = solved
    return [name, low, high, few, many]


def _ends(draws: Array) -> tuple[float, float]:
    low, high = np.quantile(draws, _ENDS)
    return float(low), float(high)


def _again(case: Case, channel: Channel) -> Recruits:
    return case.grown(draw_recruits(case.portfolio, channel, case.now, case.target, case.rows, case.factor, case.recruits.simulated))


def _solved(case: Case, recruits: Recruits, present: Array | None = None) -> int | None:
    return case.count(case.target.confidence, present=present, recruits=recruits)


def _activation(case: Case) -> Iterator[Solved]:
    """Fixed at its ends."""
    ends = _ends(case.channel.activated)
    for end in ends if ends[0] < ends[1] else ():
        yield end, _solved(case, _again(case, replace(case.channel, activated=np.full(case.channel.resamples, end))))


def _ramp(case: Case) -> Iterator[Solved]:
    """The mean curve with as much lost as at the ends."""
    curve = case.channel.ramp.curve
    lost = (1 - curve[:, :12]).sum(axis=1)
    ends = _ends(lost)
    mean = curve.mean(axis=0)
    for end in ends if case.channel.ramp.estimated and ends[0] < ends[1] and lost.mean() > 0 else ():
        scaled = np.clip(1 - (1 - mean) * (end / lost.mean()), 0.0, None)
        yield (
            end,
            _solved(case, _again(case, replace(case.channel, ramp=replace(case.channel.ramp, curve=np.tile(scaled, (len(curve), 1)))))),
        )


def _attrition(case: Case) -> Iterator[Solved]:
    """Of recruits and of present partners, as a share lost in a year."""
    pooled = case.channel.attrition.pooled
    ends = _ends(pooled)
    for end in ends if ends[0] < ends[1] else ():
        effect = attrition_effect(case.channel, case.rows, case.target.window, end / float(pooled.mean()), case.portfolio.settings.seed)
        present = case.past + (case.present - case.past) * effect
        yield float(yearly(np.array([end]))[0]), _solved(case, _again(case, scale_attrition(case.channel, end / pooled)), present)


def _yield(case: Case) -> Iterator[Solved]:
    """Mature yield of a recruit that sells, a year."""
    mean = pool_mean(case.channel) * case.channel.tie[:, -1] * case.factor
    each = np.repeat(mean, len(case.trend) // len(mean))
    for end in _ends(mean):
        yield 12 * end, _solved(case, case.grown(case.recruits.scaled(end / each)))


def _trend(case: Case) -> Iterator[Solved]:
    """Common growth, of present partners and recruits."""
    years = case.now.window.years_ahead
    for end in _ends(case.trend):
        coming = case.coming * end
        recruits = case.recruits.scaled(end)
        if recruits.crowding is not None:
            recruits = recruits.among(recruits.crowding[0], coming)
        yield end ** (1 / years) - 1, _solved(case, recruits, coming + case.past)


def _elasticity(case: Case) -> Iterator[Solved]:
    """How far recruits take from those present."""
    crowding, grown = case.recruits.crowding, case.grown()
    ends = (1.0, 1.0) if crowding is None else _ends(crowding[2])
    for end in ends if crowding is not None and ends[0] < ends[1] else ():
        yield end, _solved(case, grown.with_elasticity(end))


def _pace(case: Case) -> Iterator[Solved]:
    """All in the first half of the time, and all in the last."""
    end = case.target.window.end
    for pace in (Pace(0.0, end / 2), Pace(end / 2, end)):
        yield (pace.begin + pace.end) / 2, _solved(case, at_pace(case, pace))
