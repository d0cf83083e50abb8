"""Customers that are nobody are left out and told; companies whose names begin like one are not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from prmkit.data.identity.placeholders import is_placeholder
from prmkit.data.load import Inspection
from tests.data.conftest import codes, fault, lines

Look = Callable[..., Inspection]


@pytest.mark.parametrize(
    "name",
    [
        "STOCK", "Stock Order", "stock 2", "Cash Sale", "CASH SALES 01", "Walk-in", "Walk in Customer", "Unknown", "unknown customer",
        "N/A", "n.a.", "none", "Various", "Test", "TEST CUSTOMER", "test account 3", "Internal use", "Lager", "Lagerware", "Barverkauf",
        "Laufkundschaft", "Unbekannt", "Diverse Kunden", "Testkunde", "Client inconnu", "Clients divers", "Vente comptoir", "Stock propio",
        "Cliente desconocido", "Varios", "Cliente sconosciuto", "Magazzino", "Voorraad", "Onbekend", "Desconhecido", "Okänd kund",
        "Varasto", "Nieznany", "-", "???", "One-time customer", "CPD", "TBD",
        "Dummy", "Test Company", "End customer unknown", "Not provided",
    ],
)  # fmt: skip
def test_nobody(name: str) -> None:
    assert is_placeholder(name)


@pytest.mark.parametrize(
    "name",
    [
        "Stockmann", "Testo", "Testo SE & Co. KGaA", "Cash Converters", "Lagerfeld", "Internal Medicine Clinic", "Stock GmbH",
        "Unknown Worlds",
        "Test Valley Borough Council", "Various Artists Ltd", "Cashflow", "Nakamura", "Walker", "Divers Alert Network", "Magazin Berlin",
        "International Stock Exchange", "Stockholm", "Generali", "Customer Care", "C000123", "1", "End User Computing", "Demant", "NA 7",
    ],
)  # fmt: skip
def test_somebody(name: str) -> None:
    assert is_placeholder(name) == (name == "NA 7")  # a number beside the word makes it no firm


def test_a_domain_of_its_own_makes_a_firm() -> None:
    assert is_placeholder("Demo")
    assert not is_placeholder("Demo", "demo.example")


SALES = (
    "sale_id,date,partner_id,customer_id,revenue\n"
    "S1,2026-01-15,P1,C1,10\nS2,2026-01-16,P1,C2,20\nS3,2026-01-17,P2,C3,30\nS4,2026-01-18,P1,C3,40\nS5,2026-01-19,P2,C4,50\n"
)
CUSTOMERS = "customer_id,name\nC1,CASH SALE\nC2,Stockmann Oyj\nC3,Alpha GmbH\nC4,Gamma\n"


def test_they_lose_their_lines_customer_and_are_told(look: Look, tmp_path: Path) -> None:
    found = look(
        {
            "data/customers.csv": CUSTOMERS,
            "data/sales.csv": SALES,
            "data/deals.csv": "deal_id,customer_id,partner_id,amount\nD1,C1,P1,7\nD2,C2,P1,8\n",
        }
    )
    assert found.client is not None
    # Alpha bought for itself from Alpha only: what Beta sold it stays
    assert lines(found.client, "customer_id, revenue::INTEGER") == [(None, 10), ("C2", 20), ("C3", 30), (None, 40), ("C4", 50)]
    assert found.tables["deals"]["customer_id"].fillna("").tolist() == ["", "C2"]
    assert found.tables["customers"]["customer_id"].tolist() == ["C1", "C2", "C3", "C4"]
    told = [one for one in found.faults if one.code == "placeholder_customer"]
    assert [(one.severity, one.table, one.count) for one in told] == [("warning", "sales", 2), ("warning", "deals", 1)]
    assert "'Alpha GmbH' (1 rows, 40.00 EUR), 'CASH SALE' (1 rows, 10.00 EUR)" in told[0].why


def test_without_a_list_of_customers_their_ids_and_names_beside_them_tell(look: Look) -> None:
    sales = (
        "sale_id,date,partner_id,customer_id,customer_name,revenue\nS1,2026-01-15,P1,STOCK,,10\nS2,2026-01-16,P1,77,Barverkauf,20\n"
        "S3,2026-01-17,P1,78,ALPHA,30\nS4,2026-01-18,P1,79,Beta,40\n"
    )
    found = look({"data/sales.csv": sales})
    assert found.client is not None
    assert lines(found.client, "customer_id") == [(None,), (None,), (None,), ("79",)]
    assert "columns_unknown" not in codes(found)
    assert "'ALPHA'" in fault(found, "placeholder_customer").why


def test_nothing_is_told_where_there_is_none(look: Look, **_: Any) -> None:
    assert "placeholder_customer" not in codes(look({"data/customers.csv": "customer_id,name\nC2,Stockmann Oyj\n"}))
