"""Presets: declared in YAML, checked when read, and able to read files of several kinds."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

from prmkit.data.load import Inspection
from prmkit.data.presets import FOLDER, PRESETS, Preset, read_preset
from prmkit.engagement import SourceSettings
from prmkit.errors import PrmkitError
from tests.data.conftest import codes, fault, lines

Look = Callable[..., Inspection]
SHOP = """
name: shop
title: A shop's export
tables:
  partners:
    files: {Dealers: [No, Title]}
    optional: []
    columns: {partner_id: No, name: Title, tier: Class, country: Land}
    values: {tier: {A: gold}}
  sales:
    files:
      Orders: [Dealer, Day, Net]
      Stores: [Dealer, Place]
    optional: [Stores]
    select: |
      SELECT o._row, o.Dealer AS partner_id, o.Day AS date, o.Net AS revenue, s.Place AS territory
      FROM Orders o LEFT JOIN Stores s ON s.Dealer = o.Dealer;
"""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[str]:
    file = tmp_path / "shop.yaml"
    file.write_text(SHOP, encoding="utf-8")
    PRESETS.add("shop", read_preset(file))
    yield "shop"
    del PRESETS._entries["shop"]


FILES = {
    "data/partners.csv": None,
    "data/sales.csv": None,
    "data/Dealers.csv": "No,Title,Class,Other\n007,Alpha,A,x\n8,Beta,B,x\n",
    "data/orders.csv.gz": gzip.compress(b"Dealer,Day,Net,Rest\n007,2026-01-31,10.50,x\n8,2026-02-30,1,x\n8,2026-02-28,2,x\n"),
    "data/Stores.parquet": lambda path: pd.DataFrame({"Dealer": ["007"], "Place": ["North"]}).to_parquet(path),
}


def sources(preset: str) -> dict[str, list[SourceSettings]]:
    return {"partners": [SourceSettings(preset=preset)], "sales": [SourceSettings(path="data", preset=preset)]}


def test_raw_files_of_any_kind_make_the_tables(shop: str, look: Look) -> None:
    found = look(FILES, sources=sources(shop))
    assert found.tables["partners"][["partner_id", "name", "tier"]].values.tolist() == [["007", "Alpha", "gold"], ["8", "Beta", "B"]]
    assert (fault(found, "impossible_date").file, fault(found, "impossible_date").row) == ("data/orders.csv.gz", 3)
    assert found.sources["sales"].rows == 2
    assert found.client is not None
    assert found.client.channels == {}
    assert codes(found, "error") == {"impossible_date"}


def test_an_optional_file_may_be_missing_and_a_needed_one_not(shop: str, look: Look) -> None:
    found = look({**FILES, "data/Stores.parquet": None}, sources=sources(shop))
    assert codes(found, "error") == {"impossible_date"}
    without = look({**FILES, "data/orders.csv.gz": None, "data/order.csv": "a\n1\n"}, sources=sources(shop))
    missing = fault(without, "preset_file_missing")
    assert (missing.table, missing.value, missing.do) == ("sales", "Orders", "Export it too, or correct its name. The nearest is order.")


def test_a_missing_header_is_named_with_the_nearest(shop: str, look: Look) -> None:
    found = look({**FILES, "data/Dealers.csv": "Nr,Title\n1,A\n"}, sources=sources(shop))
    missing = fault(found, "preset_header_missing")
    assert (missing.file, missing.column) == ("data/Dealers.csv", "partner_id")
    assert "The nearest header is 'Nr'." in missing.why


def test_a_pattern_reads_several_files_as_the_one_that_is_mapped(shop: str, look: Look) -> None:
    files = {"data/a1.csv": "No,Title\n1,A\n", "data/a2.csv": "No,Title\n2,B\n", "data/partners.csv": None}
    found = look(files, sources={"partners": [SourceSettings(path="data/a*.csv", preset=shop)]})
    assert found.tables["partners"]["partner_id"].tolist()[:2] == ["1", "2"]
    needs = look(files, sources={"sales": [SourceSettings(path="data/a*.csv", preset=shop)]})
    assert fault(needs, "preset_needs_folder").value == "data/a*.csv"


def test_a_preset_in_another_currency_is_told(tmp_path: Path, look: Look) -> None:
    (tmp_path / "dollars.yaml").write_text(SHOP.replace("name: shop", "name: dollars\nengagement: {currency: USD}"), encoding="utf-8")
    PRESETS.add("dollars", read_preset(tmp_path / "dollars.yaml"))
    try:
        assert "preset_currency" in codes(look(FILES, sources=sources("dollars")))
        assert "preset_currency" not in codes(look(FILES, sources=sources("dollars"), currency="USD"))
    finally:
        del PRESETS._entries["dollars"]


def test_sql_that_fails_on_the_data_is_a_fault(tmp_path: Path, look: Look) -> None:
    text = SHOP.replace("name: shop", "name: frail").replace("o.Net AS revenue", "CAST(CAST(o.Net AS INTEGER) AS VARCHAR) AS revenue")
    (tmp_path / "frail.yaml").write_text(text, encoding="utf-8")
    PRESETS.add("frail", read_preset(tmp_path / "frail.yaml"))
    try:
        found = look({**FILES, "data/orders.csv.gz": gzip.compress(b"Dealer,Day,Net\n007,2026-01-31,ten\n")}, sources=sources("frail"))
    finally:
        del PRESETS._entries["frail"]
    assert "Could not convert string 'ten'" in fault(found, "preset_failed").why


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("partners:", "partner:"), "There is no canonical table 'partner'. Did you mean 'partners'?"),
        (("tier: Class", "tire: Class"), "There is no column of partners 'tire'. Did you mean 'tier'?"),
        (("    columns: {partner_id", "    colums: {partner_id"), "Extra inputs are not permitted"),
        (("optional: [Stores]", "optional: [Shops]"), "optional names files that are not listed: Shops"),
        (("    select: |", "    columns: {date: Day}\n    select: |"), "give either select or columns"),
    ],
)
def test_a_preset_that_is_wrong_says_how(change: tuple[str, str], says: str, tmp_path: Path) -> None:
    (tmp_path / "wrong.yaml").write_text(SHOP.replace(*change), encoding="utf-8")
    with pytest.raises(PrmkitError, match=re.escape(says)):
        read_preset(tmp_path / "wrong.yaml")


def test_every_shipped_preset_is_registered_under_its_name() -> None:
    assert set(PRESETS) >= {path.stem for path in FOLDER.glob("*.yaml")}
    for name in PRESETS:
        preset = PRESETS.get(name)
        assert isinstance(preset, Preset)
        assert preset.name == name
        for export in preset.exports.values():
            assert export.told_by
        for name_of_export, export in preset.exports.items():
            read = {header for made in preset.tables.values() if name_of_export in made.files for header in made.headers(name_of_export)}
            # a header that nothing reads can neither tell an export nor have other spellings
            assert set(export.told_by) <= read
            assert set(export.also) <= read
        # what knows no single export's headers is chosen by name, and must make a whole programme
        assert {"partners", "sales"} <= set(preset.tables) or preset.exports


SPREAD = """
name: spread
title: Monthly files
tables:
  sales:
    files: {"till_*": [Dealer, Day, Net]}
    optional: ["till_*"]
    sometimes: {"till_*": [Place]}
    select: |
      SELECT Dealer AS partner_id, Day AS date, Net AS revenue, Place AS territory FROM "till_*"
"""


@pytest.fixture
def spread(tmp_path: Path) -> Iterator[str]:
    file = tmp_path / "spread.yaml"
    file.write_text(SPREAD, encoding="utf-8")
    PRESETS.add("spread", read_preset(file))
    yield "spread"
    del PRESETS._entries["spread"]


TILLS = {
    "data/sales.csv": None,
    "data/till_1.csv": "Dealer,Day,Net\nP1,2026-01-31,1\n",
    "data/Till_2.csv": "Place,Net,Day,Dealer\nSouth,2.5,2026-02-28,P1\n",
    "data/till.csv": "Dealer,Day,Net\nP2,2026-01-31,100\n",
}


@pytest.mark.parametrize("path", ["data", "data/[tT]ill_*.csv"])
def test_a_name_with_a_star_stands_for_all_files_that_begin_so(path: str, spread: str, look: Look) -> None:
    found = look(TILLS, sources={"sales": [SourceSettings(path=path, preset=spread)]})
    assert codes(found, "error") == set()
    assert found.client is not None
    assert lines(found.client, "revenue, territory") == [(1, "North"), (2.5, "South")]
    assert sorted(found.sources["sales"].files) == ["data/Till_2.csv", "data/till_1.csv"]


def test_a_header_that_a_file_may_lack_is_empty_and_another_is_needed(spread: str, look: Look) -> None:
    given = {**TILLS, "data/till_1.csv": "Dealer,Day\nP1,2026-01-31\n"}
    found = look(given, sources={"sales": [SourceSettings(path="data", preset=spread)]})
    assert fault(found, "preset_header_missing").column == "Net"


def test_where_every_file_may_be_missing_one_has_to_be_there(spread: str, look: Look) -> None:
    given = {name: content if name == "data/till.csv" else None for name, content in TILLS.items()}
    found = look(given, sources={"sales": [SourceSettings(path="data", preset=spread)]})
    assert fault(found, "preset_file_missing").value == "till_*"


def test_headers_that_may_be_missing_belong_to_a_file_and_a_select(tmp_path: Path) -> None:
    for text, says in (
        (SPREAD.replace('sometimes: {"till_*"', 'sometimes: {"tills"'), "sometimes names files that are not listed: tills"),
        (SHOP.replace("optional: []", "sometimes: {Dealers: [Land]}"), "sometimes goes with select"),
    ):
        (tmp_path / "wrong.yaml").write_text(text, encoding="utf-8")
        with pytest.raises(PrmkitError, match=says):
            read_preset(tmp_path / "wrong.yaml")
