"""Rows from a warehouse: typed values, an address that is never repeated."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from prmkit.data.load import Inspection
from prmkit.engagement import SourceSettings
from tests.data.conftest import fault, lines

Look = Callable[..., Inspection]


@pytest.fixture
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    with sqlite3.connect(tmp_path / "warehouse.db") as connection:
        connection.execute("CREATE TABLE lines (id TEXT, day TEXT, partner TEXT, amount REAL)")
        connection.executemany(
            "INSERT INTO lines VALUES (?, ?, ?, ?)", [("007", "2026-01-31", "P1", 1.234), ("7", "2026-02-28", None, 5.0)]
        )
    connection.close()
    monkeypatch.setenv("TEST_WAREHOUSE", f"sqlite:///{tmp_path / 'warehouse.db'}")
    return "TEST_WAREHOUSE"


def test_a_query_makes_a_table(warehouse: str, look: Look) -> None:
    query = "SELECT id AS sale_id, day AS date, partner AS partner_id, amount AS revenue FROM lines"
    found = look({"data/sales.csv": None}, sources={"sales": [SourceSettings(sql=query, url_env=warehouse)]})
    assert found.faults == ()
    assert found.client is not None
    assert [(row[0], row[1], float(row[2])) for row in lines(found.client, "sale_id, partner_id, revenue")] == [
        ("007", "P1", 1.234),
        ("7", None, 5.0),
    ]
    assert found.sources["sales"].files == ("query on TEST_WAREHOUSE",)


def test_a_query_that_fails_never_shows_the_address(warehouse: str, look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    found = look(sources={"deals": [SourceSettings(sql="SELECT * FROM nowhere", url_env=warehouse)]})
    assert fault(found, "warehouse_failed").why == "The query for 'deals' failed: OperationalError."
    monkeypatch.setenv("TEST_WAREHOUSE", "nonsense://user:secret@host/db")
    shown = str(look(sources={"deals": [SourceSettings(sql="SELECT 1", url_env=warehouse)]}).faults)
    assert "warehouse_failed" in shown
    assert "secret" not in shown
