"""The workbook: the same bytes for the same request, texts as texts, drop-downs that fit, sheets that can be printed and read."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from prmkit.data.forms import FORMS
from prmkit.request.book import BLANK_PARTNERS, Managed, Request, new_request, write_request
from prmkit.request.exports import asked
from prmkit.request.exports_sheet import COLUMNS, STATUSES
from prmkit.request.interview import interview
from prmkit.request.style import ACCENT, BAND, INK, MUTED, PAPER, height

HOSTILE = [
    '=HYPERLINK("http://example.com","x")',
    "+1+1",
    "-2",
    "@SUM(A1)",
    "<script>",
    "a\x00b\x01",
    "\u202eturned",
    "\ud800",
    "x" * 40_000,
    "{=1}",
]
FRONT = ["Read me first", "Exports", "Partner managers", "Partner pulse", "Pulse answers", "Interview", "Interview notes"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("request") / "data_request.xlsx"
    write_request(new_request("Acme"), path)
    return path


def test_the_same_request_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    write_request(new_request("Acme"), tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == made.read_bytes()
    write_request(new_request("Beta"), tmp_path / "other.xlsx")
    assert (tmp_path / "other.xlsx").read_bytes() != made.read_bytes()


def test_sheets_stand_in_the_order_of_reading(made: Path) -> None:
    names = openpyxl.load_workbook(made).sheetnames
    assert names[:7] == FRONT
    assert sorted(names[7:]) == sorted(asked().exports)
    assert names[7:10] == ["partners", "sales", "deals"]


def test_the_exports_have_a_row_each_with_a_drop_down_for_the_status(made: Path) -> None:
    sheet = openpyxl.load_workbook(made)["Exports"]
    head, *body = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert head == list(COLUMNS)
    told = {row[11]: row for row in body if row[11]}
    assert set(told) == {f"{table}.csv" for table in asked().exports}
    assert told["tickets.csv"][3:5] == ["Help desk", "Head of customer support"]
    assert told["people.csv"][10].startswith("About people: person_id, active_from, active_to. No names")
    assert any(row[1] == "Not asked for: estimates" for row in body)
    (rule,) = sheet.data_validations.dataValidation
    assert rule.formula1 == f'"{",".join(STATUSES)}"'
    assert str(rule.sqref) == f"M2:M{len(told) + 1}"


def test_the_first_sheet_tells_minutes_of_each_wave(made: Path) -> None:
    text = "\n".join(str(row[0].value) for row in openpyxl.load_workbook(made)["Read me first"].iter_rows() if row[0].value)
    lines = new_request("Acme").lines
    for wave in (1, 2, 3):
        minutes = sum(line.export.minutes for line in lines if line.wave == wave)
        assert re.search(rf"^Wave {wave}: .*About {minutes} minutes", text, re.MULTILINE), wave
    assert "Roles instead of names" in text


@pytest.mark.parametrize("sheet", ["Partner managers", "Pulse answers"])
def test_every_question_has_a_rule_in_every_row_and_says_what_it_asks(made: Path, sheet: str) -> None:
    form = next(FORMS.get(name) for name in FORMS if FORMS.get(name).sheet == sheet)
    filled = openpyxl.load_workbook(made)[sheet]
    assert [cell.value for cell in filled[1]] == list(form.headers)
    rules = {str(rule.sqref).split(":")[0].rstrip("0123456789"): rule for rule in filled.data_validations.dataValidation}
    for cell in filled[1]:
        question = next((one for one in form.questions if one.header == cell.value), None)
        if question is None:
            continue
        rule = rules[cell.column_letter]
        assert str(rule.sqref) == f"{cell.column_letter}2:{cell.column_letter}{filled.max_row}"
        assert rule.prompt == question.asks[:255]
        if question.options:
            assert rule.formula1 == '"' + ",".join(option.say for option in question.options) + '"'
            assert len(rule.formula1) <= 257
            assert rule.showErrorMessage is not False
        elif question.scale:
            assert (rule.type, float(rule.formula1), float(rule.formula2)) == ("decimal", question.scale.low, question.scale.high)


def test_without_partners_there_are_two_hundred_rows_to_fill(made: Path) -> None:
    sheet = openpyxl.load_workbook(made)["Partner managers"]
    assert sheet.max_row == BLANK_PARTNERS + 1
    assert {cell.value for row in sheet.iter_rows(min_row=2) for cell in row} == {None}
    assert sheet["A2"].number_format == "@", "an id such as 007 keeps its zeros"
    assert sheet["G2"].number_format == "@", "nothing that is chosen turns into a date"


def test_hostile_texts_stay_texts(tmp_path: Path) -> None:
    managed = tuple(Managed(f"P{number}", text, text) for number, text in enumerate(HOSTILE))
    write_request(Request("=1+1", new_request("x").lines, managed), tmp_path / "request.xlsx")
    with zipfile.ZipFile(tmp_path / "request.xlsx") as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert sheets
    assert not [sheet for sheet in sheets if b"<f>" in sheet or b"<f " in sheet]
    book = openpyxl.load_workbook(tmp_path / "request.xlsx")
    assert book["Read me first"]["A1"].value == "Data request for =1+1"
    cells = [book["Partner managers"].cell(row, 2) for row in range(2, len(HOSTILE) + 2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in cells][:5] == HOSTILE[:5]
    assert len(str(cells[8].value)) < 32_768


def test_every_sheet_prints_on_one_page_across_with_its_head_on_each(made: Path) -> None:
    book = openpyxl.load_workbook(made)
    for sheet in book:
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0), sheet.title
        assert sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.title
        if sheet.title != "Read me first":
            assert sheet.freeze_panes is not None, sheet.title
            assert sheet.print_title_rows == "$1:$1", sheet.title
            assert sheet.page_setup.orientation == "landscape", sheet.title


def test_rows_are_high_enough_for_their_text(made: Path) -> None:
    sheet = openpyxl.load_workbook(made)["Exports"]
    for row in range(2, len(asked().exports) + 2):
        for place, width in enumerate(COLUMNS.values(), start=1):
            text = str(sheet.cell(row, place).value or "")
            assert sheet.row_dimensions[row].height >= 11.5 * len(text) / width, (row, place)
    assert height([("a\nb", 10)]) > height([("a b", 10)])


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("ink", "ground"), [(INK, PAPER), (INK, BAND), (INK, "#FFFFFF"), (MUTED, "#FFFFFF"), (ACCENT, "#FFFFFF")])
def test_every_text_stands_out_from_its_ground(ink: str, ground: str) -> None:
    light, dark = sorted((luminance(ink), luminance(ground)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_the_interview_takes_thirty_minutes_and_covers_the_pulse() -> None:
    told = interview()
    assert sum(item.minutes for item in told.agenda) == 30
    asked_of = {question for item in told.agenda for question in item.questions}
    assert asked_of == {question.id for question in FORMS.get("partner_pulse").questions}
