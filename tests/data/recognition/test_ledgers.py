"""A finance ledger makes sales by the road they took; the AWS pipeline makes deals and customers."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb

from prmkit.data.load import load
from prmkit.engagement import load_engagement
from prmkit.proposing import look

LEDGER = """\
Billing Document;Billing Item;Posting Date;Sold-to Party;Sold-to Name;Material;Billed Quantity;Net Value;COGS;Document Currency
900;10;31.01.2025;P1;Alpha;M1;2;1.200,50;800,00;EUR
901;10;28.02.2025;;;M1;1;700,00;;EUR
902;10;31.03.2025;P1;Alpha;M2;-1;-100,25;-60,00;EUR
"""
PIPELINE = (
    "opportunity_id,opportunity_stage_name,opportunity_status,opportunity_target_close_date,won_date,customer_company_name,"
    "opportunity_industry,opportunity_geo,engagement_type,ace_submitted_date,currency\n"
    """O1,Launched,Approved,2025-03-01,2025-02-20,Acme,Retail,EMEA,Co-Sell,2024-12-01,EUR
O2,Committed,Approved,2025-09-01,,Bolt,Energy,EMEA,Co-Sell,2025-01-15,EUR
O3,Closed Lost,Rejected,2025-04-01,,Acme,Retail,EMEA,For Visibility Only,2025-01-20,EUR
"""
)


def _folder(folder: Path, name: str, text: str, sales: str = "") -> None:
    (folder / name).write_text(text, encoding="utf-8")
    (folder / "partners.csv").write_text("partner_id,name\nP1,Alpha\n", encoding="utf-8")
    if sales:
        (folder / "sales.csv").write_text(sales, encoding="utf-8")
    (folder / "engagement.yaml").write_text("client: Example\ndata: .\n", encoding="utf-8")


def test_a_ledger(tmp_path: Path) -> None:
    _folder(tmp_path, "GL_2025.csv", LEDGER)
    assert look(load_engagement(tmp_path), tmp_path / "out" / ".check").open == ()
    client = load(load_engagement(tmp_path), tmp_path / "out" / ".cache")
    rows = duckdb.sql(f"SELECT sale_id, partner_id, channel, revenue, cost FROM '{client.sales}' ORDER BY date").fetchall()
    assert rows == [
        ("900/10", "P1", "sell_in", Decimal("1200.5"), Decimal("800")),
        ("901/10", None, "direct", Decimal("700"), None),
        ("902/10", "P1", "sell_in", Decimal("-100.25"), Decimal("-60")),
    ]


def test_the_aws_pipeline(tmp_path: Path) -> None:
    _folder(tmp_path, "pipeline.csv", PIPELINE, "date,partner_id,revenue\n2025-06-30,P1,10\n")
    seen = look(load_engagement(tmp_path), tmp_path / "out" / ".check")
    assert seen.open == ()
    deals = seen.inspection.tables["deals"].set_index("deal_id")
    assert dict(deals["outcome"]) == {"O1": "won", "O2": "open", "O3": "lost"}
    assert [str(day.date()) if day == day else "" for day in deals["closed_on"]] == ["2025-02-20", "", "2025-04-01"]
    assert list(deals["approved"]) == [True, True, False]
    assert list(seen.inspection.tables["customers"]["vertical"]) == ["Retail", "Energy"]
