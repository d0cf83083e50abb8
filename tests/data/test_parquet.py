"""Parquet files of any physical type, read the way each column is meant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from prmkit.data.load import Inspection
from tests.data.conftest import codes, fault, lines

Look = Callable[..., Inspection]
DAYS = [dt.date(2026, 1, 31), dt.date(2026, 2, 28)]


def look_at(look: Look, **columns: Any) -> Inspection:
    given = {
        "sale_id": pa.array(["S1", "S2"]),
        "date": pa.array(DAYS),
        "partner_id": pa.array(["P1", "P2"]),
        "revenue": pa.array([1.5, 2.25]),
    }
    table = pa.table({**given, **columns})
    return look({"data/sales.csv": None, "data/sales.parquet": lambda path: pq.write_table(table, path)})


@pytest.mark.parametrize(
    "amounts",
    [
        pa.array([1.234, 5.678]),
        pa.array([1.234, 5.678], pa.float32()),
        pa.array([Decimal("1.234"), Decimal("5.678")], pa.decimal128(38, 18)),
        pa.array(["1.234000", "5.678000"]),
        pa.array(["1.234000", "5.678000"]).dictionary_encode(),
    ],
    ids=["double", "float", "decimal", "text", "dictionary"],
)
def test_amounts_of_any_type(amounts: Any, look: Look) -> None:
    found = look_at(look, revenue=amounts)
    assert found.client is not None
    exact = [round(row[0], 6) for row in lines(found.client, "revenue")]
    assert exact == [Decimal("1.234"), Decimal("5.678")]
    assert "number_ambiguous" not in codes(found)


@pytest.mark.parametrize(
    "days",
    [
        pa.array(DAYS, pa.date64()),
        pa.array([dt.datetime(2026, 1, 31, 23, 59), dt.datetime(2026, 2, 28)], pa.timestamp("ns")),
        pa.array([dt.datetime(2026, 1, 31), dt.datetime(2026, 2, 28)], pa.timestamp("us", tz="UTC")),
        pa.array(["2026-01-31", "28.02.2026"]),
        pa.array([20260131, 20260228]),
        pa.array([46053, 46081.5]),
    ],
    ids=["date64", "nanoseconds", "zone", "text", "yyyymmdd", "serial"],
)
def test_days_of_any_type(days: Any, look: Look) -> None:
    found = look_at(look, date=days)
    assert found.client is not None
    assert [row[0] for row in lines(found.client, "date")] == DAYS


def test_ids_stored_as_numbers_lose_their_decimals_and_are_told(look: Look) -> None:
    found = look_at(look, partner_id=pa.array([7.0, None]), sale_id=pa.array([1, 2]))
    assert found.client is not None
    assert lines(found.client, "sale_id, partner_id") == [("1", "7"), ("2", None)]
    assert (fault(found, "id_was_number").column, fault(found, "id_was_number").row) == ("partner_id", 2)
    assert fault(look_at(look, partner_id=pa.array([1e17, 7.0])), "id_lost_digits").severity == "error"


def test_what_is_no_number_is_named(look: Look) -> None:
    found = look_at(look, revenue=pa.array([float("nan"), float("inf")]))
    assert (fault(found, "required_empty").row, fault(found, "bad_number").row) == (2, 3)


def test_booleans_and_words(look: Look) -> None:
    table = pa.table({"deal_id": ["D1", "D2", "D3"], "approved": pa.array([True, False, None]), "outcome": ["Won", None, "LOST"]})
    found = look({"data/deals.parquet": lambda path: pq.write_table(table, path)})
    assert found.tables["deals"]["approved"].tolist() == [True, False, pd.NA]
    assert found.tables["deals"]["outcome"].tolist()[::2] == ["won", "lost"]


def test_the_index_that_pandas_writes_is_no_column(look: Look) -> None:
    frame = pd.DataFrame({"sale_id": ["S1"], "date": [pd.Timestamp("2026-01-31")], "partner_id": ["P1"], "revenue": [1.0]}, index=[5])
    found = look({"data/sales.csv": None, "data/sales.parquet": frame.to_parquet})
    assert found.faults == ()


def test_lists_are_refused(look: Look) -> None:
    found = look_at(look, partner_id=pa.array([["P1"], ["P2"]]))
    assert fault(found, "nested_column").column == "partner_id"


@pytest.mark.parametrize(("content", "code"), [(b"", "empty_file"), (b"PAR1 no more", "broken_parquet"), (b"a,b\n1,2\n", "broken_parquet")])
def test_files_that_are_none(content: bytes, code: str, look: Look) -> None:
    assert fault(look({"data/sales.csv": None, "data/sales.parquet": content}), code).file == "data/sales.parquet"


def test_a_parquet_file_cut_short(look: Look) -> None:
    def cut(path: Path) -> None:
        pq.write_table(pa.table({"sale_id": ["S1"]}), path)
        path.write_bytes(path.read_bytes()[:-20])

    assert "broken_parquet" in codes(look({"data/sales.csv": None, "data/sales.parquet": cut}))
