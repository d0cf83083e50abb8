"""Where more partners stop paying, on a made-up programme whose partners share their territories."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from prmkit.data.portfolio import Portfolio, open_portfolio
from prmkit.practices.reach.agreed.in_force import exclusive
from prmkit.practices.reach.crowding import growing
from prmkit.practices.reach.crowding import market as market_module
from prmkit.practices.reach.crowding.checks import crowding_checks
from prmkit.practices.reach.crowding.crowding_findings import crowding_findings
from prmkit.practices.reach.crowding.growing import LEADS, Lead, elasticity, measured
from prmkit.practices.reach.crowding.market import market
from prmkit.practices.reach.crowding.partner_cost import margins, partner_cost
from prmkit.practices.reach.crowding.saturation import saturation
from prmkit.prove.opening import open_programme
from prmkit.simulate.programme import simulate
from prmkit.simulate.worlds import WORLDS


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Portfolio:
    """400 partners, 16 territories, little luck; revenue goes with the number of partners to the power 0.4."""
    world = replace(WORLDS.get("reference"), elasticity=0.4, order_spread=0.3, size_spread=0.4, place_shock=0.03)
    programme = simulate(world, 11, 400)
    return open_portfolio(open_programme(programme, tmp_path_factory.mktemp("shared")))


@pytest.fixture(scope="module")
def rows(shared: Portfolio) -> pd.DataFrame:
    made, _ = saturation(shared)
    assert made is not None
    return made


def with_settings(portfolio: Portfolio, **economics: Any) -> Portfolio:
    """The same client with other economics, nothing fitted yet."""
    settings = portfolio.settings
    changed = settings.model_copy(update={"economics": settings.economics.model_copy(update=economics)})
    return replace(portfolio, client=replace(portfolio.client, engagement=changed, fits={}))


def test_the_elasticity_is_found(shared: Portfolio) -> None:
    found = shared.fitted(elasticity)
    assert not isinstance(found, str)
    assert found.low < 0.4 < found.high < 1


def test_the_numbers_hang_together(shared: Portfolio, rows: pd.DataFrame) -> None:
    rate = margins(shared).reindex(rows["territory"]).to_numpy(dtype=float)
    assert rows["next_partner_margin"].to_numpy() == pytest.approx(rows["next_partner_revenue"].to_numpy() * rate)
    assert rows["average_margin"].to_numpy() == pytest.approx(rows["average_revenue"].to_numpy() * rate)
    assert (rows["break_even_margin"] * rows["next_partner_revenue"]).to_numpy() == pytest.approx(rows["partner_cost"].to_numpy())
    for value in ("elasticity", "next_partner_margin", "next_partner_revenue", "break_even_margin"):
        assert (rows[f"{value}_low"] if f"{value}_low" in rows else rows["break_even_low"]).lt(rows[value]).all()
    assert (rows["spreadsheet"] == np.where(rows["average_margin"] > 6_000, "add", "stop")).all()
    told = rows[rows["best_count"].notna()]
    own = told["average_revenue"].notna() & (told["elasticity_high"] < 1)
    assert own.all()
    assert (told["best_count_low"] <= told["best_count"]).all()
    assert (told["best_count"] <= told["best_count_high"]).all()


def test_the_best_number_is_where_the_next_one_just_pays(rows: pd.DataFrame) -> None:
    """Where N* is above today's number the next partner's margin is above its cost, and below it below."""
    told = rows[rows["best_count"].notna()]
    assert len(told)
    assert ((told["best_count"] > told["partners"]) == (told["next_partner_margin"] > told["partner_cost"])).all()


def test_verdict_and_chance_agree(rows: pd.DataFrame) -> None:
    assert set(rows["verdict"]) >= {"room_for_more", "too_many"}
    chance = rows["over_distributed_probability"]
    assert chance[rows["verdict"] == "too_many"].min() > 0.6
    assert chance[rows["verdict"] == "room_for_more"].max() < 0.4
    assert (rows.loc[rows["verdict"] == "too_many", "saved_by_fewer"] > 0).all()


def test_territories_of_fewer_than_eight_are_pooled(shared: Portfolio, rows: pd.DataFrame) -> None:
    years = shared.fitted(market).places["partner_years"].reindex(rows["territory"]).to_numpy()
    assert (rows["pooled"].to_numpy(dtype=bool) == (years < 8)).all()
    assert not (rows["verdict"] == "too_many").to_numpy()[years < 8].any()


def test_the_market_by_hand(shared: Portfolio) -> None:
    found = shared.fitted(market)
    year = shared.months[shared.months["month"] < 12].groupby("territory")["revenue"].sum()
    assert found.places["revenue"].to_dict() == pytest.approx(year.to_dict())
    data = found.neighbourhood
    assert data is not None
    assert data.periods == 12
    recent = found.places["partners"][list(found.fitted)].to_numpy()
    assert np.bincount(data.place, data.there[:, -1]) == pytest.approx(recent, rel=0.1)
    alone = data.there[:, -1] + data.others[:, -1]
    assert np.ptp(alone[data.place == 0]) < 1e-9


def test_of_very_many_only_a_part_is_followed_and_all_are_counted(shared: Portfolio, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = shared.fitted(market)
    monkeypatch.setattr(market_module, "MOST_UNITS", 100)
    part = market(shared)
    assert whole.neighbourhood is not None
    assert part.neighbourhood is not None
    assert len(part.neighbourhood.place) <= 100 < len(whole.neighbourhood.place)
    pd.testing.assert_frame_equal(part.places, whole.places)
    assert part.neighbourhood.others[0] == pytest.approx(whole.neighbourhood.others[0])


def test_without_a_named_cost_the_measured_one_counts(shared: Portfolio, rows: pd.DataFrame) -> None:
    changed = with_settings(shared, partner_cost=None)
    cost = changed.fitted(partner_cost)
    made, _ = saturation(changed)
    assert made is not None
    assert cost.basis == "measured"
    assert made["partner_cost"].unique().tolist() == [cost.amount]
    assert made["elasticity"].to_numpy() == pytest.approx(rows["elasticity"].to_numpy())
    bare = replace(changed, tables={name: frame for name, frame in changed.tables.items() if name != "support"})
    bare = replace(bare, client=replace(bare.client, fits={}))
    assert partner_cost(bare).amount is None


def test_without_any_cost_there_is_no_verdict_and_no_finding(shared: Portfolio, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = with_settings(shared, partner_cost=None, hourly_cost=None)
    tables = {name: frame for name, frame in changed.tables.items() if name != "support"}
    changed = replace(changed, tables=tables)
    made, missing = saturation(changed)
    assert made is not None
    assert set(made["verdict"]) == {"cannot_tell"}
    assert made["next_partner_margin"].notna().all()
    assert {"best_count", "over_distributed_probability"} <= {gap.column for gap in missing}
    assert crowding_findings(changed, made) == []


def test_without_margins_the_break_even_is_told(shared: Portfolio) -> None:
    months = shared.months.assign(cost=0.0, costed_revenue=0.0)
    changed = replace(shared, months=months)
    changed = replace(changed, client=replace(changed.client, fits={}))
    made, missing = saturation(changed)
    assert made is not None
    assert made["next_partner_margin"].isna().all()
    assert made["break_even_margin"].between(0, 5).all()
    assert set(made["verdict"]) == {"cannot_tell"}
    assert "next_partner_margin" in {gap.column for gap in missing}
    assert crowding_findings(changed, made) == []


def test_where_sales_moved_before_the_newcomers_nothing_is_said(shared: Portfolio, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = with_settings(shared)
    monkeypatch.setattr(growing, "_lead", lambda data, quarters, slope: Lead(quarters, 0.9, 0.1, quarters == LEADS[0]))
    made, missing = saturation(changed)
    assert made is not None
    assert made["average_margin"].notna().all()
    assert "elasticity" not in made or made["elasticity"].isna().all()
    assert "already sold more 6 months before" in str(changed.fitted(measured).reason)
    assert any(gap.column == "elasticity" and "cannot be told" in gap.reason for gap in missing)
    checks, _ = crowding_checks(changed)
    assert checks is not None
    assert not checks.set_index("check").loc["elasticity", "passed"]
    assert crowding_findings(changed, made) == []


def test_findings_are_of_the_worst_and_of_the_one_with_room(shared: Portfolio, rows: pd.DataFrame) -> None:
    found = {finding.id: finding for finding in crowding_findings(shared, rows)}
    full = rows[rows["verdict"] == "too_many"].sort_values("saved_by_fewer", ascending=False)
    named = [one for one in found if one.startswith("reach.saturation.too_many:")]
    assert [one.rpartition(":")[2] for one in named] == full["territory"].head(3).tolist()
    worst = found[named[0]]
    assert worst.worth.amount == pytest.approx(full["saved_by_fewer"].iloc[0])
    assert worst.confidence in {"medium", "low"}
    whole = [one for one in found if ".too_many_in_all:" in one]
    assert len(whole) == (1 if len(full) > 1 else 0)
    if whole:
        assert found[whole[0]].worth.amount == pytest.approx(full["saved_by_fewer"].sum())
    promised = set(exclusive(shared)["territory"])
    assert promised
    free = ~rows["territory"].isin(promised)
    room = rows[(rows["verdict"] == "room_for_more") & free].sort_values("won_by_more", ascending=False)
    assert f"reach.saturation.room:territory:{room['territory'].iloc[0]}" in found


def test_the_same_again(shared: Portfolio, rows: pd.DataFrame) -> None:
    again, _ = saturation(replace(shared, client=replace(shared.client, fits={})))
    assert again is not None
    pd.testing.assert_frame_equal(again, rows)


def test_sales_without_a_territory_count_at_home(shared: Portfolio, rows: pd.DataFrame) -> None:
    blank = shared.months.assign(territory=shared.months["territory"].mask(shared.months.index % 3 == 0))
    changed = replace(shared, months=blank)
    made = market(replace(changed, client=replace(changed.client, fits={})))
    assert made.places["revenue"].sum() == pytest.approx(shared.fitted(market).places["revenue"].sum())
