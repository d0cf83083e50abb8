"""The size of an experiment against simulated ones."""

from __future__ import annotations

import numpy as np
import pytest

from prmkit.estimators.experiment import case_noise, cases_needed, smallest_effect


def test_the_smallest_effect_is_seen_four_times_in_five() -> None:
    rng = np.random.default_rng(3)
    partners, runs = 200, 500
    size = rng.lognormal(0, 0.6, partners)

    def half_year() -> np.ndarray:
        return size * rng.gamma(3, 1 / 3, partners)

    noise = np.mean([case_noise(half_year(), half_year()) for _ in range(200)])
    effect = smallest_effect(noise, 100, 100)
    seen = 0
    for _ in range(runs):
        drawn = rng.permutation(partners) < 100
        before, after = half_year(), half_year() * np.where(drawn, 1 + effect, 1.0)
        ratios = [after[half].sum() / before[half].sum() for half in (drawn, ~drawn)]
        error = np.sqrt(sum(case_noise(before[half], after[half]) / 100 for half in (drawn, ~drawn)))
        seen += np.log(ratios[0] / ratios[1]) > 1.645 * error
    assert seen / runs == pytest.approx(0.80, abs=0.06)


def test_cases_needed_undoes_the_smallest_effect() -> None:
    for n in (20, 150, 4000):
        effect = smallest_effect(0.8, n, n)
        assert cases_needed(0.8, effect * 1.0001) == n
    assert cases_needed(0.8, 0.10) == 1101  # 2 x 0.8 x (2.5 / ln 1.1)^2 = 1100.8


def test_common_growth_is_no_noise_and_no_sales_no_answer() -> None:
    before = np.array([1.0, 2.0, 7.0])
    assert case_noise(before, before * 1.3) == pytest.approx(0)
    assert np.isnan(case_noise(np.zeros(3), before))
    assert np.isnan(case_noise(before[:1], before[:1]))
