"""What is said of who goes silent and how customers are kept, held against the truth: rules recomputed by hand in one programme."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

from prmkit.prove.answers import loyalty
from prmkit.prove.case import Case, make_case
from prmkit.prove.score import Stakes
from prmkit.simulate import WORLDS
from prmkit.simulate.state import AS_OF


@pytest.fixture(scope="module")
def case() -> Iterator[Case]:
    with make_case(WORLDS.get("reference"), 8, 250, 30, ("loyalty",)) as made:
        yield made


def days_silent(case: Case) -> np.ndarray:
    """Since the last order, by the orders themselves."""
    orders, seen = case.state.orders, case.state.orders.month < 30
    day = case.state.calendar.day(orders.month[seen], orders.day[seen])
    last = pd.Series(day).groupby(orders.partner[seen]).max().reindex(range(250))
    return ((AS_OF - last).dt.days).to_numpy(dtype=float)


def brier(said: np.ndarray, came: np.ndarray) -> float:
    return -float(np.mean((said.astype(float) - came.astype(float)) ** 2))


def test_going_silent_is_scored_against_the_six_months_that_came(case: Case) -> None:
    outcome = loyalty.dormant(case)
    assert outcome is not None
    told = case.by_partner("loyalty", "risk")["p_dormant_6m"].to_numpy(dtype=float)
    active = np.isfinite(told)
    assert active.sum() > 60
    orders = case.state.orders
    came = ~np.isin(np.arange(250), orders.partner[(orders.month >= 30) & (orders.month < 36)])
    stakes = outcome.stakes
    assert isinstance(stakes, Stakes)
    assert stakes.tool == pytest.approx(brier(told[active], came[active]))
    assert stakes.naive == pytest.approx(brier((days_silent(case) > 90)[active], came[active]))
    assert stakes.naive < stakes.tool < stakes.limit < 0


def test_the_number_going_silent_is_the_sum_of_the_chances(case: Case) -> None:
    outcome = loyalty.expected_silent(case)
    assert outcome is not None
    told = outcome.estimates
    assert told is not None
    rows = case.by_partner("loyalty", "risk")["p_dormant_6m"].to_numpy(dtype=float)
    active = np.isfinite(rows)
    assert told.tool[0] == pytest.approx(rows[active].sum())
    assert told.truth[0] == case.known("silent_next_6m")[active].sum()
    assert told.naive[0] == (days_silent(case) > 90)[active].sum()
    assert told.limit_low[0] < told.truth[0] < told.limit_high[0]
    assert told.scale == active.sum()


def test_still_with_us_is_scored_against_who_has_left(case: Case) -> None:
    outcome = loyalty.alive(case)
    assert outcome is not None
    assert outcome.stakes is not None
    told = case.by_partner("loyalty", "risk")["probability_alive"].to_numpy(dtype=float)
    given = np.isfinite(told)
    there = case.state.lives.alive[:, 30]
    assert outcome.stakes.tool == pytest.approx(brier(told[given], there[given]))
    assert outcome.stakes.naive == pytest.approx(brier((days_silent(case) <= 90)[given], there[given]))
    assert outcome.stakes.naive < outcome.stakes.tool < outcome.stakes.limit


def test_retention_is_held_against_the_chance_to_renew_of_partners_that_are_there(case: Case) -> None:
    outcome = loyalty.gross_retention(case)
    assert outcome is not None
    told = outcome.estimates
    assert told is not None
    rows = case.by_partner("loyalty", "renewals")
    given = rows["gross_retention"].notna().to_numpy() & case.state.lives.alive[:, 29]
    assert len(told.truth) == given.sum() > 15
    expected = 1 / (1 + np.exp(-(1.9 - 0.8 * case.state.network.service)))
    assert told.truth == pytest.approx(expected[given], rel=1e-9)
    terms = case.programme.tables["subscriptions"]
    ended = terms[(terms["ends_on"] > AS_OF - pd.DateOffset(months=12)) & (terms["ends_on"] <= AS_OF) & terms["partner_id"].notna()]
    kept = ended["outcome"].isin(["renewed", "expanded", "shrunk"])
    assert told.naive == pytest.approx(np.full(given.sum(), kept[ended["outcome"] != "open"].mean()))
    assert np.mean((told.limit - told.truth) ** 2) < 0.2 * np.mean((told.tool - told.truth) ** 2)


def test_waiting_longer_is_scored_against_true_service(case: Case) -> None:
    outcome = loyalty.worse_than_direct(case)
    assert outcome is not None
    assert outcome.stakes is not None
    rows = case.by_partner("loyalty", "service")
    told = rows["worse_than_direct_probability"].to_numpy(dtype=float)
    given = np.isfinite(told)
    worse = case.state.network.service > 0
    assert given.sum() > 30
    assert outcome.stakes.tool == pytest.approx(brier(told[given], worse[given]))
    tickets = case.programme.tables["tickets"]
    recent = tickets[(tickets["opened_on"] > AS_OF - pd.DateOffset(months=12)) & tickets["first_response_hours"].notna()]
    direct = recent.loc[recent["partner_id"].isna(), "first_response_hours"].mean()
    own = recent.groupby("partner_id")["first_response_hours"].mean().reindex(rows["partner_id"]).to_numpy() > direct
    assert outcome.stakes.naive == pytest.approx(brier(own[given], worse[given]))
    assert outcome.stakes.naive < outcome.stakes.tool


def test_service_is_not_asked_of_where_all_are_served_alike() -> None:
    with make_case(WORLDS.get("null"), 3, 80, 24, ("loyalty",)) as made:
        assert loyalty.worse_than_direct(made) is None
