"""The chance of take-up: known coefficients, signs that have to hold, families that differ, and when nothing is said."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from prmkit.estimators.take_up import NEW_DIFFER, WORTH_THINGS, fit_take_up


def pairs(seed: int, n: int = 4_000, effect: float = 0.0, things: int = 20, differ: float = 0.0) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    thing, look = rng.integers(0, things, n), rng.integers(0, 3, n)
    goes, card = rng.normal(size=n), rng.uniform(size=n) < 0.4
    level = differ * rng.normal(size=things)
    odds = -2 + 0.8 * goes + effect * card + level[thing]
    event = rng.uniform(size=n) < special.expit(odds)
    return {
        "goes": goes,
        "card": card.astype(float),
        "event": event,
        "thing": thing,
        "look": look,
        "odds": odds,
        "unit": rng.integers(0, 500, n),
    }


def fit(made: dict[str, np.ndarray], signs: dict[str, int] | None = None):  # type: ignore[no-untyped-def]
    features = {name: made[name] for name in ("goes", "card")}
    return fit_take_up(features, made["event"], made["unit"], made["thing"], made["look"], np.random.default_rng(1), signs=signs)


def test_chances_are_those_that_made_the_events() -> None:
    made = pairs(1, 8_000, effect=-1.0)
    found = fit(made, {"card": -1})
    assert found is not None
    chance, low, high = found.chance(np.column_stack([made["goes"], made["card"]]))
    assert np.abs(chance - special.expit(made["odds"])).max() < 0.06
    assert chance.sum() == pytest.approx(made["event"].sum(), rel=1e-3)
    assert ((low <= chance) & (chance <= high)).all()
    assert found.weight["card"] == pytest.approx(-1.0 * made["card"].std(), abs=0.1)


@pytest.mark.parametrize(("effect", "kept"), [(-1.0, True), (0.0, False), (1.0, False)])
def test_a_feature_counts_only_with_its_sign(effect: float, *, kept: bool) -> None:
    found = fit(pairs(2, effect=effect), {"card": -1})
    assert found is not None
    assert ("card" in found.weight) is kept
    assert ("card" in found.dropped) is not kept


def test_no_effect_is_claimed_in_one_of_twenty() -> None:
    claimed = sum("card" in fit(pairs(100 + seed, 1_000), {"card": -1}).weight for seed in range(200))
    assert claimed <= 20  # expected 10, and 20 or fewer in 99.9% where one in twenty is


def test_few_things_seen_leave_doubt_and_many_that_differ_show_it() -> None:
    few, many = fit(pairs(3, things=2)), fit(pairs(3, things=40))
    assert few is not None
    assert many is not None
    assert few.model.period_sd >= np.sqrt(WORTH_THINGS / (WORTH_THINGS + 2)) * NEW_DIFFER
    assert many.model.period_sd < 0.3
    apart = fit(pairs(4, 12_000, things=60, differ=1.0))
    assert apart is not None
    assert apart.model.period_sd == pytest.approx(1.0, abs=0.25)


def test_fewer_than_ten_events_are_no_answer() -> None:
    made = pairs(5, 400)
    made["event"] = np.arange(400) < 9
    assert fit(made) is None
    made["event"] = np.arange(400) < 10
    found = fit(made)
    assert found is not None
    assert found.pooled
    chance, low, high = found.chance(np.column_stack([made["goes"], made["card"]]))
    assert np.ptp(chance) == 0
    assert low[0] < 10 / 400 < high[0]
