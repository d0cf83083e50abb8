"""Random numbers: of the right distribution, and the very same ones for ever."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from scipy import stats

from prmkit.simulate.chance import Chance

FIRST_UNIFORM = [0.43978902775839307, 0.3572427508168648, 0.030262226533625147]
FIRST_POISSON = [1, 1, 3, 2, 3, 3, 3, 1, 1, 1, 1, 1]
FINGERPRINT = "dbcd731424be49af07fcdceeb8fccad74cb1fabed3346128c50a5196a38bf016"


def test_the_first_numbers_of_a_stream_never_change() -> None:
    chance = Chance("prmkit", 1, "example")
    assert chance.uniform(3).tolist() == FIRST_UNIFORM
    assert chance.poisson(np.full(12, 1.5)).tolist() == FIRST_POISSON
    drawn = np.concatenate([chance.normal(1000), chance.gamma(1.3, 1000), chance.heavy(1000), chance.exponential(1000)])
    assert hashlib.sha256(drawn.tobytes()).hexdigest() == FINGERPRINT


def test_streams_are_told_apart_by_every_part_of_their_name() -> None:
    names = [("a", 1), ("a", 2), ("b", 1), ("a1",), ("a", 1, "x"), ("a", "1x")]
    firsts = {float(Chance(*name).uniform()) for name in names}
    assert len(firsts) == len(names)
    assert Chance("a", 1).uniform() == Chance("a", 1).uniform()


@pytest.mark.parametrize(
    ("draw", "law"),
    [
        (lambda chance: chance.uniform(20_000), stats.uniform.cdf),
        (lambda chance: chance.normal(20_000), stats.norm.cdf),
        (lambda chance: chance.exponential(20_000), stats.expon.cdf),
        (lambda chance: chance.gamma(1.3, 20_000), stats.gamma(1.3, scale=1 / 1.3).cdf),
        (lambda chance: chance.gamma(0.6, 20_000), stats.gamma(0.6, scale=1 / 0.6).cdf),
        (lambda chance: chance.heavy(20_000) * np.sqrt(2), stats.t(4).cdf),
    ],
    ids=["uniform", "normal", "exponential", "gamma", "gamma below one", "heavy"],
)
def test_draws_follow_their_law(draw: object, law: object) -> None:
    chances = [stats.kstest(draw(Chance("law", seed)), law).pvalue for seed in range(8)]  # type: ignore[operator]
    assert min(chances) > 0.001
    assert stats.kstest(chances, "uniform").pvalue > 0.001


@pytest.mark.parametrize("mean", [0.05, 0.9, 4.0, 40.0, 500.0])
def test_poisson_counts_follow_their_law(mean: float) -> None:
    counts = Chance("counts", 3).poisson(np.full(20_000, mean))
    top = int(stats.poisson.ppf(0.9999, mean)) + 1
    edges = np.unique(stats.poisson.ppf(np.linspace(0.02, 0.98, 15), mean).astype(int))
    seen = np.diff(np.concatenate([[0], np.searchsorted(np.sort(counts), edges, side="right"), [len(counts)]]))
    share = np.diff(np.concatenate([[0.0], stats.poisson.cdf(edges, mean), [1.0]]))
    assert counts.max() <= top + 10
    assert stats.chisquare(seen, share * len(counts)).pvalue > 0.001


def test_poisson_of_nothing_is_nothing_and_keeps_its_shape() -> None:
    drawn = Chance("none").poisson(np.array([[0.0, 2.0], [0.0, 0.0]]))
    assert drawn.shape == (2, 2)
    assert drawn[0, 0] == drawn[1, 0] == drawn[1, 1] == 0


def test_pick_follows_the_weights_and_order_is_a_permutation() -> None:
    picked = np.bincount(Chance("pick").pick([1, 0, 3], 40_000), minlength=3)
    assert picked[1] == 0
    assert picked[2] / 40_000 == pytest.approx(0.75, abs=0.01)
    assert sorted(Chance("order").order(500)) == list(range(500))
    assert Chance("whole").integers(5, 8, 1000).min() == 5
    assert Chance("whole").integers(5, 8, 1000).max() == 7
