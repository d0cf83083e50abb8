"""Points for counsel: what the records show, what to bring, in the order of what is at stake."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from prmkit.data.portfolio import Portfolio, open_portfolio
from prmkit.practices.reach.agreed.legal import legal
from prmkit.practices.reach.agreed.protection import governing, protected
from tests.data.handmade import client, line

DAY = pd.Timestamp


def made_up(folder: Path, lines: list[dict[str, Any]], settings: dict[str, Any] | None = None, **tables: Any) -> Portfolio:
    return open_portfolio(client(folder, lines, {"as_of": "2025-12-31", **(settings or {})}, **tables))


def points(portfolio: Portfolio, planned: dict[str, float] | None = None) -> pd.DataFrame:
    rows, _ = legal(portfolio, pd.Series(planned or {}, dtype="float64"))
    assert rows is not None
    return rows


PARTNERS = [{"partner_id": one, "name": one, "territory": "North", "country": "DE"} for one in ("A", "B", "C")]
LINES = [line("2025-11-01", "A", "100", territory="North"), line("2025-11-02", "B", "900", territory="North")]


def test_planned_recruits_meet_the_exclusive_and_their_neighbours(tmp_path: Path) -> None:
    agreements = [
        {"agreement_id": "1", "partner_id": "A", "exclusive": True, "starts_on": DAY("2025-01-01")},
        {"agreement_id": "2", "partner_id": "B"},
    ]
    rows = points(made_up(tmp_path, LINES, partners=PARTNERS, agreements=agreements), {"North": 5.0, "East": 2.0})
    assert rows[["subject", "issue", "why", "territory", "at_stake"]].to_numpy().tolist() == [
        ["A", "exclusivity", "exclusive in North, where 1 other partner sells and the plan adds 5", "North", 1000.0],
        ["A", "added_neighbour", "1 partner began to sell in North after the agreement", "North", 1000.0],
        ["partners in North", "added_neighbour", "the plan adds 5 beside 1 partner with an agreement in force", "North", 900.0],
    ]
    assert rows["agreement_id"].fillna("").tolist() == ["1", "1", ""]
    assert rows["bring"].str.len().min() > 20


def test_an_exclusive_partner_alone_is_no_point_and_one_that_ended_holds_nothing(tmp_path: Path) -> None:
    agreements = [{"agreement_id": "1", "partner_id": "A", "exclusive": True}]
    alone = [{"partner_id": "A", "name": "A", "territory": "North"}, {"partner_id": "B", "name": "B", "territory": "East"}]
    assert points(made_up(tmp_path, LINES, partners=alone, agreements=agreements)).empty
    ended = [{**one, "ended_on": DAY("2025-12-01") if one["partner_id"] == "A" else None} for one in PARTNERS]
    assert points(made_up(tmp_path, LINES, partners=ended, agreements=agreements)).empty


def test_direct_deals_with_customers_partners_had_worked(tmp_path: Path) -> None:
    deals = [
        {"deal_id": "1", "partner_id": "A", "customer_id": "x", "opened_on": DAY("2025-03-01")},
        {"deal_id": "2", "partner_id": "B", "customer_id": "y", "opened_on": DAY("2023-03-01")},
        {"deal_id": "3", "customer_id": "x", "closed_on": DAY("2025-06-01"), "outcome": "won", "amount": 70.0},
        {"deal_id": "4", "customer_id": "y", "closed_on": DAY("2025-06-01"), "outcome": "won", "amount": 50.0},
        {"deal_id": "5", "customer_id": "x", "closed_on": DAY("2025-02-01"), "outcome": "won", "amount": 10.0},
    ]
    rows, missing = legal(made_up(tmp_path, LINES, partners=PARTNERS, deals=deals))
    assert rows is not None
    assert rows[["subject", "issue", "at_stake"]].to_numpy().tolist() == [
        ["A", "dual_distribution", 70.0],
        ["all partners", "dual_distribution", 70.0],
    ]
    assert rows["why"].iloc[0] == "we won a direct deal with customers it had worked in the 12 months before"
    assert [(one.table, one.column) for one in missing] == [("legal", "agreement_id")]


@pytest.mark.parametrize(("spread", "measure", "found"), [(0.0004, "sell_through", 1), (0.004, "sell_through", 0), (0.0004, "sell_in", 0)])
def test_street_prices_that_are_all_the_same(tmp_path: Path, spread: float, measure: str, found: int) -> None:
    lines = [
        line("2025-11-01", f"P{one}", f"{100 * (1 - 0.1 - one * spread):.4f}", territory="North", list_amount="100", channel=measure)
        for one in range(9)
    ]
    rows, _ = legal(made_up(tmp_path, lines, {"measure": measure}))
    count = 0 if rows is None else int((rows["issue"] == "price_terms").sum())
    assert count == found
    if rows is not None:
        assert rows["why"].iloc[0].startswith("9 partners sell all products in North at the same discount off list, 10.0% to 10.3%")


def test_terms_that_speak_of_resale_prices(tmp_path: Path) -> None:
    asked = [
        {"tier": "gold", "metric": "keeps to MSRP", "threshold": 1.0, "discount": 0.2},
        {"tier": "silver", "metric": "revenue", "threshold": 5.0, "benefit": "road map of products"},
    ]
    partners = [{**one, "tier": "gold" if one["partner_id"] == "B" else "silver"} for one in PARTNERS]
    rows = points(made_up(tmp_path, LINES, partners=partners, requirements=asked, agreements=[{"agreement_id": "1", "partner_id": "C"}]))
    assert rows[["subject", "issue", "at_stake"]].to_numpy().tolist() == [["tier gold", "price_terms", 900.0]]
    assert rows["why"].iloc[0].endswith("and its discount hangs on it")


def test_ends_of_agreements(tmp_path: Path) -> None:
    agreements = [
        {"agreement_id": "1", "partner_id": "A", "ends_on": DAY("2026-05-31"), "notice_days": 90.0, "auto_renews": True, "cure_days": 30.0},
        {"agreement_id": "2", "partner_id": "B", "ends_on": DAY("2025-06-30")},
        {"agreement_id": "3", "partner_id": "C", "ends_on": DAY("2025-06-30")},
    ]
    rows = points(made_up(tmp_path, LINES, partners=PARTNERS, agreements=agreements))
    assert rows[["subject", "why"]].to_numpy().tolist() == [
        ["B", "its agreement ended on 2025-06-30, and it still sells"],
        ["A", "notice for the end on 2026-05-31 is due by 2026-03-02, else it renews by itself; breaches have 30 days to be cured"],
    ]


def test_laws_that_may_protect_are_pointed_at_once_each() -> None:
    partners = pd.DataFrame(
        {"partner_type": ["agent", "reseller", "reseller", "franchise", None], "country": ["de", "BE", "BE", "AU", None]},
        index=["1", "2", "3", "4", "5"],
    )
    found = {one.subject: one.partners for one in protected(partners, {"2"})}
    assert found == {"agents in the EU": ("1",), "exclusive distributors in Belgium": ("2",), "franchisees": ("4",)}


def test_agreements_under_another_law() -> None:
    country = pd.Series({"1": "FR", "2": "FR", "3": "DE", "4": None, "5": "US", "6": "GB"})
    law = pd.Series({"1": "Germany", "2": " germany ", "3": "Germany", "4": "Germany", "5": "New York", "6": "the usual"})
    assert [(subject, ids) for subject, ids, _ in governing(country, law)] == [("partners in France under the law of Germany", ["1", "2"])]


def test_nothing_on_file_is_said(tmp_path: Path) -> None:
    rows, missing = legal(made_up(tmp_path, LINES))
    assert rows is None
    assert missing[0].reason == "no contracts with partners are on file"
