"""One line for one sum of money."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from prmkit.practices.result import Finding
from prmkit.publish.headline import headline, kind, overlap

Make = Callable[..., Finding]


def ids(lines: tuple) -> list[str]:
    return [line.lead.id for line in lines]


def test_findings_stand_by_worth_and_the_unpriced_after_them(make_finding: Make) -> None:
    small = make_finding(
        practice="enable",
        claim="incentives.low_roi",
        subject=("programme", "mdf"),
        worth=(10.0, 5.0, 15.0),
        evidence=("enable_incentives",),
    )
    large = make_finding()
    unpriced = make_finding(practice="know", claim="profile.thin", worth=(None, None, None), evidence=("know_profile",))
    made = headline((small, unpriced, large))
    assert ids(made.priced) == [large.id, small.id]
    assert ids(made.unpriced) == [unpriced.id]
    assert (made.folded, made.double, made.hidden) == (0, 0, 0)


def test_the_same_money_seen_twice_is_counted_once(make_finding: Make) -> None:
    larger = make_finding(worth=(100.0, 50.0, 150.0))
    smaller = make_finding(claim="scorecard.long_tail", worth=(60.0, 20.0, 90.0))
    made = headline((smaller, larger))
    assert ids(made.priced) == [larger.id]
    assert made.priced[0].counted_in == (smaller.id,)
    assert made.priced[0].worth.amount == 100.0
    assert made.double == 1


def test_other_evidence_or_another_subject_is_other_money(make_finding: Make) -> None:
    one = make_finding()
    other_table = make_finding(practice="loyalty", claim="risk.money", evidence=("loyalty_risk",))
    other_subject = make_finding(subject=("territory", "north"))
    assert len(headline((one, other_table, other_subject)).priced) == 3


@pytest.mark.parametrize(
    ("one", "other", "common"),
    [
        (("a",), ("a",), True),
        (("a",), ("b",), False),
        (("a", "b"), ("b", "c"), True),
        (("a[partner_id=1]",), ("a[partner_id=2]",), False),
        (("a[partner_id=1]",), ("a[partner_id=1]",), True),
        (("a[partner_id=1]",), ("a",), True),
        (("a: 1",), ("a: 1",), True),
        (("prune_scorecard",), ("prune_scorecard_more",), False),
        ((), (), False),
    ],
)
def test_evidence_overlaps_where_rows_can_be_the_same(one: tuple[str, ...], other: tuple[str, ...], common: bool) -> None:
    assert overlap(one, other) is common
    assert overlap(other, one) is common


def test_partner_findings_of_one_kind_fold_into_one_line(make_finding: Make) -> None:
    many = [
        make_finding(
            subject=("partner", f"P{number}"),
            worth=(100.0 * number, 50.0 * number, 200.0 * number),
            evidence=(f"prune_scorecard[{number}]",),
        )
        for number in (1, 2, 3)
    ]
    (line,) = headline(many).priced
    assert line.lead.subject_id == "P3"
    assert [member.subject_id for member in line.members] == ["P3", "P2", "P1"]
    assert (line.worth.amount, line.worth.low, line.worth.high) == (600.0, 300.0, 1200.0)
    assert (line.worth.unit, line.worth.period) == ("EUR", "a year")
    assert headline(many).folded == 3


def test_a_sum_has_no_range_when_a_member_has_none(make_finding: Make) -> None:
    known = make_finding(subject=("partner", "A"))
    bare = make_finding(subject=("partner", "B"), worth=(10.0, None, None))
    (line,) = headline((known, bare)).priced
    assert (line.worth.amount, line.worth.low, line.worth.high) == (410_010.0, None, None)


def test_partner_findings_of_two_kinds_stay_two_lines(make_finding: Make) -> None:
    risk = make_finding(practice="loyalty", claim="risk.leaving", subject=("partner", "A"), evidence=("loyalty_risk",))
    cost = make_finding(subject=("partner", "A"))
    assert len(headline((risk, cost)).priced) == 2
    assert kind(risk) == "loyalty.risk.leaving"


@pytest.mark.parametrize(("whole", "kept"), [(500.0, "portfolio"), (100.0, "partner")])
def test_the_whole_and_its_parts_are_one_sum(whole: float, kept: str, make_finding: Make) -> None:
    everyone = make_finding(worth=(whole, 1.0, 2.0))
    parts = [
        make_finding(claim="scorecard.cost", subject=("partner", name), worth=(100.0, 1.0, 2.0), evidence=(f"prune_scorecard[{name}]",))
        for name in "AB"
    ]
    (line,) = headline((everyone, *parts)).priced
    assert line.lead.subject_kind == kept
    assert len(line.counted_in) == (2 if kept == "portfolio" else 1)


def test_hidden_findings_are_counted_and_not_shown(make_finding: Make) -> None:
    made = headline((make_finding(status="hidden"), make_finding(subject=("territory", "north"), status="disputed")))
    assert made.hidden == 1
    assert [line.lead.status for line in made.priced] == ["disputed"]


def test_equal_worth_goes_to_the_surer_then_by_id(make_finding: Make) -> None:
    a = make_finding(subject=("territory", "a"), confidence="low")
    b = make_finding(subject=("territory", "b"), confidence="high")
    c = make_finding(subject=("territory", "c"), confidence="high")
    assert ids(headline((a, c, b)).priced) == [b.id, c.id, a.id]


def test_the_order_of_the_findings_changes_nothing(make_finding: Make) -> None:
    findings = [
        make_finding(claim=f"scorecard.{claim}", subject=("partner", f"P{number}"), worth=(float(number % 4), None, None))
        for number in range(12)
        for claim in ("a", "b")
    ] + [make_finding(claim="scorecard.a"), make_finding(claim="scorecard.c", worth=(None, None, None))]
    expected = headline(findings)
    for seed in range(5):
        random.Random(seed).shuffle(findings)
        assert headline(findings) == expected


def test_no_finding_is_lost(make_finding: Make) -> None:
    findings = [make_finding(claim=f"scorecard.{n % 3}", subject=("partner", f"P{n}"), evidence=("prune_scorecard",)) for n in range(20)]
    findings += [make_finding(), make_finding(claim="scorecard.x", worth=(1.0, 0.0, 2.0))]
    made = headline(findings)
    told = [member.id for line in made.priced for member in line.members] + [double for line in made.priced for double in line.counted_in]
    assert sorted(told) == sorted(finding.id for finding in findings)


def test_nothing_gives_nothing() -> None:
    assert headline(()) == headline([])
    assert headline(()).priced == ()
