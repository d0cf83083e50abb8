"""The experiment that would tell what an incentive adds: partners drawn by lot, before and after."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.experiment import case_noise, cases_needed, smallest_effect

MONTHS = 6
_FEWEST = 20


@dataclass(frozen=True, slots=True)
class Experiment:
    """A split by lot of `partners` active partners in two halves, run for six months.

    smallest: the smallest lift it would show four times in five; needed_10: partners in each half to show a lift of 10%.
    """

    partners: int
    smallest: float
    needed_10: int


def experiment(portfolio: Portfolio) -> Experiment | None:
    """Sized on the last two half-years of partners that bought in the first; None with fewer than twenty of them or 12 months of sales."""
    if portfolio.whole.history_months < 2 * MONTHS:
        return None
    before = portfolio.per_partner(first=MONTHS, count=MONTHS).to_numpy()
    after = portfolio.per_partner(count=MONTHS).to_numpy()
    active = before > 0
    noise = case_noise(before[active], after[active]) if active.sum() >= _FEWEST else float("nan")
    if not np.isfinite(noise) or noise <= 0:
        return None
    half = int(active.sum()) // 2
    return Experiment(2 * half, smallest_effect(noise, half, half), cases_needed(noise, 0.10))
