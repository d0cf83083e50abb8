"""Levers together: by hand on partners that all sell alike, and what every mix has to keep."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from prmkit.data.portfolio import Portfolio, open_portfolio
from prmkit.practices import reach
from prmkit.practices.reach.count.case import build_case
from prmkit.practices.reach.moves.leaks import price_leak
from prmkit.practices.reach.moves.levers import Moves, moved
from prmkit.practices.reach.moves.mixes import LEAST, RECRUITING, TODAY, Mix, mixes
from prmkit.practices.reach.moves.response import Pull
from prmkit.practices.result import PracticeResult
from prmkit.publish import words
from tests.data.handmade import client, line

MONEY = {"gross_margin": 0.4, "partner_cost": 500.0, "recruit_cost": 1000.0}


def rows(growth: float) -> dict[str, Any]:
    return {"goal": {"growth": growth}, "economics": MONEY, "as_of": "2025-12-31"}


def channel(folder: Path, settings: dict[str, Any], **tables: Any) -> Portfolio:
    """120 partners of two types that began over three years; every fourth has stopped; ten signed and never sold."""
    rng = np.random.default_rng(5)
    lines, partners = [], []
    for number in range(130):
        name, kind = f"P{number:03}", ("reseller", "var")[number % 2]
        joined = pd.Timestamp("2022-12-01") + pd.Timedelta(days=int(rng.integers(0, 900)))
        partners.append(
            {"partner_id": name, "name": f"Firm {number}", "territory": "NS"[number % 2], "partner_type": kind, "joined_on": joined}
        )
        if number >= 120:
            continue
        last = pd.Timestamp("2025-12-31") - pd.DateOffset(months=int(rng.integers(7, 14)) if number % 4 == 0 else 0)
        size = rng.lognormal(6, 0.5)
        for day in pd.date_range(max(joined, pd.Timestamp("2023-01-01")), max(last, joined), freq="30D"):
            family = "A" if number % 3 else "B"
            over = 0.25 if number % 10 == 0 else 0.10
            price = size * rng.gamma(6, 1 / 6)
            lines.append(
                line(
                    str(day.date()),
                    name,
                    f"{price:.2f}",
                    territory="NS"[number % 2],
                    product_family=family,
                    list_amount=f"{price / (1 - over):.2f}",
                )
            )
    return open_portfolio(client(folder, lines, settings, partners=partners, **tables))


@pytest.fixture(scope="module")
def portfolio(tmp_path_factory: pytest.TempPathFactory) -> Portfolio:
    return channel(tmp_path_factory.mktemp("moves"), rows(0.25))


@pytest.fixture(scope="module")
def moves(portfolio: Portfolio) -> Moves:
    case = build_case(portfolio)
    assert case is not None
    return Moves.of(case)


@pytest.fixture(scope="module")
def made(moves: Moves) -> list[Mix]:
    return mixes(moves)


@pytest.fixture(scope="module")
def found(portfolio: Portfolio) -> PracticeResult:
    return reach.assess(portfolio)


def test_nothing_moved_is_the_plan_of_the_case(moves: Moves) -> None:
    case = moves.case
    assert moves.response.total(Pull()) == pytest.approx(case.present)
    assert moves.response.total(Pull(recruits=40)) == pytest.approx(case.present + case.grown().revenue(40))
    assert moves.count(Pull()) == moves.asked


def test_more_through_each_partner_adds_what_is_in_force_of_it(moves: Moves) -> None:
    """Flat sales: in force by thirds over three months (1/6, 1/2, 5/6 of them), so 10.5 of 12 months but for partners that stop."""
    response = moves.response
    added = response.total(moved("yield", 0.10)) - response.total(Pull())
    assert added == pytest.approx(0.10 * response.hold * moves.case.coming * moves.case.trend)
    assert response.hold == pytest.approx(10.5 / 12, abs=0.02)


def test_levers_combine_instead_of_adding(moves: Moves) -> None:
    response, base = moves.response, moves.response.total(Pull())
    one, other = moved("retention", -0.3), moved("yield", 0.1)
    both = response.total(Pull(retention=-0.3, yields=0.1)) - base
    alone = (response.total(one) - base) + (response.total(other) - base)
    assert both.mean() > alone.mean()
    assert both == pytest.approx(alone + (response.total(one) - base) * 0.1 * response.hold)


def test_a_faster_ramp_and_more_activation_help_recruits_only(moves: Moves) -> None:
    response = replace(moves.response, silent=0.0)
    for lever in ("ramp", "activation"):
        change = -0.25 if lever == "ramp" else 0.10
        assert response.total(moved(lever, change)) == pytest.approx(response.total(Pull()))
    more = response.total(Pull(activation=0.05, recruits=30)) - response.total(Pull())
    plain = response.total(Pull(recruits=30)) - response.total(Pull())
    grown = np.minimum(response.activated + 0.05 * response.hold_new, 1.0) / response.activated
    assert more == pytest.approx(plain * grown)


def test_discount_that_is_not_given_costs_nothing_to_make(moves: Moves) -> None:
    response, pull = moves.response, moved("price_leak", 0.5)
    added = response.total(pull) - response.total(Pull())
    assert (response.margin(pull, 0.4) >= added * (1 - 1e-9)).all()
    assert response.margin(Pull(recruits=10), 0.4) == pytest.approx(0.4 * (response.total(Pull(recruits=10)) - response.total(Pull())))


def test_partners_that_are_given_more_than_usual_are_found(portfolio: Portfolio) -> None:
    """Twelve of 120 have 25% where others have 10%: 0.15 of their list value, luck taken out."""
    leak = portfolio.fitted(price_leak).leak
    over = leak[leak > 0]
    given = [f"P{number:03}" for number in range(0, 120, 10)]
    listed = portfolio.per_partner("list_amount")
    assert set(over.index) == set(listed[given][listed[given] > 0].index)
    truth = 0.15 * listed[given].sum()
    assert over.sum() == pytest.approx(truth, rel=0.05)


def test_signed_partners_without_a_sale_are_named(found: PracticeResult) -> None:
    assert set(found.tables["dormant"]["partner_id"]) == {f"P{number}" for number in range(120, 130)}
    assert found.tables["dormant"]["months_signed"].is_monotonic_decreasing


def test_every_mix_reaches_the_goal_as_surely_as_asked(made: list[Mix], moves: Moves) -> None:
    goal = moves.case.target.revenue
    assert [mix.name for mix in made[:3]] == [TODAY, LEAST, RECRUITING]
    for mix in made[:3]:
        assert mix.reaches
        assert np.mean(mix.drawn >= goal) >= 0.8
        if mix.recruits:
            fewer = Mix(mix.name, moves, mix.setting, mix.recruits - 1)
            assert not fewer.reaches
    counts = [mix.recruits for mix in made[:3]]
    assert counts == sorted(counts)
    assert counts[2] == moves.asked


def test_a_mix_adds_up_lever_by_lever(found: PracticeResult) -> None:
    parts = found.tables["mix_levers"].groupby("mix")["revenue"].sum()
    whole = found.tables["mixes"].set_index("mix")["revenue"]
    assert parts.reindex(whole.index).to_numpy() == pytest.approx(whole.to_numpy())


def test_cost_and_what_is_left_by_hand(found: PracticeResult) -> None:
    row = found.tables["mixes"].set_index("mix").loc[RECRUITING]
    assert row["cost"] == pytest.approx(row["recruits"] * 1_500)
    assert row["left"] == pytest.approx(row["margin"] - row["cost"])
    assert row["naive_cost"] == pytest.approx(row["naive_recruits"] * 1_500)
    assert row["naive_probability"] < 0.8
    assert pd.isna(row["cost_missing"])


def test_half_of_what_levers_are_to_change_makes_the_goal_less_sure(found: PracticeResult) -> None:
    rows = found.tables["mixes"].set_index("mix")
    assert rows.loc[TODAY, "probability_half"] < rows.loc[TODAY, "probability"]
    assert rows.loc[RECRUITING, "probability_half"] == rows.loc[RECRUITING, "probability"]


def test_the_finding_leads_with_its_ways_and_a_first_step(found: PracticeResult) -> None:
    first = found.findings[0]
    assert first.id == "reach.mixes.reach_goal:portfolio:all"
    within = found.tables["mixes"].set_index("mix").loc["within_reach", "goal_in_reach"]
    assert first.title == (
        f"What this programme has shown reaches {words.money(within, 'EUR', 'en_GB')} as surely as asked, not the goal of EUR 715k; "
        "three ways there all ask for more than it ever did"
    )
    assert first.action.what.startswith("Choose a mix, and give its first lever an owner")
    assert first.worth.amount is not None


def test_the_same_again(portfolio: Portfolio, found: PracticeResult) -> None:
    again = reach.assess(portfolio)
    for name in ("mixes", "mix_levers", "levers"):
        pd.testing.assert_frame_equal(again.tables[name], found.tables[name])


def test_without_a_goal_there_are_levers_in_revenue_and_no_mix(tmp_path: Path) -> None:
    found = reach.assess(channel(tmp_path, {"as_of": "2025-12-31"}))
    assert found.tables["mixes"].empty
    assert found.tables["levers"]["revenue"].notna().any()
    said = [missing for missing in found.not_computed if missing.table == "mixes"]
    assert [(one.needs, "name goal" in one.reason) for one in said] == [("engagement.yaml", True)]


def test_a_goal_beyond_all_says_what_is_within_reach(tmp_path: Path) -> None:
    found = reach.assess(channel(tmp_path, {"as_of": "2025-12-31", "goal": {"revenue": 1e9}}))
    first = found.findings[0]
    assert first.id == "reach.mixes.out_of_reach:portfolio:all"
    assert first.title.startswith("No mix of levers reaches the goal of EUR 1bn")
    assert not found.tables["mixes"]["reaches"].any()


def test_a_goal_that_is_reached_needs_no_mix(tmp_path: Path) -> None:
    found = reach.assess(channel(tmp_path, {"as_of": "2025-12-31", "goal": {"revenue": 100.0}}))
    assert found.tables["mixes"].empty
    assert any("no lever has to be moved" in missing.reason for missing in found.not_computed if missing.table == "mixes")
