"""The check as a page: a message first, every fault in one table, hostile texts as text, honest when nothing is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from prmkit.check import CheckReport
from prmkit.data.client import Source
from prmkit.data.readiness import unlocks
from prmkit.errors import Fault
from prmkit.publish.check_page import Section, check_page, write_check_page
from prmkit.publish.check_page.section import visible

HOSTILE = '<img src=x onerror="alert(1)">\u202e\x00\x1b[2J</style></script><script>alert(2)</script> & "q"'
ERROR = Fault("date", "error", "sales", "pos.csv", 12, "date", "2024-02-30", "'2024-02-30' in 'date' is no day.", "Correct it.", 3)
WARNING = Fault("unusual", "warning", "sales", "", 0, "", "", "The last month looks incomplete.", "")
SOURCES = {
    "sales": Source("sales", tuple(f"pos_{n}.csv" for n in range(5)), 1234, pd.Timestamp("2023-01-31"), pd.Timestamp("2036-02-29")),
    "partners": Source("partners", ("partners.csv",), 40, None, None),
}
READY = pd.DataFrame(
    [
        ("know", "revenue", "ready", "sales.date", 1.0, "", ""),
        ("know", "economics", "partial", "sales.list_amount", 0.4, "Filled for 40% of the business.", ""),
        ("loyalty", "index", "missing", "surveys.score", 0.0, "It is not known. Not there: surveys.score.", "surveys.score"),
        ("loyalty", "service", "missing", "tickets", 0.0, "It is not known. Not there: tickets.", "tickets"),
        ("know", "worries", "missing", "surveys.text", 0.0, "It is not known. Not there: surveys.text.", "surveys.text"),
    ],
    columns=["practice", "table", "status", "needs", "coverage", "effect", "lacks"],
)
TOTALS = pd.DataFrame(
    [("2025", "revenue", 988_000.0, 1_000_000.0, -12_000.0, "cut_off")],
    columns=["period", "measure", "ours", "theirs", "difference", "explained_by"],
)
REPORT = CheckReport(
    Path("clients") / "Acme one",
    (WARNING, ERROR),
    SOURCES,
    READY,
    unlocks(READY),
    TOTALS,
    client="Acme",
    as_of=pd.Timestamp("2026-09-30"),
)


def soup_of(report: CheckReport, *extra: Section) -> BeautifulSoup:
    return BeautifulSoup(check_page(report, extra), "html.parser")


def said(tag: Tag | None) -> str:
    assert tag is not None
    return tag.get_text(" ", strip=True)


def headings(soup: BeautifulSoup) -> list[str]:
    return [said(tag) for tag in soup.select("main h2")]


def test_the_message_and_the_order_of_the_page() -> None:
    soup = soup_of(REPORT, Section("Two headers proposed", "Confirm them.", ("Header", "Read as"), [("Sold To", "partner_id")]))
    assert said(soup.h1) == "One thing to mend before an assessment; 1 of 5 answers can be given"
    assert said(soup.select_one(".kicker")) == "Acme · check of the data"
    assert headings(soup) == [
        "1,274 rows were read from 6 files; sales run from 31 January 2023 to 30 September 2026",
        "Of 5 answers, 1 can be given in full, 1 in part, 3 not yet",
        "Ask next for partner survey: it unlocks two more answers",
        "Revenue is 1.2% below finance's for 2025, explained by cut-off",
        "Two headers proposed",
        "Every fault: 1 to mend and 1 to look at",
        "Mend and check again",
    ]
    assert said(soup.select_one("#on code")) == "prmkit check 'clients/Acme one'"
    assert said(soup.select_one(".first li")) == "'2024-02-30' in 'date' is no day. Correct it. Sales lines: pos.csv, row 12, column date"


def test_the_answers_are_told_by_practice_and_the_exports_in_order() -> None:
    soup = soup_of(REPORT)
    know, loyalty = soup.select("#answers .practices > li")
    assert said(know) == (
        "Know your partners In full (1): Revenue by year, territory and route In part (1): How partners earn "
        "Not yet (1): What worries partners"
    )
    assert said(loyalty).endswith("Not yet (2): Attitude and behaviour; The service partners' customers get")
    rows = [said(row) for row in soup.select("#next tbody tr")]
    assert rows == [
        "Partner survey 2 Attitude and behaviour; What worries partners score, text",
        "Support tickets 1 The service partners' customers get any columns",
    ]
    assert "Filled for 40% of the business." in said(soup.select_one("#answers details"))


def test_every_fault_stands_in_one_table_errors_first() -> None:
    many = tuple(replace(ERROR, row=n + 2, severity="warning" if n % 2 else "error") for n in range(700))
    rows = [said(row) for row in soup_of(replace(REPORT, faults=many)).select("#faults tbody tr")]
    assert len(rows) == 700
    assert [row.endswith("to mend") for row in rows] == [True] * 350 + [False] * 350
    assert rows[0] == "'2024-02-30' in 'date' is no day. Correct it. Sales lines: pos.csv, row 2, column date 2024-02-30 3 to mend"


def test_a_fault_of_a_whole_table_says_so() -> None:
    (row,) = soup_of(replace(REPORT, faults=(WARNING,))).select("#faults tbody tr")
    assert said(row) == "The last month looks incomplete. Nothing, if it is as it should be. Sales lines to look at"


@pytest.mark.parametrize(
    ("faults", "title"),
    [
        ((), "Nothing is wrong with the data; 1 of 5 answers can be given"),
        ((WARNING,), "Nothing stops an assessment; one thing to look at; 1 of 5 answers can be given"),
        ((ERROR,) * 3, "Three things to mend before an assessment; 1 of 5 answers can be given"),
        ((ERROR,) * 13, "13 things to mend before an assessment; 1 of 5 answers can be given"),
    ],
)
def test_the_message_for_few_and_many_faults(faults: tuple[Fault, ...], title: str) -> None:
    assert said(soup_of(replace(REPORT, faults=faults)).h1) == title


def test_when_nothing_is_wrong_the_page_says_so_and_how_to_go_on() -> None:
    soup = soup_of(replace(REPORT, faults=()))
    assert "No fault was found" in headings(soup)
    assert said(soup.select_one(".lead")) == "Go on with prmkit assess 'clients/Acme one' ."
    assert headings(soup)[-1] == "Go on with the assessment"


def test_a_client_that_could_not_be_loaded_has_a_page_too() -> None:
    soup = soup_of(CheckReport(Path("acme"), (ERROR,)))
    assert said(soup.h1) == "One thing to mend before an assessment; what can be answered is not known until then"
    assert said(soup.select_one(".kicker")) == "acme · check of the data"
    assert headings(soup)[:2] == ["No export could be read", "What the data can answer is not known yet"]
    assert len(soup.select("#faults tbody tr")) == 1


def test_hostile_texts_are_text_and_are_cut() -> None:
    long = HOSTILE + "W" * 10_000
    fault = Fault(long, "error", long, long, 2, long, long, long, long)
    report = replace(REPORT, folder=Path("x") / "a", client=long, faults=(fault,), sources={"sales": replace_files(long)})
    page = check_page(report, [Section(long, long, (long, Markup("<b>head</b>")), [(long, Markup("<b>cell</b>"))] * 12)])
    soup = BeautifulSoup(page, "html.parser")
    assert soup.find("img") is None
    assert soup.find("b") is None
    assert len(soup.find_all("script")) == 1
    assert "\u202e" not in page
    assert "\x00" not in page
    assert "\\u202e\\u0000\\u001b[2J" in said(soup.select_one("#faults tbody td:nth-of-type(3)"))
    assert "W" * 401 not in soup.get_text()


def replace_files(name: str) -> Source:
    return replace(SOURCES["sales"], files=(name[:100],))


@given(st.text(max_size=60), st.integers(1, 20))
def test_what_is_shown_is_short_and_printable(text: str, most: int) -> None:
    shown = visible(text, most)
    assert len(shown) <= most
    assert shown.isprintable()


def test_totals_that_were_not_given_are_asked_for() -> None:
    soup = soup_of(replace(REPORT, reconciliation=TOTALS.head(0)))
    assert "Our totals were not held against finance's" in headings(soup)
    assert "control_totals" in said(soup.select_one("#totals"))


def test_the_page_is_written_whole(tmp_path: Path) -> None:
    report = replace(REPORT, folder=tmp_path)
    path = write_check_page(report)
    assert path == tmp_path / "out" / "check.html"
    assert path.read_text(encoding="utf-8") == check_page(report)
    assert [one.name for one in (tmp_path / "out").iterdir()] == ["check.html"]


@pytest.fixture(name="opened", params=[1280, 375, 320])
def opened_fixture(request: pytest.FixtureRequest, chromium: Any, tmp_path: Path) -> Iterator[Callable[[str], Any]]:
    context = chromium.new_context(viewport={"width": request.param, "height": 800}, offline=True)

    def open_page(html: str) -> Any:
        path = tmp_path / "page.html"
        path.write_text(html, encoding="utf-8")
        page = context.new_page()
        page.goto(path.as_uri())
        return page

    yield open_page
    context.close()


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
class TestInABrowser:
    def test_axe_finds_nothing_and_nothing_is_asked_or_scrolls_sideways(self, look: Callable[[str], Any]) -> None:
        long = HOSTILE + "W" * 10_000
        faults = tuple(replace(ERROR, row=n + 2, value=long, file=long) for n in range(30))
        extra = Section("Proposed", "Confirm.", ("Header", "Read as"), [(long, "partner_id")] * 30)
        for report in (replace(REPORT, faults=faults), REPORT, replace(REPORT, faults=()), CheckReport(Path("a"), (ERROR,))):
            looked = look(check_page(report, [extra]))
            assert (looked.violations, looked.requests, looked.errors) == ((), (), ())
            assert looked.width_at_320 == 320

    def test_faults_are_found_and_sorted_with_the_keyboard(self, opened: Callable[[str], Any]) -> None:
        faults = tuple(replace(ERROR, row=n + 2, why=f"Fault {n}", count=n + 1) for n in range(30))
        page = opened(check_page(replace(REPORT, faults=(*faults, WARNING))))
        page.locator("#faults input[type=search]").focus()
        page.keyboard.type("looks incomplete")
        assert page.locator("#faults tbody tr:visible").count() == 1
        assert page.locator("#faults [role=status]").inner_text() == "1 of 31 rows match"
        page.locator("#faults input[type=search]").fill("")
        page.locator("#faults thead button", has_text="Rows").focus()
        page.keyboard.press("Enter")
        assert page.locator("#faults tbody tr:visible th").first.inner_text() == "Fault 29"
