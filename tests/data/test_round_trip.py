"""Ids and money through every kind of file: what was written is what arrives, to the last letter and the last decimal."""

from __future__ import annotations

import csv
import gzip
import io
import tempfile
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prmkit.data.load import inspect
from tests.data.conftest import engagement, lines

Rows = Sequence[Sequence[str]]
HEAD = ("sale_id", "date", "partner_id", "revenue", "cost")
letters = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"], exclude_characters="\ufeff")
ids = st.one_of(
    st.text(letters, min_size=1, max_size=12),
    st.from_regex(r"0{0,3}[0-9]{1,6}(\.0)?", fullmatch=True),
    st.sampled_from(
        ["007", "NO", "1e5", "NULL", "N/A", "-", "True", "nan", "1_000", "2026-01-31", '5"', "a,b", "a;b", "=1+1", "'x", "\u05d0\u05d1"]
    ),
)
money = st.decimals(min_value=Decimal("-1e12"), max_value=Decimal("1e12"), places=4, allow_nan=False, allow_infinity=False)


def as_csv(path: Path, rows: Rows) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEAD, *rows])


def as_gzip(path: Path, rows: Rows) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([HEAD, *rows])
    path.write_bytes(gzip.compress(text.getvalue().encode()))


def as_semicolons(path: Path, rows: Rows) -> None:
    with path.open("w", encoding="utf-16", newline="") as file:
        csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL).writerows([HEAD, *rows])


def as_parquet(path: Path, rows: Rows) -> None:
    pd.DataFrame([list(row) for row in rows], columns=list(HEAD), dtype="str").to_parquet(path)


def as_workbook(path: Path, rows: Rows) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in [HEAD, *rows]:
        sheet.append([None] * len(row))
        for cell, value in zip(sheet[sheet.max_row], row, strict=True):
            cell.value = value
            cell.data_type = "s"
    book.save(path)


WRITERS: dict[str, Callable[[Path, Rows], None]] = {
    "sales.csv": as_csv,
    "sales.csv.gz": as_gzip,
    "sales.txt": as_semicolons,
    "sales.parquet": as_parquet,
    "sales.xlsx": as_workbook,
}


@pytest.mark.parametrize("name", WRITERS)
@settings(max_examples=4, deadline=None)
@given(st.lists(st.tuples(ids, money, money), min_size=1, max_size=12, unique_by=lambda row: row[0]))
def test_ids_and_money_arrive_as_written(name: str, rows: list[tuple[str, Decimal, Decimal]]) -> None:
    written = [(one, "2026-01-31", "P1", f"{revenue:f}", f"{cost:f}") for one, revenue, cost in rows]
    with tempfile.TemporaryDirectory() as folder:
        made = engagement(Path(folder), {"data/sales.csv": None, f"data/{name}": lambda path: WRITERS[name](path, written)})
        client = inspect(made, Path(folder) / "cache").client
        assert client is not None
        arrived = {row[0]: row[1:] for row in lines(client, "sale_id, revenue, cost")}
    assert arrived == {one: (revenue, cost) for one, revenue, cost in rows}


@pytest.mark.parametrize("name", ["partners.csv", "partners.csv.gz", "partners.parquet", "partners.xlsx"])
def test_names_pass_untouched(name: str, tmp_path: Path) -> None:
    names = [
        "N" * 90,
        "<script>alert('x')</script>",
        "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd",
        "=1+1",
        'O\'Neil & "Sons", Ltd',
        "NA",
        "\U0001f600",
    ]
    rows = [(f"P{number}", name) for number, name in enumerate(names)]

    def written(path: Path) -> None:
        head = ("partner_id", "name")
        if name.endswith("parquet"):
            pd.DataFrame(rows, columns=list(head), dtype="str").to_parquet(path)
        elif name.endswith("xlsx"):
            book = openpyxl.Workbook()
            for row in (head, *rows):
                book.active.append([None, None])
                for cell, value in zip(book.active[book.active.max_row], row, strict=True):
                    cell.value, cell.data_type = value, "s"
            book.save(path)
        else:
            with (
                gzip.open(path, "wt", encoding="utf-8", newline="")
                if name.endswith("gz")
                else path.open("w", encoding="utf-8", newline="") as file
            ):
                csv.writer(file).writerows([head, *rows])

    found = inspect(engagement(tmp_path, {"data/partners.csv": None, f"data/{name}": written}), tmp_path / "cache")
    assert list(found.tables["partners"]["name"])[: len(names)] == names


def test_converted_money_is_the_exact_product(tmp_path: Path) -> None:
    amounts = [Decimal("0.01"), Decimal("123456789.9999"), Decimal("-19.99"), Decimal("1e9")]
    rate = Decimal("0.87654321")
    rows = "".join(f"S{number},2026-01-{number + 10},P1,{amount:f},USD\n" for number, amount in enumerate(amounts))
    files = {
        "data/sales.csv": f"sale_id,date,partner_id,revenue,currency\n{rows}S9,2026-01-31,P1,5.50,\nS91,2026-01-31,P1,5.50,EUR\n",
        "data/rates.csv": f"currency,month,rate\nUSD,2026-01-01,{rate}\n",
    }
    found = inspect(engagement(tmp_path, files), tmp_path / "cache")
    assert found.client is not None
    arrived = lines(found.client, "revenue, currency, typeof(revenue)")
    assert [row[0] for row in arrived] == [*(amount * rate for amount in amounts), Decimal("5.50"), Decimal("5.50")]
    assert [row[1] for row in arrived] == ["USD"] * 4 + [None, "EUR"]
    assert {row[2] for row in arrived} == {"DECIMAL(38,18)"}
    assert [fault.code for fault in found.faults] == ["currency_missing"]
