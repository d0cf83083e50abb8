"""Which verdict stands: figures that move are asked again, corrections are shown beside what was computed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmkit.practices.result import Amount, Finding, Status
from prmkit.results import Results
from prmkit.verdicts.verdict import Judgement, asked_again, judge, judged, moved, plain

Make = Callable[..., Finding]


def said(finding: Finding, word: Status = "accepted", corrected: Amount | None = None) -> Judgement:
    return Judgement(finding.id, word, "we know better", "Ada", "2026-11-02", finding.figure, corrected)


@pytest.mark.parametrize("word", ["accepted", "disputed", "hidden"])
def test_a_verdict_is_shown_and_its_figure_stays(make_finding: Make, word: Status) -> None:
    made = judge(make_finding(), said(make_finding(), word))
    assert made.status == word
    assert made.worth == make_finding().worth
    assert made.verdict is not None
    assert (made.verdict.reason, made.verdict.by, made.verdict.on, made.verdict.ask_again) == ("we know better", "Ada", "2026-11-02", False)


def test_a_correction_takes_the_place_of_the_worth_and_the_computed_one_stays_visible(make_finding: Make) -> None:
    right = Amount(250_000.0, 200_000.0, 280_000.0, "EUR", "a year")
    made = judge(make_finding(), said(make_finding(), "corrected", right))
    assert made.worth == right
    assert made.verdict is not None
    assert made.verdict.computed.amount == 400_000.0
    assert plain(made) == make_finding()


def test_without_a_price_the_value_is_corrected(make_finding: Make) -> None:
    unpriced = make_finding(worth=None, low=None, high=None)
    made = judge(unpriced, said(unpriced, "corrected", Amount(7.0, unit="partners")))
    assert made.value.amount == 7.0
    assert made.worth.amount is None


def test_a_figure_that_left_its_interval_is_asked_again_and_open(make_finding: Make) -> None:
    later = make_finding(worth=620_000.0, low=500_000.0, high=700_000.0)
    for word in ("accepted", "hidden", "corrected"):
        made = judge(later, said(make_finding(), word, Amount(1.0, unit="EUR") if word == "corrected" else None))  # type: ignore[arg-type]
        assert made.status == "open"
        assert made.worth == later.worth
        assert made.verdict is not None
        assert made.verdict.word == word
        assert (made.verdict.seen.amount, made.verdict.computed.amount, made.verdict.ask_again) == (400_000.0, 620_000.0, True)
        assert asked_again([made, make_finding()]) == (made,)


def test_a_verdict_stands_again_when_the_figure_comes_back(make_finding: Make) -> None:
    verdict = said(make_finding())
    assert judge(make_finding(worth=499_000.0), verdict).status == "accepted"
    assert judge(make_finding(worth=501_000.0), verdict).status == "open"


@pytest.mark.parametrize(
    ("now", "then", "expected"),
    [
        (Amount(100.0), Amount(100.0), False),
        (Amount(109.0), Amount(100.0), False),
        (Amount(111.0), Amount(100.0), True),
        (Amount(-111.0), Amount(-100.0), True),
        (Amount(None), Amount(100.0), True),
        (Amount(1.0), Amount(None), True),
        (Amount(None), Amount(None), False),
        (Amount(100.0, unit="EUR"), Amount(100.0, unit="USD"), True),
        (Amount(105.0), Amount(100.0, 99.0, 101.0), True),
    ],
)
def test_what_counts_as_moved(now: Amount, then: Amount, expected: bool) -> None:
    assert moved(now, then) is expected


def test_reopened_findings_carry_no_verdict(make_finding: Make) -> None:
    assert judge(make_finding(), said(make_finding(), "open")) == make_finding()


def test_verdicts_are_put_on_anew_not_on_top_and_order_follows_the_shown_worth(
    make_finding: Make, make_results: Callable[..., Results]
) -> None:
    one, two = make_finding("p1"), make_finding("p2", 90_000.0, 50_000.0, 120_000.0)
    right = Amount(10.0, unit="EUR", period="a year")
    first = judged(make_results(one, two), {one.id: said(one, "corrected", right)})
    assert [finding.id for finding in first.findings] == [two.id, one.id]
    assert judged(first, {}).findings == (one, two)
    assert judged(first, {two.id: said(two, "hidden")}).findings[0] == one


@given(st.floats(-1e9, 1e9), st.floats(0, 1e9), st.floats(0, 1e9))
def test_a_figure_inside_its_own_interval_never_moved(amount: float, below: float, above: float) -> None:
    figure = Amount(amount, amount - below, amount + above, "EUR")
    assert not moved(figure, figure)
    assert not moved(Amount(figure.low, unit="EUR"), figure)
