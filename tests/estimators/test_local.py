"""Places that stray from the whole."""

from __future__ import annotations

import numpy as np
import pytest

from prmkit.estimators.channel import fit_channel
from prmkit.estimators.local import PRIOR, Local, learn_local
from prmkit.estimators.predictive import Window, outlook
from prmkit.estimators.rolling import Panel, roll


def places(stray: float, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Revenue of 900 steady units in 30 places over 36 months; each place's last year is off by `stray` (one standard deviation)."""
    rng = np.random.default_rng(seed)
    place = np.repeat(np.arange(30), 30)
    revenue = 1000 * rng.lognormal(0, 0.3, (900, 36)) * rng.lognormal(0, 0.5, 900)[:, None]
    revenue[:, 24:] *= np.exp(stray * rng.standard_normal(30))[place][:, None]
    return revenue, place.astype(np.int64)


def learnt(stray: float) -> float:
    revenue, place = places(stray)
    return learn_local(place, roll(Panel(revenue, None, np.full(900, np.nan)), 1)[2:]).shock


def test_the_shock_is_found_where_places_stray_and_not_where_they_do_not() -> None:
    assert learnt(0.0) < PRIOR
    assert 0.08 < learnt(0.15) < 0.16  # drawn to the prior by six places


def test_units_of_a_place_share_their_factor_and_the_mean_is_kept() -> None:
    local = Local(np.array([0, 0, 1, -1]), 0.2)
    factors = local.draws(100_000, 1)
    assert factors.shape == (3, 100_000)
    assert factors[:2].mean(axis=1) == pytest.approx([1, 1], abs=0.005)
    assert np.log(factors[0]).std() == pytest.approx(0.2, abs=0.005)
    assert set(factors[local.place[3]]) == {1.0}
    assert abs(np.corrcoef(factors[0], factors[1])[0, 1]) < 0.02


def test_a_place_is_less_sure_than_before_and_the_whole_hardly() -> None:
    revenue, place = places(0.0)
    channel = fit_channel(revenue, seed=1, resamples=40)
    alone, shared = (outlook(channel, [Window(0, 12)], 1, 10, local)[0] for local in (None, Local(place, 0.15)))
    some = np.flatnonzero(place == 3)
    assert np.log(shared.total(some)).std() > np.log(alone.total(some)).std() + 0.05
    assert np.log(shared.total()).std() == pytest.approx(np.log(alone.total()).std(), rel=0.15)


def test_without_places_or_trials_the_prior_stands() -> None:
    assert learn_local(np.full(5, -1), []).shock == pytest.approx(PRIOR)
