"""Text exports: two ways of reading that agree, and damage that is always accounted for."""

from __future__ import annotations

import csv
import gzip
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prmkit.data import careful, csvfile
from prmkit.data.csvfile import find_layout
from prmkit.data.engine import engine
from prmkit.data.faults import FaultLog
from prmkit.data.load import inspect
from prmkit.data.scan import scan
from prmkit.data.staging import Wanted
from prmkit.data.tables import table
from tests.data.conftest import PARTNERS, SALES, engagement, lines

WANTED = Wanted("sales", table("sales").readable, needed=frozenset({"date", "revenue"}))
HEAD = ["sale_id", "date", "partner_id", "revenue"]
cells = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r\ufeff", exclude_categories=["Cs"]), max_size=8)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(cells, cells, cells, cells).filter(any), min_size=1, max_size=20), st.sampled_from(",;\t|"))
def test_both_ways_of_reading_agree_with_the_csv_module(rows: list[tuple[str, ...]], delimiter: str) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([HEAD, *rows])
    with tempfile.TemporaryDirectory() as folder, engine(Path(folder)) as opened:
        path = Path(folder) / "sales.csv"
        path.write_bytes(text.getvalue().encode())
        log = FaultLog()
        seen = scan(opened, path, log, table="sales", file="sales.csv")
        assert seen is not None
        layout = find_layout(seen.head, WANTED)
        assert (layout.delimiter, layout.header) == (delimiter, 0)
        chosen = {name: place for place, name in enumerate(HEAD)}
        slow = careful.stage(opened, path, layout, chosen, log, table="sales", file="sales.csv")
        expected = [tuple(cell or None for cell in row) for row in rows]
        numbered = [(number, *row) for number, row in enumerate(expected, start=2)]
        assert opened.rows(f"SELECT _row, {', '.join(HEAD)} FROM {slow.relation()} ORDER BY _row") == numbered
        fast = csvfile._at_once(opened, seen, layout, chosen, "sales.csv")
        if fast is not None:
            assert opened.rows(f"SELECT _row, {', '.join(HEAD)} FROM {fast.relation()} ORDER BY _row") == numbered
        assert log.faults == ()


def test_a_regular_file_is_read_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(careful, "stage", None)
    found = inspect(engagement(tmp_path, {"data/sales.csv": None, "data/sales.csv.gz": gzip.compress(SALES.encode())}), tmp_path / "cache")
    assert found.sources["sales"].rows == 3


def test_archives_of_several_parts_are_read_to_the_end(tmp_path: Path) -> None:
    parts = gzip.compress(SALES.encode()) + gzip.compress(b"S4,2026-03-20,P1,1\n")
    found = inspect(engagement(tmp_path, {"data/sales.csv": None, "data/sales.csv.gz": parts}), tmp_path / "cache")
    assert found.sources["sales"].rows == 4


@pytest.mark.parametrize(
    ("head", "delimiter", "header"),
    [
        ("sale_id,date,revenue\n1,2026-01-01,1\n", ",", 0),
        ("sale_id;date;revenue\n1;2026-01-01;1,5\n", ";", 0),
        ("Report of 1,2,3\n\nsale_id\tdate\trevenue\n", "\t", 2),
        ("sep=|\nsale_id|date|revenue\n", "|", 1),
        ("a,b,c\n1,2,3\n", ",", 0),
    ],
)
def test_layouts(head: str, delimiter: str, header: int) -> None:
    layout = find_layout(head, WANTED)
    assert (layout.delimiter, layout.header) == (delimiter, header)


damage = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 3), st.binary(max_size=3)), min_size=1, max_size=4)
RAW = (SALES + "".join(f"T{number},2026-02-{number % 28 + 1:02d},P2,{number}.5\n" for number in range(12))).encode()


@settings(max_examples=15, deadline=None)
@given(damage)
def test_any_damage_is_survived_and_every_missing_line_has_a_fault(changes: list[tuple[int, int, bytes]]) -> None:
    content = bytearray(RAW)
    for place, removed, added in changes:
        content[place : place + removed] = added
    written = sum(bool(line.strip()) for line in RAW.splitlines()) - 1
    with tempfile.TemporaryDirectory() as folder:
        made = engagement(Path(folder), {"data/partners.csv": PARTNERS, "data/sales.csv": bytes(content)})
        found = inspect(made, Path(folder) / "cache")
        arrived = len(lines(found.client)) if found.client else 0
    removed_line_ends = RAW.count(b"\n") - bytes(content).count(b"\n")
    assert arrived >= written - max(0, removed_line_ends) or found.faults
