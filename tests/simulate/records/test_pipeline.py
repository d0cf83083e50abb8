"""Deals around the orders that came, and our own acts in the two places that record them."""

from __future__ import annotations

import pytest

from prmkit.simulate import Programme
from prmkit.simulate.records.deals import FROM_DEALS


def test_a_third_of_the_orders_came_from_a_deal_and_most_of_the_large_ones(wide: Programme) -> None:
    lines = wide.tables["sales"].query("channel == 'sell_through'")
    orders = lines.assign(euro=wide.records.sold.euro).groupby("invoice_id").agg(euro=("euro", "sum"), deal=("deal_id", "first"))
    won = orders["deal"].notna()
    assert won.mean() == pytest.approx(FROM_DEALS, abs=0.01)
    cut = orders["euro"].quantile(0.9)
    assert won[orders["euro"] >= cut].mean() == pytest.approx(2 * FROM_DEALS * 0.95, abs=0.02)


def test_a_won_deal_has_one_order_of_its_partner_closed_that_day_near_its_amount(wide: Programme) -> None:
    deals = wide.tables["deals"].set_index("deal_id")
    lines = wide.tables["sales"].query("channel == 'sell_through'").assign(euro=wide.records.sold.euro).dropna(subset=["deal_id"])
    orders = lines.groupby("deal_id").agg(
        euro=("euro", "sum"),
        on=("date", "first"),
        who=("partner_id", "first"),
        whom=("customer_id", "first"),
        many=("invoice_id", "nunique"),
    )
    own = deals.loc[orders.index]
    won = deals[(deals["outcome"] == "won") & deals["partner_id"].notna()]
    assert set(orders.index) == set(won.index)
    assert (orders["many"] == 1).all()
    assert (own["partner_id"] == orders["who"]).all()
    assert (own["customer_id"] == orders["whom"]).all()
    assert (own["closed_on"] == orders["on"]).all()
    assert (own["amount"] / orders["euro"]).median() == pytest.approx(1.0, abs=0.005)


def test_deals_go_forward_in_time(wide: Programme) -> None:
    deals = wide.tables["deals"]
    registered = deals["registered_on"].notna()
    assert (deals["opened_on"] <= deals["closed_on"].fillna(deals["opened_on"])).all()
    assert (deals["registered_on"][registered] <= deals["decided_on"][registered]).all()
    assert (deals["closed_on"].isna() == (deals["outcome"] == "open")).all()
    assert ((deals["lost_to"].notna()) == (deals["outcome"] == "lost")).all()
    joined = wide.tables["partners"].set_index("partner_id")["joined_on"]
    won = deals[deals["partner_id"].notna() & (deals["outcome"] == "won")]
    assert (won["opened_on"].to_numpy() >= joined[won["partner_id"]].to_numpy()).all()


def test_a_registration_that_we_took_is_a_lost_deal_and_an_event_of_the_same_day(wide: Programme) -> None:
    events, deals = wide.tables["events"], wide.tables["deals"]
    told = events[events["kind"] == "registration_lost"]
    lost = deals[(deals["lost_to"] == "direct") & deals["partner_id"].notna()]
    assert len(told) > 50
    assert sorted(zip(told["partner_id"], told["date"], told["customer_id"], strict=True)) == sorted(
        zip(lost["partner_id"], lost["closed_on"], lost["customer_id"], strict=True)
    )


def test_every_act_against_a_partner_is_on_the_timeline_in_its_month(wide: Programme) -> None:
    events = wide.tables["events"]
    rows = events[events["kind"].isin(["direct_in_account", "price_undercut", "lead_not_shared", "registration_lost"])]
    state = wide.state
    month = (rows["date"].dt.year - 2026) * 12 + rows["date"].dt.month - 9 + state.months - 1
    seen = rows.groupby([rows["partner_id"], month]).size()
    who, when = state.lives.encroachments[:, : state.months].nonzero()
    wanted = {(str(state.network.partner_id[i]), int(m)): int(state.lives.encroachments[i, m]) for i, m in zip(who, when, strict=True)}
    assert seen.to_dict() == wanted


def test_credits_of_a_deal_add_up_to_one(wide: Programme) -> None:
    shares = wide.tables["deal_partners"].groupby("deal_id")["credit"].sum()
    assert shares.to_numpy() == pytest.approx(1.0, abs=1e-9)
