"""How many groups: the true number where there are some, one where there are none."""

from __future__ import annotations

import numpy as np
import pytest

from prmkit.estimators.group_count import group_count
from prmkit.estimators.partition import Gap


def scaled(x: np.ndarray) -> np.ndarray:
    return (x - np.nanmean(x, axis=0)) / np.nanstd(x, axis=0)


def grouped(rng: np.random.Generator, n: int = 400) -> tuple[np.ndarray, np.ndarray]:
    truth = rng.choice(3, n, p=[0.5, 0.3, 0.2])
    return scaled(rng.normal(0, 1.3, (3, 8))[truth] + rng.standard_normal((n, 8))), truth


def test_three_groups_are_three() -> None:
    rng = np.random.default_rng(5)
    x, truth = grouped(rng)
    found = group_count(x, rng, most=5, outcome=truth + rng.standard_normal(400))
    assert found.chosen == 3
    assert [count.k for count in found.counts] == [1, 2, 3, 4, 5]
    best = found.best
    assert best.failing == ()
    assert best.stability > 0.8
    assert best.over_chance > 4
    assert best.gap.low > 1
    assert best.overlap.min() > 0.5


CROWDS = {
    "alike": lambda rng: rng.standard_normal((400, 8)),
    "one scale": lambda rng: rng.standard_normal((400, 1)) * rng.uniform(0.3, 1.2, 8) + 0.7 * rng.standard_normal((400, 8)),
    "skewed scale": lambda rng: rng.gamma(1, 1, (400, 1)) * rng.uniform(0.3, 1.2, 8) + 0.6 * rng.standard_normal((400, 8)),
    "outliers": lambda rng: rng.standard_t(3, (400, 8)),
    "extremes together": lambda rng: rng.standard_normal((400, 8)) * np.sqrt(4 / rng.chisquare(4, (400, 1))),
    "money": lambda rng: np.exp(0.8 * rng.standard_normal((400, 1)) + 0.8 * rng.standard_normal((400, 8))),
    "counts": lambda rng: np.log1p(rng.poisson(rng.gamma(1, 1, (400, 1)) * rng.uniform(0.2, 3, 8))),
}


@pytest.mark.parametrize("kind", CROWDS)
def test_without_groups_there_is_one(kind: str) -> None:
    rng = np.random.default_rng(11)
    found = group_count(scaled(CROWDS[kind](rng).astype(float)), rng, most=5)
    assert found.chosen == 1
    assert all(count.failing for count in found.counts[1:])


def test_bic_alone_splits_a_crowd_that_the_rule_leaves_whole() -> None:
    rng = np.random.default_rng(11)
    found = group_count(scaled(CROWDS["money"](rng)), rng, most=5)
    assert int(np.argmin([count.found.bic for count in found.counts])) + 1 > 2
    assert found.chosen == 1


def test_groups_that_do_not_differ_in_what_follows_are_turned_down_if_that_decides() -> None:
    rng = np.random.default_rng(5)
    x, _ = grouped(rng)
    found = group_count(x, rng, most=4, gap=lambda k, mixture: Gap(0.1, -0.1, 0.3), gap_decides=True)
    assert found.chosen == 1
    assert "gap" in found.counts[2].failing


def test_too_few_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="29 rows"):
        group_count(np.zeros((29, 2)), np.random.default_rng(0))
