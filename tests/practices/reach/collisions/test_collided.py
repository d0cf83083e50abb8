"""Channel conflict by hand: who meets whom, how registration works, and what is priced."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from prmkit.data.portfolio import Portfolio, open_portfolio
from prmkit.practices import reach
from prmkit.practices.reach.collisions.agreed_discounts import agreed_discounts
from prmkit.practices.reach.collisions.collided import Collided, collisions
from prmkit.practices.reach.collisions.conflict_findings import conflict_findings
from prmkit.practices.reach.collisions.contacts import OURS, contacts
from prmkit.practices.reach.collisions.cost import Part, total
from prmkit.practices.reach.collisions.encounters import meetings, with_rivals
from prmkit.practices.reach.collisions.erosion import discounts
from prmkit.practices.reach.collisions.losses import episodes, losses
from prmkit.prove.made_quotes import made_quotes
from tests.data.handmade import client, frame, line

AS_OF = "2025-12-31"
PARTNERS = [
    {"partner_id": "A", "name": "Alpha", "territory": "North"},
    {"partner_id": "B", "name": "<b>Beta</b>", "territory": "North"},
    {"partner_id": "C", "name": "Gamma", "territory": "South"},
    {"partner_id": "A2", "name": "Alpha two", "territory": "North", "parent_partner_id": "A"},
]


def deal(number: int, partner: str | None, customer: str, began: str, **more: Any) -> dict[str, Any]:
    made = {"deal_id": f"D{number}", "partner_id": partner, "customer_id": customer, "registered_on": pd.Timestamp(began), **more}
    return {name: pd.Timestamp(value) if name.endswith("_on") else value for name, value in made.items()}


def opened(folder: Path, deals: list[dict[str, Any]], settings: dict[str, Any] | None = None, **tables: Any) -> Portfolio:
    lines = tables.pop("lines", [line("2025-12-31", "A", "1")])
    given = {"deals": deals, **tables} if deals else tables
    return open_portfolio(client(folder, lines, {"as_of": AS_OF, **(settings or {})}, partners=PARTNERS, **given))


def test_lists_of_customers_come_from_sales_and_deals_alike(tmp_path: Path) -> None:
    lines = [
        line("2025-03-01", "A", "100", customer_id="X"),
        line("2025-04-01", "B", "40", customer_id="X"),
        line("2025-04-02", "B", "-50", customer_id="Y"),  # only a return
        line("2025-05-01", "A", "10", customer_id="Z"),
        line("2025-05-01", None, "300", customer_id="Z", territory="North"),
        line("2024-05-01", "C", "9", customer_id="X"),  # before the year
    ]
    deals = [
        deal(1, "B", "Z", "2025-06-01", amount=70.0, outcome="open"),
        deal(2, "A", "X", "2025-02-01", amount=80.0, outcome="won", closed_on="2025-02-20"),
    ]
    found = collisions(opened(tmp_path, deals, lines=lines))
    row = found.tables["conflict"].set_index("territory").loc["North"]
    assert (row["shared_customers"], row["shared_customer_share"]) == (2, 1.0)
    assert row["direct_overlap_share"] == 1.0
    assert row["registration_collisions"] == 0
    pair = found.tables["collision_pairs"].iloc[0]
    assert (pair["partner_id"], pair["other_partner_id"], pair["shared_customers"]) == ("A", "B", 2)
    # A sold 100 to X (its won deal of 80 is the same business) and 10 to Z; B 40 to X and 70 pending at Z
    assert pair["amount_at_stake"] == pytest.approx(100 + 10 + 40 + 70)
    assert (pair["jaccard"], pair["containment"]) == (1.0, 1.0)


def test_partners_that_work_together_or_are_one_house_do_not_collide(tmp_path: Path) -> None:
    deals = [deal(number, who, customer, "2025-06-01") for number, (who, customer) in enumerate([*zip("AABB", "XYXY", strict=True)])]
    deals += [deal(10, "A2", "X", "2025-06-05"), deal(11, "A2", "Y", "2025-06-05")]
    both = [{"deal_id": "D0", "partner_id": "B", "role": "co_sold"}, {"deal_id": "D1", "partner_id": "B", "role": "co_sold"}]
    apart, together = tmp_path / "apart", tmp_path / "together"
    apart.mkdir()
    together.mkdir()
    rivals = collisions(opened(apart, deals))
    friends = collisions(opened(together, deals, deal_partners=both))
    assert set(zip(*rivals.tables["collision_pairs"][["partner_id", "other_partner_id"]].to_numpy().T, strict=True)) == {
        ("A", "B"),
        ("A2", "B"),
    }
    assert friends.tables["collision_pairs"][["partner_id", "other_partner_id"]].to_numpy().tolist() == [["A2", "B"]]
    assert friends.tables["registrations"].iloc[0]["partner_collisions"] == 2


def test_rivals_are_those_that_quote_while_a_deal_runs(tmp_path: Path) -> None:
    deals = [
        deal(1, "A", "X", "2025-05-01", closed_on="2025-06-30"),
        deal(2, "B", "X", "2025-06-15", closed_on="2025-07-30"),  # while A's ran
        deal(3, "C", "X", "2025-07-15", closed_on="2025-08-30"),  # after A's, while B's ran
        deal(4, None, "X", "2025-06-20", closed_on="2025-06-25"),
        deal(5, "A2", "X", "2025-06-01", closed_on="2025-06-20"),  # of A's house
        deal(6, "B", "Y", "2024-01-01", closed_on="2024-02-01"),
    ]
    seen = contacts(opened(tmp_path, deals))
    rows = with_rivals(seen, meetings(seen)).set_index("deal_id")
    assert rows["rivals"].to_dict() == {"D1": 1, "D2": 2, "D3": 1, "D5": 1, "D6": 0}
    assert rows["ours"].to_dict() == {"D1": True, "D2": True, "D3": False, "D5": True, "D6": False}
    assert rows["later"].dropna().to_dict() == {"D1": 1.0, "D5": 1.0, "D6": 0.0}


def test_registrations_by_hand(tmp_path: Path) -> None:
    deals = [
        deal(1, "A", "X", "2025-02-01", decided_on="2025-02-04", approved=True, expires_on="2025-05-01", outcome="open"),
        deal(2, "B", "X", "2025-03-01", decided_on="2025-03-02", approved=False, outcome="lost", lost_to="direct", closed_on="2025-04-01"),
        deal(3, None, "X", "2025-03-15", outcome="won", closed_on="2025-04-01"),
        deal(
            4,
            "B",
            "Y",
            "2025-06-01",
            decided_on="2025-06-11",
            approved=True,
            expires_on="2025-09-01",
            outcome="won",
            closed_on="2025-07-01",
        ),
        deal(
            5, "C", "Y", "2025-09-15", decided_on="2025-09-16", approved=True, outcome="lost", lost_to="competitor", closed_on="2025-10-01"
        ),
        deal(6, "C", "W", "2025-12-30"),  # waits for a decision
        deal(7, "C", "V", "2024-11-30"),  # before the year
    ]
    settings = {"reach": {"protection_days": 90, "approval_days": 3, "arbitration_hours": 4}, "economics": {"hourly_cost": 50.0}}
    found = collisions(opened(tmp_path, deals, settings))
    row = found.tables["registrations"].set_index("territory").loc["all"]
    assert (row["registrations"], row["collisions"], row["partner_collisions"], row["direct_collisions"]) == (5, 2, 1, 2)
    assert row["collision_rate"] == pytest.approx(0.4)
    assert (row["decided"], row["approval_days"]) == (4, 2.0)
    assert row["within_promise"] == pytest.approx(3 / 4)  # the one that waits for two days is not late yet
    assert (row["expired"], row["expired_unworked"], row["expired_blocking"]) == (2, 1, 1)
    assert (row["refused"], row["refused_won_by_others"]) == (1, 1)
    assert (row["lost"], row["lost_to_direct"], row["lost_to_partner"]) == (2, 0.5, 0.0)
    cost = found.tables["conflict_cost"].set_index(["territory", "part"])
    assert cost.loc[("all", "arbitration"), ["cost", "low", "high", "basis"]].tolist() == [400.0, 400.0, 400.0, "assumed"]
    assert cost["basis"].eq("missing").groupby("part").all().to_dict() == {
        "arbitration": False,
        "lost_deals": True,
        "price_direct": True,
        "price_partners": True,
    }
    conflict = found.tables["conflict"].set_index("territory")
    assert conflict["cost"].to_dict() == {"North": 400.0, "South": 0.0}
    assert conflict.loc["North", "cost_missing"] == "discounts beside a second partner; discounts beside our own quote; deals lost over it"
    assert found.tables["collision_pairs"].empty if "collision_pairs" in found.tables else True


def test_a_promise_that_is_not_kept_is_a_finding(tmp_path: Path) -> None:
    deals = [deal(number, "A", f"X{number}", "2025-05-01", decided_on="2025-05-15" if number % 2 else "2025-05-02") for number in range(40)]
    portfolio = opened(tmp_path, deals, {"reach": {"approval_days": 5}})
    (slow,) = conflict_findings(portfolio, collisions(portfolio))
    assert slow.id == "reach.registrations.slow:portfolio:all"
    assert slow.title == "50% of registrations are decided later than promised"
    assert slow.value.high is not None
    assert slow.value.high < 0.65


def test_our_own_people_at_registered_customers_are_a_finding(tmp_path: Path) -> None:
    deals = [deal(number, "AB"[number % 2], f"X{number}", "2025-05-01", amount=100.0) for number in range(40)]
    deals += [deal(100 + number, None, f"X{number}", "2025-06-01") for number in range(8)]
    portfolio = opened(tmp_path, deals)
    found = [one for one in conflict_findings(portfolio, collisions(portfolio)) if "direct" in one.id]
    assert found[0].title == "Our own people work 20% of what partners register"
    assert "on deals of EUR 800" in found[0].statement
    few = [one for one in deals if one["partner_id"] is not None or one["deal_id"] < "D104"]
    (tmp_path / "few").mkdir()
    portfolio = opened(tmp_path / "few", few)
    assert conflict_findings(portfolio, collisions(portfolio)) == ()


@pytest.fixture(scope="module")
def priced(tmp_path_factory: pytest.TempPathFactory) -> tuple[Portfolio, Collided]:
    made = made_quotes(3, customers=150)
    partners = [{"partner_id": f"P{number:02d}", "name": f"Partner {number}", "territory": f"T{number // 10}"} for number in range(60)]
    settings = {
        "as_of": str(made.as_of.date()),
        "economics": {"gross_margin": 0.3, "hourly_cost": 70.0},
        "portfolios": {"two": {"territory": ["T2"]}},
        "reach": {"arbitration_hours": 1},
    }
    folder = tmp_path_factory.mktemp("priced")
    given = client(folder, [line("2026-04-20", "P00", "1")], settings, partners=partners, deals=made.deals.to_dict("records"))
    portfolio = open_portfolio(given)
    return portfolio, collisions(portfolio)


def test_the_cost_is_the_erosion_times_what_was_sold_beside_a_rival(priced: tuple[Portfolio, Collided]) -> None:
    portfolio, found = priced
    assert found.seen is not None
    erosion = found.seen.erosion
    assert not isinstance(erosion, str)
    deals = found.seen.deals
    won = deals[(deals["outcome"] == "won") & (deals["ended"] > portfolio.as_of - pd.DateOffset(months=12))]
    exposed = float((won["list_amount"] * won["rivals"]).sum())
    row = found.tables["conflict_cost"].set_index(["territory", "part"]).loc[("all", "price_partners")]
    low, high = erosion.interval()
    assert row["cost"] == pytest.approx(erosion.slope[0] * exposed, rel=0.01)
    assert row["low"] == pytest.approx(low * exposed, rel=0.02)
    assert row["high"] == pytest.approx(high * exposed, rel=0.02)
    # the truth is three points a rival
    assert row["low"] < 0.03 * exposed < row["high"]


def test_parts_add_up_over_territories_and_to_the_cost_of_each(priced: tuple[Portfolio, Collided]) -> None:
    _, found = priced
    parts = found.tables["conflict_cost"]
    known = parts.dropna(subset=["cost"])
    sums = known[known["territory"] != "all"].groupby("part")["cost"].sum()
    whole = known[known["territory"] == "all"].set_index("part")["cost"]
    pd.testing.assert_series_equal(sums, whole.sort_index(), rtol=1e-9)
    by_place = known[known["territory"] != "all"].groupby("territory")["cost"].sum()
    conflict = found.tables["conflict"].set_index("territory")
    pd.testing.assert_series_equal(conflict["cost"], by_place, rtol=1e-9)
    assert (conflict["cost_low"] < conflict["cost"]).all()
    assert (conflict["cost_spreadsheet"] > 0).all()


def test_a_view_has_its_own_cost_and_rivals_from_everywhere(priced: tuple[Portfolio, Collided]) -> None:
    portfolio, found = priced
    two = collisions(open_portfolio(portfolio.client, "two"))
    assert two.tables["conflict"]["territory"].tolist() == ["T2"]
    pd.testing.assert_frame_equal(two.tables["price_erosion"], found.tables["price_erosion"])
    of_all = found.tables["conflict"].set_index("territory").loc["T2"]
    assert two.tables["conflict"].iloc[0]["shared_customers"] == of_all["shared_customers"]
    assert two.tables["conflict"].iloc[0]["cost"] == pytest.approx(of_all["cost"], rel=0.01)


def test_the_price_is_a_finding_with_a_first_step_and_a_lawyer(priced: tuple[Portfolio, Collided]) -> None:
    portfolio, found = priced
    said = next(one for one in conflict_findings(portfolio, found) if "price" in one.id)
    assert said.confidence == "high"
    assert said.title.startswith("Where a second partner quotes, the discount is ")
    assert said.worth.low is not None
    assert said.worth.low > 0
    assert said.action.what.startswith("Write rules of engagement")
    assert any("lawyer" in caveat for caveat in said.caveats)
    assert "The plain difference of discounts, 8." in said.statement or "The plain difference of discounts, 9." in said.statement


def test_the_same_every_time_and_the_same_by_assess(priced: tuple[Portfolio, Collided]) -> None:
    portfolio, found = priced
    again = collisions(replace(portfolio, tables=dict(portfolio.tables)))
    for name, rows in found.tables.items():
        pd.testing.assert_frame_equal(again.tables[name], rows)
    result = reach.assess(portfolio)
    assert len(result.tables["price_erosion"]) == 4
    assert {one.id.split(":")[0] for one in result.findings} >= {"reach.conflict_cost.price"}


def test_discounts_from_any_two_of_three_amounts() -> None:
    rows = frame(
        "deals",
        [
            {"list_amount": 100.0, "discount": 20.0},
            {"list_amount": 100.0, "amount": 75.0},
            {"amount": 90.0, "discount": 10.0},
            {"amount": 90.0},
            {"list_amount": 0.0, "amount": 0.0},
            {"list_amount": 100.0, "amount": 1.0},
        ],
    )
    assert discounts(rows).tolist() == pytest.approx([0.2, 0.25, 0.1, np.nan, np.nan, np.nan], nan_ok=True)


def test_an_episode_counts_a_deal_that_stayed_with_us_as_lost_to_nobody() -> None:
    rows = [
        deal(1, "A", "X", "2025-01-01", outcome="won", closed_on="2025-03-01", amount=10.0),
        deal(2, "B", "X", "2025-02-01", outcome="lost", lost_to="other_partner", closed_on="2025-03-02", amount=12.0),
        deal(3, "B", "X", "2025-06-01", outcome="lost", lost_to="competitor", closed_on="2025-07-01", amount=5.0),
        deal(4, None, "X", "2025-06-15", outcome="lost", closed_on="2025-07-01"),
        deal(5, None, "Z", "2025-06-15", outcome="won", closed_on="2025-07-01"),
    ]
    deals = frame("deals", rows)
    deals = deals.assign(began=deals["registered_on"], ended=deals["closed_on"], house=deals["partner_id"], territory="North")
    made = episodes(deals.sort_values(["customer_id", "began"], ignore_index=True))
    assert made["partners"].tolist() == [2, 1]
    assert made["lost"].tolist() == [0.0, 1.0]
    assert made["ours"].tolist() == [False, True]
    assert made["size"].tolist() == [12.0, 5.0]


def test_parts_without_a_price_are_named_and_never_filled_in() -> None:
    made = total(["N"], {"price_partners": Part(None, "missing", "x"), "arbitration": Part(None, "missing", "y")})
    assert made["cost"].isna().all()
    assert made["cost_missing"].tolist() == ["discounts beside a second partner; hours of settling it"] * 2
    draws = np.array([[1.0], [3.0]])
    made = total(["N"], {"price_partners": Part(draws, "measured", ""), "arbitration": Part(draws, "assumed", "")})
    assert made["cost"].tolist() == [4.0, 4.0]
    assert made["cost_missing"].isna().all()


def test_the_same_discount_at_the_same_customer_again_and_again_is_for_a_lawyer(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    deals = []
    for number in range(40):
        off = float(rng.integers(5, 300)) / 10
        for rank, who in enumerate("ABC"):
            # A and B agree; C has a discount of its own
            own = off if who != "C" else float(rng.integers(5, 300)) / 10
            deals.append(deal(3 * number + rank, who, f"X{number}", "2025-05-01", list_amount=1000.0, discount=10 * own))
    (found,) = agreed_discounts(opened(tmp_path, deals))
    assert (found.subject, found.issue) == ("A", "price_terms")
    assert found.why.startswith("at 40 of 40 customers that both quoted to, the discount was that of <b>Beta</b> to a tenth of a point")
    assert "price_terms" in set(reach.assess(opened(tmp_path, deals)).tables["legal"]["issue"])
    assert list(agreed_discounts(opened(tmp_path, deals[:15]))) == []


@pytest.mark.parametrize("missing", ["customer_id", "registered_on", "partner_id", "amount", "outcome", "territory"])
def test_without_a_column_nothing_is_made_up(tmp_path: Path, missing: str) -> None:
    deals = [
        {**deal(number, "ABC"[number % 3], f"X{number % 7}", "2025-05-01", amount=5.0, outcome="won", territory="North"), missing: None}
        for number in range(30)
    ]
    portfolio = opened(tmp_path, deals)
    found = collisions(portfolio)
    explained = {gap.table for gap in found.missing if gap.column is None}
    assert {"conflict", "collision_pairs", "registrations", "price_erosion", "conflict_cost"} <= explained | set(found.tables)
    assert reach.assess(portfolio).tables["price_erosion"].empty
    assert OURS == "direct"


def contests(lift: float, same: float, seed: int = 0, count: int = 900) -> pd.DataFrame:
    """Episodes of 300 customers; one partner more loses `lift` more; `same`: the part of contests lost by one of two that won one."""
    rng = np.random.default_rng(seed)
    partners = 1 + (rng.random(count) < 0.4)
    lost = (rng.random(count) < 0.4 + lift * (partners - 1)).astype(float)
    split = (partners == 2) & (rng.random(count) < same)
    return pd.DataFrame(
        {
            "customer_id": [f"X{number}" for number in rng.integers(0, 300, count)],
            "territory": [f"T{number}" for number in rng.integers(0, 4, count)],
            "partner_id": [f"P{number}" for number in rng.integers(0, 30, count)],
            "ended": pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 360, count), unit="D"),
            "size": rng.lognormal(9, 1, count),
            "partners": partners,
            "ours": rng.random(count) < 0.1,
            "lost": np.where(split, 0.5, lost),
            "left": np.where(split, 0.0, lost),
        }
    )


def test_what_two_partners_lose_is_told_from_luck() -> None:
    found = losses(contests(0.2, 0.0))
    assert not isinstance(found, str)
    assert found.interval[0] < 0.2 < found.interval[1]
    assert found.interval[0] > 0
    none = losses(contests(0.0, 0.0, seed=1))
    assert not isinstance(none, str)
    assert none.interval[0] < 0 < none.interval[1]


def test_one_project_or_two_decides_and_is_not_on_record() -> None:
    assert "one project or two" in str(losses(contests(0.1, 0.7)))
    assert str(losses(contests(0.1, 0.0, count=60))).startswith("2")
