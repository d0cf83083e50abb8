"""Which inputs the number of recruits hangs on: each at its 10% and 90% setting, the rest left uncertain."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.estimators.attrition import yearly
from prmkit.estimators.capacity import Recruits
from prmkit.estimators.channel import Channel, scale_attrition
from prmkit.estimators.predictive import attrition_effect
from prmkit.estimators.recruitment import pool_mean
from prmkit.practices.reach.count.case import Case, draw_recruits

Array = NDArray[np.float64]

_ENDS = (0.1, 0.9)


def sensitivity(case: Case) -> pd.DataFrame | None:
    """reach_sensitivity, widest range first; None without a goal. Settings: shares, months, currency a year, growth a year.

    recruits_low is at low_setting and recruits_high at high_setting, whichever is the larger number.
    """
    if case.count(case.target.confidence) is None:
        return None
    rows = [made for made in (_activation(case), _ramp(case), _attrition(case), _yield(case), _trend(case)) if made is not None]
    table = pd.DataFrame(rows, columns=["input", "low_setting", "high_setting", "recruits_low", "recruits_high"])
    width = (table["recruits_high"] - table["recruits_low"]).abs()
    return table.iloc[np.argsort(-width.to_numpy(dtype=float), kind="stable")].reset_index(drop=True)


def _ends(draws: Array) -> tuple[float, float]:
    low, high = np.quantile(draws, _ENDS)
    return float(low), float(high)


def _line(case: Case, name: str, settings: tuple[float, float], counts: list[int | None]) -> dict[str, object]:
    return {"input": name, "low_setting": settings[0], "high_setting": settings[1], "recruits_low": counts[0], "recruits_high": counts[1]}


def _again(case: Case, channel: Channel) -> Recruits:
    return case.grown(draw_recruits(case.portfolio, channel, case.now, case.target, case.rows, case.factor, case.recruits.simulated))


def _activation(case: Case) -> dict[str, object] | None:
    ends = _ends(case.channel.activated)
    if ends[0] == ends[1]:
        return None
    counts = [
        case.count(case.target.confidence, recruits=_again(case, replace(case.channel, activated=np.full(case.channel.resamples, end))))
        for end in ends
    ]
    return _line(case, "activation", ends, counts)


def _ramp(case: Case) -> dict[str, object] | None:
    curve = case.channel.ramp.curve
    lost = (1 - curve[:, :12]).sum(axis=1)
    ends = _ends(lost)
    if not case.channel.ramp.estimated or ends[0] == ends[1]:
        return None
    mean = curve.mean(axis=0)
    counts = []
    for end in ends:
        scaled = 1 - (1 - mean) * (end / lost.mean()) if lost.mean() > 0 else mean
        fixed = replace(case.channel, ramp=replace(case.channel.ramp, curve=np.tile(scaled, (len(curve), 1))))
        counts.append(case.count(case.target.confidence, recruits=_again(case, fixed)))
    return _line(case, "ramp: months of mature yield lost in the first year", ends, counts)


def _attrition(case: Case) -> dict[str, object] | None:
    pooled = case.channel.attrition.pooled
    low, high = _ends(pooled)
    if low == high:
        return None
    counts = []
    for end in (low, high):
        effect = attrition_effect(case.channel, case.rows, case.target.window, end / float(pooled.mean()), case.portfolio.settings.seed)
        present = case.past + (case.present - case.past) * effect
        recruits = _again(case, scale_attrition(case.channel, end / pooled))
        counts.append(case.count(case.target.confidence, present=present, recruits=recruits))
    settings = yearly(np.array([low, high]))
    return _line(case, "attrition", (float(settings[0]), float(settings[1])), counts)


def _yield(case: Case) -> dict[str, object]:
    mean = pool_mean(case.channel) * case.factor
    ends = _ends(mean)
    each = np.repeat(mean, len(case.trend) // len(mean))
    counts = [case.count(case.target.confidence, recruits=case.grown(case.recruits.scaled(end / each))) for end in ends]
    return _line(case, "yield of a recruit", (12 * ends[0], 12 * ends[1]), counts)


def _trend(case: Case) -> dict[str, object]:
    ends = _ends(case.trend)
    counts = [case.count(case.target.confidence, present=case.coming * end + case.past, recruits=case.recruits.scaled(end)) for end in ends]
    years = case.now.window.years_ahead
    return _line(case, "growth of partners that stay", (ends[0] ** (1 / years) - 1, ends[1] ** (1 / years) - 1), counts)
