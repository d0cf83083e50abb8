"""Needs and gaps against hand-worked scores, and ranges that keep their word when few answer."""

from __future__ import annotations

import numpy as np
import pytest

from prmkit.estimators.opportunity import Means, means, on_ten, opportunity, scale_of, without_style


def exactly(values: list[float]) -> Means:
    held = np.array(values)
    return Means(held, held, held, np.tile(held, (5, 1)))


def test_the_score_by_hand() -> None:
    """Importance 9.5, satisfaction 3.2 scores 15.8; where satisfaction is higher nothing is missing (Ulwick 2005)."""
    found = opportunity(exactly([9.5, 6.0]), exactly([3.2, 8.0]))
    assert found.score == pytest.approx([15.8, 6.0])
    assert found.greatest.tolist() == [1.0, 0.0]
    assert found.unmet.tolist() == [1.0, 0.0]


def test_scales_are_told_by_their_ends() -> None:
    assert scale_of(np.array([1.0, 4.0, np.nan])) == (1.0, 5.0)
    assert scale_of(np.array([2.0, 7.0])) == (1.0, 7.0)
    assert scale_of(np.array([0.0, 9.0])) == (0.0, 10.0)
    assert scale_of(np.array([3.0, 80.0])) == (0.0, 100.0)
    assert on_ten(np.array([1.0, 3.0, 5.0, 9.0]), 1, 5).tolist() == [0.0, 5.0, 10.0, 10.0]


def test_a_way_of_marking_is_taken_out() -> None:
    """Two that want the same, one two points higher throughout: the same answers once their levels are out."""
    answers = np.array([[3.0, 1.0, 2.0], [5.0, 3.0, 4.0]])
    left, level = without_style(answers, np.ones(2))
    assert left[0] == pytest.approx(left[1])
    assert level == pytest.approx([-1, 1])
    assert left.mean(axis=0) == pytest.approx(answers.mean(axis=0))


def test_who_leaves_a_question_out_does_not_move_it() -> None:
    """The one that marks everything high left the first question out: its plain mean would be too low."""
    answers = np.array([[3.0, 1.0, 2.0]] * 3 + [[np.nan, 3.0, 4.0]] * 3)
    left, _ = without_style(answers, np.ones(6))
    assert np.nanmean(left[:, 0]) == pytest.approx(4.0, abs=1e-3)
    assert np.nanmean(answers[:, 0]) == 3.0


@pytest.mark.parametrize("n", [6, 12, 30])
def test_ranges_keep_their_word_for_few(n: int) -> None:
    wanted, given = np.array([4.2, 3.0, 2.6]), np.array([3.0, 3.2, 3.4])
    rng = np.random.default_rng(n)

    def answers(count: int) -> tuple[np.ndarray, np.ndarray]:
        style = 0.5 * rng.normal(size=(count, 1))
        return tuple(on_ten(np.clip(np.rint(one + 0.8 * rng.normal(size=(count, 3)) + style), 1, 5), 1, 5) for one in (wanted, given))  # type: ignore[return-value]

    truth = [one.mean(axis=0) for one in answers(200_000)]
    score = truth[0] + np.maximum(truth[0] - truth[1], 0)
    inside: list[np.ndarray] = []
    for _ in range(80):
        importance, satisfaction = answers(n)
        left, level = without_style(importance, np.ones(n))
        more = {"step": 2.5, "seed": 1}
        first, second = means(left, np.ones(n), np.arange(n), level=level, **more), means(satisfaction, np.ones(n), np.arange(n), **more)  # type: ignore[arg-type]
        gap = opportunity(first, second)
        inside += [(first.low <= truth[0]) & (truth[0] <= first.high), (gap.low <= score) & (score <= gap.high)]
    assert 0.86 <= np.mean(inside) <= 0.97


def test_one_respondent_has_no_range_and_two_that_agree_are_not_certain() -> None:
    one = means(np.array([[7.5, np.nan]]), np.ones(1), np.zeros(1, dtype=int), step=2.5, seed=1)
    assert one.value[0] == 7.5
    assert np.isnan([one.value[1], one.low[0], one.high[0]]).all()
    two = means(np.array([[7.5], [7.5]]), np.ones(2), np.arange(2), step=2.5, seed=1)
    assert two.low[0] < 6
    same = means(np.array([[7.5], [2.5]]), np.ones(2), np.zeros(2, dtype=int), step=2.5, seed=1)
    assert np.isnan(same.low[0]), "two people of one partner are one voice"
