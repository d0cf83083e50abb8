"""What can be reached: known worlds, none to be had where all are alike, and ratios of places."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from prmkit.estimators.attainable import attainable, ratio_of_places

UPPER = float(stats.norm.ppf(0.75))


def drawn(places: int, spread: float, luck: float, seed: int, slope: float = 0.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """True shares, shares seen, sizes."""
    rng = np.random.default_rng(seed)
    size = rng.lognormal(15, 1, places)
    true = np.exp(np.log(0.2) + slope * (np.log(size) - 15) + spread * rng.standard_normal(places))
    return true, true * np.exp(luck * rng.standard_normal(places)), size


def test_ranges_hold_the_truth_and_luck_is_taken_out() -> None:
    held, ours, naive, count = 0, [], [], 0
    for seed in range(60):
        true, seen, size = drawn(12, 0.3, 0.25, seed)
        found = attainable(seen, np.full(12, 0.25**2), size, np.random.default_rng(seed))
        low, high = np.quantile(found.share, [0.05, 0.95], axis=1)
        held += int(((low <= true) & (true <= high)).sum())
        count += 12
        more = np.maximum(0.2 * np.exp(UPPER * 0.3) - true, 0) * size
        ours.append(((found.more.mean(axis=1) * size - more).sum()) / more.sum())
        naive.append(((np.maximum(seen.max() - seen, 0) * size - more).sum()) / more.sum())
    assert 0.82 <= held / count <= 0.95  # 720 territories, twelve a world: measured 0.84, over 120 worlds 0.86
    assert abs(np.mean(ours)) < 0.25
    assert np.mean(naive) > 2  # up to the luckiest territory: three times what is there


def test_where_all_are_alike_next_to_nothing_is_to_be_had() -> None:
    ours, naive = [], []
    for seed in range(40):
        true, seen, size = drawn(15, 0.0, 0.3, 500 + seed)
        found = attainable(seen, np.full(15, 0.09), size, np.random.default_rng(seed))
        ours.append((found.more.mean(axis=1) * size).sum() / (true * size).sum())
        naive.append((np.maximum(seen.max() - seen, 0) * size).sum() / (true * size).sum())
    assert np.mean(ours) < 0.15
    assert np.mean(naive) > 0.5


def test_a_large_place_is_held_against_large_ones() -> None:
    true, seen, size = drawn(40, 0.1, 0.05, 9, slope=-0.3)
    found = attainable(seen, np.full(40, 0.05**2), size, np.random.default_rng(1))
    largest = int(np.argmax(size))
    wanted = 0.2 * np.exp(-0.3 * (np.log(size[largest]) - 15) + UPPER * 0.1)
    assert found.better[largest].mean() == pytest.approx(wanted, rel=0.15)
    assert found.better[largest].mean() < true.max() / 2


def test_a_place_that_sells_nothing_could_sell_as_the_better_ones_do() -> None:
    _, seen, size = drawn(10, 0.2, 0.05, 3)
    seen[4] = 0.0
    found = attainable(seen, np.where(seen > 0, 0.0025, np.nan), size, np.random.default_rng(1))
    assert found.share[4].tolist() == [0.0] * found.share.shape[1]
    assert (found.more[4] == found.better[4]).all()
    assert found.better[4].mean() > 0.15


def test_too_few_and_impossible_places_are_refused() -> None:
    rng = np.random.default_rng(1)
    with pytest.raises(ValueError, match="4 places or more, not 3"):
        attainable(np.array([0.1, 0.2, 0.3, 0.0]), np.full(4, 0.1), np.ones(4), rng)
    with pytest.raises(ValueError, match="sizes are above zero"):
        attainable(np.full(4, 0.1), np.full(4, 0.1), np.zeros(4), rng)


def test_ratios_by_hand() -> None:
    alike = ratio_of_places(np.full(5, 7.0), np.full(5, 0.01))
    assert alike is not None
    assert (np.exp(alike.centre), alike.spread) == (pytest.approx(7.0), 0.0)
    assert alike.error == pytest.approx(np.sqrt(0.01 / 5))
    apart = ratio_of_places(np.exp([0.0, 0.0, 2.0, 2.0]), np.full(4, 1e-9))
    assert apart is not None
    assert (apart.centre, apart.spread) == (pytest.approx(1.0), pytest.approx(2 / np.sqrt(3)))
    assert ratio_of_places(np.array([1.0, 2.0, 3.0, np.nan, -1.0]), np.ones(5)) is None


def test_ranges_of_further_places_hold_them() -> None:
    held = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        ratio = np.exp(1 + 0.4 * rng.standard_normal(9) + 0.1 * rng.standard_normal(9))
        found = ratio_of_places(ratio[:8], np.full(8, 0.01))
        assert found is not None
        low, high = np.quantile(found.draws(400, 1, rng)[0], [0.05, 0.95])
        held += int(low <= np.exp(1 + 0.4 * rng.standard_normal()) <= high)
    assert 0.8 <= held / 200 <= 0.96
