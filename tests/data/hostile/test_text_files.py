"""Text files made to crash, to hang or to fill the memory, and those that are only unlucky: one clear fault, or a right reading."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.data.conftest import SALES
from tests.data.hostile.cases import GOOD, HEAD, Case, Outcome, instead, judge, run, sales

PLAIN = HEAD.strip()
RUSSIAN = HEAD + "".join(f"Продажа {number} {'Я' * 40},2026-01-15,P1,10\n" for number in range(30))


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.write((HEAD + GOOD).encode())
        file.truncate(1 << 40)


def bomb(path: Path) -> None:
    with gzip.open(path, "wb", compresslevel=6) as file:
        for _ in range(30):
            file.write(b"S1,2026-01-15,P1,10\n" * 500_000)


def endless(piece: bytes) -> bytes:
    return HEAD.encode() + piece * (12_000_000 // len(piece))


CASES = [
    # too much of something
    sales("a terabyte of nothing", sparse, "not_a_table"),
    sales("a copy that stopped half-way", (HEAD + GOOD).encode() + bytes(200_000), "not_a_table"),
    sales("a line without end", endless(b"S"), "line_too_long", "no_rows", rows=0),
    sales("a line of commas without end", endless(b","), "line_too_long", "no_rows", rows=0),
    sales("nothing but one line", b"a,b" * 1_000_000, "too_wide"),
    sales("two million commas for a header", "," * 2_000_000 + "\n" + GOOD, "too_wide"),
    sales("a hundred thousand headers", PLAIN + "," + ",".join(f"h{n}" for n in range(100_000)) + "\n" + GOOD, "too_wide"),
    sales("ten thousand headers", PLAIN + "," + ",".join(f"h{n}" for n in range(9_990)) + "\n" + GOOD.strip() + "," * 9_990, rows=1),
    sales("ten thousand headers, none needed", ",".join(f"h{n}" for n in range(10_000)) + "\n", "column_missing", "column_missing"),
    sales("two million commas in a row", HEAD + "," * 2_000_000 + "\n" + GOOD, rows=1, warnings=("blank_rows",)),
    sales("a header of ten thousand letters", f"{PLAIN},{'x' * 10_000}\n{GOOD.strip()},1\n", rows=1, warnings=("columns_unknown",)),
    sales("a million empty lines", HEAD + "\n" * 1_000_000 + GOOD, rows=1),
    sales("a cell of three megabytes", HEAD + GOOD + "S" * 3_000_000 + ",2026-01-15,P1,1\n", rows=2),
    sales("colons that look like an address", f"{HEAD}S1,://{':' * 200_000},P1,10\n", "bad_date", rows=0),
    sales("headers that look like an address", f"a,://{':' * 200_000}\n", "column_missing", "column_missing"),
    sales("quotes never closed, line after line", HEAD + 'a","b,2026-01-01,P1,10\n' * 20_000, "broken_quotes", "no_rows", rows=0),
    sales("one quote never closed before many lines", HEAD + '"' + GOOD * 50_000, "broken_quotes", rows=1),
    instead("an archive that unpacks to hundreds of megabytes", "data/sales.csv.gz", bomb, "unpacks_too_large"),
    instead("an archive in an archive", "data/sales.csv.gz", gzip.compress(gzip.compress(SALES.encode())), "not_a_table"),
    instead("an archive with something behind it", "data/sales.csv.gz", gzip.compress(SALES.encode()) + b"x", "broken_gzip"),
    instead("an archive of nothing", "data/sales.csv.gz", gzip.compress(b""), "empty_file"),
    # encodings
    sales("UTF-16 of another alphabet without a mark", RUSSIAN.encode("utf-16-le"), rows=30, warnings=("transcoded",)),
    sales("the same, big end first", RUSSIAN.encode("utf-16-be"), rows=30, warnings=("transcoded",)),
    sales("UTF-32 without a mark", RUSSIAN.encode("utf-32-le"), rows=30, warnings=("transcoded",)),
    sales("UTF-32, big end first, with a mark", b"\0\0\xfe\xff" + RUSSIAN.encode("utf-32-be"), rows=30, warnings=("transcoded",)),
    sales("half a letter in UTF-16", b"\xff\xfe" + HEAD.encode("utf-16-le") + b"\x00\xd8A\x00", "broken_encoding"),
    sales("half a letter in UTF-8", HEAD.encode() + b"S\xed\xa0\x80,2026-01-15,P1,10\n", rows=1, warnings=("transcoded",)),
    sales("UTF-7, which is plain letters", HEAD + "+AGE-,2026-01-15,P1,10\n", rows=1),
    # texts that are code elsewhere
    sales("escape sequences", HEAD + "S\x1b[2J\x07\x9b31m,2026-01-15,P1,x\x1b]0;title\x07\n", "bad_number", rows=0),
    sales("letters that turn the direction", HEAD + "S\u202e1,\u2066soon,P1,10\n", "bad_date", rows=0),
    sales("formulas", HEAD + "=cmd|'/c calc'!A1,2026-01-15,P1,10\n\"=HYPERLINK(\"\"x\"\")\",2026-01-15,P1,1\n+4,2026-01-15,P1,1\n", rows=3),
    sales("statements", f'{PLAIN},"""; DROP TABLE x; --",_row,rowid,c0,__proto__\n"\'; DROP TABLE x; --",2026-01-15,P1,1,,,,,\n', rows=1),
    sales("empty headers between", "sale_id,,date,,partner_id,revenue,\nS1,,2026-01-15,,P1,10,\n", rows=1),
    sales("headers over two lines", '"sale\nid",date,"partner\nid",revenue\n' + GOOD, rows=1),
    sales("a title, merged cells and a row of groups", ",,Sales,,\nId,When,Who,Amount\n" + HEAD + GOOD, rows=1),
    sales("a row of units below the header", HEAD + "id,day,id,EUR\n" + GOOD, "bad_date", "bad_number", rows=1),
]  # fmt: skip


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    return run(CASES, tmp_path_factory.mktemp("text"))


@pytest.mark.parametrize("case", CASES, ids=[case.what for case in CASES])
def test_text_file(case: Case, outcomes: dict[str, Outcome]) -> None:
    judge(case, outcomes[case.what])
