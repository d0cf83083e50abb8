"""Sales lines that stay in the warehouse: the same figures as from a file, and no line that leaves."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from prmkit.assess import ensure_results
from prmkit.check import check
from prmkit.data.client import Client
from prmkit.data.fault_book.oddities import LOOKING_FOR_ODDITIES
from prmkit.data.load import Inspection, inspect, load
from prmkit.data.portfolio import as_of_date, open_portfolio
from prmkit.data.readiness import readiness, warnings
from prmkit.data.reconciliation import reconcile
from prmkit.data.sales_lines import Days
from prmkit.data.tables import tables
from prmkit.engagement import load_engagement
from prmkit.errors import PrmkitError
from prmkit.simulate.programme import simulate
from prmkit.simulate.worlds import WORLDS
from tests.data.conftest import codes, fault
from tests.data.postgres import database as database

VARIABLE = "TEST_LINES"
AMOUNTS = {"revenue", "cost", "list_amount", "discount", "units"}
SOURCE = f"""sources:
  sales:
    sql: SELECT * FROM sales_lines
    url_env: {VARIABLE}
    aggregate: true
"""


def into_postgres(address: str, sales: pd.DataFrame) -> None:
    kinds = {name: "numeric" if name in AMOUNTS else "date" if name == "date" else "text" for name in sales.columns}
    with psycopg.connect(address) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE sales_lines ({', '.join(f'{name} {kind}' for name, kind in kinds.items())})".encode())
        with cursor.copy(b"COPY sales_lines FROM STDIN WITH (FORMAT csv)") as copy:
            copy.write(sales.to_csv(index=False, header=False))


def into_sqlite(path: Path, sales: pd.DataFrame) -> None:
    text = io.StringIO(sales.to_csv(index=False))
    header, *rows = csv.reader(text)
    kinds = ", ".join(f"{name} {'REAL' if name in AMOUNTS else 'TEXT'}" for name in header)
    with sqlite3.connect(path) as connection:
        connection.execute(f"CREATE TABLE sales_lines ({kinds})")
        marks = ",".join("?" * len(header))
        connection.executemany(f"INSERT INTO sales_lines VALUES ({marks})", [[cell or None for cell in row] for row in rows])
    connection.close()


def folder_of(folder: Path, frames: Mapping[str, pd.DataFrame], settings: str = "") -> Path:
    (folder / "data").mkdir(parents=True)
    for name, frame in frames.items():
        frame.to_csv(folder / "data" / f"{name}.csv", index=False)
    (folder / "engagement.yaml").write_text(f"client: Example\n{settings}", encoding="utf-8")
    return folder


def both(root: Path, frames: Mapping[str, pd.DataFrame], settings: str = "") -> tuple[Path, Path]:
    """The same client twice: lines in a file, lines in the warehouse."""
    others = {name: frame for name, frame in frames.items() if name != "sales"}
    return folder_of(root / "file", frames, settings), folder_of(root / "away", others, settings + SOURCE)


def opened(folder: Path) -> Client:
    return load(load_engagement(folder), folder / "out" / ".cache")


def same_sums(file: Client, away: Client, date: pd.Timestamp, measure: str, start: int, exact: bool = True) -> None:
    ours, theirs = (client.lines.aggregate(date, measure, start) for client in (file, away))
    for name in ("months", "orders", "years"):
        left, right = getattr(ours, name), getattr(theirs, name)
        assert len(left) > 3
        tolerance: dict[str, Any] = {"check_exact": True} if exact else {"check_exact": False, "rtol": 0, "atol": 0.005}
        pd.testing.assert_frame_equal(right, left, **tolerance)
    days = Days((date - pd.DateOffset(months=12)).date(), date.date())
    some = tuple(ours.years["partner_id"].dropna().unique()[:5])
    for partners, territories in ((None, None), (some, ("Territory 01", "France"))):
        left, right = (client.lines.served(measure, days, partners, territories) for client in (file, away))
        pd.testing.assert_frame_equal(right, left, check_exact=False, rtol=0, atol=0.005)
    for sums in ("two_tier", "supplied", "behind", "accounts"):
        left, right = (getattr(client.lines, sums)(measure, days) for client in (file, away))
        pd.testing.assert_frame_equal(right, left, check_exact=False, rtol=0, atol=0.005)


@pytest.fixture(scope="module")
def programme() -> dict[str, pd.DataFrame]:
    made = simulate(WORLDS.get("reference"), seed=3, partners=300, months=36).tables
    assert len(made["sales"]) > 10_000
    return made


@pytest.fixture(scope="module")
def adventureworks_tables(adventureworks_client: Client) -> dict[str, pd.DataFrame]:
    lines = pd.read_parquet(adventureworks_client.sales)[[column.name for column in tables()["sales"].columns]]
    return {**{name: adventureworks_client.tables[name] for name in ("partners", "products")}, "sales": lines}


@pytest.fixture
def spied() -> Iterator[list[tuple[str, int]]]:
    """Every statement that was run and how many rows it gave."""
    seen: list[tuple[str, int]] = []

    def note(connection: Any, cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append((statement, cursor.rowcount))

    event.listen(Engine, "after_cursor_execute", note)
    yield seen
    event.remove(Engine, "after_cursor_execute", note)


@pytest.mark.slow
def test_adventureworks_is_summed_in_postgres_as_in_the_file(
    adventureworks_tables: dict[str, pd.DataFrame], tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, database)
    into_postgres(database, adventureworks_tables["sales"])
    file, away = (opened(folder) for folder in both(tmp_path, adventureworks_tables, "currency: USD\n"))
    assert not away.sales.exists()
    assert away.channels == pytest.approx(file.channels, rel=1e-12)
    for date in (as_of_date(file), pd.Timestamp("2013-02-10"), pd.Timestamp("2012-12-31")):
        same_sums(file, away, date, next(iter(file.channels)), 7)


@pytest.mark.slow
def test_a_programme_is_summed_in_postgres_as_in_the_file_and_no_line_leaves(
    programme: dict[str, pd.DataFrame],
    tmp_path: Path,
    database: str,
    monkeypatch: pytest.MonkeyPatch,
    spied: list[tuple[str, int]],
) -> None:
    monkeypatch.setenv(VARIABLE, database)
    into_postgres(database, programme["sales"])
    frames = {name: programme[name] for name in ("partners", "products", "sales", "rates") if len(programme[name])}
    file, away = (opened(folder) for folder in both(tmp_path, frames))
    assert file.sales.exists()
    assert not away.sales.exists()
    whole = as_of_date(file)
    assert as_of_date(away) == whole
    for date in (whole, whole - pd.DateOffset(months=7), whole - pd.Timedelta(days=200)):
        for measure in file.channels:
            same_sums(file, away, date, measure, 4)
    for one in (open_portfolio(away), open_portfolio(away).at(whole - pd.DateOffset(months=12))):
        warnings(one)
    pd.testing.assert_frame_equal(readiness(away), readiness(file), rtol=1e-12)
    asked = [(statement, count) for statement, count in spied if "sales_lines" in statement]
    assert len(asked) > 20
    lines = len(programme["sales"])
    for statement, count in asked:
        assert re.search(r"GROUP BY|count\(|sum\(|min\(|WHERE false", statement), statement
        assert count < lines / 2, statement


def test_sqlite_sums_to_the_cent(programme: dict[str, pd.DataFrame], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "lines.db"
    monkeypatch.setenv(VARIABLE, f"sqlite:///{path}")
    into_sqlite(path, programme["sales"])
    frames = {name: programme[name] for name in ("partners", "products", "sales", "rates") if len(programme[name])}
    file, away = (opened(folder) for folder in both(tmp_path, frames))
    same_sums(file, away, as_of_date(file), next(iter(file.channels)), 1, exact=False)


SMALL = {
    "partners": pd.DataFrame({"partner_id": ["P1", "P2", "007"], "name": ["Alpha", "Beta", "Gamma"], "territory": ["N", "S", None]}),
    "products": pd.DataFrame({"product_id": ["A", "B'%"], "name": ["A", "B"], "family": ["Old", "New; --"]}),
    "rates": pd.DataFrame({"currency": ["USD", "USD"], "month": ["2026-01-01", "2026-02-01"], "rate": ["0.9123", "0.8"]}),
    "sales": pd.DataFrame(
        [
            ("S1", "I1", "2026-01-15", "P1", "C1", "A", None, "sell_through", 2, "100.10", "60", "USD"),
            ("S2", "I1", "2026-01-15", "P1", "C2", "B'%", "West", "Sell-Through", 1, "50.05", None, "EUR"),
            ("S3", None, "2026-02-15", "P2", "C1", "A", None, None, 1, "-7.01", "3", None),
            ("S4", "I4", "2026-02-28", "P2", None, None, None, "sell_in", 1, "70", None, "USD"),
            ("S5", "I5", "2026-02-15", None, "C9", "A", "East", "direct", 1, "33.33", None, None),
            ("S6", "I6", "2025-03-31", "007", "C1", "A", None, None, 1, "12", None, None),
            ("S7", "I7", "2026-03-31", "stranger", "C1", "Z", None, None, 1, "0.5", None, None),
        ],
        columns=[
            *("sale_id", "invoice_id", "date", "partner_id", "customer_id", "product_id"),
            *("territory", "channel", "units", "revenue", "cost", "currency"),
        ],
    ),
}
TOTALS = """control_totals:
  CY2026: {revenue: 135.0, direct_revenue: 33.33, cost: 57.74, units: 5, partners_selling: 2, partners_active: 3}
  2026-02: {revenue: 0, units: 1}
"""


@pytest.fixture(params=["postgres", "sqlite"])
def small(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    return _small(request, tmp_path, monkeypatch, SMALL["sales"])


def _small(request: pytest.FixtureRequest, root: Path, monkeypatch: pytest.MonkeyPatch, sales: pd.DataFrame) -> tuple[Path, Path]:
    if request.param == "postgres":
        address = request.getfixturevalue("database")
        into_postgres(address, sales)
    else:
        into_sqlite(root / "lines.db", sales)
        address = f"sqlite:///{root / 'lines.db'}"
    monkeypatch.setenv(VARIABLE, address)
    return both(root, {**SMALL, "sales": sales}, "measure: sell_through\n" + TOTALS)


def test_rates_words_territories_families_and_strangers_are_as_in_a_file(small: tuple[Path, Path]) -> None:
    file, away = (opened(folder) for folder in small)
    assert away.channels == pytest.approx(file.channels)
    assert away.tables["partners"].equals(file.tables["partners"])
    assert away.tables["partners"]["partner_id"].tolist()[-1] == "stranger"
    for date in ("2026-03-31", "2026-02-20", "2025-12-31"):
        for measure in ("sell_through", "sell_in", "direct"):
            left, right = (client.lines.aggregate(pd.Timestamp(date), measure, 4) for client in (file, away))
            for name in ("months", "orders", "years"):
                pd.testing.assert_frame_equal(getattr(right, name), getattr(left, name), rtol=0, atol=1e-6)
    days = Days(dt.date(2026, 1, 1), dt.date(2026, 3, 31))
    left, right = (client.lines.accounts("sell_through", days) for client in (file, away))
    assert left[["partner_id", "customer_id"]].fillna("direct").to_numpy().tolist() == [
        ["P1", "C1"],
        ["P1", "C2"],
        ["P2", "C1"],
        ["stranger", "C1"],
        ["direct", "C9"],
    ]
    assert left["first_on"].iloc[0] == pd.Timestamp("2026-01-15")
    assert left["revenue"].tolist() == pytest.approx([100.10 * 0.9123, 50.05, -7.01, 0.5, 33.33])
    pd.testing.assert_frame_equal(right, left, rtol=0, atol=1e-6)
    left, right = (client.lines.by_kind(days) for client in (file, away))
    assert left["channel"].fillna("none").tolist() == ["sell_through", "sell_in", "none", "none"]
    assert left["revenue"].sum() == pytest.approx((100.10 * 0.9123) + 50.05 - 7.01 + 70 * 0.8 + 0.5)
    assert left["list_amount"].isna().all()
    pd.testing.assert_frame_equal(right, left, rtol=0, atol=1e-6)
    left, right = (client.lines.accounts("sell_in", days) for client in (file, away))
    pd.testing.assert_frame_equal(right, left, rtol=0, atol=1e-6)
    months = away.lines.aggregate(pd.Timestamp("2026-03-31"), "sell_through").months
    row = months[(months["partner_id"] == "P1") & months["product_family"].eq("Old")].iloc[0]
    assert (row["territory"], row["revenue"], row["cost"]) == ("N", pytest.approx(91.32123), pytest.approx(54.738))
    assert {one.code for one in away.faults} - {one.code for one in file.faults} == {"warehouse_unchecked"}
    # what is looked for among the lines themselves is not looked for where they stay, and that is said
    assert {one.code for one in file.faults} - set(LOOKING_FOR_ODDITIES) <= {one.code for one in away.faults}
    assert (away.sources["sales"].rows, file.sources["sales"].rows) == (7, 7)
    assert away.sources["sales"].files == ("query on TEST_LINES",)


def test_readiness_warnings_and_reconciliation_are_as_from_a_file(small: tuple[Path, Path]) -> None:
    file, away = (opened(folder) for folder in small)
    pd.testing.assert_frame_equal(readiness(away), readiness(file))
    assert warnings(open_portfolio(away)) == warnings(open_portfolio(file))
    assert any("2025-04" in said for said in warnings(open_portfolio(away)))
    found, expected = reconcile(open_portfolio(away)), reconcile(open_portfolio(file))
    pd.testing.assert_frame_equal(found, expected, rtol=1e-9)
    assert len(found) == 8
    assert check(small[1]).exit_code == 0


def test_the_fingerprint_follows_the_lines(small: tuple[Path, Path]) -> None:
    before, again = opened(small[1]).fingerprint, opened(small[1]).fingerprint
    assert before == again
    path = small[1].parent / "lines.db"
    if path.exists():
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE sales_lines SET revenue = 101 WHERE sale_id = 'S1'")
        connection.close()
        assert opened(small[1]).fingerprint != before


def looked(root: Path, monkeypatch: pytest.MonkeyPatch, sales: pd.DataFrame, source: str = SOURCE) -> Inspection:
    into_sqlite(root / "lines.db", sales)
    monkeypatch.setenv(VARIABLE, f"sqlite:///{root / 'lines.db'}")
    others = {name: frame for name, frame in SMALL.items() if name != "sales"}
    return inspect(load_engagement(folder_of(root / "away", others, "measure: sell_through\n" + source)), root / "cache")


def test_what_counts_can_tell_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = SMALL["sales"].copy()
    bad.loc[1, "sale_id"] = "S1"
    bad.loc[2, "date"] = None
    bad.loc[3, "revenue"] = None
    bad.loc[4, "date"] = "2999-01-01"
    bad.loc[5, ["revenue", "currency", "channel"]] = ["-5", "GBP", "smoke"]
    found = looked(tmp_path, monkeypatch, bad)
    assert fault(found, "warehouse_sale_twice").value == "S1"
    empty = [(one.column, one.count) for one in found.faults if one.code == "required_empty"]
    assert empty == [("date", 1), ("revenue", 1)]
    assert fault(found, "future_date").value == "2999-01-01"
    assert fault(found, "rate_missing").value == "GBP 2025-03"
    assert fault(found, "unknown_word").value == "smoke"
    assert fault(found, "partner_added").value == "stranger"
    assert fault(found, "orphan").column == "product_id"
    assert {"negative_with_units", "many_returns", "warehouse_unchecked"} <= codes(found, "warning")


def test_columns_and_words_are_mapped_as_in_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    query = "SELECT sale_id, date AS day, partner_id AS \"Sold By\", revenue AS net, 'X' AS road FROM sales_lines"
    source = SOURCE.replace("SELECT * FROM sales_lines", query)
    source += "    columns: {partner_id: Sold By, revenue: net, date: day, channel: road}\n"
    source += "    values: {channel: {x: sell_through}, partner_id: {p1: P2}}\n"
    found = looked(tmp_path, monkeypatch, SMALL["sales"], source)
    assert found.client is not None
    assert list(found.client.channels) == ["sell_through"]
    assert "P1" not in set(found.client.lines.aggregate(pd.Timestamp("2026-03-31"), "sell_through").months["partner_id"])


def test_a_missing_column_is_a_fault_with_the_nearest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = looked(tmp_path, monkeypatch, SMALL["sales"].rename(columns={"revenue": "revenues"}))
    assert found.client is None
    assert "revenues" in fault(found, "column_missing").why


def test_a_warehouse_that_has_gone_is_one_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = looked(tmp_path, monkeypatch, SMALL["sales"])
    assert found.client is not None
    (tmp_path / "lines.db").unlink()
    with pytest.raises(PrmkitError, match="cannot be reached"):
        open_portfolio(found.client)


@pytest.mark.slow
def test_findings_are_those_of_the_same_lines_in_a_file(
    programme: dict[str, pd.DataFrame], tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, database)
    into_postgres(database, programme["sales"])
    frames = {name: programme[name] for name in ("partners", "sales", "rates")}
    said = []
    for folder in both(tmp_path, frames, "goal: {growth: 0.1}\n"):
        ensure_results(folder)
        said.append(json.loads((folder / "out" / "all" / "results" / "findings.json").read_text(encoding="utf-8")))
    assert said[0] == said[1]
    assert len(said[0]) > 5
