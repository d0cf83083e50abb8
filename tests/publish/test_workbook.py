"""The workbook: what was put in comes out as what it is, and text is never a formula."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmkit.practices.result import Action, Amount, Finding, table
from prmkit.publish.workbook import MAIN_TABLES, STATUSES, write_workbook
from prmkit.publish.workbook_sheets import safe_name
from prmkit.results import Results

HOSTILE = [
    "=cmd|' /C calc'!A0", "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\x00=1", "http://127.0.0.1/x", "mailto:a@b.c",
    "<script>alert(1)</script>", "\ud800 half", "{=SUM(1)}", "'quoted", "x" * 40_000, "007", "1e5", "TRUE",
]  # fmt: skip


def written(results: Results, tmp_path: Path) -> Any:
    path = tmp_path / "workbook.xlsx"
    write_workbook(results, path)
    return openpyxl.load_workbook(path)


def by_heading(sheet: Any, row: int = 2) -> dict[str, Any]:
    return {sheet.cell(1, place).value: sheet.cell(row, place) for place in range(1, sheet.max_column + 1)}


def test_the_action_list_comes_first_with_dates_money_and_a_status_to_choose(
    tmp_path: Path, make_results: Callable[..., Results], make_finding: Callable[..., Finding]
) -> None:
    book = written(make_results(findings=(make_finding(),)), tmp_path)
    sheet = book.worksheets[0]
    cells = by_heading(sheet)
    assert sheet.title == "Actions"
    assert cells["Finding"].value == "Eleven partners cost more than they bring"
    assert cells["By"].value == dt.datetime(2026, 11, 30)
    assert (cells["Worth a year (EUR)"].value, cells["Worth low (EUR)"].value, cells["Worth high (EUR)"].value) == (
        410_000,
        250_000,
        590_000,
    )
    assert cells["Status"].value == "open"
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:W2"
    rule = sheet.data_validations.dataValidation[0]
    assert str(rule.sqref) == "J2"
    assert rule.formula1 == f'"{",".join(STATUSES)}"'


def test_a_date_in_words_stays_words(tmp_path: Path, make_results: Callable[..., Results], make_finding: Callable[..., Finding]) -> None:
    finding = make_finding(action=Action("Ask", "Partner manager", "next quarter", "Answers"))
    assert by_heading(written(make_results(findings=(finding,)), tmp_path)["Actions"])["By"].value == "next quarter"


def test_money_that_stands_in_a_larger_finding_is_listed_last_and_says_where(
    tmp_path: Path, make_results: Callable[..., Results], make_finding: Callable[..., Finding]
) -> None:
    large = make_finding()
    small = make_finding(claim="scorecard.smaller", worth=(5_000.0, 1_000.0, 9_000.0))
    unpriced = make_finding(practice="know", claim="profile.thin", worth=(None, None, None))
    sheet = written(make_results(findings=(small, unpriced, large)), tmp_path)["Actions"]
    rows = [by_heading(sheet, row) for row in (2, 3, 4)]
    assert [row["Finding id"].value for row in rows] == [large.id, unpriced.id, small.id]
    assert [row["Rank"].value for row in rows] == [1, 2, None]
    assert [row["Counted in"].value for row in rows] == [None, None, large.id]


def test_hidden_findings_are_not_in_the_list(
    tmp_path: Path, make_results: Callable[..., Results], make_finding: Callable[..., Finding]
) -> None:
    sheet = written(make_results(findings=(make_finding(status="hidden"),)), tmp_path)["Actions"]
    assert sheet.max_row == 1


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_the_data_becomes_a_formula_or_a_link(
    text: str, tmp_path: Path, make_results: Callable[..., Results], make_finding: Callable[..., Finding]
) -> None:
    results = make_results(partners=3, findings=(make_finding(title=text, subject=("programme", text)),), client=text, portfolio=text)
    name = text.encode("utf-8", "replace").decode()  # a table cannot hold half a character, JSON can
    results = Results(results.run, results.findings, results.tables, results.partners.assign(name=name))
    path = tmp_path / "workbook.xlsx"
    write_workbook(results, path)
    book = openpyxl.load_workbook(path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert all(cell.data_type != "f" and cell.hyperlink is None for cell in cells)
    with zipfile.ZipFile(path) as archive:
        assert not any(b"<f>" in archive.read(name) or b"<hyperlink" in archive.read(name) for name in archive.namelist())
    assert by_heading(book["Actions"])["Finding"].data_type == "s"


def test_every_main_table_with_rows_has_a_sheet_and_numbers_are_as_computed(tmp_path: Path, make_results: Callable[..., Results]) -> None:
    results = make_results(partners=12)
    book = written(results, tmp_path)
    assert book.sheetnames == [
        *("Actions", "Know fit", "Enable compliance", "Loyalty risk", "Prune decisions", "Prune scorecard", "Not answered", "About"),
    ]
    row = by_heading(book["Prune scorecard"], 5)
    scorecard = results.table("prune", "scorecard").iloc[3]
    assert row["Partner id"].value == "P0003"
    assert row["Name"].value == "Partner 0003 Systems"
    assert row["Fair contribution (EUR)"].value == pytest.approx(scorecard["fair_contribution"])
    assert row["Chance below the hurdle"].value == pytest.approx(scorecard["p_below_hurdle"])
    assert row["Chance below the hurdle"].number_format == "0.0%"
    assert row["Incentives (EUR)"].value is None
    assert by_heading(book["Prune decisions"])["Review on"].value == dt.datetime(2027, 3, 31)


def test_endless_numbers_and_days_before_1900_do_not_break_the_file(tmp_path: Path, make_results: Callable[..., Results]) -> None:
    results = make_results(partners=2)
    odd = table("reach", "calendar", pd.DataFrame({"month": ["1850-01-31"], "recruits_to_sign": [float("inf")], "revenue_p50": [-5.5]}))
    book = written(Results(results.run, (), {**results.tables, "reach_calendar": odd}, results.partners), tmp_path)
    row = by_heading(book["Reach calendar"])
    assert (row["Month"].value, row["Recruits to sign"].value, row["Revenue, middle (EUR)"].value) == ("1850-01-31", None, -5.5)


def test_what_could_not_be_answered_and_how_it_was_made_are_sheets(tmp_path: Path, make_results: Callable[..., Results]) -> None:
    book = written(make_results(partners=2), tmp_path)
    assert by_heading(book["Not answered"])["Question"].value == "What partners want, and what goes with their loyalty"
    facts = {row[0].value: row[1].value for row in book["About"].iter_rows(min_row=2)}
    assert facts["Client"] == "Example Software"
    assert facts["Seed"] == "20260930"
    assert facts["Data: sales"] == "60855 rows, 2023-10-02 to 2026-09-30; pos.csv"


def test_the_same_results_make_the_same_file(tmp_path: Path, make_results: Callable[..., Results]) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        write_workbook(make_results(partners=5), tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_an_empty_programme_has_an_action_list_without_rows(tmp_path: Path, make_results: Callable[..., Results]) -> None:
    results = make_results(partners=0, not_computed=[], inputs={}, warnings=[])
    assert written(results, tmp_path).sheetnames == ["Actions", "Not answered", "About"]


@given(st.text(max_size=60))
def test_sheet_names_are_safe(name: str) -> None:
    made = safe_name(name)
    assert 1 <= len(made) <= 31
    assert not set(made) & set("[]:*?/\\")
    assert made.strip("'") == made


def test_main_tables_have_names_that_stay_apart_when_cut() -> None:
    assert len({safe_name(name) for name in MAIN_TABLES}) == len(MAIN_TABLES)


def test_an_unpriced_finding_has_no_worth(
    tmp_path: Path, make_results: Callable[..., Results], make_finding: Callable[..., Finding]
) -> None:
    sheet = written(make_results(findings=(make_finding(worth=(None, None, None), value=Amount(None)),)), tmp_path)["Actions"]
    assert by_heading(sheet)["Worth a year (EUR)"].value is None
