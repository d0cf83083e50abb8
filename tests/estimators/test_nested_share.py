"""Usual shares by kind: a case worked by hand, and what has to hold of any."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmkit.estimators.nested_share import nested_share


def test_a_case_by_hand() -> None:
    """Two kinds of three; the others of the first unit give 0.2 and 0.4 to the first part, all others 0.2, 0.4, 0.6, 0.7, 0.8."""
    first = np.array([0.3, 0.2, 0.4, 0.6, 0.7, 0.8])
    shares = np.column_stack([first, 1 - first])
    kind = np.array([0, 0, 0, 1, 1, 1])
    found = nested_share(shares, np.ones(6, dtype=bool), (kind,))
    spread = first.var(ddof=1)  # 0.056
    # (3 (0.3 - 0.5)^2 + 3 (0.7 - 0.5)^2 - 0.056) / (6 - 18 / 6)
    between = (3 * 0.2**2 * 2 - spread) / 3
    kept = between / (between + spread / 2)
    assert found.expected[0, 0] == pytest.approx((1 - kept) * 0.54 + kept * 0.3)
    assert found.others.tolist() == [2] * 6
    half = 1.6448536 * np.sqrt(kept * spread / 2)
    assert found.high[0, 0] - found.expected[0, 0] == pytest.approx(half)


def test_kinds_that_do_not_differ_are_not_told_apart() -> None:
    rng = np.random.default_rng(2)
    shares = rng.dirichlet([2, 3, 5], 400)
    found = nested_share(shares, np.ones(400, dtype=bool), (rng.integers(0, 20, 400),))
    assert np.ptp(found.expected[:, 0]) < 0.06
    assert np.abs(found.expected - [0.2, 0.3, 0.5]).max() < 0.05


def test_one_that_has_no_shares_is_told_those_of_its_kind() -> None:
    shares = np.array([[0.9, 0.1]] * 10 + [[0.1, 0.9]] * 10 + [[0.0, 0.0]])
    known = np.arange(21) < 20
    found = nested_share(shares, known, (np.array([0] * 10 + [1] * 10 + [0]),))
    assert found.expected[20] == pytest.approx([0.9, 0.1], abs=0.03)


@given(st.integers(1, 60), st.integers(2, 6), st.integers(0, 10_000))
def test_shares_add_up_and_lie_in_their_range(n: int, k: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    shares, known = rng.dirichlet(np.ones(k), n), rng.uniform(size=n) < 0.8
    known[0] = True
    wide = rng.integers(0, 3, n)
    found = nested_share(shares, known, (wide, wide * 4 + rng.integers(0, 4, n)))
    others = known.sum() - known > 0
    assert found.expected[others].sum(axis=1) == pytest.approx(np.ones(others.sum()))
    assert ((found.low <= found.expected + 1e-12) & (found.expected <= found.high + 1e-12)).all()


def test_nobody_to_learn_from_is_refused() -> None:
    with pytest.raises(ValueError, match="no unit"):
        nested_share(np.zeros((2, 2)), np.zeros(2, dtype=bool), ())
