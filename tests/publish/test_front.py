"""The front page of a portfolio: in order, honest, and safe to open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from bs4 import BeautifulSoup, Tag

from prmkit.practices.result import Action, Finding, NotComputed, table
from prmkit.publish.front import PlaybookLink, front_page
from prmkit.publish.front.findings import by_when
from prmkit.publish.front.practices import evidence
from prmkit.publish.front.unanswered import export_of, gaps
from prmkit.results import Results

Make = Callable[..., Results]
MakeFinding = Callable[..., Finding]
HOSTILE = '<img src=x onerror="alert(1)">\u202e{}</style></script><script>alert(2)</script> & "q"'
LINKS = [
    PlaybookLink("What the data can answer", "playbooks/0_readiness.html"),
    PlaybookLink("Training and incentives", "playbooks/3_training_and_incentives.html", "failed", "Cell 4: no start date"),
    PlaybookLink("Action plan", "playbooks/6_action_plan.html", "missing", "not made"),
]


def soup_of(results: Results, links: Any = LINKS) -> BeautifulSoup:
    return BeautifulSoup(front_page(results, playbooks=links), "html.parser")


def said(tag: Tag | None) -> str:
    assert tag is not None
    return tag.get_text(" ", strip=True)


def test_the_order_is_the_briefs(make_results: Make, make_finding: MakeFinding) -> None:
    soup = soup_of(make_results(findings=(make_finding(),)))
    assert [section["id"] for section in soup.select("main section")] == ["practices", "findings", "unanswered", "made"]
    assert said(soup.select_one(".kicker")) == "Example Software · all partners · as of 30 September 2026"


def test_the_one_sentence_is_the_next_step_and_its_worth_with_the_range(make_results: Make, make_finding: MakeFinding) -> None:
    soup = soup_of(make_results(findings=(make_finding(),)))
    assert said(soup.h1) == "Hold the tough conversation with the eleven: worth EUR 410k a year, 250k to 590k"
    assert said(soup.select_one(".lead")).endswith("Nine times in ten the truth lies in the range. The confidence is high.")


def test_a_larger_sum_of_low_confidence_does_not_lead(make_results: Make, make_finding: MakeFinding) -> None:
    unsure = make_finding(subject=("territory", "north"), worth=(9e6, 1e3, 2e7), confidence="low")
    assert "410k" in said(soup_of(make_results(findings=(unsure, make_finding()))).h1)
    alone = soup_of(make_results(findings=(unsure,)))
    assert said(alone.select_one(".lead")).endswith("The confidence is low: check it first.")


def test_a_step_at_partners_names_the_first_and_counts_the_others(make_results: Make, make_finding: MakeFinding) -> None:
    many = [make_finding(subject=("partner", f"P000{n}"), worth=(10.0 * n, 5.0 * n, 20.0 * n), evidence=(f"x: {n}",)) for n in (1, 2, 3)]
    soup = soup_of(make_results(findings=tuple(many)))
    assert said(soup.h1).startswith(
        "Hold the tough conversation with the eleven, at Partner 0003 Systems and 2 other partners: worth EUR 60 "
    )
    assert "and 2 other partners likewise" in said(soup.select_one(".worth .claim"))


def test_without_a_price_the_page_says_so(make_results: Make, make_finding: MakeFinding) -> None:
    soup = soup_of(make_results(findings=(make_finding(worth=(None, None, None)),)))
    assert said(soup.h1) == "Hold the tough conversation with the eleven; nothing here has a price yet"
    assert said(soup.select_one("#findings h2")) == "No finding can be priced yet"
    assert "Partner survey would answer 2 questions more." in said(soup.select_one(".lead"))
    assert said(soup.select_one("#findings h3")) == "Not priced: 1 finding without a sum of money"


def test_without_any_finding_the_page_says_that(make_results: Make) -> None:
    assert said(soup_of(make_results()).h1) == "The data show no finding yet"


def test_ten_findings_at_most_and_what_was_left_out_is_said(make_results: Make, make_finding: MakeFinding) -> None:
    many = [make_finding(subject=("territory", f"t{n:02d}"), worth=(1_000.0 * n, 500.0 * n, 2_000.0 * n)) for n in range(1, 13)]
    double = make_finding(claim="scorecard.again", subject=("territory", "t12"), worth=(10.0, 5.0, 20.0))
    hidden = make_finding(subject=("territory", "h"), status="hidden")
    soup = soup_of(make_results(findings=(*many, double, hidden)))
    assert len(soup.select(".worth > li")) == 10
    assert said(soup.select_one("#findings h2")) == "12 findings carry a price; these ten are worth most"
    rule = said(soup.select_one("#findings .note"))
    assert "1 finding that another one holds, or says a part of, was left out." in rule
    assert "1 finding that a person has hidden was left out." in rule


def test_all_findings_are_drawn_on_one_scale(make_results: Make, make_finding: MakeFinding) -> None:
    one = make_finding(subject=("territory", "a"), worth=(100.0, 50.0, 150.0))
    two = make_finding(subject=("territory", "b"), worth=(200.0, 100.0, 300.0))
    strips = soup_of(make_results(findings=(one, two))).select(".worth svg")
    dots = [float(strip.circle["cx"]) for strip in strips]  # type: ignore[union-attr,arg-type]
    low = float(strips[0].rect["x"])  # type: ignore[union-attr,arg-type]
    zero = 24.0
    assert (dots[0] - zero) / (dots[1] - zero) == pytest.approx(2.0, abs=0.01)
    assert (low - zero) / (dots[1] - zero) == pytest.approx(1.0, abs=0.01)


def test_each_practice_has_its_message_its_evidence_and_its_playbook(make_results: Make, make_finding: MakeFinding) -> None:
    rows = soup_of(make_results(findings=(make_finding(),))).select(".practices > li")
    assert [said(row.h3) for row in rows] == [
        *("Know your partners", "Mathematics of reach", "Training and incentives", "Partner loyalty", "Under-performers"),
    ]
    assert "19 of 21 questions" in said(rows[0])
    assert "No finding. No partner has been asked." in said(rows[0])
    assert "8 of 8 questions" in said(rows[4])
    assert "Eleven partners cost more than they bring" in said(rows[4])
    assert "Its playbook failed: Cell 4: no start date" in said(rows[2])
    assert rows[2].h3.a["href"] == "playbooks/3_training_and_incentives.html"  # type: ignore[union-attr,index]


def test_a_practice_that_was_not_run_has_no_evidence(make_results: Make) -> None:
    results = make_results(practices=["know"])
    assert evidence(results, "prune").asked is False
    assert "not part of this run" in said(soup_of(results).select(".practices > li")[4])


def test_a_table_with_rows_that_lacks_a_part_counts_as_computed(make_results: Make) -> None:
    missing = [{"table": "prune_scorecard", "column": None, "reason": "half of it", "needs": "support"}]
    assert evidence(make_results(not_computed=missing), "prune").computed == 8


def test_no_position_is_claimed_before_there_are_answers(make_results: Make) -> None:
    results = make_results()
    assert "No position is shown" in said(soup_of(results).select_one("#practices .missing"))
    scores = table("assessment", "scores", pd.DataFrame({"practice": ["know"], "claimed": [4.0], "evidenced": [2.3]}))
    placed = replace(results, tables={**results.tables, "assessment_scores": scores})
    drawn = soup_of(placed).select_one("#practices .wide svg")
    assert drawn is not None
    assert str(drawn["aria-label"]).startswith("Position now, from 0 to 5: Know your partners 2.3, Mathematics of reach not known")


@pytest.mark.parametrize(
    ("needs", "name"),
    [
        ("surveys", "Partner survey"),
        ("surveys (nps)", "Partner survey"),
        ("territories.market_potential", "Sales territories"),
        ("requirements, partners.tier", "Partner list and what each tier asks and gives"),
        ("trainings, people and products.version", "Partners' people, product list and completed trainings"),
        ("incentives.approved_on, or a next wave drawn by lot", "Incentives and claims paid"),
        ("a longer sales history", "A longer sales history"),
        ("engagement.yaml", "A setting in engagement.yaml"),
        ("", "More of the same data"),
    ],
)
def test_what_is_needed_is_said_as_people_call_it(needs: str, name: str) -> None:
    assert export_of(needs) == name


def test_gaps_stand_under_the_export_that_unlocks_most() -> None:
    missing = [
        NotComputed("enable_training", None, "a", "trainings, people"),
        NotComputed("enable_decay", None, "b", "trainings.score"),
        NotComputed("know_drivers", None, "c", "surveys"),
        NotComputed("know_worries", None, "c", "surveys"),
        NotComputed("know_economics", "services_share", "d", "partners.services_share"),
        NotComputed("reach_levers", None, "in part", "sales"),
    ]
    found = gaps(missing, {"reach_levers"})
    assert [(gap.export, gap.alone, gap.tables, gap.columns) for gap in found] == [
        ("Partner survey", 2, ("know_drivers", "know_worries"), ()),
        ("Completed trainings", 1, ("enable_training", "enable_decay"), ()),
        ("Partner list", 0, (), (("know_economics", "services_share"),)),
        ("Sales lines", 0, (), (("reach_levers", ""),)),
    ]
    assert found[1].beside == {"enable_training": "partners' people"}
    assert found[0].reasons == ("C.",)


def test_what_could_not_be_answered_names_the_export_and_the_questions(make_results: Make) -> None:
    section = soup_of(make_results()).select_one("#unanswered")
    assert section is not None
    assert said(section.h2) == "5 questions could not be answered; partner survey alone would answer two"
    first = said(section.select_one(".gaps > li"))
    assert first.startswith(
        "Partner survey 2 questions and 1 answer in part Would answer: What partners want, and what goes with their loyalty"
    )
    assert "Attitude and behaviour (attitude)" in first


def test_how_it_was_made_shows_data_faults_method_seed_and_failed_playbooks(make_results: Make) -> None:
    section = said(soup_of(make_results()).select_one("#made"))
    for part in ("60,855", "2 Oct 2023", "The last month looks incomplete.", "prmkit 0.1.0", "20260930", "sell-through", "0f0f0f0f0f0f"):
        assert part in section
    assert "Training and incentives failed : Cell 4: no start date" in section
    assert "Two of 3 playbooks are not to be relied on" in section


@pytest.mark.parametrize("href", ["javascript:alert(1)", "https://example.org", "//example.org", "../../secret.html"])
def test_a_link_never_leaves_the_folder(href: str, make_results: Make) -> None:
    links = [PlaybookLink("Under-performers 5_prune_under_performers", f"{href}#5_prune_under_performers")]
    assert soup_of(make_results(), links).select("#practices a, #made a") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026-11-30", "by 30 November 2026"),
        ("by 2026-11-30", "by 30 November 2026"),
        ("within two weeks", "within two weeks"),
        ("quarter end", "by quarter end"),
        ("", ""),
    ],
)
def test_a_day_reads_as_a_day_and_words_stay_words(text: str, words: str) -> None:
    assert by_when(text, "en_GB") == words


def hostile_results(make_results: Make, make_finding: MakeFinding) -> Results:
    action = Action(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    findings = (
        make_finding(title=HOSTILE, statement=HOSTILE, action=action, caveats=(HOSTILE,)),
        make_finding(title=HOSTILE, action=action, subject=("partner", "P0000"), evidence=("other",)),
        make_finding(title=HOSTILE, action=action, subject=("territory", HOSTILE), worth=(None, None, None)),
    )
    missing = [{"table": "know_drivers", "column": None, "reason": HOSTILE, "needs": HOSTILE}]
    inputs = {HOSTILE: {"files": [HOSTILE], "rows": 1, "preset": "", "first": None, "last": None}}
    results = make_results(partners=2, findings=findings, client=HOSTILE, not_computed=missing, inputs=inputs, warnings=[HOSTILE])
    return replace(results, partners=results.partners.assign(name=HOSTILE))


def test_text_of_others_stays_text(make_results: Make, make_finding: MakeFinding) -> None:
    page = front_page(hostile_results(make_results, make_finding), playbooks=[PlaybookLink(HOSTILE, HOSTILE, "failed", HOSTILE)])
    soup = BeautifulSoup(page, "html.parser")
    assert soup.find("img") is None
    assert len(soup.find_all("script")) == 1
    assert "\u202e" not in page
    assert "<script>alert(2)</script>" in said(soup.h1)


def test_a_line_dated_after_the_as_of_date_does_not_stretch_the_period(make_results: Make) -> None:
    results = make_results()
    inputs = {"sales": {**results.run["inputs"]["sales"], "first": "2024-10-02", "last": "2036-05-17"}}
    page = said(soup_of(replace(results, run={**results.run, "inputs": inputs})).body)
    assert "2 October 2024 to 30 September 2026" in page
    assert "2 October 2024 to 17 May 2036" not in page


def test_an_empty_programme_has_a_page(make_results: Make) -> None:
    soup = soup_of(make_results(partners=0, not_computed=[], inputs={}, warnings=[]), [])
    assert said(soup.select_one("#unanswered h2")) == "Every question of the practices could be answered"
    assert "No fault that matters was found." in said(soup.select_one("#made"))
    assert "No playbook was run" in said(soup.select_one("#made"))


def test_twenty_thousand_findings_make_a_page_of_a_few_hundred_kilobytes(make_results: Make, make_finding: MakeFinding) -> None:
    many = tuple(
        make_finding(subject=("partner", str(n)), worth=(float(n), 0.0, 2.0 * n), evidence=(f"prune_scorecard: {n}",))
        for n in range(20_000)
    )
    page = front_page(make_results(findings=many), playbooks=LINKS)
    assert "19,999 other partners likewise" in page
    assert len(page) < 200_000


@pytest.mark.browser
def test_a_browser_without_network_finds_nothing_wrong(look: Callable[[str], Any], make_results: Make, make_finding: MakeFinding) -> None:
    ordinary = make_results(findings=(make_finding(), make_finding(practice="know", claim="profile.x", worth=(None, None, None))))
    for results, links in ((ordinary, LINKS), (hostile_results(make_results, make_finding), []), (make_results(partners=0), [])):
        looked = look(front_page(results, playbooks=links))
        assert looked.violations == ()
        assert looked.requests == ()
        assert looked.errors == ()
        assert looked.width_at_320 <= 320
