"""Tiers, managers and their history; people and courses; recruiting; plans; money that follows sales."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from prmkit.simulate import Programme
from prmkit.simulate.records.business import make_business
from prmkit.simulate.records.incentives import REBATE_RATE, SPIFF_RATE
from prmkit.simulate.records.partners import STATED_ERROR
from prmkit.simulate.records.plans import MET
from prmkit.simulate.records.recruits import QUALIFIES, SIGNS
from prmkit.simulate.records.subscriptions import DIRECT_RENEWAL
from prmkit.simulate.state import AS_OF


def test_history_has_no_gaps_and_ends_with_what_the_list_says(wide: Programme) -> None:
    rows = wide.tables["history"].sort_values(["partner_id", "attribute", "valid_from"], kind="stable")
    grouped = rows.groupby(["partner_id", "attribute"])
    follows = grouped["valid_from"].shift(-1)
    inner = follows.notna()
    assert ((follows - rows["valid_to"])[inner] == pd.Timedelta(days=1)).all()
    assert rows["valid_to"][~inner].isna().all()
    listed = wide.tables["partners"].set_index("partner_id")
    for attribute in ("tier", "partner_manager", "status"):
        now = rows[~inner & (rows["attribute"] == attribute)].set_index("partner_id")["value"]
        assert now.to_dict() == listed[attribute].dropna().to_dict(), attribute


def test_half_of_the_partners_would_earn_more_than_the_entry_and_a_fifth_the_highest_tier(wide: Programme) -> None:
    asked = wide.tables["requirements"].query("metric == 'revenue'").set_index("tier")["threshold"]
    sells = wide.truth.partners.query("there_now")["expected_revenue"]
    assert (sells >= asked["silver"]).mean() == pytest.approx(0.5, abs=0.02)
    assert (sells >= asked["gold"]).mean() == pytest.approx(0.2, abs=0.02)


def test_some_hold_a_tier_that_their_sales_do_not_earn(wide: Programme) -> None:
    truth, listed = wide.truth.partners, wide.tables["partners"]
    asked = wide.tables["requirements"].query("metric == 'revenue'").set_index("tier")["threshold"]
    held = asked[listed["tier"].fillna("authorized")].to_numpy()
    too_high = truth["there_now"] & (listed["tier"] != "authorized") & (truth["expected_revenue"] < held)
    holders = truth["there_now"] & listed["tier"].isin(["silver", "gold"])
    assert 0.1 < too_high.sum() / holders.sum() < 0.5


def test_a_third_of_those_who_left_told_us_and_did_not_sell_after(wide: Programme) -> None:
    truth, listed = wide.truth.partners, wide.tables["partners"].set_index("partner_id")
    left = truth.set_index("partner_id")["last_month"].notna()
    told = listed["ended_on"].notna()
    assert not told[~left].any()
    assert told[left].mean() == pytest.approx(1 / 3, abs=0.04)
    assert (listed["status"][told] == "terminated").all()
    through = wide.tables["sales"].query("channel == 'sell_through'").groupby("partner_id")["date"]
    first, last = through.min(), through.max()
    assert (first >= listed["joined_on"][first.index]).all()
    ended = listed["ended_on"][last.index]
    assert (last[ended.notna()] <= ended.dropna()).all()


def test_stated_turnover_is_off_by_its_error_and_the_share_is_ours_of_it(wide: Programme) -> None:
    business, listed = make_business(wide.state), wide.tables["partners"]
    error = np.log(listed["annual_revenue"].to_numpy(dtype=float) / business.turnover)
    error = error[np.isfinite(error) & (business.turnover > 5_000)]
    assert error.mean() == pytest.approx(0.0, abs=0.02)
    assert error.std() == pytest.approx(STATED_ERROR, abs=0.02)
    sells = wide.state.network.sells
    assert business.yearly[sells] == pytest.approx(business.turnover[sells] * business.share_of_wallet[sells])
    assert (wide.records.known["share_of_wallet"] == business.share_of_wallet).all()
    assert (business.share_of_wallet[~sells] == 0).all()


def test_people_take_courses_while_they_work_at_the_partner(wide: Programme) -> None:
    people = wide.tables["people"].set_index("person_id")
    taken = wide.tables["trainings"].dropna(subset=["partner_id"])
    who = people.loc[taken["person_id"]].set_index(taken.index)
    assert (who["partner_id"] == taken["partner_id"]).all()
    assert (who["role"] == taken["role"]).all()
    assert not (taken["completed_on"] < who["active_from"]).any()
    assert not (taken["completed_on"] > who["active_to"]).any()
    size = people.groupby("partner_id").size()
    assert len(size) == wide.state.network.size
    assert size.max() <= 8


def test_the_funnel_turns_prospects_into_partners_as_often_as_the_truth_says(wide: Programme) -> None:
    rows = wide.tables["recruits"]
    first = pd.Timestamp(wide.state.calendar.first[0])
    ripe = rows[(rows["contacted_on"] >= first) & (rows["contacted_on"] <= AS_OF - pd.DateOffset(months=12))]
    assert ripe["qualified_on"].notna().mean() == pytest.approx(QUALIFIES, abs=0.02)
    assert ripe["signed_on"].notna().mean() == pytest.approx(QUALIFIES * SIGNS, abs=0.015)
    joined = wide.tables["partners"].set_index("partner_id")["joined_on"]
    signed = rows.dropna(subset=["partner_id"])
    assert (signed["signed_on"].to_numpy() == joined[signed["partner_id"]].to_numpy()).all()
    assert set(signed["partner_id"]) == set(joined[joined >= first].index)
    order = rows[["contacted_on", "qualified_on", "signed_on"]]
    assert not (order["qualified_on"] < order["contacted_on"]).any()
    assert not (order["signed_on"] < order["qualified_on"]).any()


def test_plans_are_kept_as_often_as_the_truth_says(wide: Programme) -> None:
    ended = wide.tables["plans"].query("outcome != 'open'")
    for kind, chance in MET.items():
        mine = ended[ended["kind"] == kind]["outcome"] == "met"
        assert mine.mean() == pytest.approx(chance, abs=3.3 * np.sqrt(chance * (1 - chance) / len(mine))), kind


def test_direct_customers_renew_as_often_as_the_truth_says(wide: Programme) -> None:
    terms = wide.tables["subscriptions"]
    ended = terms[terms["partner_id"].isna() & (terms["outcome"] != "open")]
    kept = ended["outcome"].isin(["renewed", "expanded", "shrunk"])
    assert kept.mean() == pytest.approx(DIRECT_RENEWAL, abs=0.025)


def test_spiffs_are_a_part_of_what_was_sold_of_the_family_in_the_month(wide: Programme) -> None:
    paid = wide.tables["incentives"].query("programme == 'spiff'")
    lines = wide.tables["sales"].query("channel == 'sell_through'").assign(euro=wide.records.sold.euro)
    family = wide.tables["products"].set_index("product_id")["family"]
    month = lines["date"].dt.to_period("M").dt.to_timestamp().astype("datetime64[us]")
    sold = lines.groupby(["partner_id", lines["product_id"].map(family), month])["euro"].sum()
    wanted = sold.loc[pd.MultiIndex.from_frame(paid[["partner_id", "product_family", "starts_on"]])].to_numpy() * SPIFF_RATE
    assert paid["amount"].to_numpy() == pytest.approx(wanted, abs=0.01)


def test_rebates_are_paid_on_years_that_reached_their_threshold(wide: Programme) -> None:
    rows = wide.tables["incentives"].query("programme == 'rebate'")
    assert len(rows) > 100
    assert (rows["amount"] / REBATE_RATE >= rows["threshold"] - 1).all()
    assert (rows["paid_on"] > rows["ends_on"]).all()
    assert rows["contractual"].all()


def test_each_goal_has_one_subject(wide: Programme) -> None:
    goals = wide.tables["goals"]
    assert (goals[["partner_id", "territory", "partner_manager"]].notna().sum(axis=1) == 1).all()
    assert set(goals["territory"].dropna()) == set(wide.state.network.places)
