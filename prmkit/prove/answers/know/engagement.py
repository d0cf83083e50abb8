"""What a partner of a kind is expected to order, against partners that were not learnt from."""

from __future__ import annotations

import numpy as np

from prmkit.practices.know.effort import engagement
from prmkit.prove.case import Case
from prmkit.prove.score import Answer, Estimates, Outcome

_PARTS = 5


def expected_orders(case: Case) -> Outcome | None:
    """Order days of partners that order, each fifth of them from what the other four teach, by place in the list."""
    portfolio = case.portfolio
    table = engagement.engagement(portfolio)
    seen = table["seen"].to_numpy(dtype=float)
    given = engagement.judged(portfolio) & (seen > 0)
    fifth = np.arange(len(seen)) % _PARTS
    parts = []
    for part in range(_PARTS):
        from_whom, out = engagement.learning(portfolio, fifth != part), given & (fifth == part)
        fit = from_whom.expected(seen) if from_whom else None
        if fit is not None:
            usual = seen[given & (fifth != part)].mean()
            parts.append(np.stack([seen[out], fit.expected[out], fit.low[out], fit.high[out], np.full(int(out.sum()), usual)]))
    if not parts:
        return None
    truth, value, low, high, naive = np.concatenate(parts, axis=1)
    return Outcome(Estimates.of(truth, value, low, high, naive=naive))


ENGAGEMENT_ANSWERS = (
    Answer(
        "know.expected_orders",
        "know",
        "How often does a partner of a kind order?",
        "partner",
        "the average of all partners",
        "not worked out",
        expected_orders,
    ),
)
