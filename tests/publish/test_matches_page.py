"""The page of open matches: both sides of each question, most revenue first, safe and readable without script."""

from __future__ import annotations

from pathlib import Path

from bs4 import BeautifulSoup

from prmkit.check import check
from prmkit.check_view import _matches
from prmkit.data.identity.matches import with_decisions
from prmkit.data.identity.questions import Matches, empty
from prmkit.publish.matches_page import PAGE, matches_page

PARTNERS = (
    "partner_id,name,country,postal_code,domain\nP1,Alpha Works GmbH,DE,10115,alpha.example\nP2,ALPHA WORKS,DE,10115,\n"
    "P3,<script>alert(1)</script>,FR,,\n"
)
SALES = "date,partner_id,revenue\n2026-01-15,P1,9000\n2026-01-15,P3,100\n2026-01-16,<script>alert(1)</script>,5\n2026-01-16,X77,1\n"


def folder(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "partners.csv").write_text(PARTNERS, encoding="utf-8")
    (tmp_path / "data" / "sales.csv").write_text(SALES, encoding="utf-8")
    (tmp_path / "engagement.yaml").write_text("client: Example & Co\ncurrency: EUR\n", encoding="utf-8")
    return tmp_path


def test_check_writes_what_may_be_matched_as_a_file_and_a_page(tmp_path: Path) -> None:
    report = check(folder(tmp_path))
    assert report.matches is not None
    assert report.matches.open == 2
    assert list(_matches(report)) == [
        "To confirm in matches.csv (yes or no; matches.html shows both sides): 2; after the first 1, 95% of revenue is settled.",
        "Unmatched: 1 reference to a partner that is not listed, with nobody to propose.",
    ]
    page = (tmp_path / PAGE).read_text(encoding="utf-8")
    soup = BeautifulSoup(page, "html.parser")
    assert soup.h1 is not None
    assert soup.h1.get_text() == "2 matches to confirm; after the first 1, 95% of revenue is settled"
    questions = [heading.get_text() for heading in soup.select(".question h3")]
    assert questions == [
        "Is ALPHA WORKS (P2) the same partner as Alpha Works GmbH (P1)?",
        "Does <script>alert(1)</script> mean the partner <script>alert(1)</script> (P3)?",
    ]
    sides = [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in soup.select(".question")[0].select("tbody tr")]
    assert sides == [
        ["Name", "ALPHA WORKS", "Alpha Works GmbH"],
        ["Id", "P2", "P1"],
        ["Domain", "not given", "alpha.example"],
        ["Postal code", "10115", "10115"],
        ["Country", "DE", "DE"],
    ]
    assert "At stake: EUR 9k." in soup.select(".question")[0].get_text()
    assert "May wait" in soup.select(".question")[1].get_text()
    assert not soup.find_all(["script", "img", "link", "iframe"])
    assert "://" not in page
    assert "Example &amp; Co" in page


def test_accepting_confirms_everything_and_the_next_check_applies_it(tmp_path: Path) -> None:
    report = check(folder(tmp_path), accept=True)
    assert report.accepted == 2
    assert next(_matches(report)) == "2 matches were taken as proposed in matches.csv; from the next run on they are applied."
    assert "Every match has been decided" in (tmp_path / PAGE).read_text(encoding="utf-8")
    again = check(tmp_path)
    assert again.sources["partners"].rows == 2
    assert "matches_applied" in {fault.code for fault in again.faults}
    assert again.matches is not None
    assert (again.matches.open, again.accepted) == (0, 0)
    assert "yes" in (tmp_path / "matches.csv").read_text(encoding="utf-8-sig")


def test_the_page_goes_when_there_is_nothing_to_ask(tmp_path: Path) -> None:
    check(folder(tmp_path))
    (tmp_path / "data" / "partners.csv").write_text("partner_id,name\nP1,Alpha\nP3,Beta\n", encoding="utf-8")
    (tmp_path / "data" / "sales.csv").write_text("date,partner_id,revenue\n2026-01-15,P1,9\n", encoding="utf-8")
    check(tmp_path)
    assert not (tmp_path / PAGE).exists()


def test_a_long_list_is_cut_and_says_so() -> None:
    frame = empty().reindex(range(350))
    texts = [name for name in frame.columns if frame[name].dtype == "str"]
    frame = frame.fillna(dict.fromkeys(texts, "")).fillna(0.0).assign(kind="customer", question="duplicate")
    frame = frame.assign(given=[f"C{n}" for n in range(350)], proposed=[f"D{n}" for n in range(350)])
    matches = with_decisions(Matches(frame, {"customer": 0.2}, {"customer": 3}), [])
    soup = BeautifulSoup(matches_page(matches, client="Example", currency="EUR"), "html.parser")
    assert len(soup.select(".question")) == 300
    text = soup.get_text(" ", strip=True)
    assert "50 more stand in matches.csv." in text
    assert "20% of revenue by customer hangs on no question; 350 questions open, 350 of them needed for 95%; 3 references" in text
