"""Loading whole engagements: real exports to the cent, and small ones written by hand."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from prmkit import resources
from prmkit.data import load as loading
from prmkit.data.client import Client
from prmkit.data.load import Inspection, fingerprint, inspect, load
from prmkit.data.presets import PRESETS
from prmkit.data.tables import table
from prmkit.engagement import Engagement, SourceSettings
from prmkit.errors import DataFaults, PrmkitError
from tests.data.conftest import codes, engagement, fault, lines, write

SAMPLE = resources.folder("data_samples") / "adventureworks"
COLUMNS = (
    "sale_id invoice_id deal_id date partner_id distributor_id customer_id product_id product_family territory channel kind units revenue"
    " cost list_amount discount currency"
)
Look = Callable[..., Inspection]


@pytest.fixture
def sample(adventureworks_client: Client) -> Client:
    return adventureworks_client


def raw(name: str) -> list[dict[str, str]]:
    path = SAMPLE / name
    with gzip.open(path, "rt", encoding="utf-8", newline="") if name.endswith(".gz") else path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_adventureworks_agrees_with_its_raw_files_to_the_cent(sample: Client) -> None:
    reseller, internet = raw("FactResellerSales.csv.gz"), raw("FactInternetSales.csv.gz")
    with duckdb.connect() as connection:
        ours = connection.execute(
            "SELECT channel, count(*), sum(revenue), sum(cost), sum(discount), sum(units) FROM read_parquet($path) GROUP BY channel",
            {"path": str(sample.sales)},
        ).fetchall()
    for channel, theirs in (("sell_in", reseller), ("direct", internet)):
        sums = [
            sum(Decimal(line[name]) for line in theirs) for name in ("SalesAmount", "TotalProductCost", "DiscountAmount", "OrderQuantity")
        ]
        assert next(row[1:] for row in ours if row[0] == channel) == (len(theirs), *sums)
    assert sample.channels == {"sell_in": float(sum(Decimal(line["SalesAmount"]) for line in reseller))}
    assert sample.last_partner_sale == pd.Timestamp(max(line["OrderDate"] for line in reseller))


def test_adventureworks_tables_are_whole(sample: Client) -> None:
    resellers = raw("DimReseller.csv")
    partners = sample.tables["partners"]
    assert len(partners) == len(resellers) == 701
    assert list(partners["partner_id"]) == [row["ResellerKey"] for row in resellers]
    assert list(partners["name"]) == [row["ResellerName"] for row in resellers]
    assert partners["annual_revenue"].tolist() == [float(row["AnnualSales"]) for row in resellers]
    assert not [fault for fault in sample.faults if fault.severity == "error"]
    assert sample.sources["sales"].rows == 60855 + 60398
    assert sample.sources["partners"].preset == "adventureworks"
    assert set(sample.tables["incentives"]["partner_id"]) <= set(partners["partner_id"])
    assert sample.tables["products"]["family"].notna().sum() == sum(bool(row["ProductSubcategoryKey"]) for row in raw("DimProduct.csv"))


def test_adventureworks_is_not_converted_and_holds_nothing_of_the_future(sample: Client) -> None:
    with duckdb.connect() as connection:
        kinds = {
            row[0]: row[1]
            for row in connection.execute("DESCRIBE SELECT * FROM read_parquet($path)", {"path": str(sample.sales)}).fetchall()
        }
    assert list(kinds) == COLUMNS.split()
    assert kinds["revenue"] == kinds["discount"] == "DECIMAL(28,10)"
    assert (kinds["date"], kinds["units"], kinds["currency"]) == ("DATE", "DOUBLE", "VARCHAR")
    used = " ".join(made.select for made in PRESETS.get("adventureworks").tables.values())
    for knows_the_future in ("OrderFrequency", "FirstOrderYear", "LastOrderYear", "YearOpened", "CurrencyKey"):
        assert knows_the_future not in used


def test_two_files_by_hand_are_enough(look: Look) -> None:
    found = look({"data/partners.csv": "partner_id,name\nP1,Alpha\n", "data/sales.csv": "date,partner_id,revenue\n2026-01-31,P1,12.50\n"})
    assert found.faults == ()
    assert found.client is not None
    assert lines(found.client, "date::VARCHAR, partner_id, revenue, channel") == [("2026-01-31", "P1", Decimal("12.5"), None)]
    assert found.client.channels == {}
    assert found.client.last_partner_sale == pd.Timestamp("2026-01-31")
    assert found.client.last_partner_sale.unit == "us"


def test_a_table_has_every_canonical_column_with_its_type(look: Look) -> None:
    deals = "deal_id,opened_on,approved,amount,outcome\nD1,2026-01-31,yes,10.5,Won\nD2,,,,\n"
    made = look({"data/deals.csv": deals}).tables["deals"]
    assert list(made.columns) == list(table("deals").names)
    assert made.dtypes.astype(str).to_dict() == {
        column.name: {"date": "datetime64[us]", "number": "float64", "boolean": "boolean"}.get(column.kind, "str")
        for column in table("deals").columns
    }
    assert made.loc[0, ["deal_id", "opened_on", "approved", "amount", "outcome"]].tolist() == [
        "D1",
        pd.Timestamp("2026-01-31"),
        True,
        10.5,
        "won",
    ]
    assert made.loc[1, ["opened_on", "approved", "amount", "outcome", "customer_id"]].isna().all()


def test_territory_and_family_are_filled_in_without_making_a_line_twice(look: Look) -> None:
    files = {
        "data/sales.csv": "sale_id,date,partner_id,product_id,territory,revenue\n"
        "S1,2026-01-31,P1,A,,1\nS2,2026-01-31,P1,A,East,2\nS3,2026-01-31,P2,B,,3\nS4,2026-01-31,,,West,4\n",
        "data/products.csv": "product_id,name,family\nA,Drill,Tools\nA,Drill X,Machines\nB,Saw,\n",
    }
    found = look(files)
    assert found.client is not None
    assert lines(found.client, "territory, product_family") == [
        ("North", "Machines"),
        ("East", "Machines"),
        ("South", None),
        ("West", None),
    ]
    assert fault(found, "duplicate_key").table == "products"


def test_channels_are_sums_of_partner_lines_and_the_last_sale_is_of_the_measure(look: Look) -> None:
    head = "sale_id,date,partner_id,revenue,channel\n"
    rows = "S1,2026-01-31,P1,5,sell_in\nS2,2026-03-31,P1,7,Sell Through\nS3,2026-02-28,P2,1,sell-through\nS4,2026-04-30,,100,direct\n"
    found = look({"data/sales.csv": head + rows})
    assert found.client is not None
    assert list(found.client.channels.items()) == [("sell_through", 8.0), ("sell_in", 5.0)]
    assert found.client.last_partner_sale == pd.Timestamp("2026-03-31")
    as_sell_in = look({"data/sales.csv": head + rows}, measure="sell_in")
    assert as_sell_in.client is not None
    assert as_sell_in.client.last_partner_sale == pd.Timestamp("2026-01-31")
    nothing = look({"data/sales.csv": head + rows}, measure="sell_out")
    assert nothing.client is None
    assert "sell_out (there are: sell_through, sell_in)" in fault(nothing, "no_partner_sale").why


def test_files_of_one_table_are_appended_and_their_faults_counted_together(look: Look) -> None:
    head = "sale_id;date;partner_id;revenue\n"
    files = {
        "data/sales.csv": None,
        "data/pos_01.csv": head + "S1;31/01/2026;P1;1.234,50\n",
        "data/pos_02.csv": head + "S2;03/02/2026;P1;1.234\nS3;04/02/2026;P9;2\n",
        "data/pos_03.csv": head + "S4;03/03/2026;P9;2.000,00\n",
    }
    found = look(files, sources={"sales": [SourceSettings(path="data/pos_*.csv")]})
    assert found.client is not None
    assert lines(found.client, "date::VARCHAR, revenue") == [
        ("2026-01-31", Decimal("1234.5")), ("2026-02-03", 1234), ("2026-02-04", 2), ("2026-03-03", 2000)
    ]  # fmt: skip
    assert fault(found, "date_order_by_files").file == "data/pos_02.csv"
    assert "read with the day first" in fault(found, "date_order_by_files").why
    assert fault(found, "number_by_file").value == "1.234"
    assert fault(found, "decimal_comma").why.endswith("In 2 files.")
    assert fault(found, "partner_added").count == 2
    assert found.sources["sales"].files == ("data/pos_01.csv", "data/pos_02.csv", "data/pos_03.csv")


def test_settings_map_headers_and_words(look: Look) -> None:
    opportunities = "Opp Id,Partner Account,Stage,Won?\nD1,P1,Closed Won,ja\nD2,P2,closed lost,nein\nD3,P1,Open,\n"
    source = SourceSettings(
        path="data/opportunities.csv",
        columns={"deal_id": "Opp Id", "partner_id": "Partner Account", "outcome": "Stage", "approved": "Won?"},
        values={"outcome": {"Closed Won": "won", "Closed Lost": "lost"}, "approved": {"ja": "yes", "nein": "no"}},
    )
    found = look({"data/opportunities.csv": opportunities}, sources={"deals": [source]})
    deals = found.tables["deals"]
    assert deals[["deal_id", "partner_id", "outcome"]].values.tolist() == [["D1", "P1", "won"], ["D2", "P2", "lost"], ["D3", "P1", "open"]]
    assert deals["approved"].tolist()[:2] == [True, False]
    assert found.faults == ()


def test_wrong_mappings_name_the_nearest(look: Look) -> None:
    source = SourceSettings(path="data/d.csv", columns={"deal": "x", "deal_id": "Opp"}, values={"outcome": {"Closed": "wonn"}})
    found = look({"data/d.csv": "Opp ID,outcome\nD1,Closed\n"}, sources={"deals": [source]})
    assert "Did you mean 'deal_id'?" in fault(found, "mapping_unknown_column").why
    assert "Did you mean 'won'?" in fault(found, "mapping_unknown_word").why
    assert "The nearest header is 'Opp ID'." in fault(found, "mapped_column_missing").why


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"path": "data/nothing_*.csv"}, "no_match"),
        ({"path": "data"}, "folder_without_preset"),
        ({"path": "data/deals.docx"}, "unreadable_format"),
        ({"preset": "adventurework"}, "preset_unknown"),
        ({"preset": "adventureworks"}, "preset_no_table"),
        ({"sql": "select 1", "url_env": "NOT_SET_ANYWHERE"}, "warehouse_no_address"),
    ],
)
def test_sources_that_lead_nowhere(settings: dict[str, str], code: str, look: Look) -> None:
    found = look({"data/deals.docx": "x"}, sources={"deals": [SourceSettings(**settings)]})
    assert fault(found, code).severity == "error"
    assert fault(found, code).table == "deals"
    assert found.client is not None


def test_a_path_may_hold_what_patterns_are_made_of(look: Look) -> None:
    files = {"data/sales [2026] *.csv": "date,partner_id,revenue\n2026-01-31,P1,1\n", "data/sales.csv": None}
    found = look(files, sources={"sales": [SourceSettings(path="data/sales [2026] *.csv")]})
    assert found.sources["sales"].rows == 1
    assert found.faults == ()


def test_amounts_of_other_tables_are_converted_by_the_month_of_their_date(look: Look) -> None:
    files = {
        "data/incentives.csv": "incentive_id,partner_id,programme,starts_on,paid_on,amount,currency\n"
        "I1,P1,mdf,2026-01-01,2026-02-10,100,USD\nI2,P1,mdf,2026-01-20,,100,usd\nI3,P1,mdf,2026-01-20,,100,\n",
        "data/products.csv": "product_id,list_price,currency\nA,10,USD\n",
        "data/rates.csv": "currency,month,kind,rate\nUSD,2026-01,average,0.9\nUSD,2026-02-28,average,0.8\nUSD,2026-01,plan,0.5\n",
    }
    found = look(files)
    assert found.tables["incentives"]["amount"].tolist() == [80.0, 90.0, 100.0]
    assert found.tables["products"]["list_price"].tolist() == [8.0]
    assert codes(found) == {"rate_newest", "currency_missing"}
    planned = look(files, rates="plan")
    assert planned.tables["incentives"]["amount"].tolist()[1:] == [50.0, 100.0]
    assert fault(planned, "rate_missing").value == "USD 2026-02"


def test_a_missing_rate_is_never_one(look: Look) -> None:
    rows = "S1,2026-01-31,P1,10,USD\nS2,2026-02-28,P1,10,USD\nS3,2026-02-28,P1,10,GBP\nS4,2026-01-31,P1,10,EUR\n"
    files = {
        "data/sales.csv": "sale_id,date,partner_id,revenue,currency\n" + rows,
        "data/rates.csv": "currency,month,rate\nUSD,2026-01-01,0.5\n",
    }
    found = look(files)
    assert sorted(fault.value for fault in found.faults if fault.code == "rate_missing") == ["GBP 2026-02", "USD 2026-02"]
    assert found.client is not None
    assert lines(found.client, "sale_id, revenue") == [("S1", 5), ("S4", 10)]


def test_the_fingerprint_follows_bytes_and_tables(tmp_path: Path) -> None:
    first = engagement(tmp_path / "a")
    same = engagement(tmp_path / "b")
    assert fingerprint(first) == fingerprint(same) == load(first, tmp_path / "cache").fingerprint
    write(tmp_path / "b", {"data/sales.csv": "date,partner_id,revenue\n2026-01-31,P1,1\n"})
    assert fingerprint(first) != fingerprint(same)
    (tmp_path / "a" / "data" / "notes.txt").write_text("not a table")
    assert fingerprint(first) == load(first, tmp_path / "cache").fingerprint


def test_a_load_that_stops_leaves_the_cache_as_it_was(tmp_path: Path) -> None:
    settings = engagement(tmp_path)
    kept = load(settings, tmp_path / "cache").sales.read_bytes()
    write(tmp_path, {"data/sales.csv": "sale_id,date,partner_id,revenue\nS1,2026-01-31,P1,1\nS2,2026-01-31,P1,x\n"})
    with pytest.raises(DataFaults):
        load(settings, tmp_path / "cache")
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["sales.parquet"]
    assert (tmp_path / "cache" / "sales.parquet").read_bytes() == kept
    assert [row[0] for row in lines(load(settings, tmp_path / "cache", strict=False))] == ["S1"]


def test_the_same_files_make_the_same_bytes(tmp_path: Path) -> None:
    settings = engagement(tmp_path)
    made = [load(settings, tmp_path / name).sales.read_bytes() for name in ("a", "b")]
    assert made[0] == made[1]


def test_a_file_that_changes_meanwhile_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = engagement(tmp_path)
    check = loading.check_tables

    def changing(*given: object, **named: object) -> None:
        write(tmp_path, {"data/sales.csv": "date,partner_id,revenue\n2026-01-31,P1,1\n"})
        check(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(loading, "check_tables", changing)
    assert "file_changed" in codes(inspect(settings, tmp_path / "cache"))


def test_no_room_is_said_plainly(tmp_path: Path) -> None:
    settings = engagement(tmp_path)
    (tmp_path / "cache").write_text("a file where the folder should be")
    with pytest.raises(PrmkitError):
        load(settings, tmp_path / "cache")


def test_an_empty_folder_names_both_tables(tmp_path: Path) -> None:
    with pytest.raises(DataFaults) as stopped:
        load(Engagement(folder=tmp_path, client="Example"), tmp_path / "cache")
    assert [(fault.code, fault.table) for fault in stopped.value.faults] == [("table_missing", "partners"), ("table_missing", "sales")]
