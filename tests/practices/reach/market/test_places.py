"""Coordinates that cannot be right are left out and said; postal areas are placed by the client's own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from prmkit.practices.reach.market.ground import ground
from prmkit.practices.reach.market.places import area, located
from tests.practices.reach.market.towns import country


def rows(places: list[tuple[object, object]], codes: list[str | None] | None = None, land: str | None = "DE") -> pd.DataFrame:
    made = pd.DataFrame(places, columns=["latitude", "longitude"]).astype("float64")
    made["country"] = pd.Series([land] * len(made), dtype="str")
    made["postal_code"] = pd.Series(codes or [None] * len(made), dtype="str")
    return made.assign(area=area(made["country"], made["postal_code"]))


GERMAN = [(50 + i / 10, 10 + i / 10) for i in range(6)]


def test_each_fault_has_its_word() -> None:
    found = located(rows([*GERMAN, (None, None), (51.0, None), (0, 0), (123.4, 100), (10.3, 50.2), (-50.0, -10.0), (10.0, 120.5)]))
    assert found["fault"].tolist() == [""] * 6 + ["missing", "half", "zero", "range", "swapped", "far", "far"]
    assert found["latitude"].notna().tolist() == [True] * 6 + [False] * 7
    assert located(rows([(10.0, 50.0), (120.5, 10.0)]))["fault"].tolist() == ["", "swapped"]  # too few to know the country by


def test_a_place_of_many_postal_codes_is_none() -> None:
    codes = [f"{n}0001" for n in range(1, 7)]
    assert located(rows([(51.0, 10.0)] * 6, codes))["fault"].tolist() == ["shared"] * 6
    assert located(rows([(51.0, 10.0)] * 6, ["10115"] * 6))["fault"].tolist() == [""] * 6  # one building


def test_a_missing_place_is_put_in_the_middle_of_its_code_else_its_area() -> None:
    made = located(
        rows(
            [(52.0, 13.0), (52.2, 13.2), (52.1, 13.1), (None, None), (52.0, 13.4), (52.0, 13.4), (52.0, 13.4), (None, None), (None, None)],
            ["10115", "10116", "10117", "10999", "20001", "20001", "20001", "20001", "99999"],
        )
    )
    assert made["by"].tolist() == ["coordinates"] * 3 + ["postal area"] + ["coordinates"] * 3 + ["postal area", ""]
    assert made.loc[3, ["latitude", "longitude"]].tolist() == pytest.approx([52.1, 13.1])
    assert made.loc[7, ["latitude", "longitude"]].tolist() == [52.0, 13.4]
    assert np.isnan(made.loc[8, "latitude"])


def test_an_area_spread_over_the_country_places_nobody() -> None:
    made = located(rows([(48.0, 8.0), (51.0, 10.0), (54.0, 13.0), (None, None)], ["10115", "10116", "10117", "10118"]))
    assert made["by"].tolist() == ["coordinates"] * 3 + [""]


def test_postal_areas_by_the_country() -> None:
    land = pd.Series(["US", "US", "US", "GB", "GB", "CA", "DE", "us", None, "NL", "US", "DE"], dtype="str")
    code = pd.Series(
        ["98101", "2134", "98101-1234", "SW1A 1AA", "B33 8TH", "m5v 2t6", "01067", "501", "75001", "1234 AB", None, " "], dtype="str"
    )
    made = area(land, code)
    assert made.iloc[:10].tolist() == ["US 981", "US 021", "US 981", "GB SW", "GB B", "CA M5V", "DE 01", "US 005", "75", "NL 12"]
    assert made.iloc[10:].isna().all()


def test_the_ground_says_what_it_left_out(tmp_path: Path) -> None:
    made = country(tmp_path)
    customers = made.portfolio.tables["customers"]
    customers.loc[:9, ["latitude", "longitude"]] = 0.0
    customers.loc[10:14, ["latitude", "longitude"]] = customers.loc[10:14, ["longitude", "latitude"]].to_numpy().copy()
    customers.loc[15:20, "latitude"] = np.nan
    found = ground(made.portfolio)
    assert set(found.left_out) >= {
        "10 customers at 0/0",
        "5 customers with latitude and longitude the wrong way round",
        "6 customers with only one of the two coordinates",
        "21 customers placed in the middle of the postal area",
    }
    assert (found.reason, found.size_of) == ("", "employees")
    assert 5 < found.radius < 60
