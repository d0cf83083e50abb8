"""Partners' own books on our line, worked out by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmkit.data.portfolio import Portfolio, open_portfolio
from prmkit.practices import know
from prmkit.practices.know.earning.earning_model import MODELS, earning_model
from prmkit.practices.know.earning.resale import ABOVE_LIST, NO_COST, NO_LIST, RETURNED, resale
from prmkit.practices.know.earning.selling_time import months_there
from prmkit.practices.know.earning.vendor_rank import rank_of_share
from tests.data.handmade import client, line

YEAR = {"as_of": "2025-12-31", "economics": {"partner_hourly_cost": 50.0}}
OPENED = {"joined_on": pd.Timestamp("2020-01-01")}


def opened(folder: Path, lines: Iterable[Mapping[str, Any]], settings: Mapping[str, Any] | None = None, **rows: Any) -> Portfolio:
    return open_portfolio(client(folder, lines, {**YEAR, **(settings or {})}, **rows))


def case(number: int, partner: str, by: str) -> dict[str, Any]:
    return {"ticket_id": f"{partner}{number}", "partner_id": partner, "opened_on": pd.Timestamp("2025-05-05"), "handled_by": by}


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


def by_hand(folder: Path, **settings: Any) -> pd.DataFrame:
    """A bought goods of list price 10,000 for 6,000 and sold them for 9,000; four sellers give us a quarter of their time."""
    lines = [
        line("2025-03-01", "A", "6000", list_amount="10000", channel="sell_in", kind="new"),
        line("2025-04-01", "A", "9000", list_amount="10000", channel="sell_out", kind="new"),
        line("2025-04-01", "B", "100", channel="sell_in"),
        line("2024-12-31", "A", "777", list_amount="900", channel="sell_in"),
    ]
    partners = [
        {"partner_id": "A", "name": "a", "services_share": 0.25, "resale_share": 0.75, "sales_headcount": 4, **OPENED},
        {"partner_id": "B", "name": "b", **OPENED},
    ]
    incentives = [
        {"incentive_id": str(rank), "partner_id": "A", "programme": programme, "amount": amount, "status": status, **dates}
        for rank, (programme, amount, status, dates) in enumerate(
            [
                ("rebate", 150, "paid", {"starts_on": day("2025-01-01"), "paid_on": day("2025-06-01")}),
                ("mdf", 500, "paid", {"starts_on": day("2025-01-01"), "paid_on": day("2025-06-01")}),
                ("bonus", 900, "approved", {"starts_on": day("2025-01-01")}),
                ("rebate", 80, "paid", {"starts_on": day("2024-01-01"), "paid_on": day("2024-06-01")}),
            ]
        )
    ]
    trainings = [
        {"person_id": "p", "partner_id": "A", "course_id": "c", "completed_on": day("2025-02-02"), "hours": 10, "cost": 80},
        {"person_id": "p", "partner_id": "A", "course_id": "c", "completed_on": day("2024-02-02"), "hours": 90, "cost": 80},
    ]
    people = [
        {"person_id": "p", "partner_id": "A", "role": "sales", "sells_us_share": 0.2},
        {"person_id": "q", "partner_id": "A", "role": "sales", "sells_us_share": 0.3},
        {"person_id": "gone", "partner_id": "A", "role": "sales", "sells_us_share": 0.9, "active_to": day("2025-06-01")},
        {"person_id": "t", "partner_id": "A", "role": "technical", "sells_us_share": 0.9},
    ]
    tickets = [
        *(case(n, "B", "vendor") for n in range(30)),
        *(case(n, "A", "partner") for n in range(2)),
        *(case(n, "A", "both") for n in (8, 9)),
    ]
    support = [{"partner_id": "B", "month": day("2025-05-01"), "kind": "technical", "hours": 62}]
    tables = {"partners": partners, "incentives": incentives, "trainings": trainings, "people": people, "tickets": tickets}
    found = know.assess(opened(folder, lines, {"measure": "sell_in", **settings}, support=support, **tables))
    return found.tables["economics"].set_index("partner_id")


def test_a_partners_books_to_the_cent(tmp_path: Path) -> None:
    row = by_hand(tmp_path).loc["A"]
    assert row["resale_profit"] == pytest.approx(3_000.00, abs=0.005)
    assert row["resale_margin"] == pytest.approx(1 / 3)
    assert row["list_margin"] == pytest.approx(0.4)
    assert row["price_basis"] == "measured"
    assert row["attach_rate"] == pytest.approx(1 / 3)
    assert row["services_profit"] == pytest.approx(9_000 / 3 * 0.4, abs=0.005)
    assert row["incentives"] == 650
    assert row["incentives_earned"] == 150
    assert row["marketing_funds"] == 500  # comes in and goes out again
    assert row["training_cost"] == 10 * 50 + 80
    assert row["support_cost"] == pytest.approx(3 * 2 * 50)  # two cases and half of two, at our 62 hours for 31
    assert row["gross_profit"] == pytest.approx(3_000 + 1_200 + 150 - 580 - 300, abs=0.005)
    assert row["hours_on_line"] == pytest.approx(4 * 0.25 * 1_600)
    assert row["profit_per_rep_hour"] == pytest.approx(3_470 / 1_600, abs=0.000_005)
    assert row["profit_per_rep_hour_low"] < 3_470 / 1_600 < row["profit_per_rep_hour_high"]
    assert row["bought_share"] == pytest.approx(150 / 3_470)
    assert (row["heads_basis"], row["time_basis"]) == ("stated", "its salespeople say")
    assert row["model"] == "resale_led"
    assert pd.isna(row["left_out"])
    assert row["basis"] == "estimated"


def test_settings_move_what_they_say(tmp_path: Path) -> None:
    economics = {"partner_hourly_cost": 20.0, "services_margin": 0.5, "selling_hours": 1_000.0}
    row = by_hand(tmp_path, economics=economics).loc["A"]
    assert row["gross_profit"] == pytest.approx(3_000 + 1_500 + 150 - 280 - 120, abs=0.005)
    assert row["profit_per_rep_hour"] == pytest.approx(4_250 / 1_000)


def test_without_a_price_of_an_hour_training_and_cases_are_left_out_and_said(tmp_path: Path) -> None:
    row = by_hand(tmp_path, economics={}).loc["A"]
    assert row["training_cost"] == 80
    assert pd.isna(row["support_cost"])
    assert row["gross_profit"] == pytest.approx(3_000 + 1_200 + 150 - 80, abs=0.005)
    assert row["left_out"] == "its people's hours in training; the cases it solves for customers itself"


def test_the_index_sets_an_hour_with_us_against_all_they_sell(tmp_path: Path) -> None:
    """A earns 250,000 x 20% with 5 sellers: 6.25 an hour; our 2,000 on 10,000 of list price take a tenth of 8,000 hours: 2.50."""
    partners = [
        {"partner_id": name, "name": name, "annual_revenue": turnover, "sales_headcount": 5, "vendor_count": 4, **OPENED}
        for name, turnover in (("A", 250_000.0), ("B", None))
    ]
    lines = [
        line(f"2025-{month:02}-01", name, "500", list_amount="833.3333333333", channel="sell_in") for name in "AB" for month in range(1, 13)
    ]
    people = [{"person_id": f"{name}{n}", "partner_id": name, "role": "sales", "sells_us_share": 0.1} for name in "AB" for n in range(30)]
    given = {"measure": "sell_in", "economics": {"partner_margin": 0.2, "passed_on": 0.5}}
    rows = know.assess(opened(tmp_path, lines, given, partners=partners, people=people)).tables["economics"].set_index("partner_id")
    row = rows.loc["A"]
    assert row["salespeople"] == 30  # more are listed by name than it states
    assert row["alternative_per_rep_hour"] == pytest.approx(250_000 * 0.2 / (30 * 1_600))
    assert row["hour_index"] == pytest.approx(row["profit_per_rep_hour"] / row["alternative_per_rep_hour"])
    assert row["gross_profit"] == pytest.approx(2_000, abs=0.01)
    assert row["worth_their_while"] == ("no" if row["hour_index_high"] < 1 else "cannot_tell")
    assert row["worth_their_while"] == "no"
    assert rows.loc["B", "worth_their_while"] == "cannot_tell"
    assert np.isnan(rows.loc["B", "hour_index"])
    assert rows.loc["B", "time_share"] == pytest.approx(0.1)


def test_prices_as_far_as_the_records_know_them(tmp_path: Path) -> None:
    lines = [
        line("2025-03-01", "through", "600", list_amount="1000", channel="sell_through"),
        line("2025-03-01", "both", "600", list_amount="1000", channel="sell_through"),
        line("2025-03-01", "both", "500", list_amount="1000", channel="sell_in"),
        line("2025-03-01", "bare", "600", channel="sell_through"),
        line("2025-03-01", "dear", "1100", list_amount="1000", channel="sell_through"),
        line("2025-03-01", "back", "-5", list_amount="10", channel="sell_through"),
        line("2025-03-01", "tiered", "700", channel="sell_through"),
    ]
    ids = ("through", "both", "bare", "dear", "back", "tiered")
    partners = [{"partner_id": name, "name": name, "tier": "gold" if name == "tiered" else None} for name in ids]
    requirements = [{"tier": "gold", "metric": "revenue", "threshold": 1, "discount": 0.3}]
    rows = resale(opened(tmp_path, lines, {"measure": "sell_through"}, partners=partners, requirements=requirements)).set_index(
        "partner_id"
    )
    assert rows["reason"].dropna().to_dict() == {"bare": NO_LIST, "dear": ABOVE_LIST, "back": RETURNED}
    assert rows["price_basis"].to_dict() == {
        "through": "estimated",
        "both": "measured",
        "bare": "none",
        "dear": "none",
        "back": "none",
        "tiered": "estimated",
    }
    assert rows.loc["through", ["paid", "paid_rate", "list_margin"]].tolist() == pytest.approx([600, 0.6, 0.4])
    assert rows.loc["both", ["paid", "paid_rate", "street_rate"]].tolist() == pytest.approx([500, 0.5, 0.6])
    assert rows.loc["tiered", ["paid", "paid_rate"]].tolist() == pytest.approx([700, 0.7])
    assert np.isnan(rows.loc["through", "street_rate"])


def test_sell_out_alone_says_what_customers_paid_and_not_what_the_partner_did(tmp_path: Path) -> None:
    lines = [line("2025-03-01", name, "900", list_amount="1000", channel="sell_out") for name in ("plain", "gold")]
    partners = [{"partner_id": "plain", "name": "p"}, {"partner_id": "gold", "name": "g", "tier": "gold"}]
    requirements = [{"tier": "gold", "metric": "revenue", "threshold": 1, "discount": 0.4}]
    rows = resale(opened(tmp_path, lines, partners=partners, requirements=requirements)).set_index("partner_id")
    assert rows.loc["plain", "reason"] == NO_COST
    assert rows.loc["gold", ["paid", "paid_rate", "street_rate"]].tolist() == pytest.approx([600, 0.6, 0.9])
    assert rows.loc["gold", "price_basis"] == "estimated"


def test_won_deals_show_the_price_where_they_lie_above_what_was_paid(tmp_path: Path) -> None:
    ids = [f"P{number}" for number in range(8)]
    lines = [line("2025-03-01", name, "600", list_amount="1000", channel="sell_in") for name in ids]

    def rows(folder: str, amount: float) -> pd.DataFrame:
        (tmp_path / folder).mkdir()
        deals = [
            {"deal_id": f"{name}-{n}", "partner_id": name, "closed_on": day("2025-05-05"), "outcome": "won", "list_amount": 1_000.0}
            | {"amount": amount + (50.0 if name == "P0" else 0.0)}
            for name in ids[:4]
            for n in range(5)
        ]
        return resale(opened(tmp_path / folder, lines, deals=deals)).set_index("partner_id")

    street = rows("above", 850.0)["street_rate"]
    pooled = (np.log(0.9) + 3 * np.log(0.85)) / 4
    assert street["P7"] == pytest.approx(np.exp(pooled))
    assert street["P0"] == pytest.approx(np.exp((5 * np.log(0.9) + 5 * pooled) / 10))  # five deals of its own weigh as much as all
    assert rows("same", 595.0)["street_rate"].isna().all()  # at what partners paid: no second price


def test_heads_are_foretold_where_others_show_them(tmp_path: Path) -> None:
    partners = [
        {"partner_id": f"P{n:02}", "name": "x", "employees": 10 * (n + 1), "sales_headcount": 3 * (n + 1) if n < 12 else None, **OPENED}
        for n in range(13)
    ]
    lines = [line("2025-03-01", one["partner_id"], "100", list_amount="150") for one in partners]
    people = [{"person_id": one["partner_id"], "partner_id": one["partner_id"], "role": "sales", "sells_us_share": 0.5} for one in partners]
    rows = know.assess(opened(tmp_path, lines, partners=partners, people=people)).tables["economics"]
    assert rows["salespeople"].iloc[12] == pytest.approx(39)
    assert rows["heads_basis"].iloc[12] == "from its size, as at other partners"
    assert (rows["heads_basis"].iloc[:12] == "stated").all()
    few = know.assess(opened(tmp_path, lines[4:], partners=partners[4:], people=people[4:])).tables["economics"]
    assert few["heads_basis"].iloc[8] == "listed by name"
    assert few["salespeople"].iloc[8] == 1


def test_hours_count_only_while_the_partner_was_there(tmp_path: Path) -> None:
    partners = [
        {"partner_id": "old", "name": "o", **OPENED},
        {"partner_id": "new", "name": "n", "joined_on": day("2025-10-01")},
        {"partner_id": "left", "name": "l", "ended_on": day("2025-09-30"), **OPENED},
        {"partner_id": "undated", "name": "u"},
    ]
    lines = [line("2025-07-01", "undated", "5"), line("2023-01-01", "old", "5"), line("2025-12-30", "new", "5")]
    found = months_there(opened(tmp_path, lines, partners=partners))
    assert found == pytest.approx([9, 3, 12, 6], abs=0.06)  # left, new, old, undated


@pytest.mark.parametrize(("vendors", "rank", "share"), [(2, 1, 0.667), (5, 1, 0.333), (5, 2, 0.267), (5, 5, 0.067)])
def test_ranks_by_the_wallet_allocation_rule(vendors: int, rank: int, share: float) -> None:
    """Published values of the rule: two vendors ranked first, five ranked first, second and last."""
    found = rank_of_share(np.array([share]), np.array([float(vendors)]))
    assert found[0] == pytest.approx(rank, abs=0.02)


@given(st.integers(1, 40), st.floats(0.001, 1))
def test_a_rank_lies_among_the_vendors(vendors: int, share: float) -> None:
    more, less = rank_of_share(np.array([share, share / 2]), np.array([vendors, vendors], dtype=float))
    assert 1 <= more <= less <= vendors


def test_what_partners_live_on(tmp_path: Path) -> None:
    partners = [
        {"partner_id": "goods", "name": "x", "resale_share": 0.9, "services_share": 0.1, "recurring_share": 0.1},
        {"partner_id": "hands", "name": "x", "services_share": 0.8, "recurring_share": 0.1},
        {"partner_id": "rent", "name": "x", "resale_share": 0.7, "services_share": 0.3, "recurring_share": 0.9},
        {"partner_id": "edge", "name": "x", "resale_share": 0.6, "services_share": 0.4},
        {"partner_id": "judged", "name": "x"},
        {"partner_id": "torn", "name": "x"},
        {"partner_id": "silent", "name": "x"},
    ]
    answers = [
        ("judged", "services", "m"),
        ("torn", "services", "m"),
        ("torn", "resale", "n"),
        ("goods", "resale", "m"),
        ("hands", "resale", "m"),
    ]
    estimates = [{"partner_id": who, "question": "earns_most", "answer": said, "judged_by": by} for who, said, by in answers]
    lines = [line("2025-03-01", one["partner_id"], "100") for one in partners]
    rows = earning_model(opened(tmp_path, lines, partners=partners, estimates=estimates)).set_index("partner_id")
    # one of two managers agreed with what the partner states: (2 + 1) / (3 + 2) = .6
    assert rows["model"].to_dict() == {
        "edge": "not_known",
        "goods": "resale_led",
        "hands": "services_led",
        "judged": "services_led",
        "rent": "recurring_led",
        "silent": "not_known",
        "torn": "not_known",
    }
    assert rows.loc["judged", "model_chance"] == pytest.approx(0.6)
    assert rows.loc["judged", "model_basis"] == "estimated"
    assert rows.loc["goods", "model_basis"] == "surveyed"
    assert rows.loc["goods", "model_chance"] > 0.95
    assert set(rows["model"]) <= set(MODELS)


def test_three_months_of_ten_partners_are_answered_in_words(tmp_path: Path) -> None:
    lines = [line(f"2025-{month}-15", f"P{n}", f"{100 * (n + 1)}") for month in (10, 11, 12) for n in range(10)]
    found = know.assess(opened(tmp_path, lines))
    rows = found.tables["economics"]
    assert rows["gross_profit"].isna().all()
    assert rows["reason"].eq(f"{NO_LIST}; how many salespeople it has is not known").all()
    assert rows["model"].eq("not_known").all()
    named = {(one.table, one.column): one.reason for one in found.not_computed}
    assert named["economics", "profit_per_rep_hour"] == "what partners keep of a sale with us is not known"
    assert "names no partner_margin" in named["economics", "hour_index"]
    assert ("economics", "rank_among_vendors") in named
    assert not [one for one in found.findings if one.id.startswith("know.economics")]


def programme(folder: Path, unit: float = 1.0) -> Portfolio:
    """Forty partners of one kind: half of them give our line ten times the hours for the same sales."""
    rng = np.random.default_rng(8)
    partners, lines, people, incentives = [], [], [], []
    for n in range(40):
        name = f"P{n:02}"
        partners.append(
            {
                "partner_id": name,
                "name": name,
                "partner_type": "var",
                "sales_headcount": 30 if n < 10 else 3,
                "services_share": 0.4,
                **OPENED,
            }
        )
        people += [{"person_id": f"{name}{i}", "partner_id": name, "role": "sales", "sells_us_share": 0.3} for i in range(3)]
        for month in range(1, 13):
            amount = unit * 10_000 * rng.gamma(20, 1 / 20)
            listed = f"{amount / 0.7:.6f}"
            lines.append(line(f"2025-{month:02}-10", name, f"{amount:.6f}", list_amount=listed, channel="sell_in"))
            lines.append(line(f"2024-{month:02}-10", name, f"{amount:.6f}", list_amount=listed, channel="sell_in"))
        if n >= 36:
            paid = {"starts_on": day("2025-01-01"), "paid_on": day("2025-06-01"), "status": "paid"}
            incentives.append({"incentive_id": name, "partner_id": name, "programme": "rebate", "amount": 300_000.0 * unit, **paid})
    settings = {"economics": {"passed_on": 0.5, "partner_hourly_cost": 40.0 * unit}}
    return opened(folder, lines, settings, partners=partners, people=people, incentives=incentives)


def test_findings_name_those_that_earn_little_and_those_we_pay(tmp_path: Path) -> None:
    found = know.assess(programme(tmp_path))
    rows = found.tables["economics"].set_index("partner_id")
    assert (rows["against_kind"].iloc[:10] == "below").all()
    assert not (rows["against_kind"].iloc[10:36] == "below").any()
    said = {one.id.split(":")[0]: one for one in found.findings if one.id.startswith("know.economics")}
    assert said["know.economics.below_kind"].title == "10 of 40 partners earn clearly less by the hour with us than others of their kind"
    assert said["know.economics.bought"].title == "At 4 partners most of what they earn with us is what we pay them for selling"
    assert said["know.economics.bought"].value.amount == 1_200_000
    services = said["know.economics.services"]
    assert services.value.amount == pytest.approx(rows["services_profit"].sum() / rows["gross_profit"].sum())
    assert services.value.low is not None
    assert services.value.high is not None
    assert services.value.low <= services.value.amount <= services.value.high
    assert all(one.worth.amount is None and one.caveats for one in said.values())
    models = found.tables["earning_models"].set_index("model")
    assert models.loc["all", "partners"] == 40
    assert models["partners"].drop("all").sum() == 40
    assert models["revenue"].drop("all").sum() == pytest.approx(models.loc["all", "revenue"])
    parts = models[["typical_resale_profit", "typical_services_profit", "typical_incentives_earned"]].sum(axis=1)
    parts -= models[["typical_training_cost", "typical_support_cost"]].sum(axis=1)
    assert parts.to_numpy() == pytest.approx(models["typical_profit"].to_numpy())
    assert models.loc["all", "profit_per_rep_hour"] == pytest.approx(rows["gross_profit"].sum() / rows["hours_on_line"].sum())


def test_nothing_but_money_changes_with_the_unit_of_money(tmp_path: Path) -> None:
    for folder in ("one", "cents"):
        (tmp_path / folder).mkdir()
    one, cents = (know.assess(programme(tmp_path / folder, unit)) for folder, unit in (("one", 1.0), ("cents", 128.0)))
    left, right = (found.tables["economics"] for found in (one, cents))
    money = [
        "resale_profit",
        "services_profit",
        "gross_profit",
        "gross_profit_low",
        "gross_profit_high",
        "profit_per_rep_hour",
        "incentives",
    ]
    for column in money:
        assert right[column].to_numpy() == pytest.approx(128 * left[column].to_numpy(), rel=1e-6), column
    for column in ("resale_margin", "hours_on_line", "bought_share", "time_share"):
        assert right[column].to_numpy() == pytest.approx(left[column].to_numpy(), rel=1e-6), column
    for column in ("against_kind", "model", "basis", "worth_their_while"):
        assert right[column].tolist() == left[column].tolist()
    assert [f.id for f in one.findings if "economics" in f.id] == [f.id for f in cents.findings if "economics" in f.id]
