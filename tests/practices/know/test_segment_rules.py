"""The rules as numbers, case by case."""

from __future__ import annotations

import numpy as np
import pytest

from prmkit.practices.know.segments.segment_rules import FULL, THIN, classify, classify_thin, growth, half_line

NAMES = [segment.name for segment in FULL]


@pytest.mark.parametrize(
    ("now", "then", "first_month", "name"),
    [
        (50, 0, np.nan, "never bought"),
        (0, 100, 30, "silent"),
        (-5, 100, 30, "silent"),
        (75, 100, 30, "fading"),
        (76, 100, 30, "steady"),
        (124, 100, 30, "steady"),
        (125, 100, 30, "growing"),
        (80, 0, 30, "growing"),
        (900, 1000, 30, "leading"),
        (900, 1300, 30, "fading"),
        (900, 0, 3, "leading"),
        (80, 200, 17, "new"),
        (80, 40, 18, "steady"),  # bought in 7 of the 12 months before: 40 stands for 69
    ],
)
def test_each_rule(now: float, then: float, first_month: float, name: str) -> None:
    first = np.array([[first_month]])
    ratio = growth(np.array([[now]], dtype=float), np.array([[then]], dtype=float), first)
    assert NAMES[int(classify(np.array([[now]]), ratio, first, line=np.array([500.0]))[0, 0])] == name


def test_half_line_is_the_smallest_of_the_largest_that_bring_half() -> None:
    draws = np.array([[10.0, 60.0, 30.0, 0.0, -5.0], [40.0, 40.0, 20.0, 0.0, 0.0], np.zeros(5)]).T
    assert half_line(draws).tolist() == [60, 40, np.inf]
    assert half_line(np.zeros((0, 2))).tolist() == [np.inf, np.inf]


def test_thin_rules_go_by_size_alone() -> None:
    now, first = np.array([[9.0], [3.0], [0.0], [0.0]]), np.array([[2.0], [2.0], [2.0], [np.nan]])
    names = [THIN[int(place)].name for place in classify_thin(now, first, line=np.array([5.0]))[:, 0]]
    assert names == ["leading", "buying", "silent", "never bought"]


def test_every_segment_has_a_rule_and_a_treatment_in_a_sentence() -> None:
    for segment in {*FULL, *THIN}:
        assert segment.rule.endswith(".")
        assert segment.treatment.endswith(".")
