"""A partner's report: the decision first, four cards, five bars, peers, three steps, on one page."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from bs4 import BeautifulSoup, Tag

from prmkit.practices.result import Action, Finding, table
from prmkit.publish.disclosure import PartnerView, view
from prmkit.publish.export import clean
from prmkit.publish.page import document
from prmkit.publish.partner import PartnerReport
from prmkit.publish.partner_cards import cards
from prmkit.publish.partner_decision import MOST_WORDS, change, opening
from prmkit.publish.partner_practices import bars
from prmkit.publish.partner_trends import trailing
from prmkit.results import Results

Make = Callable[..., Results]
MakeFinding = Callable[..., Finding]
LONG_NAME = "Württembergische Großhandelsgesellschaft für Netzwerktechnik und Datensicherheit mbH Co KGaA"[:90]


def decided(results: Results, decision: str, **scorecard: Any) -> PartnerView:
    """P0000 with one decision and one scorecard."""
    tables = dict(results.tables)
    tables["prune_decisions"] = tables["prune_decisions"].assign(decision=decision)
    tables["prune_scorecard"] = tables["prune_scorecard"].assign(**scorecard)
    return view(replace(results, tables=tables), "P0000")


def replaced(results: Results, **frames: pd.DataFrame) -> Results:
    return replace(results, tables={**results.tables, **frames})


def said(tag: Tag | None) -> str:
    assert tag is not None
    return tag.get_text(" ", strip=True)


def first_page(report: PartnerReport) -> BeautifulSoup:
    return BeautifulSoup(str(report.page_one().html()), "html.parser")


@pytest.mark.parametrize(
    ("decision", "fair", "sentence"),
    [
        ("grow", (41e3, 30e3, 52e3), "Grow: with luck taken out it brings EUR 41k a year, 30k to 52k, after our costs."),
        ("keep", (41e3, 30e3, 52e3), "Keep as it is: with luck taken out it brings EUR 41k a year, 30k to 52k, after our costs."),
        ("fix", (-30e3, -80e3, 10e3), "Fix first, then look again: with luck taken out it costs us EUR 30k a year, −10k to 80k."),
        ("exit", (-30e3, -52e3, -9e3), "Propose a conversation about parting: with luck taken out it costs us EUR 30k a year, 9k to 52k."),
        ("exit", (2e3, -3e3, 7e3), "Propose a conversation about parting: on what is known, ending the relationship is worth most."),
        ("too_early", (1.0, 0.0, 2.0), "Too early to judge: its sales so far cannot tell skill from luck."),
        ("not_judged", (1.0, 0.0, 2.0), "Not judged on resale: what this kind of partner brings shows elsewhere."),
    ],
)
def test_the_decision_is_one_sentence(decision: str, fair: tuple[float, ...], sentence: str, make_results: Make) -> None:
    middle, low, high = fair
    seen = opening(decided(make_results(partners=2), decision, fair_contribution=middle, fair_low=low, fair_high=high))
    assert seen.sentence == sentence
    assert len(seen.sentence.split()) <= MOST_WORDS
    assert seen.needs_person is (decision == "exit")
    assert "It is a proposal: a person decides." in seen.why


def test_without_a_decision_the_reason_is_said(make_results: Make) -> None:
    missing = [{"table": "prune_scorecard", "column": None, "reason": "Sales carry no cost.", "needs": "sales.cost"}]
    results = make_results(partners=2, not_computed=missing)
    seen = opening(view(replaced(results, prune_decisions=table("prune", "decisions")), "P0000"))
    assert seen.sentence == "No decision yet: the data cannot tell what this partner brings after our costs."
    assert seen.why == "Sales carry no cost."


def test_a_decision_a_person_took_stands_beside_the_computed_one(make_results: Make) -> None:
    taken = pd.DataFrame(
        {"partner_id": ["P0000"], "decision": ["keep"], "by": ["Ada"], "reason": ["a large deal"], "taken_on": ["2026-05-03"]}
    )
    results = replaced(make_results(partners=2), decisions_taken=taken)
    seen = opening(decided(results, "exit", fair_contribution=-1.0))
    assert "Ada decided ‘keep’ on 3 May 2026: a large deal." in seen.why
    assert seen.sentence.startswith("Propose a conversation about parting")


def test_the_partners_edition_opens_with_its_own_sales(make_results: Make) -> None:
    results = make_results(partners=2)
    months = results.tables["partner_months"].assign(
        revenue=lambda frame: frame["month"].map(lambda month: 1_000.0 if month < 12 else 800.0)
    )
    seen = opening(view(replaced(results, partner_months=months), "P0000", "partner"))
    assert seen.sentence == "You sold EUR 12k in the 12 months to 30 September 2026, 25% more than in the 12 months before."
    assert len(seen.sentence.split()) <= MOST_WORDS
    bought = make_results(partners=2, measure="sell_in")
    assert opening(view(bought, "P0000", "partner")).sentence.startswith("You bought EUR ")


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (120.0, 100.0, "20% more than in the 12 months before"),
        (80.0, 100.0, "20% less than in the 12 months before"),
        (100.2, 100.0, "the same as in the 12 months before"),
        (5.0, 0.0, "nothing in the 12 months before"),
        (500.0, 100.0, "5 times the 12 months before"),
        (0.0, 100.0, "100% less than in the 12 months before"),
    ],
)
def test_a_change_is_said_against_the_year_before(now: float, before: float, words: str) -> None:
    assert change(now, before, "en_GB") == words


def test_four_cards_in_order_with_number_history_and_target(make_results: Make) -> None:
    goals = pd.DataFrame(
        {
            "partner_id": ["P0000"],
            "period_start": pd.to_datetime(["2026-01-01"]),
            "period_end": pd.to_datetime(["2026-12-31"]),
            "revenue_goal": [500_000.0],
        }
    )
    results = replaced(make_results(partners=2), partner_goals=goals)
    revenue, orders, enablement, loyalty = cards(view(results, "P0000"))
    months = results.tables["partner_months"].query("partner_id == 'P0000' and month < 12")
    assert revenue.title == "Revenue, 12 months"
    assert revenue.number == f"EUR {months['revenue'].sum() / 1000:.0f}k"
    assert "target EUR 500k to 31 Dec 2026" in revenue.lines
    assert revenue.spark is not None
    assert orders.number == str(months["orders"].sum())
    assert enablement.number in {"0 of 2", "1 of 2", "2 of 2"}
    assert "target: all 2" in enablement.lines
    assert loyalty.title == "Risk of silence"
    assert any(line.startswith("range ") for line in loyalty.lines)


def test_a_card_without_data_says_which_export_would_fill_it(make_results: Make) -> None:
    missing = [
        {
            "table": "enable_compliance",
            "column": None,
            "reason": "what a tier asks is not on record",
            "needs": "requirements, partners.tier",
        }
    ]
    results = make_results(partners=2, not_computed=missing)
    bare = replaced(results, enable_compliance=table("enable", "compliance"), loyalty_risk=table("loyalty", "risk"))
    _, _, enablement, loyalty = cards(view(bare, "P0000"))
    assert enablement.missing == "What a tier asks is not on record. To fill it: partner list and what each tier asks and gives."
    assert loyalty.missing == "Its risk could not be computed. To fill it: sales lines."
    assert cards(view(bare, "P0000", "partner"))[2].missing == "No requirement or training is on record."


def test_why_a_risk_is_missing_is_the_practices_own_reason(make_results: Make) -> None:
    results = make_results(partners=2)
    silent = results.tables["loyalty_risk"].assign(p_dormant_6m=None, reason="already silent since May")
    assert cards(view(replaced(results, loyalty_risk=silent), "P0000"))[3].missing == "Already silent since May."


def test_five_bars_say_only_what_is_known(make_results: Make) -> None:
    results = make_results(partners=2)
    fit = results.tables["know_fit"].assign(actual_share=[0.0, 0.4, 0.6] * 2)
    know, reach, enable, loyalty, prune = bars(view(replaced(results, know_fit=fit), "P0000"))
    risk = results.tables["loyalty_risk"].iloc[0]
    assert (know.share, know.measure) == (None, "our share of its business: not known")
    assert (reach.share, reach.measure) == (pytest.approx(2 / 3), "product families sold: 2 of 3")
    assert enable.share is not None
    assert (loyalty.share, loyalty.low, loyalty.high) == pytest.approx((1 - risk["p_dormant_6m"], 1 - risk["p_high"], 1 - risk["p_low"]))
    assert prune.share == pytest.approx(1 - results.tables["prune_scorecard"]["p_below_hurdle"].iloc[0])
    assert [bar.practice for bar in bars(view(results, "P0000", "partner"))] == ["reach", "enable"]


def test_three_steps_with_owner_and_day_largest_worth_first(make_results: Make, make_finding: MakeFinding) -> None:
    findings = tuple(
        make_finding(
            claim=f"scorecard.{name}",
            subject=("partner", "P0001"),
            worth=(worth, worth / 2, worth * 2),
            action=Action(f"Do {name}", who, "2026-11-30", "It is done"),
        )
        for name, worth, who in (("a", 10.0, "their partner manager"), ("b", 30.0, "channel director"), ("c", 20.0, ""), ("d", 5.0, "x"))
    )
    results = make_results(partners=12, findings=findings)
    soup = first_page(PartnerReport.of(results, "P0001"))
    manager = results.partners["partner_manager"].iloc[1]
    assert [said(step).split(" Worth")[0] for step in soup.select(".steps > li")] == [
        "Do b. Channel director, by 30 November 2026.",
        f"Do c. Partner manager {manager}, by 30 November 2026.",
        f"Do a. Partner manager {manager}, by 30 November 2026.",
    ]


def test_a_parting_is_a_proposal_that_a_person_signs(make_results: Make) -> None:
    results = make_results(partners=12)
    report = PartnerReport(decided(results, "exit", fair_contribution=-30e3, fair_low=-50e3, fair_high=-10e3))
    soup = first_page(report)
    assert said(soup.select_one(".steps > li")).startswith(
        "Hold the conversation about parting, with the evidence below; nothing ends unsigned."
    )
    assert said(soup.select_one(".sign")) == "Decided by a person: on: reason:"
    assert "What would change the verdict" in str(report.evidence().html())
    keep = first_page(PartnerReport(decided(results, "keep", fair_contribution=30e3)))
    assert keep.select_one(".sign") is None


def test_steps_of_the_partners_edition_come_from_its_own_records(make_results: Make) -> None:
    results = make_results(partners=12)
    asked = results.tables["enable_compliance"].assign(required=4.0, actual=3.0)
    fit = results.tables["know_fit"].assign(actual_share=0.5)
    soup = first_page(PartnerReport.of(replaced(results, enable_compliance=asked, know_fit=fit), "P0001", "partner"))
    assert [said(step) for step in soup.select(".steps > li")] == [
        "Close the gap on certified people: 3 of 4. You, with your partner manager, by 30 December 2026.",
        "Close the gap on revenue: 3 of 4. You, with your partner manager, by 30 December 2026.",
        "Agree a goal for the coming 12 months: none is on file. You, with your partner manager, by 30 December 2026.",
    ]


def test_the_peer_picture_marks_the_partner_alone(make_results: Make) -> None:
    results = make_results(partners=60)
    soup = first_page(PartnerReport.of(results, "P0003", "partner"))
    drawing = soup.select_one(".two .wide svg")
    assert drawing is not None
    assert len(drawing.find_all("circle")) == 1
    assert re.match(
        r"Your sales lie (within|above|below) the middle half of peers: EUR \d+k against \d+k to \d+k", str(drawing["aria-label"])
    )


def test_trailing_sums_are_of_twelve_months() -> None:
    months = pd.DataFrame({"month": range(13, -1, -1), "revenue": [float(value) for value in range(14)]})
    assert trailing(months, "revenue").tolist() == [66.0, 78.0, 90.0]


def test_trends_draw_sums_of_twelve_months_and_keep_the_months_in_a_table(make_results: Make) -> None:
    results = make_results(partners=2)
    soup = BeautifulSoup(str(PartnerReport.of(results, "P0000").trends().html()), "html.parser")
    assert [said(title)[:20] for title in soup.select(".exhibit-title")] == ["Revenue was highest ", "Orders were highest "]
    assert len(soup.select("table")[0].select("tr")) == 11
    partner = str(PartnerReport.of(results, "P0000", "partner").trends().html())
    assert "Gross margin" in str(soup)
    assert "Gross margin" not in partner


def test_the_evidence_holds_findings_tables_and_the_meaning_of_words(make_results: Make, make_finding: MakeFinding) -> None:
    finding = make_finding(subject=("partner", "P0000"), caveats=("Support is booked by country.",))
    html = str(PartnerReport.of(make_results(partners=2, findings=(finding,)), "P0000").evidence().html())
    soup = BeautifulSoup(html, "html.parser")
    assert "Rests on prune_scorecard. Support is booked by country." in said(soup.select_one(".findings"))
    titles = [said(title) for title in soup.select("h3")]
    assert titles == [
        *("1 finding about this partner", "What it brings and costs", "Grow, keep, fix or part ways", "Risk of silence", "Segment"),
        *("What the tier asks", "Product families", "What the words mean"),
    ]
    assert "Chance below the hurdle" in html


def test_text_of_others_stays_text(make_results: Make, make_finding: MakeFinding) -> None:
    hostile = '<img src=x onerror="alert(1)">{}\u202e</style><script>alert(2)</script>'
    finding = make_finding(
        subject=("partner", "P0000"), title=hostile, statement=hostile, action=Action(hostile, hostile, hostile, hostile)
    )
    results = make_results(partners=12, findings=(finding,), client=hostile)
    results = replace(results, partners=results.partners.assign(name=hostile, tier=hostile, partner_manager=hostile))
    results = replaced(results, loyalty_risk=results.tables["loyalty_risk"].assign(first_driver=hostile))
    for edition in ("internal", "partner"):
        page = PartnerReport.of(results, "P0000", edition).document()
        soup = BeautifulSoup(page, "html.parser")
        assert soup.find("img") is None
        assert len(soup.find_all("script")) == 1
        assert "\u202e" not in page


@pytest.mark.parametrize("edition", ["internal", "partner"])
def test_a_partner_of_whom_nothing_is_known_has_a_report(edition: str, make_results: Make) -> None:
    results = make_results(partners=1, not_computed=[], inputs={}, warnings=[])
    bare = Results(results.run, (), {}, results.partners[["partner_id"]].assign(name=pd.NA, partner_type=pd.NA))
    soup = BeautifulSoup(PartnerReport.of(bare, "P0000", edition).document(), "html.parser")
    assert said(soup.select_one(".partner-name")) == "P0000"
    assert len(soup.select(".card")) == 4
    assert "There are no sales to show a trend of" in soup.text


def test_a_notebook_shows_the_pieces(make_results: Make) -> None:
    report = PartnerReport.of(make_results(partners=2), "P0000")
    for piece in (report.page_one(), report.trends(), report.evidence()):
        assert clean(piece._repr_html_()).startswith('<div class="prmkit"><section class="pa')
        assert repr(piece).startswith("Partner 0000 Systems: ")


def worst(make_results: Make, make_finding: MakeFinding) -> PartnerReport:
    """The fullest page one there can be: a name of 90 characters, a proposed parting, long steps."""
    assert len(LONG_NAME) == 90
    action = Action(
        "Call the managing director and ask what changed in the third quarter of the year", "Head of channel sales", "2026-11-30", "x"
    )
    findings = tuple(
        make_finding(claim=f"scorecard.{name}", subject=("partner", "P0000"), action=replace(action, what=f"{action.what}, {name}"))
        for name in "ab"
    )
    results = make_results(partners=60, findings=findings)
    results = replace(results, partners=results.partners.assign(name=LONG_NAME))
    seen = decided(results, "exit", fair_contribution=-30e3, fair_low=-50e3, fair_high=-10e3)
    decision = seen.tables["prune_decisions"].assign(
        gates="No plan was agreed, it is past its ramp, and it was told twice in the last year"
    )
    return PartnerReport(replace(seen, tables={**seen.tables, "prune_decisions": decision}))


@pytest.mark.browser
@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_page_one_is_one_printed_page(paper: str, chromium: Any, tmp_path: Path, make_results: Make, make_finding: MakeFinding) -> None:
    html = document("Partner", clean(str(worst(make_results, make_finding).page_one().html())))
    path = tmp_path / "page.html"
    path.write_text(html, encoding="utf-8")
    page = chromium.new_page()
    page.goto(path.as_uri())
    printed = page.pdf(format=paper)
    page.close()
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1


@pytest.mark.browser
def test_a_browser_without_network_finds_nothing_wrong(look: Callable[[str], Any], make_results: Make, make_finding: MakeFinding) -> None:
    partner = PartnerReport.of(make_results(partners=60), "P0003", "partner")
    for report in (worst(make_results, make_finding), partner):
        looked = look(report.document())
        assert looked.violations == ()
        assert looked.requests == ()
        assert looked.errors == ()
        assert looked.width_at_320 <= 320
