"""The canonical tables of made-up programmes: complete, consistent with each other, and true to what happened."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from prmkit.data.tables import tables as canonical
from prmkit.simulate import WORLDS, Programme, simulate
from prmkit.simulate.records.support import HOURLY_COST
from prmkit.simulate.records.surveys import DRIVERS, IMPORTANCE, NEEDS, WEIGHTS
from prmkit.simulate.revenue import realised_revenue
from prmkit.simulate.state import AS_OF, NEVER

RECORDED = [name for name in canonical() if name != "estimates"]
"""What a programme's systems hold: estimates are what partner managers write into a sheet of ours."""
AHEAD_ALLOWED = {
    "goals": {"period_start", "period_end"},
    "agreements": {"ends_on"},
    "subscriptions": {"ends_on"},
    "trainings": {"expires_on"},
    "incentives": {"expires_on", "ends_on", "starts_on"},
    "deals": {"expires_on"},
    "plans": {"due_on"},
}


@pytest.fixture(scope="module", params=["reference", "wrong_model", "null"])
def programme(request: pytest.FixtureRequest) -> Programme:
    return simulate(WORLDS.get(request.param), 5, partners=400, months=36)


@pytest.fixture(scope="module")
def large() -> Programme:
    return simulate(WORLDS.get("reference"), 6, partners=4_000, months=36)


def test_every_table_is_there_with_every_column_and_some_rows(programme: Programme) -> None:
    assert list(programme.tables) == RECORDED
    for name, table in programme.tables.items():
        assert list(table.columns) == list(canonical()[name].names), name
        assert len(table) > 0, name


def test_keys_are_unique_and_complete(programme: Programme) -> None:
    for name, table in programme.tables.items():
        key = list(canonical()[name].key)
        if key:
            filled = table.dropna(subset=[column for column in key if canonical()[name][column].required])
            assert not filled.duplicated(key).any(), name
        for column in canonical()[name].columns:
            if column.required:
                assert table[column.name].notna().all(), f"{name}.{column.name}"


def test_words_are_those_of_the_contract(programme: Programme) -> None:
    for name, table in programme.tables.items():
        for column in canonical()[name].columns:
            if column.words:
                assert set(table[column.name].dropna()) <= set(column.words), f"{name}.{column.name}"


@pytest.mark.parametrize(
    ("column", "target"),
    [
        ("partner_id", "partners"),
        ("distributor_id", "partners"),
        ("customer_id", "customers"),
        ("product_id", "products"),
        ("deal_id", "deals"),
    ],
)
def test_references_resolve(programme: Programme, column: str, target: str) -> None:
    known = set(programme.tables[target][column if column != "distributor_id" else "partner_id"])
    for name, table in programme.tables.items():
        if column in table:
            assert set(table[column].dropna()) <= known, name


def test_nothing_is_dated_after_the_as_of_date_but_what_may_be(programme: Programme) -> None:
    for name, table in programme.tables.items():
        for column in canonical()[name].columns:
            if column.kind == "date" and column.name not in AHEAD_ALLOWED.get(name, set()):
                dates = table[column.name].dropna()
                assert not len(dates) or dates.max() <= AS_OF, f"{name}.{column.name}"


def test_sales_lines_add_up_to_what_was_sold_to_the_cent(programme: Programme) -> None:
    months = programme.state.months
    through = programme.records.sold
    sold = realised_revenue(programme.state)[:, :months]
    partner = programme.state.orders.partner[through.order]
    written = np.bincount(partner, through.euro, minlength=len(sold))
    # each line is rounded to a cent, in dollars too
    lines = np.bincount(partner, minlength=len(sold))
    assert (np.abs(written - sold.sum(axis=1)) <= 0.01 * (lines + 1)).all()
    rows = programme.tables["sales"]
    assert (rows["channel"] == "sell_through").sum() == len(through.euro)
    assert (rows.loc[rows["channel"] == "direct", "partner_id"].isna()).all()


def test_booked_costs_are_those_of_the_truth(programme: Programme) -> None:
    support, truth = programme.tables["support"], programme.truth.partners.set_index("partner_id")
    year = support[support["month"] > AS_OF - pd.DateOffset(months=12)]
    cost = year["cost"].fillna(year["hours"] * HOURLY_COST).groupby(year["partner_id"]).sum()
    assert truth["cost_to_serve"].sum() == pytest.approx(cost.sum(), rel=1e-12)
    if programme.state.world.cost == 0:
        # but for the few that were paid more than they brought, which no cost can make good
        assert (truth["fair_contribution"].abs() < 1.0).mean() > 0.98


def test_nobody_has_the_sales_course_before_its_wave_and_all_of_a_wave_have_it(programme: Programme) -> None:
    state = programme.state
    rows = programme.tables["trainings"]
    own = rows[(rows["course_id"] == "SALES-101") & rows["partner_id"].notna()]
    first = own.groupby("partner_id")["completed_on"].min()
    wave = pd.Series(state.course.wave, index=state.network.partner_id.astype(str))
    assert set(first.index) == set(wave[wave < NEVER].index)
    month = (first.dt.year * 12 + first.dt.month) - (2026 * 12 + 9) + state.months - 1
    assert (month == wave[first.index]).all()


def test_funds_are_approved_before_they_start_and_paid_as_they_are_true(programme: Programme) -> None:
    state, rows = programme.state, programme.tables["incentives"]
    campaign = rows[(rows["programme"] == "mdf") & (rows["scheme_id"] == "campaign") & rows["status"].isin(["paid", "approved"])]
    assert (campaign["approved_on"] <= campaign["starts_on"]).all()
    taken = state.funding.start < NEVER
    assert set(campaign["partner_id"]) == set(state.network.partner_id[taken].astype(str))
    assert campaign["amount"].sum() == pytest.approx(state.funding.amount[taken].sum())
    after = rows[rows["programme"].isin(["spiff", "rebate"])]
    assert after["approved_on"].isna().all()
    assert after["requested_on"].isna().all()


def test_service_failures_are_escalated_critical_cases(programme: Programme) -> None:
    state, cases = programme.state, programme.tables["tickets"]
    failed = cases[(cases["severity"] == "critical") & cases["escalated"].fillna(False).astype(bool) & cases["partner_id"].notna()]
    assert len(failed) >= state.lives.failures[:, : state.months].sum()


def test_responses_wait_as_long_as_the_truth_says(large: Programme) -> None:
    rows = large.tables["tickets"].dropna(subset=["first_response_hours"])
    logs = np.log(rows["first_response_hours"].clip(lower=1 / 60))
    usual = logs[rows["partner_id"].isna()].groupby(rows["severity"]).mean()
    gap = (logs - rows["severity"].map(usual))[rows["partner_id"].notna()].groupby(rows["partner_id"]).agg(["mean", "size"])
    factor = np.log(large.truth.partners.set_index("partner_id")["response_factor"])
    many = gap[gap["size"] >= 12]
    assert np.corrcoef(many["mean"], factor[many.index])[0, 1] > 0.6
    assert (many["mean"] - factor[many.index]).mean() == pytest.approx(0.0, abs=0.1)


def test_contracts_of_partners_that_are_there_are_renewed_as_often_as_the_truth_says(large: Programme) -> None:
    terms = large.tables["subscriptions"]
    ended = terms[terms["outcome"].notna() & (terms["outcome"] != "open") & terms["partner_id"].notna()]
    truth = large.truth.partners.set_index("partner_id")
    ended = ended[truth["there_now"][ended["partner_id"]].to_numpy()]
    kept = ended["outcome"].isin(["renewed", "expanded", "shrunk"])
    chance = truth["renewal_rate"][ended["partner_id"]].to_numpy()
    assert kept.mean() == pytest.approx(chance.mean(), abs=0.02)


def test_those_about_to_leave_answer_less_and_drivers_move_the_recommendation_by_their_weights(large: Programme) -> None:
    rows = large.tables["surveys"]
    own = rows[rows["respondent"] == "partner"]
    wide = own.pivot_table(index="response_id", columns="question_id", values="score")
    drivers = wide[[f"driver:{name}" for name in DRIVERS]]
    complete = drivers.notna().all(axis=1) & wide["nps"].notna()
    design = np.column_stack([np.ones(complete.sum()), drivers[complete]])
    slopes = np.linalg.lstsq(design, wide.loc[complete, "nps"], rcond=None)[0][1:]
    assert np.corrcoef(slopes, WEIGHTS)[0, 1] > 0.95
    importance = wide[[f"need:{name}:importance" for name in NEEDS]].mean()
    shares = (0.45, 0.35, 0.2)
    wanted = [sum(share * group[need] for share, group in zip(shares, IMPORTANCE, strict=True)) for need in range(len(NEEDS))]
    assert np.corrcoef(importance, wanted)[0, 1] > 0.95
    last = large.state.lives.alive[:, : large.state.months]
    wave = large.state.months - 1 - 16
    there, leaving = last[:, wave], last[:, wave] & ~last[:, wave + 6]
    answered = np.isin(large.state.network.partner_id.astype(str), own.loc[own["date"] < AS_OF - pd.DateOffset(months=12), "partner_id"])
    assert answered[leaving].mean() < 0.75 * answered[there & ~leaving].mean()


@pytest.mark.parametrize("name", list(WORLDS))
def test_the_smallest_programme_of_every_world_has_every_table(name: str) -> None:
    made = simulate(WORLDS.get(name), 3, partners=30, months=12)
    assert list(made.tables) == RECORDED
    assert made.truth.partners.select_dtypes("float64").notna().all().all()
