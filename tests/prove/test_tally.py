"""The sums of one world, by hand; and what is written of them is what is read."""

from __future__ import annotations

import json
from dataclasses import asdict

import numpy as np

from prmkit.prove.score import Claims, Estimates, Outcome, Stakes
from prmkit.prove.tally import Errors, Ranges, Tally, tally

NAN = float("nan")
TOLD = Estimates.of(
    [0.0, 10.0, 20.0, 5.0],
    [2.0, 10.0, NAN, NAN],
    [1.0, 9.0, NAN, NAN],
    [3.0, 12.0, NAN, NAN],
    naive=[4.0, 14.0, 30.0, 5.0],
    limit=[1.0, 10.0, 20.0, NAN],
    limit_low=[-1.0, 8.0, 15.0, NAN],
    limit_high=[3.0, 12.0, 25.0, NAN],
    should=[True, False, False, True],
    scale=2.0,
)


def test_sums_by_hand() -> None:
    sums = tally(Outcome(TOLD))
    assert sums.tool == Errors(2, 1.0, 1.0)
    # the spreadsheet and the limit count where the tool answered, and nowhere else
    assert sums.naive == Errors(2, 4.0, 8.0)
    assert sums.limit == Errors(2, 0.5, 0.25)
    # the first interval misses 0 by 1: 20 * 1 / 2 on top of the widths (2 + 3) / 2
    assert sums.ranges == Ranges(2, 1, 2.5, 12.5)
    assert sums.limit_ranges == Ranges(3, 3, 9.0, 9.0)
    assert sums.both == (2.5, 4.0)
    assert (sums.units, sums.rightly, sums.wrongly, sums.overreached) == (4, 1, 1, 1)


def test_a_truth_on_the_edge_is_covered() -> None:
    assert tally(Outcome(Estimates.of([1.0, 3.0], [2.0, 2.0], 1.0, 3.0))).ranges == Ranges(2, 2, 4.0, 4.0)


def test_an_endless_interval_covers_and_is_endlessly_wide() -> None:
    ranges = tally(Outcome(Estimates.single(5.0, 1.0, 0.0, np.inf))).ranges
    assert (ranges.count, ranges.covered, ranges.width) == (1, 1, np.inf)


def test_what_is_written_is_what_is_read() -> None:
    for outcome in (
        Outcome(TOLD, Stakes(1 / 3, 0.1, 2.0), Claims(3, 1, NAN, 4, 2, looked=9)),
        Outcome(stakes=Stakes(1.0, 0.0, 2.0)),
        Outcome(Estimates.single(5.0, 1.0, 0.0, np.inf)),
        Outcome(),
    ):
        sums = tally(outcome)
        assert repr(Tally.read(json.loads(json.dumps(asdict(sums))))) == repr(sums)
