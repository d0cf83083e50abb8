"""Anything at all under the name of an export: never another error than a fault, never a row lost without one."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import gzip
import io
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prmkit.data.dates import Order, read_date
from prmkit.data.engine import Engine, engine
from prmkit.data.faults import FaultLog
from prmkit.data.fileset import Fileset
from prmkit.data.load import inspect
from prmkit.data.sources import Origin
from prmkit.data.staging import Staged
from prmkit.engagement import Engagement, load_engagement
from prmkit.errors import PrmkitError
from tests.data.conftest import SALES, engagement

HEAD = ["sale_id", "date", "partner_id", "revenue"]
SUFFIXES = (".csv", ".tsv", ".csv.gz", ".xlsx", ".parquet")
ROWS_OF_FAULTS = {"row_too_long", "row_too_short", "broken_quotes", "line_too_long", "footer"}
few = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
letters = st.characters(codec="utf-8", exclude_characters="\ufeff", exclude_categories=["Cs"])
printed = st.characters(codec="utf-8", exclude_characters="\ufeff", exclude_categories=["Cs", "Cc"], max_codepoint=0xFFFD)
numbers = itertools.count()


class Desk:
    """One engine for many files."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine, self.folder = engine, folder

    def stage(self, suffix: str, content: bytes) -> tuple[Staged | None, FaultLog]:
        path = self.folder / f"sales_{next(numbers)}{suffix}"
        path.write_bytes(content)
        log = FaultLog()
        origin = Origin("sales", files=(path,))
        staged = Fileset(self.engine, Engagement(folder=self.folder, client="Example"), [origin], log).stage(origin)
        assert path.read_bytes() == content
        path.unlink()
        return (staged[0] if staged else None), log

    def rows(self, staged: Staged) -> list[tuple[str | None, ...]]:
        return [row[1:] for row in self.engine.rows(f"SELECT _row, {', '.join(HEAD)} FROM {staged.relation()} ORDER BY _row")]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("fuzz")
    with engine(folder / "cache") as opened:
        yield Desk(opened, folder)


def workbook(rows: Sequence[Sequence[str]]) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet("sales")
        for number, row in enumerate([HEAD, *rows]):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell)
    return made.getvalue()


def parquet(rows: Sequence[Sequence[str]]) -> bytes:
    made = io.BytesIO()
    columns = zip(*rows, strict=True)
    pq.write_table(pa.table({name: pa.array(list(column), pa.string()) for name, column in zip(HEAD, columns, strict=True)}), made)
    return made.getvalue()


LINES = [line.split(",") for line in SALES.splitlines()[1:]]
VALID = {
    ".csv": SALES.encode(),
    ".tsv": SALES.replace(",", "\t").encode("utf-16"),
    ".csv.gz": gzip.compress(SALES.encode()),
    ".xlsx": workbook(LINES),
    ".parquet": parquet(LINES),
}


@few
@given(
    st.sampled_from(SUFFIXES),
    st.binary(max_size=300),
    st.sampled_from([b"", b"PK\x03\x04", b"\x1f\x8b\x08", b"PAR1", b"\xff\xfe", b'"', SALES.encode()]),
)
def test_any_bytes_are_a_fault_or_a_table(desk: Desk, suffix: str, content: bytes, start: bytes) -> None:
    staged, log = desk.stage(suffix, start + content)
    assert staged is not None or log.has_errors()


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(SUFFIXES), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 3), st.binary(max_size=3)), min_size=1, max_size=3))
def test_damaged_files_are_a_fault_or_a_table(desk: Desk, suffix: str, changes: list[tuple[float, int, bytes]]) -> None:
    content = bytearray(VALID[suffix])
    for share, removed, added in changes:
        place = int(share * len(content))
        content[place : place + removed] = added
    staged, log = desk.stage(suffix, bytes(content))
    assert staged is not None or log.has_errors()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_files_cut_anywhere_are_a_fault_or_a_table(desk: Desk, suffix: str) -> None:
    content = VALID[suffix]
    for end in range(0, len(content), max(1, len(content) // 40)):
        staged, log = desk.stage(suffix, content[:end])
        assert staged is not None or log.has_errors(), end
        if suffix not in (".csv", ".tsv"):
            assert staged is None, end


@few
@given(
    st.lists(
        st.lists(st.text(letters, max_size=6), min_size=4, max_size=4).filter(lambda row: any(cell.strip() for cell in row)),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from(",;\t|"),
    st.sampled_from("\"'"),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]),
    st.booleans(),
)
def test_any_text_arrives_as_it_was_written(
    desk: Desk, rows: list[list[str]], delimiter: str, quote: str, ends: str, encoding: str, packed: bool
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, quotechar=quote, lineterminator=ends, quoting=csv.QUOTE_ALL).writerows([HEAD, *rows])
    content = text.getvalue().encode(encoding)
    staged, log = desk.stage(".csv.gz" if packed else ".csv", gzip.compress(content) if packed else content)
    assert staged is not None, log.faults
    assert not log.has_errors(), log.faults
    assert desk.rows(staged) == [tuple(cell or None for cell in row) for row in rows]


@few
@given(
    st.lists(
        st.lists(st.text(printed, max_size=6), min_size=4, max_size=4).filter(lambda row: all(cell.strip() for cell in row)),
        min_size=1,
        max_size=5,
    )
)
def test_any_text_arrives_through_workbooks_and_parquet(desk: Desk, rows: list[list[str]]) -> None:
    for suffix, make in ((".xlsx", workbook), (".parquet", parquet)):
        staged, log = desk.stage(suffix, make(rows))
        assert staged is not None, log.faults
        assert desk.rows(staged) == [tuple(row) for row in rows]


@few
@given(st.lists(st.lists(st.text(letters, max_size=4), min_size=1, max_size=7), max_size=30), st.booleans())
def test_every_record_is_read_or_stands_in_a_fault(desk: Desk, rows: list[list[str]], spoilt: bool) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([HEAD, *rows])
    staged, log = desk.stage(".csv", text.getvalue().encode() + b"\n" * spoilt)
    assert staged is not None, log.faults
    held = sum(len(row) > 1 or any(cell.strip() for cell in row) for row in rows)
    assert staged.rows + sum(fault.count for fault in log.faults if fault.code in ROWS_OF_FAULTS) == held


@settings(max_examples=25)
@given(
    st.binary(max_size=200)
    | st.text(max_size=100).map(str.encode)
    | st.text("client: x[]{}&*!|>-#'\"\n\t ,?%@`", max_size=60).map(str.encode)
)
def test_any_settings_are_faults_or_an_engagement(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "engagement.yaml"
    file.write_bytes(content)
    with contextlib.suppress(PrmkitError):
        assert load_engagement(file).client


@settings(max_examples=12)
@given(st.lists(st.tuples(*[st.text(letters, min_size=1, max_size=10)] * 3), min_size=1, max_size=8))
def test_any_cells_are_checked_to_the_end(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]]) -> None:
    """A date, a number, a word of any letters: what is not read is counted in the faults, and no other error is met."""
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([["date", "revenue", "channel", "partner_id"], *[(*row, "P1") for row in rows]])
    folder = tmp_path_factory.mktemp("cells")
    found = inspect(engagement(folder, {"data/sales.csv": text.getvalue()}), folder / "cache")
    refused = sum(fault.count for fault in found.faults if fault.table == "sales" and fault.severity == "error")
    assert found.sources["sales"].rows + refused >= len(rows)


DATES: dict[str, Order] = {
    "%Y-%m-%d": "", "%Y/%m/%d": "", "%Y.%m.%d": "", "%Y%m%d": "", "%d.%m.%Y": "", "%d %B %Y": "", "%d-%b-%Y": "", "%B %d, %Y": "",
    "%d/%m/%Y": "dmy", "%m/%d/%Y": "mdy", "%d-%m-%Y": "dmy", "%m-%d-%Y": "mdy",
}  # fmt: skip


@given(st.dates(dt.date(1000, 1, 1)), st.sampled_from(sorted(DATES)))
def test_every_way_of_writing_a_day_means_it(day: dt.date, written: str) -> None:
    assert read_date(day.strftime(written), DATES[written]).day == day


@given(st.text(max_size=20) | st.from_regex(r"[0-9]{1,5}[-/. T][0-9A-Za-z]{1,9}[-/. :][0-9]{1,5}", fullmatch=True))
def test_any_text_is_a_day_or_a_fault(text: str) -> None:
    reading = read_date(text)
    assert (reading.day is None) == bool(reading.fault)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("0000-00-00", "impossible_date"),
        ("2026-02-30", "impossible_date"),
        ("1900-02-29", "impossible_date"),
        ("10000-01-01", "bad_date"),
        ("30 Feb 2026", "impossible_date"),
        ("31.12.69", "date_short_year"),
        ("1e5", "bad_date"),
        ("99999", "bad_date"),
        ("-46037", "bad_date"),
    ],
)
def test_days_that_cannot_be(text: str, fault: str) -> None:
    assert read_date(text).fault == fault
