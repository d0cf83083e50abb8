"""What is written as a client's exports is read back through the preset as it was, cell by cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from prmkit.data.load import Inspection, inspect
from prmkit.data.presets import PRESETS
from prmkit.data.tables import tables
from prmkit.engagement import Engagement, SourceSettings
from prmkit.simulate.exports import EXPORTS, make_exports, write_exports
from prmkit.simulate.programme import simulate
from prmkit.simulate.worlds import WORLDS
from tests.simulate.exports.small_client import EXPORTED, ROWS, small_client

MONEY = ["revenue", "cost", "list_amount", "discount"]


def read_back(given: Mapping[str, pd.DataFrame], folder: Path) -> Inspection:
    """What the loader makes of the exports of some canonical tables."""
    write_exports(given, folder)
    sources = {name: [SourceSettings(path="data", preset="simulated")] for name, frame in given.items() if len(frame)}
    engagement = Engagement(
        folder=folder, client="Example", as_of=pd.Timestamp("2026-09-30").date(), measure="sell_through", sources=sources
    )
    return inspect(engagement, folder / "cache")


def same(found: pd.DataFrame, given: pd.DataFrame, name: str) -> None:
    """All cells equal, whatever the order of the rows; numbers that went through minutes to the last digits."""
    order = [*tables()[name].key, *tables()[name].names]
    sort = {"by": list(dict.fromkeys(order)), "ignore_index": True}
    pd.testing.assert_frame_equal(
        found[list(given.columns)].sort_values(**sort), given.sort_values(**sort), check_exact=False, rtol=1e-12, atol=1e-12
    )


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Inspection:
    return read_back(small_client(), tmp_path_factory.mktemp("client"))


def test_every_export_is_read_by_the_preset_and_every_raw_file_is_written() -> None:
    read = {name for table in PRESETS.get("simulated").tables.values() for name in table.files}
    assert read == set(EXPORTS)
    assert set(PRESETS.get("simulated").tables) == set(EXPORTED)
    assert {table for name in EXPORTS for table in EXPORTS.get(name).tables} == set(EXPORTED)


def test_the_small_client_fills_every_column() -> None:
    for name in EXPORTED:
        filled = {column for row in ROWS[name] for column in row}
        assert filled == set(tables()[name].names), name


def test_headers_of_the_exports_are_those_that_the_preset_reads() -> None:
    files = make_exports(small_client())
    for table in PRESETS.get("simulated").tables.values():
        for name, headers in table.files.items():
            written = [set(frame) for file, frame in files.items() if file == name or (name[-1] == "*" and file.startswith(name[:-1]))]
            assert written, name
            for there in written:
                assert {*headers, *table.columns.values()} <= there, name


@pytest.mark.parametrize("name", [name for name in EXPORTED if name != "sales"])
def test_tables_come_back_cell_by_cell(found: Inspection, name: str) -> None:
    same(found.tables[name], small_client()[name], name)


def test_sales_come_back_line_by_line_in_one_currency(found: Inspection) -> None:
    assert found.client is not None
    with duckdb.connect() as connection:
        lines = connection.execute("SELECT * FROM read_parquet($file)", {"file": str(found.client.sales)}).df()
    given = small_client()["sales"]
    given.loc[given["currency"] == "USD", MONEY] *= 0.9123
    given.loc[given["sale_id"] == "L5", "territory"] = "South"
    types = given.dtypes.to_dict()
    same(lines[list(given.columns)].astype(types), given, "sales")
    assert lines.loc[lines["sale_id"] == "L1", "product_family"].tolist() == ["Switching"]


def test_clean_exports_have_no_fault_but_what_the_small_client_really_has(found: Inspection) -> None:
    assert [fault for fault in found.faults if fault.severity == "error"] == []
    # one of the vendor's own took a course (contacts are partners' people only), and some lines name no currency
    assert [(fault.code, fault.table, fault.value) for fault in found.faults] == [
        ("orphan", "trainings", "E7"),
        ("currency_missing", "sales", ""),
    ]


@pytest.fixture(scope="module")
def programme() -> dict[str, pd.DataFrame]:
    return simulate(WORLDS.get("reference"), seed=3, partners=60, months=18).tables


@pytest.fixture(scope="module")
def read(programme: dict[str, pd.DataFrame], tmp_path_factory: pytest.TempPathFactory) -> Inspection:
    return read_back(programme, tmp_path_factory.mktemp("programme"))


@pytest.mark.parametrize("name", [name for name in EXPORTED if name != "sales"])
def test_tables_of_a_whole_programme_come_back_cell_by_cell(read: Inspection, programme: dict[str, pd.DataFrame], name: str) -> None:
    assert len(programme[name]) > 0
    same(read.tables[name], programme[name], name)


def test_sales_of_a_whole_programme_come_back_to_the_cent(read: Inspection, programme: dict[str, pd.DataFrame]) -> None:
    assert read.client is not None
    with duckdb.connect() as connection:
        lines = connection.execute("SELECT * FROM read_parquet($file)", {"file": str(read.client.sales)}).df()
    given, average = programme["sales"], programme["rates"].query("kind == 'average'")
    month = given["date"].dt.to_period("M").dt.to_timestamp().astype("datetime64[us]")
    rate = month.map(average.set_index("month")["rate"]).where(given["currency"] == "USD", 1.0)
    assert 0.05 < (rate != 1.0).mean() < 0.95
    converted = given.assign(**{column: given[column] * rate for column in MONEY})
    same(lines[list(given.columns)].astype(given.dtypes.to_dict()), converted, "sales")


def test_a_clean_programme_has_no_fault_but_courses_of_our_own_people(read: Inspection, programme: dict[str, pd.DataFrame]) -> None:
    # contacts are partners' people only, so who of the vendor's own took a course is in no list
    (only,) = read.faults
    assert (only.code, only.severity, only.table, only.column) == ("orphan", "warning", "trainings", "person_id")
    assert only.count == programme["trainings"]["partner_id"].isna().sum()


def test_the_same_tables_make_the_same_bytes(tmp_path: Path) -> None:
    first = write_exports(small_client(), tmp_path / "one")
    second = write_exports(small_client(), tmp_path / "two")
    assert [path.name for path in first] == [path.name for path in second]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_files_are_named_after_their_system_and_year(tmp_path: Path) -> None:
    names = [path.name for path in write_exports(small_client(), tmp_path)]
    assert [name for name in names if re.search(r"20\d\d", name)] == [
        "pos_p0002_2025.csv",
        "pos_p0002_2026.csv",
        "sell_through_2026.csv",
        "erp_invoices_2026.csv",
    ]
