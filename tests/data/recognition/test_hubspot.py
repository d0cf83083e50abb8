"""HubSpot's deals and companies become partners, customers, deals and, where a person agrees, sales."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.data.recognition.exports import cells, errors, looked, sheet, sold, told

COMPANIES = ["Record ID", "Company name", "Company Domain Name", "Type", "Country/Region", "Postal Code", "Industry", "Create Date"]
COMPANIES_API = ["hs_object_id", "name", "domain", "type", "country", "zip", "industry", "createdate"]
DEALS = [
    "Record ID", "Deal Name", "Deal Stage", "Pipeline", "Amount", "Close Date", "Create Date", "Deal owner", "Associated Company",
    "Last Activity Date",
]  # fmt: skip
DEALS_API = [
    "hs_object_id", "dealname", "dealstage", "pipeline", "amount", "closedate", "createdate", "hubspot_owner_id", "days_to_close",
    "hs_is_closed_won", "hs_is_closed",
]  # fmt: skip
FIRMS = [
    ["901", "Alpha GmbH", "alpha.example", "Partner", "Germany", "10115", "IT", "2022-03-01 08:00"],
    ["902", "Beta Ltd", "www.beta.example", "Reseller", "United Kingdom", "EC1A 1BB", "IT", "2022-04-01 08:00"],
    ["903", "Gamma AG", "gamma.example", "Prospect", "Germany", "80331", "Retail", "2023-01-01 08:00"],
    ["904", "Delta SA", "delta.example", "", "France", "75001", "Banking", "2023-02-01 08:00"],
]
LABELLED = sheet(
    DEALS,
    ["1", "One", "Closed Won", "Sales Pipeline", "1000.50", "2026-01-15 10:00", "2025-11-01 10:00", "Jo", "Gamma AG;Alpha GmbH"],
    ["2", "Two", "Closed Lost (Sales Pipeline)", "Sales Pipeline", "500", "2026-01-20 10:00", "2025-11-02 10:00", "Jo", "Delta SA"],
    ["3", "Three", "Contract Sent", "Sales Pipeline", "700", "2026-09-20 10:00", "2025-11-03 10:00", "Jo", "Beta Ltd;Gamma AG"],
    ["4", "Four", "Closed Won", "Sales Pipeline", "", "2026-02-20 10:00", "2025-11-04 10:00", "Jo", "Delta SA"],
)
BY_API = sheet(
    [*DEALS_API, "fulfilled_by"],
    ["1", "One", "x17", "default", "1000.50", "2026-01-15T10:00:00Z", "2025-11-01T10:00:00Z", "77", "70", "true", "true", "901"],
    ["2", "Two", "x18", "default", "500", "2026-01-20T10:00:00Z", "2025-11-02T10:00:00Z", "77", "70", "false", "true", "901"],
    ["3", "Three", "x19", "default", "700", "2026-09-20T10:00:00Z", "2025-11-03T10:00:00Z", "77", "", "false", "false", "902"],
)


@pytest.mark.parametrize("head", [COMPANIES, COMPANIES_API], ids=["labels", "api"])
def test_companies(tmp_path: Path, head: list[str]) -> None:
    rows = sheet(head, *FIRMS)
    assert told(tmp_path / "all.csv", rows) == ("hubspot.companies", ())
    seen = looked(tmp_path, {"a.csv": rows, "b.csv": LABELLED}, alone=True)
    assert errors(seen) == []
    assert cells(seen, "partners", "partner_id", "name", "partner_type", "domain", "joined_on", "country") == [
        ("901", "Alpha GmbH", "other", "alpha.example", "2022-03-01", "DE"),
        ("902", "Beta Ltd", "reseller", "beta.example", "2022-04-01", "GB"),
    ]
    assert cells(seen, "customers", "customer_id", "name", "postal_code") == [("903", "Gamma AG", "80331"), ("904", "Delta SA", "75001")]


def test_deals_by_labels(tmp_path: Path) -> None:
    assert told(tmp_path / "all.csv", LABELLED) == ("hubspot.deals", ())
    seen = looked(tmp_path, {"a.csv": sheet(COMPANIES, *FIRMS), "b.csv": LABELLED}, alone=True)
    assert [(one.table, one.what) for one in seen.proposals] == [("sales", "a.csv and b.csv make sales")]
    assert cells(seen, "deals", "deal_id", "partner_id", "customer_id", "outcome", "opened_on", "closed_on") == [
        ("1", "901", "903", "won", "2025-11-01", "2026-01-15"),
        ("2", None, "904", "lost", "2025-11-02", "2026-01-20"),
        ("3", "902", "903", "open", "2025-11-03", None),
        ("4", None, "904", "won", "2025-11-04", "2026-02-20"),
    ]


def test_deals_by_internal_names_with_a_property_that_names_the_partner(tmp_path: Path) -> None:
    assert told(tmp_path / "all.csv", BY_API) == ("hubspot.deals", ())
    seen = looked(tmp_path, {"a.csv": sheet(COMPANIES_API, *FIRMS), "b.csv": BY_API}, alone=True)
    assert errors(seen) == []
    assert {"deals": {"Partner": "fulfilled_by"}} in [one.headers for one in seen.proposals]
    assert cells(seen, "deals", "deal_id", "partner_id", "outcome", "closed_on") == [
        ("1", "901", "won", "2026-01-15"),
        ("2", "901", "lost", "2026-01-20"),
        ("3", "902", "open", None),
    ]


@pytest.mark.parametrize(
    ("head", "kind", "stages"),
    [
        (DEALS[:9], "Reseller", ["Closed Won", "Closed Lost", "Contract Sent"]),
        (DEALS_API[:8], "partner_company", ["closedwon", "closedlost", "contractsent"]),
    ],
    ids=["labels", "api"],
)
def test_a_partner_property_holds_names_or_ids(tmp_path: Path, head: list[str], kind: str, stages: list[str]) -> None:
    firms = sheet(COMPANIES, *([*row[:3], row[3].upper(), *row[4:]] for row in FIRMS))
    days = ["2026-01-15 10:00", "2025-11-01 10:00"]
    rows = sheet(
        [*head[:8], kind],
        ["1", "One", stages[0], "p", "1000.50", *days, "Jo", "beta ltd"],
        ["2", "Two", stages[1], "p", "500", *days, "Jo", "901"],
        ["3", "Three", stages[2], "p", "700", *days, "Jo", "Gamma AG"],
    )
    assert told(tmp_path / "all.csv", rows) == ("hubspot.deals", ())
    seen = looked(tmp_path, {"a.csv": firms, "b.csv": rows}, alone=True)
    assert errors(seen) == []
    assert cells(seen, "partners", "partner_id", "partner_type") == [("901", "other"), ("902", "reseller"), ("903", None)]
    assert cells(seen, "customers", "customer_id") == [("904",)]
    assert cells(seen, "deals", "deal_id", "partner_id", "outcome", "closed_on") == [
        ("1", "902", "won", "2026-01-15"),
        ("2", "901", "lost", "2026-01-15"),
        ("3", "903", "open", None),
    ]
    assert sold(tmp_path) == [("1", "2026-01-15", "902", None, "sell_through", 1000.5)]


def test_won_deals_with_an_amount_stand_in_for_sales(tmp_path: Path) -> None:
    looked(tmp_path, {"a.csv": sheet(COMPANIES, *FIRMS), "b.csv": LABELLED}, alone=True)
    assert sold(tmp_path) == [("1", "2026-01-15", "901", "903", "sell_through", 1000.5)]


def test_sales_of_ones_own_go_before(tmp_path: Path) -> None:
    assert looked(tmp_path, {"b.csv": LABELLED}).proposals == ()
    assert [line[0] for line in sold(tmp_path)] == ["S1", "S2"]
