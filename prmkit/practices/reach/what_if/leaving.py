"""How many of today's partners are expected to stop selling before the goal's last day."""

from __future__ import annotations

import numpy as np

from prmkit.estimators.attrition import Attrition
from prmkit.practices.reach.count.case import Case


def expected_to_leave(case: Case, factor: float = 1.0) -> float:
    """Partners of the case that sell now and lapse within the goal's months, at mean rates times `factor`."""
    channel, rows, months = case.channel, case.rows, case.target.window.months
    rates = channel.attrition
    mean = Attrition(
        hazard=rates.hazard.mean(axis=0, keepdims=True) * factor,
        size=rates.size.mean(axis=0, keepdims=True),
        back=rates.back[:1],
        back_size=rates.back_size[:1],
        pooled=rates.pooled[:1],
    )
    age = channel.lives.age[rows, -1][:, None] + np.arange(1, months + 1)
    stay = np.prod(1 - mean.of(0, channel.size_class[rows], age), axis=1)
    return float((channel.alive[rows] * (1 - stay)).sum())
