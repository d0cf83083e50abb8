"""Catchments and sites on made-up ground with known truth; postal areas and territories where there is no ground."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from prmkit.data.portfolio import Portfolio, open_portfolio
from prmkit.estimators.sphere import kilometres
from prmkit.practices import reach
from prmkit.practices.reach.market.areas import areas
from prmkit.practices.reach.market.catchments import catchments, gravity_table
from prmkit.practices.reach.market.gravity import gravity
from prmkit.practices.reach.market.ground import _ground, ground
from prmkit.practices.reach.market.market_findings import market_findings
from prmkit.practices.reach.market.opening import _opening, opening
from prmkit.practices.reach.market.site_choice import _settled
from prmkit.practices.reach.market.sites import site_rules, sites
from prmkit.practices.reach.market.spots import spots
from prmkit.practices.reach.market.territory_books import territory_books
from tests.practices.reach.market.towns import BARE, Country, country


@pytest.fixture(scope="module")
def land(tmp_path_factory: pytest.TempPathFactory) -> Country:
    settings = {"portfolios": {"south": {"territory": ["T0"]}}}
    return country(tmp_path_factory.mktemp("land"), settings=settings)


def table(made: tuple[pd.DataFrame | None, list[object]]) -> pd.DataFrame:
    assert made[0] is not None
    return made[0]


def test_the_weights_of_size_and_distance_are_found_again(land: Country) -> None:
    found = gravity(land.portfolio)
    assert found.learnt
    assert found.size[1] < 0.8 < found.size[2]
    assert found.distance[1] < 2.0 < found.distance[2]
    assert found.hit > found.hit_nearest
    rows = table(gravity_table(land.portfolio)).set_index("measure")
    assert rows.loc["distance_exponent", "value"] == found.distance[0]
    assert rows.loc["hit_rate_gain", "value"] == pytest.approx(found.hit - found.hit_nearest)


def test_customers_of_each_partner_and_those_expected(land: Country) -> None:
    rows = table(catchments(land.portfolio)).set_index("partner_id")
    served = pd.Series(land.home[land.home >= 0]).value_counts()
    recent = land.portfolio.client.lines.accounts("sell_through", _year())
    buyers = recent[recent["revenue"] > 0].groupby("partner_id")["customer_id"].nunique()
    assert (rows["customers"] == buyers.reindex(rows.index)).all()
    assert served.sum() > buyers.sum()  # those of earlier years have lapsed
    assert rows["expected_customers"].sum() == pytest.approx(rows["customers"].sum())
    inside = (rows["customers"] >= rows["expected_low"]) & (rows["customers"] <= rows["expected_high"])
    assert inside.mean() >= 0.7
    assert rows["overlap"].dropna().between(0, 1).all()


def _year():  # type: ignore[no-untyped-def]
    import datetime as dt

    from prmkit.data.sales_lines import Days

    return Days(dt.date(2025, 1, 1), dt.date(2025, 12, 31))


def test_distances_by_hand(land: Country) -> None:
    rows = table(catchments(land.portfolio)).set_index("partner_id")
    place = {one["partner_id"]: (one["latitude"], one["longitude"]) for one in land.rows["partners"]}
    first = place["P03"]
    others = [float(kilometres(*first, *there)) for name, there in place.items() if name != "P03"]
    assert rows.loc["P03", "nearest_neighbour_km"] == pytest.approx(min(others))


def test_the_bare_town_is_the_first_place(land: Country) -> None:
    rows = table(sites(land.portfolio))
    first = rows.iloc[0]
    assert kilometres(first["latitude"], first["longitude"], *BARE) < 15
    assert (first["basis"], first["mode"], first["rank"]) == ("places", "open", 1)
    assert first["stability"] > 0.9
    assert first["nearest_partner_km"] > 100
    assert first["customers_open"] == pytest.approx(150, abs=10)
    assert first["demand_low"] < first["demand_covered"] < first["demand_high"]
    assert first["taken_from_neighbours"] < 0.1 * first["demand_covered"]
    assert first["place"].startswith("DE 65 (47.49° N, 14.0")
    assert rows["rank"].tolist() == list(range(1, len(rows) + 1))
    assert rows["demand_covered"].is_monotonic_decreasing


def test_what_is_open_there_is_what_such_customers_would_buy(land: Country) -> None:
    """The customers of the bare town, served at the rate of those near a partner, at what a served customer buys."""
    found = opening(land.portfolio)
    first = table(sites(land.portfolio)).iloc[0]
    nearly_all = first["demand_covered"] / (first["customers_open"] * found.typical * found.reached)
    assert 0.85 < nearly_all < 1  # the rest would still go to partners a hundred km away and more
    assert 0.25 < found.reached < 0.55  # half of the customers ever bought, fewer in the 12 months


def test_other_ways_of_choosing_cover_no_more(land: Country) -> None:
    rules = table(site_rules(land.portfolio)).set_index("rule")["covered"]
    assert rules["one_after_the_other"] <= rules["chosen_together"] + 1e-6
    assert 0.98 * rules["chosen_together"] <= rules["chosen"] <= rules["chosen_together"] + 1e-6
    assert rules["largest_first"] < 0.8 * rules["chosen"]  # they lie on top of each other
    assert rules["at_most"] >= rules["chosen_together"] - 1e-6


def test_sites_that_only_hold_together_are_chosen_together() -> None:
    """The largest site lies across two that together cover all: the trap of one after the other."""
    reaches = sparse.csr_array(np.array([[1.0, 1, 1, 1, 0, 0], [1, 1, 0, 0, 1, 0], [0, 0, 1, 1, 0, 1]]))
    picked, ways = _settled(reaches[:, :], reaches, np.array([1.0, 1, 1, 1, 3, 3]))
    assert sorted(picked) == [1, 2]
    assert ways == {"chosen": 10.0, "chosen_together": 10.0, "one_after_the_other": 10.0, "largest_first": 10.0, "at_most": 10.0}
    picked, ways = _settled(reaches, reaches, np.array([1.0, 1, 1, 1, 0.05, 0.05]))
    assert picked.tolist() == [0]  # what the others add is not worth a partner


def test_the_finding_names_the_place_and_its_price(land: Country) -> None:
    rows = table(sites(land.portfolio))
    says = {one.id: one for one in market_findings(land.portfolio, {"sites": rows})}
    found = says["reach.sites.next_place:portfolio:all"]
    assert found.title.startswith("The next partner is best placed in DE 65 (47.49° N, 14.0")
    assert found.value.amount == rows.iloc[0]["demand_covered"]
    assert found.worth.amount is not None
    assert 0 < found.worth.amount < found.value.amount
    assert found.confidence == "medium"


def test_where_no_place_pays_for_a_partner_that_is_said(tmp_path: Path) -> None:
    made = country(tmp_path, settings={"economics": {"partner_cost": 10_000_000.0}}).portfolio
    (found,) = market_findings(made, {"sites": table(sites(made))})
    assert found.title.startswith("No place pays for one more partner")
    assert found.action.what.startswith("Ask the partners near")


def test_a_view_sees_the_places_nearest_to_its_own_partners(land: Country) -> None:
    south = open_portfolio(land.portfolio.client, "south")
    whole, own = table(sites(land.portfolio)), table(sites(south))
    assert set(own["territory"]) == {"T0"}
    assert len(table(catchments(south))) == 4
    assert own.iloc[0]["demand_covered"] == pytest.approx(whole.iloc[0]["demand_covered"], rel=0.01)
    assert table(areas(south))["customers"].sum() < table(areas(land.portfolio))["customers"].sum()


def test_cells_add_up_to_the_customers(land: Country) -> None:
    rows = table(areas(land.portfolio))
    assert rows["customers"].sum() == 1_050
    assert rows["active_partners"].sum() <= 20
    parts = rows["customers_of_partners"] + rows["customers_direct"] + rows["customers_open"]
    assert (parts == rows["customers"]).all()
    assert rows["open_demand"].sum() == pytest.approx(opening(land.portfolio).weight.sum())


def test_the_same_again_whatever_was_asked_before(land: Country) -> None:
    again = replace(land.portfolio, client=replace(land.portfolio.client, fits={}))
    for part in (sites, catchments, gravity_table, areas, site_rules):
        pd.testing.assert_frame_equal(table(part(again)), table(part(land.portfolio)))


def test_without_prospects_only_buyers_far_from_a_partner_would_show_what_is_open(tmp_path: Path) -> None:
    made = country(tmp_path, prospects=False, days=360).portfolio
    rows, missing = sites(made)
    assert rows is None
    assert any("a list of prospects would show what is open" in one.reason for one in missing)
    found = ground(made)
    far = replace(found, radius=2.0)
    made.client.fits.update({(_ground, made.as_of, made.measure): far})
    made.client.fits.pop((_opening, made.as_of, made.measure))
    said = opening(made)
    assert said.mode == "far"
    beyond = spots(made).rows["nearest_km"].to_numpy() > 2.0
    assert (said.count[~beyond] == 0).all()
    assert said.weight.sum() < spots(made).rows["revenue"][beyond].sum()


def test_without_coordinates_postal_areas_are_named(tmp_path: Path) -> None:
    made = country(tmp_path, coordinates=False).portfolio
    rows, missing = sites(made)
    assert rows is not None
    assert rows.iloc[0]["place"] == "postal area DE 65"
    assert rows.iloc[0]["active_partners"] == 0
    assert rows["latitude"].isna().all() if "latitude" in rows else True
    assert {one.column for one in missing} == {"latitude", "taken_from_neighbours"}
    assert catchments(made)[0] is None
    cells = table(areas(made)).set_index("area")
    assert cells.loc["DE 65", "customers_open"] == 150
    says = {one.id.split(":")[0] for one in market_findings(made, {"sites": rows, "areas": table(areas(made))})}
    assert says == {"reach.sites.next_place", "reach.areas.without_partner"}


def test_without_customers_everything_says_what_is_missing(tmp_path: Path) -> None:
    made = country(tmp_path).portfolio
    bare = replace(
        made,
        tables={name: frame for name, frame in made.tables.items() if name != "customers"},
        client=replace(made.client, fits={}, tables={name: f for name, f in made.client.tables.items() if name != "customers"}),
    )
    found = reach.assess(open_portfolio(bare.client))
    empty = {name for name in ("coverage", "areas", "catchments", "gravity", "sites", "site_rules") if found.tables[name].empty}
    assert empty == {"coverage", "areas", "catchments", "gravity", "sites", "site_rules"}
    assert empty <= {one.table for one in found.not_computed if one.column is None}


def test_distance_that_decides_nothing_places_nobody(tmp_path: Path) -> None:
    made = country(tmp_path, customers=900)
    rng = np.random.default_rng(1)
    rows = made.portfolio.client.lines.accounts("sell_through", _year())
    assert len(rows) > 300
    shuffled = made.portfolio.tables["customers"]
    order = rng.permutation(len(shuffled))
    for name in ("latitude", "longitude"):
        shuffled[name] = shuffled[name].to_numpy()[order]
    again = replace(made.portfolio, client=replace(made.portfolio.client, fits={}))
    again.client.fits.clear()
    found = gravity(again)
    assert found.learnt
    assert found.flat
    got, missing = sites(again)
    assert got is None
    assert any("distance hardly decides" in one.reason for one in missing)


def _books(made: Portfolio) -> pd.DataFrame:
    return territory_books(made)


def test_customers_of_territories_by_hand(land: Country) -> None:
    books = _books(land.portfolio)
    rows = land.portfolio.client.lines.accounts("sell_through", _year())
    own = rows[rows["territory"] == "T1"]
    assert books.loc["T1", "customers_served"] == own["customer_id"].nunique()
    assert books.loc["T1", "revenue"] == pytest.approx(own["revenue"].sum())
    assert books.loc["T1", "lapsed_customers"] > 0
