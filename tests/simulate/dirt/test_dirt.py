"""Dirt is as large as it says, can be taken back from what was written down, and is found by the loader without stopping it."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from prmkit.data.load import Inspection, inspect
from prmkit.engagement import Engagement, SourceSettings
from prmkit.simulate.dirt import DIRT, Dirty, dirty
from prmkit.simulate.dirt.spoiling import COLUMNS
from prmkit.simulate.exports import make_exports
from prmkit.simulate.exports.writing import as_lines, as_text, write_files
from tests.simulate.dirt.made_tables import busy_client
from tests.simulate.exports.small_client import EXPORTED

AS_OF = dt.date(2026, 9, 30)


@pytest.fixture(scope="module")
def clean() -> dict[str, pd.DataFrame]:
    return make_exports(busy_client())


@pytest.fixture(scope="module")
def spoilt(clean: dict[str, pd.DataFrame]) -> Dirty:
    return dirty(clean, seed=5)


def read(files: dict[str, pd.DataFrame], folder: Path) -> Inspection:
    write_files(files, folder / "data")
    sources = {name: [SourceSettings(path="data", preset="simulated")] for name in EXPORTED}
    return inspect(Engagement(folder=folder, client="Example", as_of=AS_OF, measure="sell_through", sources=sources), folder / "cache")


@pytest.fixture(scope="module")
def found(spoilt: Dirty, tmp_path_factory: pytest.TempPathFactory) -> Inspection:
    return read(spoilt.files, tmp_path_factory.mktemp("dirty"))


def sums(inspection: Inspection) -> tuple[int, float]:
    """Lines and revenue as loaded."""
    assert inspection.client is not None
    with duckdb.connect() as connection:
        row = connection.execute("SELECT count(*), sum(revenue) FROM read_parquet($f)", {"f": str(inspection.client.sales)}).fetchone()
    assert row is not None
    return int(row[0]), float(row[1])


def test_every_kind_of_dirt_is_there(spoilt: Dirty) -> None:
    kinds = Counter(spoilt.acts["kind"])
    assert set(kinds) == {
        "before_the_system", "resubmitted", "corrected_later", "month_missing", "late", "return", "day_and_month_swapped",
        "date_in_the_future", "entered_late", "currency_slip", "row_twice", "account_twice", "empty",
    }  # fmt: skip
    assert len(list(DIRT)) == 12
    assert list(spoilt.acts.columns) == list(COLUMNS)


def test_what_was_written_down_takes_the_dirt_back(clean: dict[str, pd.DataFrame], spoilt: Dirty) -> None:
    for name, before in clean.items():
        acts = spoilt.acts[spoilt.acts["file"] == name]
        texts = pd.DataFrame({column: _cells(spoilt.files[name][column]) for column in before}).reset_index(drop=True)
        for act in acts[acts["column"].notna() & (acts["column"] != "")].itertuples():
            if act.row:
                assert _same(texts.at[act.row - 2, act.column], act.became), act
                texts.at[act.row - 2, act.column] = act.was
        whole = acts["column"].fillna("") == ""
        kept = texts.drop(index=acts.loc[whole & (acts["row"] > 0), "row"] - 2)
        lines = Counter(map(_values, [*as_lines(kept), *acts.loc[whole & (acts["row"] == 0), "was"]]))
        assert lines == Counter(map(_values, as_lines(before))), name


def test_rows_added_stand_where_they_are_said_to_stand(spoilt: Dirty) -> None:
    added = spoilt.acts[(spoilt.acts["column"].fillna("") == "") & (spoilt.acts["row"] > 0)]
    assert len(added) > 20
    for name, acts in added.groupby("file"):
        lines = as_lines(spoilt.files[name]).reset_index(drop=True)
        assert [*map(_values, lines[acts["row"] - 2])] == [*map(_values, acts["became"])]


def test_the_same_seed_makes_the_same_dirt_and_another_seed_other(clean: dict[str, pd.DataFrame], spoilt: Dirty) -> None:
    again = dirty(clean, seed=5)
    pd.testing.assert_frame_equal(again.acts, spoilt.acts)
    assert not dirty(clean, seed=6).acts.equals(spoilt.acts)


def test_each_column_has_its_own_share_of_empty_cells_from_5_to_40_percent(clean: dict[str, pd.DataFrame], spoilt: Dirty) -> None:
    empty = spoilt.acts[spoilt.acts["kind"] == "empty"]
    cells = {"Satisfaction Score": "zendesk_tickets", "Share of Selling Time": "salesforce_contacts", "Final Score": "docebo_users_courses"}
    shares = []
    for column, name in cells.items():
        filled = clean[name][column].notna().sum()
        if filled > 100:
            shares.append(((empty["file"] == name) & (empty["column"] == column)).sum() / filled)
    assert len(shares) == 2
    assert min(shares) > 0.02
    assert max(shares) < 0.48
    assert len(set(shares)) == 2


def test_an_assessment_goes_on_and_is_warned(spoilt: Dirty, found: Inspection) -> None:
    assert [fault for fault in found.faults if fault.severity == "error"] == []
    counted = Counter(spoilt.acts["kind"])
    told = {(fault.code, fault.table): fault.count for fault in found.faults}
    twice = spoilt.acts[spoilt.acts["kind"] == "row_twice"]["file"]
    made = {"sales": "erp_invoices_", "people": "salesforce_contacts", "tickets": "zendesk_tickets", "trainings": "docebo_users_courses"}
    for table, name in made.items():
        assert told["duplicate_row", table] == twice.str.startswith(name).sum() > 0, table
    assert told["name_case", "partners"] == counted["account_twice"] > 0
    ahead = spoilt.acts[spoilt.acts["kind"].isin(["date_in_the_future", "day_and_month_swapped"])]
    ahead = ahead[ahead["became"].str[:10] > dt.date.today().isoformat()]
    for table, name in {"sales": "pos_|sell_", "tickets": "zendesk", "trainings": "docebo"}.items():
        assert told["future_date", table] == ahead["file"].str.contains(f"^(?:{name})").sum() > 0, table


def test_reports_sent_again_change_nothing_and_the_other_acts_what_they_say(
    clean: dict[str, pd.DataFrame], spoilt: Dirty, found: Inspection, tmp_path: Path
) -> None:
    lines, revenue = sums(read(clean, tmp_path))
    acts = spoilt.acts[spoilt.acts["file"].str.contains("pos_|sell_through_|erp_")]
    kinds = Counter(acts["kind"])
    dirty_lines, dirty_revenue = sums(found)
    assert dirty_lines == lines + kinds["return"] - kinds["month_missing"] - kinds["late"]
    column = list(clean["pos_p0002_2025"]).index("Extended Resale Price")
    moved = 0.0
    for act in acts.itertuples():
        if act.kind in ("return", "month_missing", "late"):
            cells = (act.became if act.kind == "return" else act.was).split(",")
            value = float(cells[column]) * (0.9125 if "USD" in cells else 1.0)
            moved += value if act.kind == "return" else -value
        if act.kind == "currency_slip":
            line = spoilt.files[act.file].iloc[act.row - 2]
            amount = line["Extended Resale Price"] if "Extended Resale Price" in line else line["Net Amount"]
            moved += amount * (0.9125 - 1.0) * (1 if act.became == "USD" else -1)
    assert kinds["resubmitted"] > kinds["corrected_later"] > 0
    assert dirty_revenue == pytest.approx(revenue + moved, abs=0.01)


def test_a_client_without_distributors_and_rates_can_be_dirty_too() -> None:
    tables_ = busy_client()
    tables_["sales"] = tables_["sales"].assign(distributor_id=pd.Series(pd.NA, index=tables_["sales"].index, dtype="str"))
    tables_["rates"] = tables_["rates"].iloc[:0]
    kinds = set(dirty(make_exports(tables_), seed=1).acts["kind"])
    assert not kinds & {"currency_slip", "return", "resubmitted", "late"}
    assert {"date_in_the_future", "empty", "row_twice"} <= kinds


def _cells(column: pd.Series) -> pd.Series:
    return as_text(column) if column.dtype != "str" else column


def _same(one: object, other: object) -> bool:
    return (pd.isna(one) and pd.isna(other)) or _value(str(one)) == _value(str(other))


def _values(line: str) -> tuple[object, ...]:
    """The cells of a line; numbers as such, since 10 and 10.00 are one."""
    return tuple(_value(cell) for cell in next(csv.reader([line])))


def _value(cell: str) -> object:
    try:
        return float(cell)
    except ValueError:
        return cell
