"""Expected counts against another package's regression, and the promise of their range."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from prmkit.estimators.expected_count import expected_count


def test_group_means_are_reproduced_and_the_range_is_that_of_the_distribution() -> None:
    group = np.repeat([0.0, 1.0], 200)
    rng = np.random.default_rng(1)
    counts = rng.poisson(np.where(group == 1, 6.0, 2.0)).astype(float)
    design = np.column_stack([np.ones(400), group])
    found = expected_count(counts, design, np.array([[1.0, 0.0], [1.0, 1.0]]))
    assert found is not None
    assert found.expected == pytest.approx([counts[:200].mean(), counts[200:].mean()], rel=1e-6)
    if found.dispersion <= 1:
        assert found.high == pytest.approx(stats.poisson.ppf(0.95, found.expected))
    assert found.inside >= 0.9


def test_range_of_scattered_counts_is_wider_and_holds_nine_in_ten_new_cases() -> None:
    rng = np.random.default_rng(2)
    design = np.ones((500, 1))
    counts = rng.negative_binomial(2, 2 / 12, 500).astype(float)
    found = expected_count(counts, design, design[:1])
    assert found is not None
    assert found.dispersion == pytest.approx(6.0, rel=0.2)
    new = rng.negative_binomial(2, 2 / 12, 4000)
    assert 0.87 <= ((new >= found.low[0]) & (new <= found.high[0])).mean() <= 0.96
    assert found.high[0] > stats.poisson.ppf(0.95, found.expected[0])


def test_too_thin_to_learn_from() -> None:
    assert expected_count(np.ones(19), np.column_stack([np.ones(19), np.arange(19)]), np.ones((1, 2))) is None
    assert expected_count(np.zeros(40), np.ones((40, 1)), np.ones((1, 1))) is None
    twice = np.ones((40, 2))
    assert expected_count(np.arange(40.0), twice, twice) is None
