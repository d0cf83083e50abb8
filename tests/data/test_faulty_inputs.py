"""What clients' files do wrong, one line each: never a crash, never a lost row, never a changed id."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from prmkit.data.fault_book import FAULTS
from prmkit.data.load import inspect, load
from prmkit.errors import DataFaults
from tests.data.conftest import Content, engagement, lines

HEAD = "sale_id,date,partner_id,revenue\n"
GOOD = "S1,2026-01-15,P1,10\n"


@dataclass(frozen=True)
class Case:
    """One faulty export.

    rows: data rows written into data/sales.csv (or `file`). ids: the sale ids that arrive, as written.
    fault: the code expected (empty: nothing is wrong). lost: how many rows faults account for.
    """

    what: str
    files: Mapping[str, Content | None]
    fault: str
    ids: tuple[str | None, ...] = ()
    lost: int = 0
    settings: Mapping[str, Any] = field(default_factory=dict)


def sales(what: str, content: Content, fault: str, *ids: str | None, lost: int = 0, **settings: Any) -> Case:
    return Case(what, {"data/sales.csv": content}, fault, ids, lost, settings)


def of(rows: str, head: str = HEAD) -> str:
    return head + rows


CASES = [
    sales("a healthy file", of(GOOD), "", "S1"),
    # the file as a whole
    sales("nothing in it", b"", "empty_file"),
    sales("only white space", b"\n\n  \n", "empty_file"),
    sales("a header and no rows", of(""), "no_rows"),
    sales("a workbook called .csv", b"PK\x03\x04" + bytes(40), "not_a_table"),
    sales("a packed file called .csv", gzip.compress(of(GOOD).encode()), "not_a_table"),
    sales("a log-in page", b"<!DOCTYPE html><html><body>Sign in</body></html>", "not_a_table"),
    sales("a JSON document", b'{"records": []}', "not_a_table"),
    sales("a Parquet file called .csv", b"PAR1" + bytes(40) + b"PAR1", "not_a_table"),
    sales("a PDF", b"%PDF-1.7\n...", "not_a_table"),
    Case("packed and cut short", {"data/sales.csv": None, "data/sales.csv.gz": gzip.compress(of(GOOD * 1).encode())[:-9]}, "broken_gzip"),
    Case("called .gz, but not packed", {"data/sales.csv": None, "data/sales.csv.gz": of(GOOD)}, "broken_gzip"),
    Case("not there", {"data/sales.csv": None}, "table_missing"),
    Case("there twice", {"data/sales.tsv": of(GOOD).replace(",", "\t")}, "two_files"),
    Case("under a near name", {"data/sales.csv": of(GOOD), "data/deal.csv": "deal_id\nD1\n"}, "file_near_table", ("S1",)),
    Case("an old workbook", {"data/sales.csv": of(GOOD), "data/deals.xls": b"\xd0\xcf\x11\xe0"}, "unreadable_format", ("S1",)),
    Case("no table's name", {"data/sales.csv": of(GOOD), "data/forecast.csv": "a\n1\n"}, "file_not_read", ("S1",)),
    # encoding
    sales("UTF-8 with a byte order mark", b"\xef\xbb\xbf" + of(GOOD).encode(), "", "S1"),
    sales("UTF-16 as Excel writes Unicode text", of(GOOD).replace(",", "\t").encode("utf-16"), "transcoded", "S1"),
    sales("UTF-16, big end first", b"\xfe\xff" + of(GOOD).encode("utf-16-be"), "transcoded", "S1"),
    sales("UTF-16 without a mark", of(GOOD).encode("utf-16-le"), "transcoded", "S1"),
    sales("UTF-16 cut in half a letter", of(GOOD).encode("utf-16")[:-1], "broken_encoding"),
    sales("Windows letters", of("Sü,2026-01-15,P1,10\n").encode("cp1252"), "transcoded", "Sü"),
    sales("a euro sign in Windows letters", of("S€,2026-01-15,P1,10\n").encode("cp1252"), "transcoded", "S€"),
    sales("Latin letters that Windows lacks", of("S\x81é,2026-01-15,P1,10\n").encode("latin-1"), "transcoded", "S\x81é"),
    sales("half UTF-8, half not", of("Süß,2026-01-15,P1,10\n").encode() + b"S\xfc,2026-01-15,P1,10\n", "mixed_encoding"),
    sales("a NUL in an id", of("S\x001,2026-01-15,P1,10\n"), "nul_character", "S\x001"),
    # layout
    sales("semicolons", of(GOOD).replace(",", ";"), "", "S1"),
    sales("tabs", of(GOOD).replace(",", "\t"), "", "S1"),
    sales("bars", of(GOOD).replace(",", "|"), "", "S1"),
    sales("Excel's separator line", "sep=;\n" + of(GOOD).replace(",", ";"), "", "S1"),
    sales("single quotes", "'sale_id','date','partner_id','revenue'\n'S1','2026-01-15','P1','10'\n", "", "S1"),
    sales("lines end on CR LF", of(GOOD).replace("\n", "\r\n"), "", "S1"),
    sales("lines end on CR", of(GOOD).replace("\n", "\r"), "", "S1"),
    sales("lines end both ways", HEAD.replace("\n", "\r\n") + GOOD + "S2,2026-01-16,P2,5\r\n", "", "S1", "S2"),
    sales("no end of the last line", of(GOOD).rstrip("\n"), "", "S1"),
    sales("a title and merged cells above", "Sales report,,,\n,,,\n" + of(GOOD), "header_not_first", "S1"),
    sales("a ragged title above", "Sales report\n\n" + of(GOOD), "header_not_first", "S1"),
    sales("headers in other capitals and spaces", of(GOOD, "Sale ID,DATE,Partner Id, revenue \n"), "", "S1"),
    sales("a needed header missing", of(GOOD, "sale_id,date,partner_id,revenu\n"), "column_missing"),
    sales("no header at all", GOOD, "column_missing"),
    sales("a header twice", "sale_id,date,partner_id,revenue,Revenue\nS1,2026-01-15,P1,10,11\n", "", "S1"),
    sales("a header twice, letter for letter", "sale_id,date,partner_id,revenue,revenue\nS1,2026-01-15,P1,10,11\n", "duplicate_header"),
    sales("columns nobody knows", "sale_id,date,partner_id,revenue,mood\nS1,2026-01-15,P1,10,good\n", "columns_unknown", "S1"),
    sales("a row too short", of("S1,2026-01-15\nS2,2026-01-15,P1,10\n"), "row_too_short", "S2", lost=1),
    sales("cut off in the last row", of(GOOD + "S2,2026-0"), "row_too_short", "S1", lost=1),
    sales("a row too long", of("S1,2026-01-15,P1,1,234\nS2,2026-01-15,P1,10\n"), "row_too_long", "S2", lost=1),
    sales("delimiters at the end of rows", of("S1,2026-01-15,P1,10,,\nS2,2026-01-15,P1,10\n"), "", "S1", "S2"),
    sales("the same in a file with empty lines", of("S1,2026-01-15,P1,10,,\n\nS2,2026-01-15,P1,10\n"), "", "S1", "S2"),
    sales(
        "a quote never closed", of('S1,2026-01-15,"P1,10\nS2,2026-01-16,P2,5\nS3,2026-01-17,P1,2\n'), "broken_quotes", "S2", "S3", lost=1
    ),
    sales("text after a closing quote", of('S1,2026-01-15,"P1"x,10\nS2,2026-01-16,P2,5\n'), "broken_quotes", "S2", lost=1),
    sales("an inch sign inside a value", of('S-5",2026-01-15,P1,10\nS2,2026-01-16,P2,5\n'), "", 'S-5"', "S2"),
    sales("a line break inside quotes", of('"S\n1",2026-01-15,P1,10\nS2,2026-01-16,P2,5\n'), "", "S\n1", "S2"),
    sales("doubled quotes", of('"S""1""",2026-01-15,P1,10\n'), "", 'S"1"'),
    sales("empty lines", of("\n" + GOOD + "\n\nS2,2026-01-16,P2,5\n\n"), "", "S1", "S2"),
    sales("rows of nothing", of(",,,\n" + GOOD + " , ,,\n"), "blank_rows", "S1", lost=2),
    sales("totals below", of(GOOD + "S2,2026-01-16,P2,5\nTotal,,,15\n"), "total_row", "S1", "S2", lost=1),
    sales("a report's footer", of(GOOD + "\nPartner sales\nCopyright (c) 2026\nConfidential\n"), "footer", "S1", lost=3),
    sales("a subtotal between rows", of(GOOD + "Subtotal,,,10\nS2,2026-01-16,P2,5\n"), "required_empty", "S1", "S2", lost=1),
    # ids
    sales("ids like numbers", of("007,2026-01-15,P1,10\n7,2026-01-15,P1,10\n7.0,2026-01-15,P1,10\n"), "", "007", "7", "7.0"),
    sales(
        "ids like other things",
        of("".join(f"{word},2026-01-15,P1,1\n" for word in ("1e5", "NO", "True", "2026-01-15"))),
        "",
        "1e5",
        "2026-01-15",
        "NO",
        "True",
    ),
    sales("ids with spaces around", of(" S1 ,2026-01-15,P1,10\n\u00a0S2\t,2026-01-15,P1,10\n"), "id_trimmed", "S1", "S2"),
    sales("an id that says NULL", of("NULL,2026-01-15,P1,10\nN/A,2026-01-16,P1,10\n"), "id_null_word", "N/A", "NULL"),
    sales("a spreadsheet's error for an id", of("#REF!,2026-01-15,P1,10\n"), "spreadsheet_error", "#REF!"),
    sales("the same row twice", of(GOOD + GOOD), "duplicate_row", "S1", lost=1),
    sales("the same id for two sales", of(GOOD + "S1,2026-01-15,P1,11\n"), "duplicate_key", "S1", "S1"),
    sales("the same row twice without ids", of("2026-01-15,P1,10\n" * 2, "date,partner_id,revenue\n"), "same_row_twice", None, None),
    sales("an unknown partner", of("S1,2026-01-15,P9,10\n"), "partner_added", "S1"),
    sales("the zeros in front of an id gone", of("S1,2026-01-15,7,10\n"), "partner_added", "S1"),
    # dates
    sales("a day that does not exist", of(GOOD + "S2,2026-02-30,P1,10\n"), "impossible_date", "S1", lost=1),
    sales("years of two digits", of(GOOD + "S2,15.01.26,P1,10\n"), "date_short_year", "S1", lost=1),
    sales("no day", of(GOOD + "S2,2026-01,P1,10\n"), "date_without_day", "S1", lost=1),
    sales("no date at all", of(GOOD + "S2,soon,P1,10\n"), "bad_date", "S1", lost=1),
    sales("an empty date", of(GOOD + "S2,,P1,10\n"), "required_empty", "S1", lost=1),
    sales("a date that says n/a", of(GOOD + "S2,n/a,P1,10\n"), "null_word", "S1", lost=1),
    sales("day or month first", of("S1,03/04/2026,P1,10\nS2,05/06/2026,P1,10\n"), "date_ambiguous", lost=2),
    sales("day or month first, told by locale", of("S1,03/04/2026,P1,10\n"), "date_order_by_locale", "S1", locale="en_US"),
    sales("both day and month first", of("S1,03/24/2026,P1,10\nS2,24/03/2026,P1,10\n"), "date_order_mixed", lost=2),
    sales("a spreadsheet's day numbers", of("S1,46037,P1,10\n"), "date_serial", "S1"),
    sales("a year too early", of(GOOD + "S2,1900-01-01,P1,10\n"), "date_before_1990", "S1", "S2"),
    sales("a day in the future", of(GOOD + "S2,2998-01-01,P1,10\n"), "future_date", "S1", "S2"),
    # numbers
    sales("a word for a number", of(GOOD + "S2,2026-01-15,P1,ten\n"), "bad_number", "S1", lost=1),
    sales("nan", of(GOOD + "S2,2026-01-15,P1,nan\n"), "bad_number", "S1", lost=1),
    sales("infinity", of(GOOD + "S2,2026-01-15,P1,inf\n"), "bad_number", "S1", lost=1),
    sales("underscores", of(GOOD + "S2,2026-01-15,P1,1_000\n"), "bad_number", "S1", lost=1),
    sales("hexadecimal", of(GOOD + "S2,2026-01-15,P1,0x10\n"), "bad_number", "S1", lost=1),
    sales("thousand or three decimals", of("S1;2026-01-15;P1;1.234\n", HEAD.replace(",", ";")), "number_ambiguous", lost=1),
    sales("point and comma in one column", of('S1,2026-01-15,P1,12.5\nS2,2026-01-15,P1,"12,5"\n'), "number_marks_mixed", "S1", lost=1),
    sales("a percentage for an amount", of(GOOD + "S2,2026-01-15,P1,10%\n"), "percent_in_number", "S1", lost=1),
    sales("too many digits", of(GOOD + "S2,2026-01-15,P1,1234567890123456789012\n"), "number_too_large", "S1", lost=1),
    sales("a currency sign", of("S1,2026-01-15,P1,$10\n"), "currency_sign", "S1"),
    sales("a currency word", of(GOOD + "S2,2026-01-15,P1,USD 10\n"), "bad_number", "S1", lost=1),
    sales("eleven decimals", of("S1,2026-01-15,P1,0.12345678901\n"), "many_decimals", "S1"),
    sales("a dash for nothing", of(GOOD + "S2,2026-01-15,P1,-\n"), "null_word", "S1", lost=1),
    sales(
        "returns with units above zero",
        of("S1,2026-01-15,P1,-10,1\n", "sale_id,date,partner_id,revenue,units\n"),
        "negative_with_units",
        "S1",
    ),
    # words and money
    sales("an unknown channel", of("S1,2026-01-15,P1,10,sellthru\n", "sale_id,date,partner_id,revenue,channel\n"), "unknown_word", "S1"),
    sales("an unknown currency", of("S1,2026-01-15,P1,10,EURO\n", "sale_id,date,partner_id,revenue,currency\n"), "currency_unknown", "S1"),
    sales(
        "a currency without a rate",
        of(GOOD.strip() + ",\nS2,2026-01-15,P1,10,USD\n", "sale_id,date,partner_id,revenue,currency\n"),
        "rate_missing",
        "S1",
        lost=1,
    ),
    sales("nothing through partners", of("S1,2026-01-15,,10\n"), "no_partner_sale"),
]


@pytest.mark.parametrize("case", CASES, ids=[case.what for case in CASES])
def test_faulty_input(case: Case, tmp_path: Path) -> None:
    settings = engagement(tmp_path, case.files, **case.settings)
    found = inspect(settings, tmp_path / "cache")
    met = {fault.code: fault for fault in found.faults}
    assert set(met) == set() if not case.fault else case.fault in met, met
    arrived = [row[0] for row in lines(found.client, "sale_id")] if found.client else []
    assert arrived == list(case.ids) or (found.client is None and not [one for one in case.ids if one])
    accounted = sum(fault.count for fault in found.faults if fault.table == "sales" and fault.code != "currency_sign")
    assert accounted >= case.lost
    if case.fault:
        assert met[case.fault].why
        assert met[case.fault].do
        assert met[case.fault].severity == FAULTS[case.fault].severity or met[case.fault].severity == "error"


def test_load_stops_on_errors_and_names_everything(tmp_path: Path) -> None:
    rows = HEAD + "S1,2026-02-30,P1,10\nS2,2026-01-15,P1,ten\n S3,2026-01-15,P1,1\n"
    settings = engagement(tmp_path, {"data/sales.csv": rows})
    with pytest.raises(DataFaults) as stopped:
        load(settings, tmp_path / "cache")
    assert [(fault.code, fault.row) for fault in stopped.value.faults] == [("impossible_date", 2), ("bad_number", 3), ("id_trimmed", 4)]
    assert str(stopped.value).startswith("'2026-02-30' in 'date' is a day that does not exist. (2 faults in all)")
    assert [row[0] for row in lines(load(settings, tmp_path / "cache", strict=False))] == ["S3"]
