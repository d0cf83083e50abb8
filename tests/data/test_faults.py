"""The book of faults and the log that fills it."""

from __future__ import annotations

import re
import string
from pathlib import Path

import prmkit.data
from prmkit.data.fault_book import CHAPTERS, FAULTS
from prmkit.data.faults import FaultLog

SOURCES = list(Path(prmkit.data.__file__).parent.rglob("*.py"))


def test_codes_stand_in_one_chapter_only() -> None:
    assert sum(len(chapter) for chapter in CHAPTERS.values()) == len(FAULTS)


def test_every_fault_says_why_and_what_to_do() -> None:
    for code, kind in FAULTS.items():
        assert re.fullmatch("[a-z0-9_]+", code)
        assert kind.why.endswith((".", "}")), code
        assert kind.do.endswith((".", "}")), code


def test_every_code_in_use_is_in_the_book_and_every_code_of_the_book_is_in_use() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    words = set(re.findall(r"""["']([a-z0-9_]+)["']""", text))
    assert set(FAULTS) - words == set()
    logged = set(re.findall(r"""(?:log\.add|_log\.add|Flag|_note)\(\s*["']([a-z0-9_]+)["']""", text))
    assert logged - set(FAULTS) == set()


def test_a_fault_is_counted_and_its_first_rows_named() -> None:
    log = FaultLog()
    for row in (5, 9, 14, 20):
        log.add("bad_number", table="sales", file="a.csv", row=row, column="cost", value=f"x{row}")
    (only,) = log.faults
    assert (only.row, only.value, only.count) == (5, "x5", 4)
    assert only.why == "'x5' in 'cost' is no number. Also rows 9, 14 and 1 more."
    assert "So with 'x9', 'x14', 'x20'." in only.do


def test_files_are_counted_together_unless_the_fault_is_the_file() -> None:
    log = FaultLog()
    for file in ("a.csv", "b.csv"):
        log.add("currency_sign", table="sales", file=file, row=2, column="cost", value="$1")
        log.add("empty_file", table="sales", file=file)
    assert [(fault.code, fault.file) for fault in log.faults] == [
        ("empty_file", "a.csv"),
        ("empty_file", "b.csv"),
        ("currency_sign", "a.csv"),
    ]
    assert log.faults[2].why.endswith("In 2 files.")


def test_errors_come_first_and_values_are_short_and_printable() -> None:
    log = FaultLog()
    log.add("null_character", table="partners", column="name", value="a\x00b" + "c" * 200)
    log.add("bad_date", table="sales", column="date", value="{value}")
    assert [fault.severity for fault in log.faults] == ["error", "warning"]
    assert log.faults[0].why == "'{value}' in 'date' is no date."
    assert len(log.faults[1].value) <= 80
    assert "\x00" not in log.faults[1].value


def test_templates_name_only_what_is_always_given_or_brought_along() -> None:
    always = {"column", "value", "table", "rows", "n", "others"}
    for code, kind in FAULTS.items():
        named = {field for _, field, _, _ in string.Formatter().parse(kind.why + kind.do) if field}
        brought = named - always
        assert all(re.fullmatch("[a-z_]+", field) for field in brought), code
