"""Exhibits of coverage and places: their message, what stands beside it, and holes."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from prmkit.practices.result import table
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits import EXHIBITS
from prmkit.results import Results
from tests.publish.programme import full, people, run

NAMES = ("reach.coverage", "reach.markets", "reach.sites", "reach.catchments", "reach.areas")


def show(name: str, **rows: dict[str, list[Any]]) -> Exhibit:
    tables = {f"reach_{key}": table("reach", key, pd.DataFrame(value)) for key, value in rows.items()}
    return EXHIBITS.get(name)(Results(run(not_computed=[]), (), tables, people(6)))


COVERAGE = {
    "territory": ["north", "south"],
    "market_potential": [10e6, 5e6],
    "revenue": [1e6, 1e6],
    "penetration": [0.1, 0.2],
    "white_space": [9e6, 4e6],
    "potential_basis": ["stated", "like_territories"],
    "realistic_white_space": [8e5, 1e5],
    "realistic_low": [5e5, 0.0],
    "realistic_high": [1.1e6, 3e5],
    "reachable_penetration": [0.18, 0.22],
}


def test_what_can_be_had_leads_and_the_spreadsheet_stands_beside() -> None:
    made = show("reach.coverage", coverage=COVERAGE)
    assert made.title == "north could sell EUR 800k (500k to 1.1m) more a year as the better territories do"
    assert "In all EUR 900k a year" in made.note
    assert "the spreadsheet's white space, is EUR 13m" in made.note
    assert "The market of 1 territory is worked out from end customers." in made.note


def test_where_only_potentials_are_known_that_is_all_that_is_said() -> None:
    known = {name: COVERAGE[name] for name in ("territory", "market_potential", "revenue", "penetration", "white_space")}
    made = show("reach.coverage", coverage=known)
    assert made.title == "The largest white space is north: EUR 9m a year"
    assert made.note == "Potential less revenue: how much of it can realistically be had is not known."


def test_the_market_as_a_whole() -> None:
    assert show("reach.markets", coverage=COVERAGE).title == "We sell 13% of a market of EUR 15m a year; in the largest, north, 10%"


SITES = {
    "rank": [1, 2],
    "place": ["DE 65 (47.5° N, 14.0° E)", "DE 10"],
    "latitude": [47.5, 52.5],
    "longitude": [14.0, 13.4],
    "basis": ["places", "places"],
    "demand_covered": [180e3, 20e3],
    "demand_low": [150e3, 10e3],
    "demand_high": [210e3, 30e3],
    "radius_km": [30.0, 30.0],
    "neighbours": ["001; 002", None],
}


def test_places_on_a_map_with_other_ways_of_choosing_beside() -> None:
    rules = {"rule": ["chosen", "largest_first"], "covered": [2e5, 1e5], "share_of_chosen": [1.0, 0.5]}
    made = show("reach.sites", sites=SITES, site_rules=rules)
    assert made.title == "Most of what nobody serves lies around DE 65 (47.5° N, 14.0° E): EUR 180k (150k to 210k) a year is open there"
    assert made.picture is not None
    assert "EUR 180k: DE 65 (47.5° N, 14.0° E)" in made.picture.svg
    assert "the places with most open would cover 50%" in made.note
    assert "within 30 km" in made.note
    cells = [cell.text for cell in BeautifulSoup(str(made.table), "html.parser").select("td")]
    assert any("001" not in cell and "," in cell for cell in cells)  # neighbours by name


def test_places_without_coordinates_are_bars() -> None:
    bars = SITES | {
        "basis": ["territories"] * 2,
        "latitude": [np.nan] * 2,
        "longitude": [np.nan] * 2,
        "place": ["territory A", "territory B"],
    }
    made = show("reach.sites", sites=bars)
    assert made.picture is not None
    assert " km" not in made.picture.svg
    assert made.title.startswith("Most of what nobody serves lies around territory A")


def test_areas_by_postal_codes_and_by_distance() -> None:
    rows = {"area": ["DE 10", "DE 20"], "basis": ["postal areas"] * 2, "customers": [30.0, 70.0], "active_partners": [0.0, 2.0]}
    assert show("reach.areas", areas=rows).title == "30% of 100 customers are in areas without an active partner, most in DE 10"
    rows = rows | {"basis": ["places"] * 2, "nearest_partner_km": [80.0, 3.0], "active_partners": [0.0, 0.0]}
    pull = {"measure": ["radius_km"], "value": [40.0]}
    said = show("reach.areas", areas=rows, gravity=pull).title
    assert said == "30% of 100 customers are in areas with no active partner within 40 km, most in DE 10"
    everywhere = rows | {"nearest_partner_km": [8.0, 3.0]}
    assert show("reach.areas", areas=everywhere, gravity=pull).title.startswith(
        "All 100 customers are in areas with an active partner within 40 km"
    )


def test_catchments_count_those_beyond_luck() -> None:
    rows = {
        "partner_id": ["001", "002", "003"],
        "customers": [30.0, 5.0, 10.0],
        "expected_customers": [20.0, 12.0, 10.0],
        "expected_low": [14.0, 8.0, 6.0],
        "expected_high": [26.0, 16.0, 14.0],
    }
    pull = {"measure": ["hit_rate", "hit_rate_nearest"], "value": [0.4, 0.37]}
    made = show("reach.catchments", catchments=rows, gravity=pull)
    assert made.title == "1 partner has more customers than size and distance explain, 1 fewer, of 3"
    assert "name the partner of 40%; the nearest partner is it for 37%" in made.note


@pytest.mark.parametrize(("count", "share"), [(1, 0.0), (2, 0.3), (3, 1.0), (12, 0.7), (40, 0.2)])
def test_holes_in_the_tables_are_said_and_never_printed(count: int, share: float) -> None:
    rng = np.random.default_rng(count)
    made = full(count, seed=count)
    holed = {
        name: frame.apply(lambda column: column if column.name == "partner_id" else column.mask(rng.random(len(column)) < share))
        for name, frame in made.tables.items()
        if name.startswith("reach_")
    }
    for name in NAMES:
        exhibit = EXHIBITS.get(name)(Results(made.run, (), {**made.tables, **holed}, made.partners))
        assert not re.search(r"\b(nan|None|NaT)\b|<NA>", BeautifulSoup(exhibit.html(), "html.parser").text), name
