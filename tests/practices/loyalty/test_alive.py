"""Which model tells whether a partner is still there, and when neither can."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from prmkit.data.portfolio import Portfolio
from prmkit.practices.loyalty.alive import fit_alive
from tests.practices.prune.made_up import AS_OF, lines, made_up, partners


def orders(folder: Path, seed: int, shape: float, n: int = 120, mean_gap: float = 60.0) -> tuple[Portfolio, np.ndarray]:
    """Orders with gamma gaps of `mean_gap` days over three years, each the last with 8% chance; who is still there."""
    rng = np.random.default_rng(seed)
    rows, there = [], np.ones(n, dtype=bool)
    for partner in range(n):
        day = AS_OF - pd.Timedelta(days=int(rng.integers(300, 1090)))
        while day <= AS_OF:
            rows.append((str(partner), day.strftime("%Y-%m-%d"), 100.0))
            if rng.random() < 0.08:
                there[partner] = False
                break
            day += pd.Timedelta(days=max(1, round(rng.gamma(shape, mean_gap / shape))))
    return made_up(folder, lines(*rows), partners(*map(str, range(n)))), there


@pytest.mark.parametrize(("shape", "method", "bar"), [(1.0, "BG/NBD", 0.17), (12.0, "own gap", 0.08)])
def test_random_buyers_get_bg_nbd_and_regular_ones_their_own_gap(tmp_path: Path, shape: float, method: str, bar: float) -> None:
    portfolio, there = orders(tmp_path, 1, shape)
    alive = fit_alive(portfolio)
    ids = portfolio.partners["partner_id"].astype(int).to_numpy()
    assert alive.method == method
    assert alive.cv == pytest.approx(shape**-0.5, abs=0.12)
    p = alive.probability.to_numpy()
    assert p.mean() == pytest.approx(there.mean(), abs=0.08)
    assert np.mean((p - there[ids]) ** 2) < bar


def test_very_frequent_buyers_are_judged_by_their_counts(tmp_path: Path) -> None:
    portfolio, _ = orders(tmp_path, 2, 1.0, n=60, mean_gap=5.0)
    cv = fit_alive(portfolio).cv
    assert cv is None or cv == pytest.approx(1.0, abs=0.3)


def test_too_few_repeat_buyers_are_said(tmp_path: Path) -> None:
    alive = fit_alive(made_up(tmp_path, lines(("a", "2025-01-01", 1.0), ("a", "2025-06-01", 1.0)), partners("a", "b")))
    assert alive.method == "none"
    assert alive.probability.isna().all()
    assert alive.reason == "only 1 partners ordered more than once; a rhythm needs 30"


def test_adventureworks_buys_to_a_beat(adventureworks: Portfolio) -> None:
    alive = fit_alive(adventureworks)
    assert alive.method == "own gap"
    assert alive.cv is not None
    assert alive.cv < 0.3
    assert alive.probability.notna().sum() == 635
