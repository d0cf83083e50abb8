"""A distributor's resellers, counted by hand: apart from partners under contract, and no revenue twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from prmkit.data.portfolio import Portfolio, open_portfolio
from prmkit.practices.reach.count.plan import plan
from prmkit.practices.reach.territories import active
from prmkit.practices.reach.tiers_of_trade.contracted import contracted, productive
from prmkit.practices.reach.tiers_of_trade.findings import dependence
from prmkit.practices.reach.tiers_of_trade.tiers import tiers_of_trade
from tests.data.handmade import client, line

PARTNERS: list[dict[str, Any]] = [
    {"partner_id": "D1", "name": "Depot One", "partner_type": "distributor", "joined_on": pd.Timestamp("2020-01-01")},
    {"partner_id": "D2", "name": "Depot Two", "partner_type": "distributor"},
    {"partner_id": "V", "name": "Own Var", "joined_on": pd.Timestamp("2021-01-01")},
    *({"partner_id": one, "name": one} for one in ("R1", "R2", "R3", "R4")),
    {"partner_id": "S", "name": "Signed behind a depot"},
]
LINES = [
    line("2025-11-02", "V", "1000", territory="North", customer_id="c9"),
    line("2025-11-02", "R1", "600", distributor_id="D1", territory="North", customer_id="c1"),
    line("2025-11-03", "R2", "300", distributor_id="D1", territory="East", customer_id="c2"),
    line("2024-11-03", "R2", "100", distributor_id="D1", territory="East", customer_id="c2"),
    line("2025-12-03", "R2", "50", distributor_id="D2", territory="East", customer_id="c2"),
    line("2024-12-03", "R3", "500", distributor_id="D1", territory="East", customer_id="c3"),
    line("2025-01-20", "R4", "40", distributor_id="D2", territory="South", customer_id="c9"),
    line("2025-10-20", "S", "80", distributor_id="D2", territory="South", customer_id="c5"),
]
AGREEMENTS = [{"agreement_id": "1", "partner_id": "S"}]


def two_tier(folder: Path, more: list[dict[str, Any]] | None = None, **settings: Any) -> Portfolio:
    given = {"as_of": "2025-12-31", **settings}
    return open_portfolio(client(folder, [*LINES, *(more or [])], given, partners=PARTNERS, agreements=AGREEMENTS))


def test_by_hand(tmp_path: Path) -> None:
    rows, missing = tiers_of_trade(two_tier(tmp_path))
    assert missing == []
    assert rows is not None
    made = rows.set_index("distributor_id")
    assert made.index.to_list() == ["all", "D1", "D2"]
    assert made["resellers"].to_list() == [4, 2, 3]
    assert made["active_resellers"].to_list() == [3, 2, 2]
    assert made["revenue"].to_list() == [1070.0, 900.0, 170.0]
    assert made["new_resellers_12m"].to_list() == [3, 1, 3]
    assert made["lost_resellers_12m"].to_list() == [1, 1, 0]
    assert made["top_reseller_share"].to_list() == pytest.approx([600 / 1070, 600 / 900, 80 / 170])
    assert made["share"].to_list() == pytest.approx([1.0, 900 / 1070, 170 / 1070])
    assert made["known_end_customers"].to_list() == [4, 2, 3]
    assert made["only_customers"].to_list() == [3, 1, 1]
    assert made["only_territories"].to_list() == [1, 0, 1]


def test_resellers_behind_a_distributor_are_no_partners(tmp_path: Path) -> None:
    portfolio = two_tier(tmp_path)
    ours = contracted(portfolio)
    assert set(ours.index[~ours]) == {"R1", "R2", "R3", "R4"}
    sells = productive(portfolio)
    assert set(sells.index[sells]) == {"D1", "D2", "V", "S"}
    assert int(active(portfolio).sum()) == 4
    assert plan(portfolio, None).set_index("territory").loc["all", "productive_partners"] == 4


def test_without_a_second_tier_everybody_who_sells_is_a_partner(tmp_path: Path) -> None:
    portfolio = open_portfolio(client(tmp_path, [line("2025-11-02", "A", "10"), line("2025-11-03", "B", "10")]))
    assert productive(portfolio).to_list() == [True, True]
    rows, missing = tiers_of_trade(portfolio)
    assert rows is None
    assert missing[0].reason == "no sales line names a distributor beside the partner it supplied"


def test_what_a_distributor_bought_and_sold_on_is_counted_once(tmp_path: Path) -> None:
    """sell_in counts as revenue: the resellers are known from sell_through lines, whose money is never added to it."""
    through = [{**one, "channel": "sell_through"} for one in LINES]
    bought = [line("2025-11-01", "D1", "700", channel="sell_in", territory="North"), line("2025-11-01", "V", "800", channel="sell_in")]
    folder = tmp_path
    portfolio = open_portfolio(
        client(folder, [*through, *bought], {"as_of": "2025-12-31", "measure": "sell_in"}, partners=PARTNERS, agreements=AGREEMENTS)
    )
    assert portfolio.per_partner().sum() == 1500.0
    rows, _ = tiers_of_trade(portfolio)
    assert rows is not None
    assert rows["channel"].unique().tolist() == ["sell_through"]
    assert rows.loc[0, "revenue"] == 1070.0
    assert set(productive(portfolio).index[productive(portfolio)]) == {"D1", "V"}
    (finding,) = dependence(portfolio, rows)
    assert finding.worth.amount is None
    assert "Not priced: these lines are sell_through" in finding.caveats[0]


def test_a_view_has_the_resellers_it_selects(tmp_path: Path) -> None:
    portfolio = two_tier(tmp_path, portfolios={"some": {"partner_id": ["R1", "S"]}})
    rows, missing = tiers_of_trade(open_portfolio(portfolio.client, "some"))
    assert rows is not None
    assert rows["resellers"].to_list() == [2, 1, 1]
    assert {one.column for one in missing} == {"known_end_customers", "only_customers"}


def test_dependence_on_one_distributor(tmp_path: Path) -> None:
    portfolio = two_tier(tmp_path)
    (finding,) = dependence(portfolio, tiers_of_trade(portfolio)[0])
    assert finding.id == "reach.tiers_of_trade.dependence:partner:D1"
    assert finding.title == "Depot One carries 50% of the resellers behind distributors"
    assert "1 end customer could be reached through nobody else." in finding.statement
    assert dependence(portfolio, None) == ()
