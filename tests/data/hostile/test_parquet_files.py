"""Parquet files made to fill the disk, or that hold what no table does: one clear fault, or a right reading."""

from __future__ import annotations

import datetime as dt
import decimal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.data.conftest import SALES
from tests.data.hostile.cases import Case, Outcome, instead, judge, run


def columns(rows: int = 1, **changed: Any) -> dict[str, pa.Array]:
    usual = {
        "sale_id": pa.array([f"S{number}" for number in range(rows)], pa.string()),
        "date": pa.array([dt.date(2026, 1, 15)] * rows, pa.date32()),
        "partner_id": pa.array(["P1"] * rows, pa.string()),
        "revenue": pa.array([10.0] * rows, pa.float64()),
    }
    return {**usual, **changed}


def written(rows: int = 1, **changed: Any) -> Callable[[Path], None]:
    return lambda path: pq.write_table(pa.table(columns(rows, **changed)), path)


def same(rows: int, text: str) -> Callable[[Path], None]:
    """So many rows of one id, in a few kilobytes."""

    def made(path: Path) -> None:
        ids = pa.DictionaryArray.from_arrays(pa.array([0] * rows), pa.array([text]))
        table = pa.table({**columns(rows), "sale_id": ids})
        with pq.ParquetWriter(path, table.schema, compression="zstd", dictionary_pagesize_limit=1 << 25) as file:
            file.write_table(table, row_group_size=rows)

    return made


def cut(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def made(path: Path) -> None:
        written(100)(path)
        path.write_bytes(change(path.read_bytes()))

    return made


def parquet(what: str, content: Any, *errors: str, rows: int | None = None, warnings: tuple[str, ...] = ()) -> Case:
    return instead(what, "data/sales.parquet", content, *errors, rows=rows, warnings=warnings)


def named(*names: str) -> Callable[[Path], None]:
    arrays = list(columns().values())
    return lambda path: pq.write_table(pa.table([*arrays[:1], *[arrays[0]] * (len(names) - 4), *arrays[1:]], names=list(names)), path)


EVER = pa.array([2**63 - 1], pa.timestamp("us"))
CASES = [
    parquet("a healthy file", written(), rows=1),
    parquet("millions of rows in a few kilobytes", same(3_000_000, "S1"), "unpacks_too_large"),
    parquet("gigabytes of letters in a few kilobytes", same(5_000, "S" * 1_000_000), "unpacks_too_large"),
    parquet("twenty-one thousand columns", written(**{f"c{n}": pa.array([1]) for n in range(21_000)}), "too_wide"),
    parquet("cut short", cut(lambda content: content[:-10]), "broken_parquet"),
    parquet("half of it", cut(lambda content: content[: len(content) // 2]), "broken_parquet"),
    parquet("a footer longer than the file", b"PAR1" + bytes(100) + b"\xff\xff\xff\x7fPAR1", "broken_parquet"),
    parquet("nothing but its marks", b"PAR1PAR1", "broken_parquet"),
    parquet("one with a password", b"PARE" + bytes(100) + b"\x10\0\0\0PARE", "broken_parquet"),
    parquet("a text file under its name", SALES, "broken_parquet"),
    parquet("no rows", written(0), "no_rows", rows=0),
    parquet("a column without a type", written(sale_id=pa.nulls(1)), rows=1),
    parquet("a needed column without a type", written(revenue=pa.nulls(1)), "required_empty", rows=0),
    parquet("lists", written(sale_id=pa.array([["a"]])), "nested_column"),
    parquet("structures", written(partner_id=pa.array([{"a": 1}])), "nested_column"),
    parquet("maps", written(date=pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int32()))), "nested_column"),
    parquet("bytes that are no text", written(sale_id=pa.array([b"\xff\xfe"])), "broken_parquet"),
    parquet("NUL in a text", written(sale_id=pa.array(["a\0b"])), rows=1, warnings=("null_character",)),
    parquet("not a number", written(revenue=pa.array([float("nan")])), "required_empty", rows=0),
    parquet("an infinite number", written(revenue=pa.array([float("inf")])), "bad_number", rows=0),
    parquet("a decimal of thirty-eight digits", written(revenue=pa.array([decimal.Decimal("9" * 38)])), "number_too_large", rows=0),
    parquet("a decimal of seventy digits", written(revenue=pa.array([decimal.Decimal("9" * 70)])), "number_too_large", rows=0),
    parquet("an id of seventy digits", written(sale_id=pa.array([decimal.Decimal("9" * 70)])), "id_lost_digits", rows=1),
    parquet("the last moment there is", written(date=EVER), "bad_date", rows=0),
    parquet("a moment beyond it", written(date=pa.array([2**62], pa.timestamp("ms"))), "broken_parquet"),
    parquet("the last day there is", written(date=pa.array([2**31 - 1], pa.date32())), "bad_date", rows=0),
    parquet("a header twice but for its case", named("sale_id", "SALE_ID", "date", "partner_id", "revenue"), rows=1),
    parquet("names that mean something elsewhere", named('"; DROP TABLE x; --', "sale_id", "date", "partner_id", "revenue"), rows=1),
]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    return run(CASES, tmp_path_factory.mktemp("parquet"))


@pytest.mark.parametrize("case", CASES, ids=[case.what for case in CASES])
def test_parquet_file(case: Case, outcomes: dict[str, Outcome]) -> None:
    judge(case, outcomes[case.what])
