"""Lists that share more than chance: Fisher's exact test, and what chance alone would name."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy import stats

from prmkit.estimators.overlap import discovery_rate, one_against_all, pair_overlaps


def held(*lists: list[int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    row = np.repeat(np.arange(len(lists)), [len(one) for one in lists])
    column = np.concatenate([np.array(one, dtype=np.int64) for one in lists])
    return row, column, np.zeros(int(column.max()) + 1, dtype=np.int64)


def test_two_lists_among_others_have_fishers_probability() -> None:
    found = pair_overlaps(*held(list(range(10)), list(range(4, 12)), list(range(12, 32)))).pairs.iloc[0]
    assert found["shared"] == 6
    assert found["expected"] == pytest.approx(10 * 8 / 32)
    assert found["p"] == pytest.approx(stats.fisher_exact([[6, 4], [2, 20]], alternative="greater").pvalue)
    assert found["odds"] == pytest.approx(6.5 * 20.5 / (4.5 * 2.5))
    assert (found["jaccard"], found["containment"]) == (0.5, 0.75)


def test_customers_that_everybody_has_are_expected_in_common() -> None:
    own = [list(range(100 * one, 100 * one + 10)) for one in range(6)]
    popular = [1000, 1001, 1002]
    found = pair_overlaps(*held(*[one + popular for one in own]))
    assert len(found.pairs) == 15
    assert found.pairs["expected"].tolist() == pytest.approx([3.0] * 15)
    assert (found.pairs["p"] > 0.5).all()


def test_entries_shared_on_purpose_do_not_count() -> None:
    apart = pd.DataFrame({"one": [0, 0], "other": [1, 1], "column": [4, 5]})
    found = pair_overlaps(*held(list(range(10)), list(range(4, 12)), list(range(12, 32))), apart).pairs.iloc[0]
    assert found["shared"] == 4


def test_what_lies_elsewhere_cannot_be_met() -> None:
    row, column, _ = held([0, 1, 2, 3, 20, 21], [0, 1, 5, 6, 30, 31], list(range(7, 15)))
    one = pair_overlaps(row, column, np.zeros(32, dtype=np.int64)).pairs.iloc[0]
    two = pair_overlaps(row, column, (np.arange(32) >= 16).astype(np.int64)).pairs.iloc[0]
    assert one["expected"] == pytest.approx(6 * 6 / 18)
    assert two["expected"] == pytest.approx(4 * 4 / 14 + 2 * 2 / 4)


def test_luck_alone_names_next_to_nobody() -> None:
    rng = np.random.default_rng(8)
    named = looked = 0
    for _ in range(30):
        drawn = np.unique(np.column_stack([rng.integers(0, 40, 500), rng.integers(0, 250, 500)]), axis=0)
        found = pair_overlaps(drawn[:, 0], drawn[:, 1], np.zeros(250, dtype=np.int64))
        named, looked = named + int((found.pairs["q"] <= 0.1).sum()), looked + found.looked
    assert looked == 30 * 40 * 39 // 2
    assert named <= 3


def test_one_list_held_against_all_is_fishers_too() -> None:
    row, column, place = held(list(range(10)), list(range(20, 50)))
    on_it = np.isin(np.arange(50), [0, 1, 2, 3, 4, 20, 21, 22])
    found = one_against_all(row, column, place, on_it).iloc[0]
    assert found["shared"] == 5
    assert found["expected"] == pytest.approx(10 * 3 / 30)
    assert found["p"] == pytest.approx(stats.fisher_exact([[5, 5], [3, 27]], alternative="greater").pvalue)


def test_a_list_alone_in_its_place_is_not_judged() -> None:
    found = one_against_all(*held([0, 1, 2]), np.array([True, True, False])).iloc[0]
    assert np.isnan(found["expected"])
    assert found["p"] == 1.0


def test_nobody_is_no_pair() -> None:
    none = np.empty(0, dtype=np.int64)
    assert pair_overlaps(none, none, none).pairs.empty
    assert one_against_all(none, none, none, np.empty(0, dtype=bool)).empty


@given(some.lists(some.floats(0, 1), max_size=12), some.integers(0, 30))
@settings(max_examples=60, deadline=None)
def test_discovery_rates_are_scipys_with_the_rest_at_one(p: list[float], more: int) -> None:
    padded = np.array([*p, *[1.0] * more])
    expected = stats.false_discovery_control(padded)[: len(p)] if len(padded) else padded
    np.testing.assert_allclose(discovery_rate(np.array(p, dtype=float), len(padded)), expected, rtol=1e-12)
