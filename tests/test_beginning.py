"""From a folder of exports to an engagement: one command, one confirmation, and nothing taken without it."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from prmkit.beginning import begin, ready
from prmkit.check import check
from prmkit.data.load import load
from prmkit.data.proposals import FILE, read_proposals
from prmkit.engagement import load_engagement
from prmkit.errors import DataFaults, PrmkitError
from tests.data.crm import crm

PARTNERS = (
    "Partner Nr;Firma;Land;Partner seit;Partnertyp\n007;Bäcker & Söhne;DE;01.02.2020;Systemhaus\n008;Fjord;NO;15.03.2021;Wiederverkäufer\n"
)
SALES = "Rechnungsnummer;Rechnungsdatum;Partner Nr;Nettobetrag;Waehrung\nR1;13.02.2025;007;1.234,50;CHF\nR2;14.02.2025;008;99,00;CHF\n"


def _quiet() -> Console:
    return Console(file=io.StringIO(), width=200)


def _said(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "Händlerliste 2025.csv").write_text(PARTNERS, encoding="utf-8")
    (tmp_path / "rechnungen.csv").write_text(SALES, encoding="cp1252")
    return tmp_path


def test_settings_are_made_for_exports_that_lie_there(folder: Path) -> None:
    assert begin(folder) == folder / "engagement.yaml"
    made = load_engagement(folder)
    assert (made.client, made.data, made.currency) == (folder.name, ".", "CHF")
    assert begin(folder) is None  # what is there is never written again


def test_nothing_is_made_where_nothing_lies(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("hello", encoding="utf-8")
    assert begin(tmp_path) is None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.md"]
    with pytest.raises(PrmkitError, match=r"no engagement\.yaml"):
        ready(tmp_path, _quiet())


def test_settings_under_another_ending_are_left_to_be_renamed(folder: Path) -> None:
    (folder / "engagement.yml").write_text("client: Example\n", encoding="utf-8")
    with pytest.raises(PrmkitError) as caught:
        ready(folder, _quiet(), yes=True)
    assert "Rename engagement.yml" in caught.value.do
    assert not (folder / "engagement.yaml").exists()


def test_one_question_and_the_data_are_there(folder: Path) -> None:
    asked: list[str] = []
    console = _quiet()
    ready(folder, console, ask=lambda question: not asked.append(question))
    assert asked == ["Take these readings and go on?"]
    assert "Händlerliste 2025.csv holds partners" in _said(console)
    assert "Amounts are read as CHF" in _said(console)
    client = load(load_engagement(folder), folder / "out" / ".cache")
    partners = client.tables["partners"].set_index("partner_id")
    assert list(partners["name"]) == ["Bäcker & Söhne", "Fjord"]
    assert list(partners["partner_type"]) == ["var", "reseller"]
    assert client.channels == {} or sum(client.channels.values()) == 1333.5
    assert client.sources["sales"].rows == 2
    ready(folder, console, ask=lambda question: pytest.fail("asked twice"))


def test_no_is_no(folder: Path) -> None:
    with pytest.raises(PrmkitError, match="Nothing was taken"):
        ready(folder, _quiet(), ask=lambda question: False)
    with pytest.raises(DataFaults):
        load(load_engagement(folder), folder / "out" / ".cache")
    assert {one.decision for one in read_proposals(folder)} == {""}


def test_where_nobody_can_be_asked_it_stops_with_2(folder: Path) -> None:
    with pytest.raises(PrmkitError, match="3 readings of the exports have to be confirmed") as caught:
        ready(folder, _quiet())
    assert caught.value.exit_code == 2
    assert "--yes" in caught.value.do
    assert (folder / FILE).exists()
    ready(folder, _quiet(), yes=True)
    assert {one.decision for one in read_proposals(folder)} == {"yes"}


def test_an_answer_by_hand_counts_and_a_refusal_too(folder: Path) -> None:
    begin(folder)
    report = check(folder)
    assert report.exit_code == 2
    assert len(report.open_proposals) == 3
    assert report.sources["partners"].rows == 2  # shown as if all were agreed to
    text = (folder / FILE).read_text(encoding="utf-8")
    (folder / FILE).write_text(text.replace("decision:", "decision: yes").replace("reseller", "dealer"), encoding="utf-8")
    settings = (folder / "engagement.yaml").read_bytes()
    client = load(load_engagement(folder), folder / "out" / ".cache")
    assert list(client.tables["partners"]["partner_type"]) == ["var", "dealer"]
    assert (folder / "engagement.yaml").read_bytes() == settings
    refused = (folder / FILE).read_text(encoding="utf-8").replace("decision: yes", "decision: no")
    (folder / FILE).write_text(refused, encoding="utf-8")
    again = check(folder)
    assert again.open_proposals == ()
    assert {fault.code for fault in again.faults if fault.severity == "error"} >= {"table_missing"}


def test_settings_go_before_proposals(folder: Path) -> None:
    begin(folder)
    with (folder / "engagement.yaml").open("a", encoding="utf-8") as stream:
        stream.write('sources: {partners: {path: "Händlerliste 2025.csv", columns: {partner_id: "Partner Nr", name: Firma}}}\n')
    report = check(folder)
    assert [one.table for one in report.open_proposals] == ["sales"]


def test_a_file_that_went_away_after_it_was_agreed_to_is_named(folder: Path) -> None:
    ready(folder, _quiet(), yes=True)
    (folder / "rechnungen.csv").unlink()
    faults = {fault.code: fault for fault in check(folder).faults}
    assert faults["proposal_outdated"].value == "rechnungen.csv"


@pytest.mark.slow
def test_two_raw_exports_become_a_front_page_in_one_command(tmp_path: Path) -> None:
    """What a new user does: a folder with two exports of a CRM, one command, one confirmation."""
    folder = tmp_path / "Client Ltd"
    folder.mkdir()
    crm(folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    command = [sys.executable, "-m", "prmkit", "assess", str(folder)]
    refused = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", input="")
    assert refused.returncode == 2
    assert "2 readings of the exports have to be confirmed first" in refused.stderr
    done = subprocess.run([*command, "--yes"], capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    page = (folder / "out" / "all" / "index.html").read_text(encoding="utf-8")
    assert "Client Ltd" in page
    assert "7 of 7 playbooks done" in done.stdout
    assert {name: (folder / name).read_bytes() for name in before} == before
