"""The answer that stands out: chances that hold, nothing where nothing does, and no effect of a way of marking."""

from __future__ import annotations

import numpy as np
import pytest

from prmkit.estimators.standout import FEWEST, standout


def asked(seed: int, n: int, differ: float) -> tuple[np.ndarray, np.ndarray]:
    """Answers of n respondents on five questions, and what each truly wants beyond what is usual."""
    rng = np.random.default_rng(seed)
    true = differ * rng.normal(size=(n, 2)) @ rng.normal(size=(2, 5))
    answers = 3.4 + true + 0.6 * rng.normal(size=(n, 5)) + 0.5 * rng.normal(size=(n, 1))
    answers[rng.random(answers.shape) < 1 / 12] = np.nan
    return answers, true


def test_chances_hold() -> None:
    right, stated = [], []
    for seed in range(12):
        answers, true = asked(seed, 300, 0.6)
        found = standout(answers, np.ones(300))
        assert found is not None
        chance = np.nan_to_num(found.chance)
        called = chance.max(axis=1) >= 0.5
        right += list((chance.argmax(axis=1) == (true - true.mean(axis=0)).argmax(axis=1))[called])
        stated += list(chance.max(axis=1)[called])
    assert len(right) > 1000
    assert np.mean(right) == pytest.approx(np.mean(stated), abs=0.05)


def test_luck_alone_lets_little_stand_out() -> None:
    answers, _ = asked(1, 400, 0.0)
    found = standout(answers, np.ones(400))
    assert found is not None
    assert found.signal < 0.25
    assert (np.nan_to_num(found.chance).max(axis=1) >= 0.5).mean() < 0.05


def test_a_way_of_marking_changes_nothing() -> None:
    answers, _ = asked(2, 200, 0.6)
    shifted = answers + np.random.default_rng(5).normal(size=(200, 1))
    one, two = standout(answers, np.ones(200)), standout(shifted, np.ones(200))
    assert one is not None
    assert two is not None
    assert np.nanmax(np.abs(one.chance - two.chance)) < 0.12
    assert np.nanmean(np.abs(one.chance - two.chance)) < 0.02


def test_several_people_of_a_partner_count_for_more() -> None:
    answers, _ = asked(3, 200, 0.6)
    one, many = standout(answers, np.ones(200)), standout(answers, np.full(200, 5))
    assert one is not None
    assert many is not None
    assert np.nanmean(np.nanmax(many.chance, axis=1)) > np.nanmean(np.nanmax(one.chance, axis=1)) + 0.05


def test_it_abstains() -> None:
    answers, _ = asked(4, FEWEST - 1, 0.6)
    assert standout(answers, np.ones(len(answers))) is None
    answers, _ = asked(4, 100, 0.6)
    assert standout(answers[:, :2], np.ones(100)) is None
    answers[0, 1:] = np.nan
    found = standout(answers, np.ones(100))
    assert found is not None
    assert np.isnan(found.chance[0]).all(), "one answer says nothing of what stands out"
