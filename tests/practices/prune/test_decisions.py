"""Decisions: who may be judged, what bars an exit, and that the words follow the numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from prmkit.data.portfolio import Portfolio
from prmkit.practices.prune.decisions import fit_decisions
from prmkit.practices.prune.gates import gates, not_judged
from prmkit.practices.prune.scorecard import fit_scorecard
from tests.practices.prune.made_up import AS_OF, lines, made_up, partners

MONTHS = pd.date_range("2023-01-10", periods=36, freq="MS") + pd.Timedelta(days=9)


def programme(folder: Path, *, with_costs: bool = True, tables: dict[str, pd.DataFrame] | None = None, **columns: object) -> Portfolio:
    """Thirty partners at a margin of 30% that cost 50 a month each; the first three buy 50 a month, the others 1,000."""
    rng = np.random.default_rng(0)
    ids = [f"{i:02d}" for i in range(30)]
    sales = pd.concat(
        [
            pd.DataFrame(
                {"partner_id": name, "date": MONTHS, "revenue": (50 if name < "03" else 1000) * np.exp(0.3 * rng.standard_normal(36))}
            )
            for name in ids
        ],
        ignore_index=True,
    )
    sales = sales.assign(cost=0.7 * sales["revenue"])
    firsts = pd.date_range("2025-01-01", periods=12, freq="MS")
    support = pd.concat([pd.DataFrame({"partner_id": name, "month": firsts, "cost": 50.0}) for name in ids], ignore_index=True)
    given = {"support": support.assign(kind="technical")} if with_costs else {}
    about = partners(*ids, **{"joined_on": "2022-01-01", "territory": "North", "partner_type": "reseller", **columns})
    return made_up(folder, sales, about, {**given, **(tables or {})})


def decided(portfolio: Portfolio) -> pd.DataFrame:
    return fit_decisions(portfolio).set_index("partner_id")


def test_those_that_surely_cost_more_than_they_bring_go(tmp_path: Path) -> None:
    portfolio = programme(tmp_path)
    made = decided(portfolio)
    assert made.index[made["decision"] == "exit"].tolist() == ["00", "01", "02"]
    row = made.loc["00"]
    fair = fit_scorecard(portfolio).rows.set_index("partner_id").loc["00", "fair_contribution"]
    assert row["value_keep"] == pytest.approx(2 * fair, rel=0.01)
    assert row["value_exit"] > 0 > row["value_keep"]
    assert row["p_decision_right"] > 0.9
    assert row["review_on"] == AS_OF + pd.Timedelta(days=91)


def test_without_cost_to_serve_nobody_goes_and_break_even_is_told(tmp_path: Path) -> None:
    portfolio = programme(tmp_path, with_costs=False)
    made = decided(portfolio)
    assert not (made["decision"] == "exit").any()
    assert made.loc["03":, "break_even_cost_to_serve"].to_numpy() == pytest.approx(12 * 300, rel=0.25)
    assert made.loc[:"02", "break_even_cost_to_serve"].to_numpy() == pytest.approx(12 * 15, rel=0.4)


def test_one_that_costs_far_more_to_serve_than_its_like_is_to_be_fixed_first(tmp_path: Path) -> None:
    more = pd.DataFrame({"partner_id": ["05"], "month": ["2025-06-01"], "kind": "other", "cost": [20_000.0]})
    usual = pd.DataFrame({"partner_id": [f"{i:02d}" for i in range(30)], "month": "2025-05-01", "kind": "technical", "cost": 600.0})
    made = decided(programme(tmp_path, with_costs=False, tables={"support": pd.concat([usual, more], ignore_index=True)}))
    assert made.loc["05", "decision"] == "fix"
    assert made.loc["05", "fix_gain"] == pytest.approx(20_000, rel=0.05)


def test_costs_missing_for_most_bar_even_the_surest_exit(tmp_path: Path) -> None:
    support = pd.DataFrame({"partner_id": ["00"], "month": ["2025-06-01"], "kind": "technical", "cost": [50_000.0]})
    made = decided(programme(tmp_path, with_costs=False, tables={"support": support}))
    assert made.loc["00", "p_below_hurdle"] == 1.0
    assert made.loc["00", "decision"] != "exit"
    assert "cost to serve is not known for most partners" in made.loc["00", "why"]


def test_the_only_productive_partner_of_a_territory_and_open_deals_bar_an_exit(tmp_path: Path) -> None:
    deals = pd.DataFrame({"deal_id": ["d"], "partner_id": ["01"], "opened_on": ["2025-11-01"], "outcome": ["open"], "amount": [12_000.0]})
    agreements = pd.DataFrame({"agreement_id": ["x"], "partner_id": ["02"], "notice_days": [60], "cure_days": [30], "exclusive": [True]})
    territory = ["Far", *["North"] * 29]
    made = decided(programme(tmp_path, tables={"deals": deals, "agreements": agreements}, territory=territory))
    assert made.loc["00", "gates"] == "only productive partner in Far"
    assert made.loc["01", "gates"] == "open deals of EUR 12k"
    assert made.loc["02", "gates"] == "60 days' notice; 30 days to cure; exclusive agreement"
    assert (made.loc[["00", "01"], "decision"] != "exit").all()
    assert made.loc["02", "decision"] == "exit"
    assert made.loc["02", "review_on"] == AS_OF + pd.Timedelta(days=60)


def test_closed_or_expired_deals_bar_nothing(tmp_path: Path) -> None:
    deals = pd.DataFrame(
        {
            "deal_id": ["1", "2"],
            "partner_id": ["01", "01"],
            "opened_on": "2025-01-01",
            "outcome": ["won", "open"],
            "amount": 5.0,
            "closed_on": ["2025-02-01", None],
            "expires_on": [None, "2025-06-01"],
        }
    )
    made = gates(programme(tmp_path, tables={"deals": deals})).set_index("partner_id")
    assert not made.loc["01", "barred"]


def test_kinds_that_are_not_judged_on_resale(tmp_path: Path) -> None:
    kinds = ["referral", "isv", "si", "si", *["reseller"] * 26]
    parts = pd.DataFrame({"deal_id": ["d"], "partner_id": ["03"], "role": ["sourced"]})
    deals = pd.DataFrame({"deal_id": ["d"], "opened_on": ["2025-01-01"], "outcome": ["won"], "closed_on": ["2025-02-01"]})
    made = decided(programme(tmp_path, tables={"deals": deals, "deal_partners": parts}, partner_type=kinds))
    assert made.loc[["00", "01", "02"], "decision"].tolist() == ["not_judged"] * 3
    assert made.loc["03", "decision"] in {"keep", "grow", "fix"}
    assert made.loc[["00", "01", "02"], ["value_keep", "p_decision_right"]].isna().all().all()


def test_who_cannot_be_judged(tmp_path: Path) -> None:
    sales = lines(("a", "2025-11-05", 10.0), ("b", "2025-11-05", 10.0), ("c", "2025-11-05", 10.0))
    about = partners("a", "b", "c", "d", status=["terminated", "prospect", "active", "active"], ended_on=[None, None, "2025-12-01", None])
    reasons = not_judged(made_up(tmp_path, sales, about))
    assert reasons.tolist() == [
        "the relationship has ended",
        "not yet a partner",
        "the relationship has ended",
        "never bought, and when it joined is not known",
    ]


def test_the_young_are_too_early_and_reviewed_when_they_are_not(tmp_path: Path) -> None:
    sales = lines(("a", "2025-07-01", 10.0), ("b", "2024-01-01", 10.0))
    made = fit_decisions(made_up(tmp_path, sales, partners("a", "b", "c", joined_on=[None, None, "2025-10-01"]))).set_index("partner_id")
    assert made["decision"].tolist() == ["too_early", "not_judged", "too_early"]
    assert made.loc["a", "review_on"] == pd.Timestamp("2026-07-01")
    longer = made_up(tmp_path, sales, partners("a", "b"), reach={"ramp_months": 36})
    assert fit_decisions(longer)["decision"].tolist() == ["too_early", "too_early"]


def test_sold_at_a_worse_margin_than_like_partners_is_to_be_fixed(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    ids = [f"{i:02d}" for i in range(40)]
    parts = []
    for name in ids:
        revenue = 1000 * np.exp(0.3 * rng.standard_normal(36))
        rate = -0.15 if name < "04" else 0.3
        parts.append(
            pd.DataFrame(
                {"partner_id": name, "date": MONTHS, "revenue": revenue, "cost": revenue * (1 - rate - 0.02 * rng.standard_normal(36))}
            )
        )
    about = partners(*ids, joined_on="2022-01-01", territory="North")
    made = decided(made_up(tmp_path, pd.concat(parts, ignore_index=True), about))
    assert made.index[made["decision"] == "fix"].tolist() == ["00", "01", "02", "03"]
    assert made.loc["00", "fix_gain"] == pytest.approx(0.4 * 12_000, rel=0.3)
    assert (made.loc["10":, "fix_gain"] < 1_000).all()


def test_adventureworks(adventureworks: Portfolio) -> None:
    made = fit_decisions(adventureworks)
    counts = made["decision"].value_counts()
    assert counts.sum() == 701
    assert "exit" not in counts
    assert counts["not_judged"] == 66
    assert counts["too_early"] == 207
    assert made["review_on"].notna().all()
    judged = ~made["decision"].isin(["not_judged", "too_early"])
    assert made.loc[judged, ["value_keep", "value_fix", "value_exit", "p_decision_right"]].notna().all().all()
