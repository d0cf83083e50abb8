"""Readings of one share: errors put in are found, and what is said of shares comes true as often as stated."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from prmkit.estimators.share_readings import GRID, Reading, Sign, chance_above, learn, posterior, quantile, stated

Array = np.ndarray
ERRORS = {"books": 0.25, "answer": 0.4, "vendors": 0.5}


def readings(share: Array, rng: np.random.Generator, missing: float = 0.3) -> list[Reading]:
    """Books with luck of a known size, answers a fifth too high, one over the number of vendors."""
    n = len(share)
    luck = np.exp(rng.normal(-1.5, 0.5, n))
    shift = {"books": 0.0, "answer": 0.2, "vendors": 0.0}
    made = []
    for name, error in ERRORS.items():
        known = luck if name == "books" else np.zeros(n)
        logs = np.log(share) + shift[name] + np.sqrt(known + error**2) * rng.standard_normal(n)
        told = np.where(rng.random(n) < missing, np.nan, logs)
        made.append(Reading(name, told, known, 1.5 * error, *((0.0, 0.0) if name == "books" else (0.3, 0.2))))
    return made


@pytest.fixture(scope="module")
def many() -> tuple[Array, list[Reading]]:
    rng = np.random.default_rng(3)
    share = 1 / (1 + np.exp(1.6 - 1.1 * rng.standard_normal(3000)))
    return share, readings(share, rng)


def test_errors_and_levels_are_found_where_readings_overlap(many: tuple[Array, list[Reading]]) -> None:
    model = learn(many[1], [], np.random.default_rng(1))
    for name, error in ERRORS.items():
        assert model.readings[name].error == pytest.approx(error, abs=0.07), name
    at_a_fifth = model.readings["answer"].level + (model.readings["answer"].slope - 1) * np.log(0.2)
    assert at_a_fifth == pytest.approx(0.2, abs=0.05)
    assert model.population.centre == pytest.approx(-1.6, abs=0.15)
    assert model.population.spread == pytest.approx(1.1, abs=0.1)


def test_ranges_and_chances_come_true(many: tuple[Array, list[Reading]]) -> None:
    share, told = many
    told_any = np.isfinite(np.stack([one.logs for one in told])).any(axis=0)
    chances = posterior(learn(told, [], np.random.default_rng(1)), told, [])
    assert chances.sum(axis=1) == pytest.approx(np.ones(len(share)))
    low, high = quantile(chances, 0.05)[told_any], quantile(chances, 0.95)[told_any]
    assert np.mean((share[told_any] >= low) & (share[told_any] <= high)) == pytest.approx(0.9, abs=0.025)
    above = chance_above(chances, 0.2)[told_any]
    for start in (0.0, 0.2, 0.4, 0.6, 0.8):
        some = (above >= start) & (above <= start + 0.2)
        assert np.mean(share[told_any][some] >= 0.2) == pytest.approx(above[some].mean(), abs=0.06)


def test_of_a_reading_that_stands_alone_nothing_is_learnt() -> None:
    rng = np.random.default_rng(0)
    alone = Reading("books", rng.normal(-1.5, 2.0, 500), np.zeros(500), 0.35, 0.0, 0.0)
    told = learn([alone, Reading("answer", np.full(500, np.nan), np.zeros(500), 0.45)], [], rng).readings["books"]
    assert (told.error, told.level, told.slope) == (0.35, 0.0, 1.0)


def test_without_learning_one_reading_is_a_normal_around_it() -> None:
    one = Reading("vendors", np.log([0.1]), np.zeros(1), 0.7)
    chances = posterior(stated([one], []), [one], [])
    middle, spread = np.log(0.1), 0.7
    whole = norm.cdf(-middle / spread)
    assert chance_above(chances, 0.2)[0] == pytest.approx(1 - norm.cdf((np.log(0.2) - middle) / spread) / whole, abs=2e-3)
    for at in (0.05, 0.5, 0.95):
        assert np.log(quantile(chances, at)[0]) == pytest.approx(middle + spread * norm.ppf(at * whole), abs=0.02)


def test_a_floor_and_a_ceiling_hold_where_nothing_is_learnt() -> None:
    one = Reading("rank", np.log([0.333]), np.zeros(1), 1.2, floor=np.log([0.2]), ceiling=np.log([0.5]))
    chances = posterior(stated([one], []), [one], [])
    assert 0.17 < quantile(chances, 0.05)[0] < 0.25
    assert 0.43 < quantile(chances, 0.95)[0] < 0.56


def test_one_gross_error_does_not_carry_the_day(many: tuple[Array, list[Reading]]) -> None:
    model = learn(many[1], [], np.random.default_rng(1))
    at = {"books": 0.001, "answer": 0.3, "vendors": 0.25}
    told = [Reading(one.name, np.log([at[one.name]]), np.zeros(1), one.error) for one in many[1]]
    assert quantile(posterior(model, told, []), 0.5)[0] == pytest.approx(0.22, abs=0.05)


def test_a_sign_is_learnt_and_moves_the_share(many: tuple[Array, list[Reading]]) -> None:
    share, told = many
    odds = 1.0 + 1.5 * np.log(share / (1 - share))
    seen = (np.random.default_rng(5).random(len(share)) < 1 / (1 + np.exp(-odds))).astype(float)
    sign = Sign("leads", seen, 1.4, 1.4)
    learnt = learn(told, [sign], np.random.default_rng(1)).readings["leads"]
    at_a_fifth = 1 / (1 + np.exp(-learnt.level - learnt.slope * np.log(0.25)))
    assert at_a_fifth == pytest.approx(1 / (1 + np.exp(-1.0 - 1.5 * np.log(0.25))), abs=0.06)
    with_it, without = (
        posterior(
            stated([told[2]], [sign]), [Reading("vendors", np.log([0.3]), np.zeros(1), 0.7)], [Sign("leads", np.array([value]), 1.4, 1.4)]
        )
        for value in (1.0, 0.0)
    )
    assert quantile(with_it, 0.5)[0] > quantile(without, 0.5)[0] + 0.1


def test_a_case_without_a_reading_is_the_population() -> None:
    nothing = Reading("books", np.full(1, np.nan), np.zeros(1), 0.35)
    chances = posterior(stated([nothing], []), [nothing], [])
    assert np.argmax(chances[0]) == 0
    assert len(GRID) == chances.shape[1]
    with pytest.raises(ValueError, match="no case"):
        learn([nothing], [], np.random.default_rng(0))
