"""The Wallet Allocation Rule against the figures its authors published."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmkit.estimators.wallet_allocation import wallet_allocation


def test_published_shares() -> None:
    assert wallet_allocation([1, 1, 2, 5], [2, 5, 5, 5]) == pytest.approx([0.667, 0.333, 0.267, 0.067], abs=5e-4)


@given(st.integers(1, 60))
def test_the_shares_of_all_ranks_are_a_whole(vendors: int) -> None:
    ranks = np.arange(1, vendors + 1)
    shares = wallet_allocation(ranks, vendors)
    assert shares.sum() == pytest.approx(1)
    assert (np.diff(shares) < 0).all()


def test_it_does_not_apply_without_a_place_among_a_number_of_vendors() -> None:
    assert np.isnan(wallet_allocation([0, 3, np.nan, 1, 1], [4, 2, 4, np.nan, 0])).all()
