"""Excel sheets: ids as they are shown, dates as they are meant, values and not formulas."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import MAC_EPOCH

from prmkit.data.cells import cell_text, padded
from prmkit.data.load import Inspection
from tests.data.conftest import codes, fault, lines

Look = Callable[..., Inspection]
HEAD = ["sale_id", "date", "partner_id", "revenue"]


def book(
    rows: list[list[Any]], sheets: tuple[str, ...] = ("Sheet1",), change: Callable[[Any], None] | None = None
) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        made = openpyxl.Workbook()
        made.active.title = sheets[0]
        for name in sheets[1:]:
            made.create_sheet(name)
        for row in rows:
            made.active.append(row)
        if change:
            change(made)
        made.save(path)

    return write


def look_at(look: Look, rows: list[list[Any]], **options: Any) -> Inspection:
    return look({"data/sales.csv": None, "data/sales.xlsx": book([HEAD, *rows], **options)})


def test_typed_cells_are_read_as_they_are_meant(look: Look) -> None:
    rows = [
        ["S1", dt.date(2026, 1, 31), "P1", 1.234],
        ["S2", dt.datetime(2026, 2, 28, 14, 30), "P2", 0.1 + 0.2],
        ["S3", "2026-03-31", "P1", "12.50"],
    ]
    found = look_at(look, rows)
    assert found.client is not None
    assert lines(found.client, "date, revenue") == [
        (dt.date(2026, 1, 31), Decimal("1.234")), (dt.date(2026, 2, 28), Decimal("0.3")), (dt.date(2026, 3, 31), Decimal("12.5"))
    ]  # fmt: skip
    assert found.faults == ()


def test_ids_are_what_the_sheet_shows(look: Look) -> None:
    def formats(made: Any) -> None:
        made.active["C2"].number_format = "000"
        made.active["C3"].number_format = '"P"00'

    rows: list[list[Any]] = [[1, dt.date(2026, 1, 31), 7, 1], [2.0, dt.date(2026, 1, 31), 1, 1], ["1e5", dt.date(2026, 1, 31), "007", 1]]
    found = look_at(look, rows, change=formats)
    assert found.client is not None
    assert lines(found.client, "sale_id, partner_id") == [("1", "007"), ("1e5", "007"), ("2", "P01")]


@given(st.integers(0, 999_999))
def test_number_formats_of_zeros(number: int) -> None:
    assert padded(number, "000000") == f"{number:06d}"
    assert padded(number, "000-000") == f"{number:06d}"[:3] + "-" + f"{number:06d}"[3:]
    assert padded(number, "General") == padded(float(number), "#,##0") == str(number)


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=3, allow_nan=False))
def test_numbers_of_programs_mean_themselves(value: Decimal) -> None:
    for typed in (value, float(value)):
        text = cell_text(typed, "number")
        assert text is not None
        assert Decimal(text) == value


@pytest.mark.parametrize("mac", [False, True])
def test_day_numbers_follow_the_workbook(look: Look, mac: bool) -> None:
    def epoch(made: Any) -> None:
        if mac:
            made.epoch = MAC_EPOCH

    found = look_at(look, [["S1", 44927 - (1462 if mac else 0), "P1", 1]], change=epoch)
    assert found.client is not None
    assert lines(found.client, "date") == [(dt.date(2023, 1, 1),)]
    assert fault(found, "date_serial").severity == "warning"


def test_titles_merged_cells_and_empty_rows(look: Look) -> None:
    def title(made: Any) -> None:
        made.active.insert_rows(1, 2)
        made.active["A1"] = "Sales of the year"
        made.active.merge_cells("A1:D1")

    found = look_at(look, [["S1", dt.date(2026, 1, 31), "P1", 1], [None] * 4, ["S2", dt.date(2026, 2, 30 - 2), "P1", "x"]], change=title)
    assert fault(found, "header_not_first").row == 3
    assert (fault(found, "bad_number").row, fault(found, "bad_number").value) == (6, "x")


def test_the_sheet_named_as_the_table_or_the_only_one(look: Look) -> None:
    rows = [["S1", dt.date(2026, 1, 31), "P1", 1]]
    assert look_at(look, rows, sheets=("Sales", "Notes")).sources["sales"].rows == 1
    assert fault(look_at(look, rows, sheets=("Export", "Notes")), "which_sheet").why.endswith("Export, Notes.")

    def hide(made: Any) -> None:
        made["Notes"].sheet_state = "hidden"

    assert look_at(look, rows, sheets=("Export", "Notes"), change=hide).sources["sales"].rows == 1


def test_formulas_without_values_and_errors_are_named(look: Look) -> None:
    found = look_at(look, [["S1", dt.date(2026, 1, 31), "P1", "=1+1"]])
    assert (fault(found, "formula_without_value").row, fault(found, "formula_without_value").value) == (2, "D2")
    assert "spreadsheet_error" in codes(look_at(look, [["#REF!", dt.date(2026, 1, 31), "P1", 1]]))


def test_an_id_turned_into_a_date_cannot_be_saved(look: Look) -> None:
    found = look_at(look, [[dt.date(2024, 2, 1), dt.date(2026, 1, 31), "P1", 1]])
    assert (fault(found, "id_became_date").severity, fault(found, "id_became_date").row) == ("error", 2)


def test_ids_too_long_for_a_number_are_told(look: Look) -> None:
    assert fault(look_at(look, [[12345678901234567, dt.date(2026, 1, 31), "P1", 1]]), "id_lost_digits").severity == "error"


def broken(path: Path) -> None:
    book([HEAD, ["S1", dt.date(2026, 1, 31), "P1", 1]])(path)
    path.write_bytes(path.read_bytes()[:-200])


def without_sheet(path: Path) -> None:
    book([HEAD])(path)
    with zipfile.ZipFile(path) as archive:
        kept = {name: archive.read(name) for name in archive.namelist() if "sheet1.xml" not in name}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in kept.items():
            archive.writestr(name, content)


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 150_000_000)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"sale_id,date\n", "not_a_workbook"),
        (b"\xd0\xcf\x11\xe0" + bytes(100), "not_a_workbook"),
        (b"PK\x03\x04nothing", "broken_workbook"),
        (broken, "broken_workbook"),
        (without_sheet, "which_sheet"),
        (bomb, "workbook_too_large"),
        (book([]), "empty_file"),
        (book([HEAD]), "no_rows"),
    ],
)
def test_workbooks_that_are_none(content: Any, code: str, look: Look) -> None:
    found = look({"data/sales.csv": None, "data/sales.xlsx": content})
    assert fault(found, code).file == "data/sales.xlsx"
    assert found.client is None


def test_a_sheet_that_says_it_is_huge_is_read_by_what_it_holds(look: Look, tmp_path: Path) -> None:
    def huge(path: Path) -> None:
        book([HEAD, ["S1", dt.date(2026, 1, 31), "P1", 1]])(path)
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        sheet = parts["xl/worksheets/sheet1.xml"]
        assert b'ref="A1:D2"' in sheet
        parts["xl/worksheets/sheet1.xml"] = sheet.replace(b'ref="A1:D2"', b'ref="A1:XFD1048576"')
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, content)

    found = look({"data/sales.csv": None, "data/sales.xlsx": huge})
    assert found.sources["sales"].rows == 1
    assert found.faults == ()
