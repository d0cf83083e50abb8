"""What a playbook shows: the answer, the findings, the doubts, and where it all comes from."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from prmkit.errors import PrmkitError
from prmkit.playbook import Playbook
from prmkit.results import Results
from tests.publish.programme import HOSTILE, LONG, empty, finding, full, people, run

PIECES = (
    "answer", "findings", "unknown", "how_sure", "next_steps", "made_of", "data_read", "readiness", "ask_next", "reconciliation",
    "data_warnings",
)  # fmt: skip


def soup(shown: object) -> BeautifulSoup:
    return BeautifulSoup(shown._repr_html_(), "html.parser")  # type: ignore[attr-defined]


@pytest.mark.parametrize("made", [full(), empty()], ids=["full", "empty"])
@pytest.mark.parametrize("practice", ["", "know", "prune"])
@pytest.mark.parametrize("piece", PIECES)
def test_every_piece_can_be_shown(made: Results, practice: str, piece: str) -> None:
    shown = getattr(Playbook(made, practice), piece)()
    html = shown._repr_html_()
    assert html.startswith('<div class="prmkit">')
    assert "<script" not in html
    assert "nan" not in BeautifulSoup(html, "html.parser").text.lower().replace("finance", "")
    assert repr(shown).strip()
    assert "<" not in repr(shown).replace(HOSTILE, "")


def test_what_is_missing_for_the_same_reason_is_said_once() -> None:
    made, bare = Playbook(full(), "reach"), Playbook(empty(), "reach")
    heads = [soup(made.exhibit(name)).h3 for name in ("plan", "waterfall")]
    assert soup(made.exhibits("plan", "waterfall")).select("h3") == heads
    one = bare.exhibit("conflict")
    assert one.missing == bare.exhibit("registrations").missing
    shown = soup(bare.exhibits("conflict", "registrations", "conflict"))
    assert [head.text for head in shown.select("h3")] == [
        "Channel conflict and what it costs; Deal registration: collisions, waiting, blocking: not known yet"
    ]
    assert len(shown.select(".missing p")) == len(one.missing)


def test_the_answer_leads_with_the_money() -> None:
    small, large = finding("prune", "scorecard.small", worth=10_000.0), finding("prune", "whale.large", worth=90_000.0)
    playbook = Playbook(Results(run(), (large, small), {}, people(3)), "prune")
    assert repr(playbook.answer()).startswith(f"Large at {HOSTILE}.")
    assert "Worth EUR 90k a year, 50k to 130k." in repr(playbook.answer())


def test_without_a_price_the_answer_is_to_the_practices_own_question() -> None:
    sure, central = finding("reach", "silent.lost", worth=None), finding("reach", "plan.recruits", worth=None)
    playbook = Playbook(Results(run(), (sure, central), {}, people(3)), "reach")
    assert repr(playbook.answer()).startswith("Recruits at")
    assert "Without a price." in repr(playbook.answer())


def test_findings_stand_on_one_scale_with_their_first_step() -> None:
    shown = Playbook(full()).findings()
    page = soup(shown)
    assert shown.title == "Six findings carry a price; 1 more without a price"
    assert page.find("svg") is not None
    items = page.select("ol.findings > li")
    assert len(items) == 7
    assert all("First step" in item.text and "medium confidence" in item.text for item in items)
    assert items[-1].text.count("Not priced") == 1
    assert "Nine times in ten the truth lies in the range." in page.text


def test_steps_name_whom_they_are_about() -> None:
    page = soup(Playbook(full(), "loyalty").next_steps())
    rows = [[cell.text for cell in row.find_all(["th", "td"])] for row in page.select("tbody tr")]
    assert rows[0][:4] == ["Hold the conversation", "The whole portfolio", "Channel chief", "by 30 November 2026"]
    assert LONG in {row[1] for row in rows}


def test_what_is_unknown_names_the_export() -> None:
    playbook = Playbook(empty(), "know")
    said = repr(playbook.unknown())
    assert said.startswith("Partner survey")
    assert "What partners want, and what goes with their loyalty. No partner has been asked." in said
    assert "trainings" not in repr(playbook.unknown())
    assert repr(Playbook(full(), "know").unknown()) == "Every question of this practice could be answered from the data."


def test_how_sure_tells_the_rule_and_the_caveats() -> None:
    said = repr(Playbook(full(), "loyalty").how_sure())
    assert "Of 14 findings there are 14 of medium confidence." in said
    assert "Cost to serve leaves out tickets." in said
    assert "fewer than 30 cases" in said


def test_readiness_counts_and_asks() -> None:
    playbook = Playbook(full())
    assert playbook.readiness().title == "1 of 2 answers can be given in full, 0 in part, 1 not at all"
    assert "Sales territories" in soup(playbook.ask_next()).text
    assert "returns" in soup(playbook.reconciliation()).text
    assert "60,855" in soup(playbook.data_read()).text
    assert "The last month looks incomplete." in repr(playbook.data_warnings())


def test_tables_by_name_and_of_other_practices() -> None:
    playbook = Playbook(full(), "know")
    assert "What the segments are and how to treat them" in soup(playbook.table("segment_summary")).text
    assert "Where contribution is made" in soup(playbook.table("prune.whale")).text
    assert "not known yet" in soup(Playbook(empty(), "know").table("segments")).text
    assert playbook.exhibit("prune.whale").title == Playbook(full(), "prune").exhibit("whale").title


def test_a_playbook_shown_says_whose_numbers_these_are_and_styles_only_itself() -> None:
    html = Playbook(full())._repr_html_()
    page = BeautifulSoup(html, "html.parser")
    assert page.style is not None
    assert page.style.string is not None
    assert page.style.string.startswith(".prmkit{")
    assert "all partners · as of 30 September 2026 · money in EUR" in page.text
    assert HOSTILE not in html


def test_an_unknown_practice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PrmkitError, match="There is no practice 'knwo'"):
        Playbook.open(tmp_path, "all", "knwo")
