"""Engagement expected of a partner's like: hand-made clients, AdventureWorks, and worlds whose truth is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from prmkit.data.portfolio import Portfolio, open_portfolio
from prmkit.practices.know.effort import engagement
from prmkit.practices.know.effort.engagement_findings import does_less
from prmkit.practices.know.effort.stated_role import stated_role
from tests.data.handmade import client, line


def ordering(
    folder: Path, rates: np.ndarray, seed: int = 1, partners: list[dict[str, object]] | None = None, **more: list[dict[str, object]]
) -> Portfolio:
    """Partners with these order days a year, at random, each with one first order long ago; amounts of 100, cost 70."""
    rng = np.random.default_rng(seed)
    lines = [line("2024-01-15", f"P{number:03}", "100", cost="70") for number in range(len(rates))]
    for number, rate in enumerate(rates):
        days = rng.choice(365, size=min(rng.poisson(rate), 365), replace=False)
        lines += [
            line(str((pd.Timestamp("2025-01-01") + pd.Timedelta(days=int(day))).date()), f"P{number:03}", "100", cost="70") for day in days
        ]
    listed = [{"partner_id": f"P{number:03}", "name": "x"} for number in range(len(rates))]
    for number, extra in enumerate(partners or []):
        listed[number] |= {name: str(value) if name == "partner_type" else value for name, value in extra.items()}
    return open_portfolio(client(folder, lines, {"as_of": "2025-12-31"}, partners=listed, **more))


def test_size_and_stated_role_set_what_is_expected(tmp_path: Path) -> None:
    """Two sizes, two roles: 6, 12, 24 and 48 order days a year; each cell's expectation is its own mean."""
    cell = np.arange(400) % 4
    partners = [{"employees": 10.0 if one < 2 else 100.0, "vendor_count": 1.0 if one % 2 else 10.0} for one in cell]
    made = ordering(tmp_path, np.array([6.0, 12.0, 24.0, 48.0])[cell], partners=partners)
    assert stated_role(made).value_counts().to_dict() == {"primary": 200, "add_on": 200}
    rows = engagement.engagement(made)
    for one in range(4):
        mine = rows[cell == one]
        assert mine["expected"].mean() == pytest.approx(mine["seen"].mean(), rel=0.05)
        assert mine["expected"].std() < 0.02 * mine["expected"].mean()
    inside = (rows["seen"] >= rows["expected_low"]) & (rows["seen"] <= rows["expected_high"])
    assert 0.88 <= inside.mean() <= 0.96
    assert rows["unit"].eq("order days in 12 months").all()


def test_nobody_does_less_where_all_are_alike_though_half_lie_below_the_average(tmp_path: Path) -> None:
    named = below = 0
    for seed in range(5):
        rows = engagement.engagement(ordering(tmp_path, np.full(120, 10.0), seed))
        named += int(rows["does_less"].sum())
        below += int((rows["seen"] < rows["expected"]).sum())
    assert named <= 6  # of 600
    assert below > 200


def test_those_that_truly_do_less_are_named_with_few_others(tmp_path: Path) -> None:
    """A fifth order at a third of the rate of their like; rates differ besides."""
    rng, hits, wrong, named, low = np.random.default_rng(11), 0, 0, 0, 0
    for seed in range(5):
        rates = 20 * np.r_[np.full(40, 1 / 3), np.full(160, 1.15)] * rng.gamma(30, 1 / 30, 200)
        rows = engagement.engagement(ordering(tmp_path, rates, seed))
        usual = rates.mean()
        less = rows["does_less"].to_numpy(bool)
        named, hits = named + int(less.sum()), hits + int(less[:40].sum())
        wrong += int((less & (rates > engagement.LESS * usual)).sum())
        low += int((rows["seen"] < rows["expected_low"]).sum())
    assert hits > 0.8 * 200
    assert wrong <= 0.12 * named
    assert low < 0.6 * hits  # the range alone misses many of them


def test_one_gone_quiet_among_regular_orderers_is_named_and_not_for_the_call_list(tmp_path: Path) -> None:
    rates = np.full(80, 12.0)
    rates[:8] = 0.0
    made = ordering(tmp_path, rates)
    rows = engagement.engagement(made).set_index("partner_id")
    assert rows.loc["P000":"P007", "does_less"].all()
    assert (rows.loc["P000":"P007", "chance_it_does_less"] > 0.9).all()
    assert does_less(made, rows.reset_index()) is None


def test_the_gap_is_priced_from_the_highest_rate_the_orders_allow(tmp_path: Path) -> None:
    rates = np.r_[np.full(20, 4.0), np.full(100, 30.0)]
    made = ordering(tmp_path, rates)
    rows = engagement.engagement(made)
    found = does_less(made, rows)
    assert found is not None
    named = rows[rows["does_less"] & (rows["seen"] > 0)]
    assert len(set(named["partner_id"]) - {f"P{number:03}" for number in range(20)}) <= 0.1 * len(named)
    by_hand = ((named["expected"] - named["own_high"]).clip(lower=0) / 2 * 100).sum() * 0.3
    assert found.worth.amount == pytest.approx(by_hand)
    assert found.value.amount == len(named) >= 15


def test_other_ways_of_engaging_are_counted_where_they_are_on_record(tmp_path: Path) -> None:
    deals = [
        {"deal_id": f"D{number}-{one}", "partner_id": f"P{number:03}", "registered_on": pd.Timestamp("2025-05-05"), "outcome": "open"}
        for number in range(70)
        for one in range(5 if number else 0)
    ]
    late = [{"deal_id": "old", "partner_id": "P001", "registered_on": pd.Timestamp("2023-05-05"), "outcome": "open"}]
    funds = [
        {"partner_id": f"P{number:03}", "programme": programme, "starts_on": pd.Timestamp("2025-03-01"), "amount": 10, "status": status}
        for number in range(70)
        for programme, status in (("mdf", "paid"), ("mdf", "rejected"), ("rebate", "paid"))
    ]
    rows = engagement.engagement(ordering(tmp_path, np.full(70, 10.0), deals=deals + late, incentives=funds)).set_index("partner_id")
    assert rows["registrations_seen"].tolist() == [0.0] + [5.0] * 69
    assert rows["registrations_expected"].to_numpy() == pytest.approx(np.full(70, 5 * 69 / 70), rel=1e-6)
    assert rows["funds_seen"].eq(1).all()
    assert "trainings_seen" not in rows


def test_what_the_partner_answers_goes_before_what_others_say(tmp_path: Path) -> None:
    answers = [
        {
            "response_id": f"R{number}",
            "respondent": "partner",
            "partner_id": f"P{number:03}",
            "date": pd.Timestamp("2025-10-01"),
            "question_id": "portfolio_role",
            "score": score,
        }
        for number, score in enumerate([1.0, 2.0, 3.0])
    ]
    judged = [
        {"partner_id": f"P{number:03}", "question": "portfolio_role", "answer": "main_line", "judged_on": pd.Timestamp("2025-11-01")}
        for number in (2, 3)
    ]
    partners: list[dict[str, object]] = [{"vendor_count": 10.0}] * 5 + [{}]
    made = ordering(tmp_path, np.full(6, 3.0), partners=partners, surveys=answers, estimates=judged)
    assert stated_role(made).tolist() == ["primary", "core", "add_on", "primary", "add_on", "not stated"]


def test_too_few_to_learn_from_is_said(tmp_path: Path) -> None:
    rows = engagement.engagement(ordering(tmp_path, np.full(20, 5.0)))
    assert rows["expected"].isna().all()
    assert not rows["does_less"].any()
    assert rows["reason"].str.contains("60 are needed").all()


def test_nine_in_ten_resellers_not_learnt_from_lie_in_their_range(adventureworks: Portfolio) -> None:
    """AdventureWorks: each fifth of the resellers foretold from the other four."""
    seen = engagement.order_days(adventureworks)
    given = engagement.judged(adventureworks) & (seen > 0)
    part = np.arange(len(seen)) % 5
    inside = []
    for one in range(5):
        learnt = engagement.learning(adventureworks, part != one)
        assert learnt is not None
        fit, out = learnt.expected(seen), given & (part == one)
        assert fit is not None
        inside.append(((seen >= fit.low) & (seen <= fit.high))[out])
    assert 0.86 <= np.concatenate(inside).mean() <= 0.94
