"""First-year sums: slopes against statsmodels, the sum that adds up, shrinking of thin kinds, and coverage."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from prmkit.estimators.first_year import ENOUGH, fit_first_year


def cases(seed: int, m: int = 300, kinds: int = 6, within: float = 1.0) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    kind, size = rng.integers(0, kinds, m), rng.normal(9, 1, m)
    usual = rng.normal(7, 0.8, kinds)
    total = np.exp(usual[kind] + 0.6 * (size - 9) + within * rng.normal(size=m))
    true = np.exp(usual + within**2 / 2)
    return total, size[:, None], kind, true


def test_the_slope_is_that_within_kinds_and_the_sums_add_up() -> None:
    total, size, kind, _ = cases(1, 2_000)
    fit = fit_first_year(total, size, kind, 6, np.arange(2_000))
    assert fit is not None
    reference = sm.OLS(np.log(total), np.column_stack([size, np.eye(6)[kind]])).fit()
    assert fit.slopes[0, 0] == pytest.approx(reference.params[0], rel=1e-3)
    assert fit.within == pytest.approx(np.sqrt(reference.scale), rel=1e-3)
    assert fit.expected(size, kind, slice(0, 1)).sum() == pytest.approx(total.sum(), rel=1e-9)


def test_a_kind_without_cases_has_the_middle_of_the_kinds_and_a_wider_range() -> None:
    total, size, kind, _ = cases(2)
    fit = fit_first_year(total, size, kind, 7, np.arange(300))
    assert fit is not None
    assert fit.cases.tolist()[-1] == 0
    assert fit.usual[0, :6].min() < fit.usual[0, 6] < fit.usual[0, :6].max()
    spread = np.log(fit.expected(np.full((7, 1), 9.0), np.arange(7))[:, 1:]).std(axis=1)
    assert spread[6] > 2 * spread[:6].max()
    assert spread[6] == pytest.approx(fit.between, rel=0.25)


def test_a_thin_kind_is_drawn_to_the_middle() -> None:
    rng = np.random.default_rng(3)
    kind = np.r_[np.repeat(np.arange(5), 60), [5, 5]]
    total = np.exp(np.array([6.0, 6.5, 7.0, 7.5, 8.0, 7.0])[kind] + rng.normal(size=302))
    total[-2:] = np.exp(11.0)
    fit = fit_first_year(total, np.zeros((302, 1)), kind, 6, np.arange(302))
    assert fit is not None
    kept = fit.between**2 / (fit.between**2 + fit.within**2 / 2)
    middle = fit.usual[0, 5] - kept * (11.0 - (fit.usual[0, 5] - 11.0 * kept) / (1 - kept))
    assert fit.usual[0, 5] < 10.0
    assert middle == pytest.approx((fit.usual[0, 5] - kept * 11.0) / (1 - kept), rel=1e-9)
    assert 6.0 < middle < 8.5


def test_most_ranges_hold_the_true_mean() -> None:
    """Means of sums that spread by a factor of five either way, from 25 cases each: 83% where 90% would be right."""
    inside = []
    for seed in range(60):
        total, size, kind, true = cases(100 + seed, 150)
        fit = fit_first_year(total, size, kind, 6, np.arange(150), seed=seed)
        assert fit is not None
        drawn = fit.expected(np.full((6, 1), 9.0), np.arange(6))[:, 1:]
        low, high = np.quantile(drawn, [0.05, 0.95], axis=1)
        inside += list((low <= true) & (true <= high))
    assert 0.79 <= np.mean(inside) <= 0.95


def test_too_few_cases_give_nothing() -> None:
    total, size, kind, _ = cases(5, ENOUGH)
    assert fit_first_year(total, size, kind, 6, np.arange(ENOUGH)) is not None
    assert fit_first_year(total[1:], size[1:], kind[1:], 6, np.arange(ENOUGH - 1)) is None
