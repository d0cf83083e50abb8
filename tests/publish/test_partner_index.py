"""The index of partner reports: what is there, what failed and why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from prmkit.publish.partner_index import ReportEntry, partner_index
from prmkit.publish.slug import slug
from prmkit.results import Results

Make = Callable[..., Results]


def entry(
    partner_id: str, name: str, edition: str = "internal", status: str = "ok", reason: str = "", href: str | None = None
) -> ReportEntry:
    place = f"{slug(partner_id)}/{edition}.html" if href is None else href
    return ReportEntry(partner_id, name, slug(partner_id), edition, status, reason, place)


def rows(page: str) -> list[list[str]]:
    return [
        [cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])]
        for row in BeautifulSoup(page, "html.parser").select("#partners tr")
    ]


def test_one_row_a_partner_by_name_with_its_editions(make_results: Make) -> None:
    reports = [
        entry("2", "beta"),
        entry("1", "Alpha"),
        entry("1", "Alpha", "partner"),
        entry("2", "beta", "partner", "failed", "KeyError: 'x'"),
    ]
    page = partner_index(make_results(partners=2), reports)
    assert rows(page) == [
        ["Partner", "Id", "Internal edition", "Partner edition"],
        ["Alpha", "1", "Open", "Open"],
        ["beta", "2", "Open", "failed KeyError: 'x'"],
    ]
    soup = BeautifulSoup(page, "html.parser")
    assert soup.h1.text == "3 reports for 2 partners; 1 failed"
    assert [link["href"] for link in soup.select("#partners a")] == [
        f"{slug('1')}/internal.html",
        f"{slug('1')}/partner.html",
        f"{slug('2')}/internal.html",
    ]


def test_an_edition_nobody_asked_for_is_said(make_results: Make) -> None:
    page = partner_index(make_results(partners=2), [entry("1", "A"), entry("2", "B", "partner")])
    assert rows(page)[1:] == [["A", "1", "Open", "not asked for"], ["B", "2", "not asked for", "Open"]]


def test_names_and_reasons_are_text(make_results: Make) -> None:
    hostile = '<img src=x onerror=alert(1)>"&\u202e'
    page = partner_index(
        make_results(partners=1, client=hostile), [entry(hostile, hostile), entry("2", "B", status="failed", reason=hostile)]
    )
    soup = BeautifulSoup(page, "html.parser")
    assert soup.find("img") is None
    assert "\u202e" not in page
    assert "<img src=x onerror=alert(1)>" in soup.select_one("#partners").text


@pytest.mark.parametrize("href", ["javascript:alert(1)", "https://example.org/x", "../../x.html", "/etc/passwd", ""])
def test_only_links_within_the_folder_are_links(href: str, make_results: Make) -> None:
    soup = BeautifulSoup(partner_index(make_results(partners=1), [entry("1", "A", href=href)]), "html.parser")
    assert soup.select("#partners a") == []


def test_the_same_partner_name_twice_stays_two_rows(make_results: Make) -> None:
    assert len(rows(partner_index(make_results(partners=2), [entry("1", "Same"), entry("2", "Same")]))) == 3


def test_no_report_yet_is_a_page_too(make_results: Make) -> None:
    page = partner_index(make_results(partners=0), [])
    assert BeautifulSoup(page, "html.parser").h1.text == "No partner report has been made yet"


def test_twenty_thousand_partners_make_a_page_of_a_few_megabytes(make_results: Make) -> None:
    page = partner_index(make_results(partners=1), [entry(str(n), f"Partner {n}") for n in range(20_000)])
    assert page.count("<tr>") == 20_001
    assert len(page) < 5_000_000


@pytest.mark.browser
def test_search_and_sort_work_from_a_file_without_network(
    chromium: Any, look: Callable[[str], Any], make_results: Make, tmp_path: Path
) -> None:
    reports = [entry(str(n), f"Partner {n}") for n in (2, 10, 1)] + [entry("3", "Zeta", status="failed", reason="no data")]
    html = partner_index(make_results(partners=4), reports)
    looked = look(html)
    assert (looked.violations, looked.requests, looked.errors) == ((), (), ())
    assert looked.width_at_320 <= 320
    page = chromium.new_context(offline=True).new_page()
    (tmp_path / "index.html").write_text(html, encoding="utf-8")
    page.goto((tmp_path / "index.html").as_uri())

    def shown() -> list[str]:
        texts: list[str] = page.locator("#partners tbody tr:visible th").all_inner_texts()
        return texts

    assert shown() == ["Partner 1", "Partner 10", "Partner 2", "Zeta"]
    page.get_by_role("button", name="Id").click()
    assert shown() == ["Partner 1", "Partner 2", "Zeta", "Partner 10"]
    page.get_by_label("Find a partner").fill("partner 1")
    page.get_by_text("2 of 4 partners").wait_for()
    assert shown() == ["Partner 1", "Partner 10"]
    page.get_by_label("Find a partner").fill("")
    page.get_by_role("button", name="Only what failed").click()
    page.get_by_text("1 of 4 partners").wait_for()
    assert shown() == ["Zeta"]
    page.context.close()
