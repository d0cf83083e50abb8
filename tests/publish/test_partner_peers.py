"""A band of peers helps the reader and gives no peer away."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prmkit.publish.partner_peers import PeerGroup, band, on_grid, peer_band


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, 0), (1, 1), (121, 100), (124, 150), (9_600, 10_000), (0.012, 0.01), (-480, -500), (410_345.67, 500_000), (1e-12, 1e-12)],
)
def test_values_go_to_the_nearest_preferred_number(value: float, shown: float) -> None:
    assert on_grid(value) == pytest.approx(shown, rel=1e-9)


@given(st.floats(0.01, 1e12))
def test_a_shown_number_stands_for_a_wide_range(value: float) -> None:
    shown = on_grid(value)
    assert 0.77 < value / shown < 1.3
    assert on_grid(shown) == pytest.approx(shown)


def test_a_band_needs_enough_others() -> None:
    values = np.linspace(100, 200, 11)
    assert band(values, "peers", 10, own_counts=True) is not None
    assert band(values[:10], "peers", 10, own_counts=True) is None
    assert band(values[:10], "peers", 10, own_counts=False) is not None
    assert band(np.array([]), "peers", 0, own_counts=False) is None


def test_a_band_of_a_group_two_members_dominate_is_not_shown() -> None:
    values = np.array([1.0] * 18 + [500.0, 400.0])
    assert band(values, "peers", 10, own_counts=True) is None


def test_the_band_is_quartiles_on_the_grid_and_a_rounded_count() -> None:
    made = band(np.arange(1.0, 102.0) * 1_000, "peers", 10, own_counts=True)
    assert made is not None
    assert (made.lower, made.middle, made.upper) == (30_000, 50_000, 70_000)
    assert made.at_least == 100
    smaller = band(np.linspace(100, 200, 24), "peers", 10, own_counts=True)
    assert smaller is not None
    assert smaller.at_least == 20


def test_all_members_of_a_group_see_the_same_band() -> None:
    """Two partners who lay their reports side by side learn nothing from a difference."""
    rng = np.random.default_rng(3)
    ids = [f"P{n}" for n in range(30)]
    values = pd.Series(rng.lognormal(10, 1, 30), index=ids)
    group = PeerGroup("peers", pd.Series("all", index=ids))
    assert len({peer_band(values, [group], partner, 10) for partner in ids}) == 1


def test_a_group_too_small_gives_way_to_the_next() -> None:
    ids = [f"P{n}" for n in range(30)]
    values = pd.Series(np.linspace(100, 200, 30), index=ids)
    small = PeerGroup("small", pd.Series(["few"] * 5 + ["many"] * 25, index=ids))
    large = PeerGroup("large", pd.Series("all", index=ids))
    chosen = [peer_band(values, [small, large], partner, 10) for partner in ("P0", "P20")]
    assert [made.words if made else None for made in chosen] == ["large", "small"]
    assert peer_band(values, [small], "P0", 10) is None
    assert peer_band(values, [PeerGroup("none", pd.Series(dtype="str"))], "P0", 10) is None


def test_partners_that_sold_nothing_are_no_peers_but_may_read_the_band() -> None:
    ids = [f"P{n}" for n in range(20)]
    values = pd.Series([0.0, -5.0] + [100.0 + n for n in range(18)], index=ids)
    made = peer_band(values, [PeerGroup("all", pd.Series("all", index=ids))], "P0", 10)
    assert made is not None
    assert made.at_least == 15


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(11, 30), st.sampled_from([0.05, 0.3, 1.0, 2.0]))
def test_all_peers_but_one_together_cannot_pin_the_last_one_down(seed: int, size: int, spread: float) -> None:
    """k-1 partners know their own values and the band; what they can infer of the last is no tighter than 10%."""
    values = np.random.default_rng(seed).lognormal(10, spread, size)
    shown = band(values, "peers", 10, own_counts=True)
    if shown is None:
        return
    unknown, known = values[0], values[1:]
    tries = np.unique(np.concatenate([unknown * np.geomspace(0.2, 5, 161), unknown * np.linspace(0.9, 1.12, 45)]))
    fitting = [guess for guess in tries if band(np.append(known, guess), "peers", 10, own_counts=True) == shown]
    assert max(fitting) - min(fitting) >= 0.1 * unknown
