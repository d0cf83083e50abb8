"""`prmkit verdict`: what it keeps, lists and refuses, and that pages and playbooks show it without computing."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
import pytest
from bs4 import BeautifulSoup
from rich.console import Console

from prmkit import assess
from prmkit.engagement import load_engagement
from prmkit.errors import PrmkitError
from prmkit.playbook import Playbook
from prmkit.publish.front import front_page
from prmkit.publish.workbook import write_workbook
from prmkit.verdicts.command import run
from prmkit.verdicts.store import FILE, latest

ONE, TWO = "prune.scorecard.loss:partner:p1", "prune.scorecard.loss:partner:p2"
HOSTILE = ("=cmd|' /C calc'!A0", "<script>alert(1)</script>", "\u202edettimda", "x" * 10_000, "[bold red]{0} %s", "a\x00b\ud800c", "\n<h1>")


def verdict(folder: Path, *words: str | None, **settings: object) -> str:
    heard = io.StringIO()
    finding, word = (*words, None, None)[:2]
    assert run(folder, finding, word, Console(file=heard, width=200), **settings) == 0  # type: ignore[arg-type]
    return heard.getvalue()


@pytest.mark.usefixtures("kept_in")
def test_a_verdict_is_kept_shown_and_listed(folder: Path) -> None:
    assert verdict(folder).count("  open") == 2
    verdict(folder, ONE, "dispute", reason="Finance has booked it twice", by="Ada")
    assert "Disputed by Ada" in verdict(folder)
    records = {record["id"]: record for record in json.loads((folder / "out/all/results/findings.json").read_text(encoding="utf-8"))}
    assert (records[ONE]["status"], records[ONE]["verdict"]["reason"]) == ("disputed", "Finance has booked it twice")
    assert (records[TWO]["status"], records[TWO]["verdict"]) == ("open", None)
    verdict(folder, ONE, "reopen")
    assert assess.read(load_engagement(folder)).findings[0].verdict is None


def test_an_unambiguous_beginning_is_enough(folder: Path) -> None:
    verdict(folder, TWO, "accept")
    with pytest.raises(PrmkitError, match="2 findings begin with 'prune'"):
        verdict(folder, "prune", "accept")
    with pytest.raises(PrmkitError, match=r"There is no finding 'prune\.scorecard\.lost:partner:p1'") as caught:
        verdict(folder, "prune.scorecard.lost:partner:p1", "accept")
    assert ONE in caught.value.do


@pytest.mark.parametrize(
    ("words", "settings", "said"),
    [
        ((ONE,), {}, "The verdict is missing"),
        ((ONE, "like"), {}, "'like' is no verdict"),
        ((ONE, "dispute"), {"reason": "  "}, "needs a reason"),
        ((ONE, "hide"), {}, "needs a reason"),
        ((ONE, "correct"), {"figure": (1.0, None, None)}, "needs a reason"),
        ((ONE, "correct"), {"reason": "r"}, "needs --value"),
        ((ONE, "accept"), {"figure": (1.0, None, None)}, "belong to 'correct'"),
        ((ONE, "accept"), {"figure": (None, 1.0, None)}, "belong to 'correct'"),
        ((ONE, "correct"), {"reason": "r", "figure": (1.0, 2.0, 3.0)}, "does not lie in its range"),
        ((ONE, "correct"), {"reason": "r", "figure": (1.0, 0.0, None)}, "does not lie in its range"),
        ((ONE, "correct"), {"reason": "r", "figure": (float("nan"), None, None)}, "does not lie in its range"),
        ((ONE, "accept"), {"reason": "x" * 20_001}, "more than 20,000"),
    ],
)
def test_what_is_not_whole_is_refused_and_nothing_kept(
    folder: Path, words: tuple[str, ...], settings: dict[str, object], said: str
) -> None:
    with pytest.raises(PrmkitError, match=said):
        verdict(folder, *words, **settings)
    assert latest(load_engagement(folder)) == {}


def test_without_results_there_is_nothing_to_judge(tmp_path: Path) -> None:
    (tmp_path / "engagement.yaml").write_text("client: Example\n", encoding="utf-8")
    with pytest.raises(PrmkitError, match="no findings to judge yet"):
        verdict(tmp_path)
    assert not (tmp_path / FILE).exists()


def test_judging_a_corrected_finding_again_judges_what_was_computed(folder: Path) -> None:
    verdict(folder, ONE, "correct", reason="r", figure=(5.0, 1.0, 9.0), by="Ada")
    verdict(folder, ONE, "accept", by="Ada")
    assert latest(load_engagement(folder))[ONE].seen.amount == 400_000.0
    assert assess.read(load_engagement(folder)).findings[0].worth.amount == 400_000.0


def test_front_page_and_workbook_show_a_correction_beside_what_was_computed(folder: Path, tmp_path: Path) -> None:
    verdict(folder, ONE, "correct", reason="Credit note missing", figure=(250_000.0, 200_000.0, 280_000.0), by="Ada")
    made = assess.read(load_engagement(folder))
    text = BeautifulSoup(front_page(made, playbooks=()), "html.parser").get_text(" ")
    assert "EUR 340k a year, 250k to 400k" in text  # the two findings on one line: the corrected 250k and 90k
    assert "Of these 2: 1 corrected." in text
    write_workbook(made, tmp_path / "w.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "w.xlsx")["Actions"]
    heads = [cell.value for cell in sheet[1]]
    row = dict(zip(heads, [cell.value for cell in sheet[2]], strict=True))
    assert (row["Worth a year (EUR)"], row["Computed worth (EUR)"], row["Status"]) == (250_000, 400_000, "corrected")
    assert "computed was EUR 400k a year, 300k to 500k. “Credit note missing”" in row["Verdict"]


def test_hidden_findings_leave_the_front_page_and_are_counted(folder: Path) -> None:
    verdict(folder, TWO, "hide", reason="Known for years", by="Ada")
    text = BeautifulSoup(front_page(assess.read(load_engagement(folder)), playbooks=()), "html.parser").get_text(" ")
    assert "p2 costs more" not in text
    assert "1 finding that a person has hidden was left out." in text


@pytest.mark.parametrize("reason", HOSTILE)
def test_no_reason_becomes_markup_or_a_formula(folder: Path, tmp_path: Path, reason: str) -> None:
    verdict(folder, TWO, "hide", reason="r", by="Ada")
    verdict(folder, ONE, "dispute", reason=reason, by=reason[:50])
    verdict(folder)
    made = assess.read(load_engagement(folder))
    playbook = Playbook(made, "prune")
    for page in (front_page(made, playbooks=()), playbook.answer()._repr_html_(), playbook.findings()._repr_html_()):
        soup = BeautifulSoup(page, "html.parser")
        assert not [tag for tag in soup.find_all("script") if "alert(1)" in tag.get_text()]
        assert "\u202e" not in page
        assert "Disputed by" in page
    write_workbook(made, tmp_path / "w.xlsx")
    for row in openpyxl.load_workbook(tmp_path / "w.xlsx")["Actions"].iter_rows():
        assert not [cell for cell in row if cell.data_type == "f" or cell.hyperlink]


def test_playbooks_see_a_new_verdict_without_computing(assessed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import shutil

    home = tmp_path / "client"
    shutil.copytree(assessed, home)
    monkeypatch.setattr(assess, "compute", lambda *_, **__: pytest.fail("results were computed again"))
    finding = Playbook.open(home).results.findings[0]
    verdict(home, finding.id, "dispute", reason="Not so", by="Ada")
    opened = Playbook.open(home, practice=finding.practice)
    assert {found.id: found.status for found in opened.results.findings}[finding.id] == "disputed"
    assert "“Not so”" in str(opened.findings()._repr_html_())
