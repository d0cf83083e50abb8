"""Buyers with a rhythm: the forward rule against all ways in which the clock may have struck."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy import stats

from prmkit.prove.limit import rhythm
from prmkit.prove.limit.rhythm import STAGES, WithRhythm

COUNTS, FACTOR, RATE = (1, 0, 2), (0.9, 1.1, 0.7), 0.8


def chance_of_counts(rate: float, counts: tuple[int, ...]) -> float:
    """Every start of the clock, every number of strokes in every month."""
    total = 0.0
    for stage, *strokes in product(range(STAGES), *[range(12) for _ in counts]):
        clock, fits = stage, True
        for month, struck in enumerate(strokes):
            fits &= (clock + struck) // STAGES - clock // STAGES == counts[month]
            clock += struck
        if fits:
            mean = STAGES * rate * np.array(FACTOR[: len(counts)])
            total += float(np.prod(stats.poisson.pmf(strokes, mean))) / STAGES
    return total


def buyers(shape: float | None, count: int = 1) -> WithRhythm:
    rows = np.tile(np.array(COUNTS, dtype=float), (count, 1))
    return WithRhythm(1.0, np.full(count, RATE), shape, rows, np.tile(np.array(FACTOR), (count, 1)))


def common() -> float:
    """What the other kinds of partner leave out: the product of factor^count / count!."""
    return float(np.prod(np.array(FACTOR) ** np.array(COUNTS)) / 2)


def test_the_evidence_sums_over_all_strokes_of_the_clock() -> None:
    assert np.exp(buyers(None).log_evidence[0, -1]) * common() == pytest.approx(chance_of_counts(RATE, COUNTS), rel=1e-6)


def test_with_a_prior_the_evidence_is_the_integral_over_the_rate() -> None:
    shape = 1.3
    grid = (np.arange(400) + 0.5) / 400
    # an even grid over the prior's own chances
    rates = stats.gamma.ppf(grid, shape, scale=RATE / shape)
    exact = np.mean([np.exp(WithRhythm(1.0, np.array([r]), None, *part()).log_evidence[0, -1]) for r in rates])
    assert np.exp(buyers(shape).log_evidence[0, -1]) == pytest.approx(float(exact), rel=0.002)


def part() -> tuple[np.ndarray, np.ndarray]:
    return np.array([COUNTS], dtype=float), np.array([FACTOR])


def test_silence_goes_on_with_the_clock_where_it_stands() -> None:
    found = buyers(None).silence(np.array([[0.5]]))[0, 0]
    strokes = STAGES * RATE * 0.5
    # of the stage at the end, by all that may have happened
    ends = np.zeros(STAGES)
    for stage, *struck in product(range(STAGES), *[range(12) for _ in COUNTS]):
        clock = stage
        fits = True
        for month, more in enumerate(struck):
            fits &= (clock + more) // STAGES - clock // STAGES == COUNTS[month]
            clock += more
        if fits:
            ends[clock % STAGES] += float(np.prod(stats.poisson.pmf(struck, STAGES * RATE * np.array(FACTOR))))
    ends = ends / ends.sum()
    assert found == pytest.approx(float((ends * stats.poisson.cdf(2 - np.arange(STAGES), strokes)).sum()), rel=1e-6)


def test_many_partners_are_worked_out_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    whole, ahead = buyers(1.3, 5), np.full((5, 2), 0.4)
    last = np.full((5, 4_000), len(COUNTS))
    expected = whole.log_evidence, whole.silence(ahead), whole.draw(last, np.random.default_rng(1)).mean(axis=1)
    monkeypatch.setattr(rhythm, "_TOGETHER", 2)
    parted = buyers(1.3, 5)
    assert parted.log_evidence == pytest.approx(expected[0], rel=1e-12)
    assert parted.silence(ahead) == pytest.approx(expected[1], rel=1e-12)
    assert parted.draw(last, np.random.default_rng(2)).mean(axis=1) == pytest.approx(expected[2], rel=0.05)
