"""The largest tenth's share, against log-normal samples and heavier ones."""

from __future__ import annotations

import numpy as np
import pytest

from prmkit.estimators.capacity import top_share
from prmkit.estimators.tail import tail


def test_in_a_large_sample_it_is_the_published_share() -> None:
    values = np.exp(1.2 * np.random.default_rng(1).standard_normal(20_000))
    made = tail(values, 1)
    assert made is not None
    assert made.expected == pytest.approx(top_share(1.2, 0.1), abs=0.01)
    assert made.seen == pytest.approx(made.expected, abs=0.02)
    assert made.sigma == pytest.approx(1.2, abs=0.02)


def test_false_alarms_are_rare_and_a_pareto_tail_is_seen() -> None:
    rng = np.random.default_rng(2)
    alarms = [tail(np.exp(rng.standard_normal(120)), seed).heavier for seed in range(60)]  # type: ignore[union-attr]
    assert sum(alarms) <= 7
    seen = [tail((1 - rng.random(400)) ** (-1 / 1.3), seed).heavier for seed in range(20)]  # type: ignore[union-attr]
    assert sum(seen) >= 15


def test_nineteen_are_too_few_and_zeros_do_not_count() -> None:
    assert tail(np.append(np.ones(19), np.zeros(50)), 1) is None
    equal = tail(np.ones(20), 1)
    assert equal is not None
    assert (equal.seen, equal.expected, equal.heavier) == (pytest.approx(0.1), pytest.approx(0.1), False)
