"""Point-of-sale reports of two distributors under their own headers: what was sent again counts once, what came back is negative."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from prmkit.data.load import load
from prmkit.data.recognition import peek
from prmkit.data.recognition.fit import best_fit
from prmkit.engagement import load_engagement
from prmkit.proposing import look

FIRST = (
    "Reporting Distributor;Invoice No.;Line No.;Ship Date;Vendor Part Number;Shipped Quantity;Unit Resale Price;Extended Resale Price;"
    "Reseller Number;Reseller;End User;End User ZIP;Currency Code;Submitted On\n"
    """D1;A1;1;2025-01-15;X-1;2;10,50;21,00;R1;Alpha GmbH;Acme;10115;EUR;2025-02-01
D1;A1;2;2025-01-15;X-2;1;99,90;99,90;R1;Alpha GmbH;Acme;10115;EUR;2025-02-01
D1;A1;2;2025-01-15;X-2;1;89,90;89,90;R1;Alpha GmbH;Acme;10115;EUR;2025-03-01
D1;A2;1;2025-02-20;X-1;-1;10,50;10,50;R2;Beta AG;Cash sale;;EUR;2025-03-01
"""
)
SECOND = """INVOICE_NUMBER,INVOICE_DATE,DISTRIBUTOR_NAME,PRODUCT_SKU,Qty,Unit Price,Dealer Name,Report Date
B7,2025-01-31,Nord,X-9,3,5.25,Gamma,2025-02-02
B7,2025-01-31,Nord,X-9,4,5.25,Gamma,2025-03-02
B8,2025-03-05,Nord,X-9,2,5.25,Gamma,2025-04-02
B8,2025-03-05,Nord,X-9,2,5.25,Gamma,2025-04-02
"""


def _lines(folder: Path) -> list[tuple[Any, ...]]:
    client = load(load_engagement(folder), folder / "out" / ".cache")
    columns = "invoice_id, partner_id, distributor_id, customer_id, units, revenue, channel"
    return duckdb.sql(f"SELECT {columns} FROM '{client.sales}' ORDER BY invoice_id, revenue DESC").fetchall()


def test_two_distributors(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "export (1).csv").write_text(FIRST, encoding="utf-8")
    (tmp_path / "data" / "feb_mar.csv").write_text(SECOND, encoding="utf-8")
    (tmp_path / "engagement.yaml").write_text("client: Example\n", encoding="utf-8")
    (tmp_path / "data" / "partners.csv").write_text("partner_id,name\nR1,Alpha\nR2,Beta\nGamma,Gamma\n", encoding="utf-8")
    for name in ("export (1).csv", "feb_mar.csv"):
        fit = best_fit(peek(tmp_path / "data" / name))
        assert fit is not None
        assert (fit.preset, fit.export, fit.rivals) == ("pos", "report", ())
    seen = look(load_engagement(tmp_path), tmp_path / "out" / ".check")
    assert seen.open == ()  # its headers leave no doubt
    assert _lines(tmp_path) == [
        ("A1", "R1", "D1", "Acme", 1.0, Decimal("89.9000000000"), "sell_through"),
        ("A1", "R1", "D1", "Acme", 2.0, Decimal("21.0000000000"), "sell_through"),
        ("A2", "R2", "D1", None, -1.0, Decimal("-10.5000000000"), "sell_through"),  # a cash sale has no end customer
        ("B7", "Gamma", "Nord", None, 4.0, Decimal("21.0000000000"), "sell_through"),
        ("B8", "Gamma", "Nord", None, 2.0, Decimal("10.5000000000"), "sell_through"),
        ("B8", "Gamma", "Nord", None, 2.0, Decimal("10.5000000000"), "sell_through"),
    ]
    customers = seen.inspection.tables["customers"]
    assert dict(zip(customers["customer_id"], customers["postal_code"], strict=True))["Acme"] == "10115"


def test_resellers_named_there_stand_in_for_partners_when_a_person_says_so(tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text(FIRST, encoding="utf-8")
    (tmp_path / "engagement.yaml").write_text("client: Example\ndata: .\n", encoding="utf-8")
    seen = look(load_engagement(tmp_path), tmp_path / "out" / ".check")
    assert [(one.table, one.sure) for one in seen.open] == [("partners", 0.8)]
    assert "stand in for a list of partners" in seen.open[0].why
    assert list(seen.inspection.tables["partners"]["name"]) == ["Alpha GmbH", "Beta AG"]


def test_a_list_of_customers_goes_before_those_drawn_from_lines(tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text(FIRST, encoding="utf-8")
    (tmp_path / "partners.csv").write_text("partner_id,name\nR1,Alpha\nR2,Beta\n", encoding="utf-8")
    (tmp_path / "accounts.csv").write_text("Account ID,Account Name,Type,Industry\nC1,Acme,Customer,Retail\n", encoding="utf-8")
    (tmp_path / "engagement.yaml").write_text("client: Example\ndata: .\n", encoding="utf-8")
    seen = look(load_engagement(tmp_path), tmp_path / "out" / ".check")
    assert list(seen.inspection.tables["customers"]["customer_id"]) == ["C1"]
    assert seen.inspection.sources["customers"].files == ("accounts.csv",)


LINED = "Reporting Distributor,Invoice No.,Line No.,Ship Date,Vendor Part Number,Quantity,Extended Price,Reseller Number,Report Date"
UNLINED = LINED.replace("Line No.,", "")
UNNAMED = "Invoice No.,Line No.,Ship Date,Vendor Part Number,Quantity,Extended Price,Reseller Number"
UNDATED = "Reporting Distributor,Invoice No.,Ship Date,Vendor Part Number,Quantity,Extended Price,Reseller Number"


@pytest.mark.parametrize(
    ("head", "reports", "revenue"),
    [
        (UNLINED, [["D1,A1,2025-01-15,X,2,20,R1,2025-02-01", "D1,A1,2025-03-10,X,-1,-10,R1,2025-04-01"]], [20, -10]),
        (LINED, [["D1,A1,1,2025-01-15,X,2,20,R1,2025-02-01", "D1,A1,1,2025-01-15,X,-1,-10,R1,2025-04-01"]], [20, -10]),
        (LINED, [["D1,A1,1,2025-01-15,X,-1,-10,R1,2025-02-01"], ["D1,A1,1,2025-01-15,X,-1,-10,R1,2025-03-01"]], [-10]),
        (UNLINED, [["D1,A1,2025-01-15,X,2,20,R1,2025-02-01"], ["D1,A1,2025-02-15,Y,1,50,R1,2025-03-01"]], [20, 50]),
        (UNNAMED, [["1001,1,2025-01-15,X,2,20,R1"], ["1001,1,2025-01-15,Y,1,50,R2"]], [20, 50]),
        (UNDATED, [["D1,A1,2025-01-15,X,2,20,R1"], ["D1,A1,2025-01-15,X,2,20,R1"]], [20]),
        (UNDATED, [["D1,A1,2025-01-15,X,2,20,R1"], ["D1,A1,2025-01-15,X,3,30,R1"]], [20, 30]),
    ],
    ids=[
        "return later",
        "return of a line",
        "return sent again",
        "shipped twice",
        "two that are not named",
        "sent again",
        "corrected, undated",
    ],
)
def test_only_what_was_sent_again_is_left_out(tmp_path: Path, head: str, reports: list[list[str]], revenue: list[int]) -> None:
    for number, rows in enumerate(reports):
        (tmp_path / f"report {number}.csv").write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    (tmp_path / "partners.csv").write_text("partner_id,name\nR1,Alpha\nR2,Beta\n", encoding="utf-8")
    (tmp_path / "engagement.yaml").write_text("client: Example\ndata: .\n", encoding="utf-8")
    assert sorted(line[5] for line in _lines(tmp_path)) == sorted(Decimal(one) for one in revenue)
