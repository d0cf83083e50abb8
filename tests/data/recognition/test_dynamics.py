"""Dynamics 365 by Excel exports and by tables: accounts and opportunities become partners, customers, deals and sales."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.data.recognition.exports import cells, errors, looked, sheet, sold, told

ACCOUNTS = [
    "(Do Not Modify) Account", "(Do Not Modify) Row Checksum", "(Do Not Modify) Modified On", "Account Name", "Account Number",
    "Relationship Type", "Territory", "Address 1: ZIP/Postal Code", "Managing Partner", "Created On",
]  # fmt: skip
ACCOUNTS_API = [
    "accountid", "versionnumber", "modifiedon", "name", "accountnumber", "customertypecode", "territoryid", "address1_postalcode",
    "msa_managingpartnerid", "createdon",
]  # fmt: skip
DEALS = [
    "(Do Not Modify) Opportunity", "(Do Not Modify) Row Checksum", "(Do Not Modify) Modified On", "Topic", "Est. Revenue",
    "Est. Close Date",
    "Actual Revenue", "Actual Close Date", "Probability", "Status", "Potential Customer", "Created On", "Currency",
]  # fmt: skip
DEALS_API = [
    "opportunityid", "versionnumber", "modifiedon", "name", "estimatedvalue", "estimatedclosedate", "actualvalue", "actualclosedate",
    "closeprobability", "statecode", "customerid", "createdon", "isocurrencycode",
]  # fmt: skip


def accounts(head: list[str], partner: str, customer: str, manager: str) -> list[list[str]]:
    """Two partners and two customers, one of them managed by the first partner."""
    return [list(row) for row in sheet(
        head,
        ["A1", "x", "2026-01-01", "Alpha GmbH", "0001", partner, "North", "10115", "", "2022-03-01"],
        ["A2", "x", "2026-01-01", "Beta Ltd", "0002", partner, "South", "80331", "", "2022-04-01"],
        ["A3", "x", "2026-01-01", "Gamma AG", "0003", customer, "North", "20095", manager, "2023-01-01"],
        ["A4", "x", "2026-01-01", "Delta SA", "0004", customer, "South", "75001", "", "2023-02-01"],
    )]  # fmt: skip


def deals(head: list[str], states: list[str], firms: list[str], currency: str) -> list[list[str]]:
    """One won, one lost and one open opportunity."""
    return [list(row) for row in sheet(
        head,
        ["O1", "x", "2026-01-01", "One", "900", "2026-01-10", "1000.50", "2026-01-15", "100", states[0], firms[0], "2025-11-01", currency],
        ["O2", "x", "2026-01-01", "Two", "500", "2026-01-20", "", "2026-01-25", "0", states[1], firms[1], "2025-11-02", currency],
        ["O3", "x", "2026-01-01", "Three", "700", "2026-09-20", "", "", "50", states[2], firms[2], "2025-11-03", currency],
    )]  # fmt: skip


LABELS = (
    accounts(ACCOUNTS, "Reseller", "Customer", "Alpha GmbH"),
    deals(DEALS, ["Won", "Lost", "Open"], ["Gamma AG", "Delta SA", "Beta Ltd"], "Euro"),
)
API = (accounts(ACCOUNTS_API, "9", "3", "A1"), deals(DEALS_API, ["1", "2", "0"], ["a3", "A4", "A2"], "EUR"))


@pytest.mark.parametrize(("firms", "chances"), [LABELS, API], ids=["labels", "api"])
def test_accounts_and_opportunities(tmp_path: Path, firms: list[list[str]], chances: list[list[str]]) -> None:
    assert told(tmp_path / "x.csv", firms) == ("dynamics.accounts", ())
    assert told(tmp_path / "y.csv", chances) == ("dynamics.opportunities", ())
    seen = looked(tmp_path, {"a.csv": firms, "b.csv": chances}, alone=True)
    assert errors(seen) == []
    assert [one.table for one in seen.proposals] == ["sales"]
    assert cells(seen, "partners", "partner_id", "name", "partner_type", "territory", "joined_on") == [
        ("A1", "Alpha GmbH", "reseller", "North", "2022-03-01"),
        ("A2", "Beta Ltd", "reseller", "South", "2022-04-01"),
    ]
    assert cells(seen, "customers", "customer_id", "name", "postal_code") == [("A3", "Gamma AG", "20095"), ("A4", "Delta SA", "75001")]
    assert cells(seen, "deals", "deal_id", "partner_id", "customer_id", "outcome", "opened_on", "closed_on") == [
        ("O1", "A1", "A3", "won", "2025-11-01", "2026-01-15"),
        ("O2", None, "A4", "lost", "2025-11-02", "2026-01-25"),
        ("O3", "A2", None, "open", "2025-11-03", None),
    ]
    assert sold(tmp_path) == [("O1", "2026-01-15", "A1", "A3", "sell_through", 1000.5)]


def test_ids_join_in_any_case_and_with_braces(tmp_path: Path) -> None:
    alpha, gamma = (f"0a1b2c3d-0000-4000-8000-00000000000{digit}" for digit in "ac")
    firms = sheet(
        [
            "accountid", "name", "accountnumber", "customertypecode", "territoryid", "address1_country", "msa_managingpartnerid",
            "parentaccountid",
        ],
        [alpha, "Alpha GmbH", "0001", "5", "North", "Germany"],
        [braced(gamma), "Gamma AG", "0003", "3", "North", "Germany", braced(alpha)],
        ["0a1b2c3d-0000-4000-8000-00000000000e", "Epsilon KG", "0005", "9", "North", "Germany", "", braced(alpha)],
    )  # fmt: skip
    chances = sheet(
        [
            "opportunityid", "name", "estimatedvalue", "estimatedclosedate", "actualvalue", "actualclosedate", "closeprobability",
            "stepname", "statecode", "parentaccountid", "customerid", "ownerid", "msa_partnerid",
        ],
        [braced("f1"), "One", "900", "2026-01-10", "1000.50", "2026-01-15", "100", "4-Close", "Won", gamma, gamma, "u", braced(alpha)],
        ["f2", "Two", "500", "2026-01-20", "", "2026-01-25", "0", "2-Develop", "Lost", "", gamma.upper(), "u", ""],
        ["f3", "Three", "700", "2026-09-20", "", "", "50", "1-Qualify", "Open", braced(gamma), "a contact", "u", ""],
    )  # fmt: skip
    assert told(tmp_path / "x.csv", firms) == ("dynamics.accounts", ())
    assert told(tmp_path / "y.csv", chances) == ("dynamics.opportunities", ())
    seen = looked(tmp_path, {"a.csv": firms, "b.csv": chances}, alone=True)
    assert errors(seen) == []
    assert cells(seen, "partners", "partner_id", "name", "parent_partner_id") == [
        (alpha, "Alpha GmbH", None),
        ("0a1b2c3d-0000-4000-8000-00000000000e", "Epsilon KG", alpha),
    ]
    assert cells(seen, "customers", "customer_id", "name") == [(gamma.upper(), "Gamma AG")]
    assert cells(seen, "deals", "deal_id", "partner_id", "customer_id", "outcome") == [
        ("F1", alpha, gamma.upper(), "won"),
        ("f2", alpha, gamma.upper(), "lost"),
        ("f3", alpha, gamma.upper(), "open"),
    ]
    assert sold(tmp_path) == [("F1", "2026-01-15", alpha, gamma.upper(), "sell_through", 1000.5)]


def braced(one: str) -> str:
    """A GUID as some tools write it: in capitals and braces."""
    return f"{{{one.upper()}}}"
