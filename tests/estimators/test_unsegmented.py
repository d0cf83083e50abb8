"""Data without groups that resemble given ones."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr

from prmkit.estimators.unsegmented import normal_scores, unsegmented


def test_values_of_each_column_and_missing_cells_stay() -> None:
    rng = np.random.default_rng(0)
    x = np.column_stack([rng.integers(1, 6, 200).astype(float), rng.lognormal(0, 2, 200), rng.standard_normal(200)])
    x[rng.random(x.shape) < 0.2] = np.nan
    made = unsegmented(x, 3, rng)
    assert made.shape == (3, 200, 3)
    for one in made:
        assert (np.isnan(one) == np.isnan(x)).all()
        for column in range(3):
            assert (np.sort(one[:, column]) == np.sort(x[:, column])).sum() == np.isfinite(x[:, column]).sum()


def test_columns_go_together_as_before() -> None:
    rng = np.random.default_rng(1)
    x = np.exp(rng.standard_normal((3_000, 1)) + 0.5 * rng.standard_normal((3_000, 3)) * np.array([1, 2, 4]))
    made = unsegmented(x, 2, rng)
    assert spearmanr(made[0]).statistic == pytest.approx(spearmanr(x).statistic, abs=0.05)


def test_groups_are_gone() -> None:
    rng = np.random.default_rng(2)
    corner = rng.integers(0, 3, 1_500)
    x = np.array([[0.0, 0], [4, 0], [2, 4]])[corner] + 0.4 * rng.standard_normal((1_500, 2))
    middle = lambda data: float((np.hypot(data[:, 0] - 2, data[:, 1] - 1.3) < 0.9).mean())  # noqa: E731
    assert middle(x) < 0.01
    assert middle(unsegmented(x, 1, rng)[0]) > 0.02


def test_rows_extreme_in_every_column_at_once_come_back() -> None:
    rng = np.random.default_rng(3)
    x = rng.standard_normal((2_000, 5)) * np.sqrt(4 / rng.chisquare(4, (2_000, 1)))
    loose = rng.standard_normal((2_000, 5))

    def together(data: np.ndarray) -> float:
        squares = normal_scores(data) ** 2
        return float(np.corrcoef(squares.T)[np.triu_indices(5, 1)].mean())

    assert together(unsegmented(x, 1, rng)[0]) == pytest.approx(together(x), abs=0.06)
    assert together(unsegmented(loose, 1, rng)[0]) == pytest.approx(0.0, abs=0.04)
