"""What stands beside a reference of whom it means: kept from files, mappings and presets, and told from canonical columns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from prmkit.data.identity.hints import hint_columns
from prmkit.data.load import inspect
from prmkit.data.presets import PRESETS, read_preset
from prmkit.data.tables import table
from prmkit.engagement import SourceSettings
from tests.data.conftest import engagement

PRESET = """
name: desk
title: A help desk and a shop
tables:
  tickets:
    files: {Cases: [Case, Org, Day]}
    columns: {ticket_id: Case, partner_id: Org, opened_on: Day, partner_domain: Web}
  deals:
    files: {Quotes: [Quote, Dealer, Town]}
    select: |
      SELECT Quote AS deal_id, Dealer AS partner_id, Dealer AS partner_name, Town AS partner_postal_code FROM Quotes
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "desk.yaml").write_text(PRESET, encoding="utf-8")
    PRESETS.add("desk", read_preset(tmp_path / "desk.yaml"))
    yield "desk"
    del PRESETS._entries["desk"]


def test_which_tables_may_carry_which() -> None:
    about = ["name", "postal_code", "country", "domain"]
    assert [column.name for column in hint_columns(table("trainings"))] == [f"partner_{name}" for name in about]
    assert [column.name for column in hint_columns(table("sales"))] == [
        f"{kind}_{name}" for kind in ("partner", "customer") for name in about
    ]
    assert hint_columns(table("partners")) == hint_columns(table("customers")) == hint_columns(table("products")) == ()


def test_presets_may_give_hints(tmp_path: Path, desk: str) -> None:
    files = {
        "data/partners.csv": "partner_id,name,postal_code,domain\nP1,Alpha Works,10115,alpha.example\nP2,Beta Works,80331,\n",
        "data/sales.csv": "date,partner_id,revenue\n2026-01-31,P1,1\n",
        "data/Cases.csv": "Case,Org,Day,Web\nT1,Org 1,2026-01-05,alpha.example\nT2,Org 1,2026-01-06,\nT3,Org 1,2026-01-07,alpha.example\n",
        "data/Quotes.csv": "Quote,Dealer,Town\nQ1,BETA WORKS AG,80331\n",
    }
    wanted = {name: [SourceSettings(path="data", preset=desk)] for name in ("tickets", "deals")}
    found = inspect(engagement(tmp_path, files, sources=wanted), tmp_path / "cache")
    assert not {fault.code for fault in found.faults if fault.severity == "error"}
    assert found.matches is not None
    asked = {row.given: (row.proposed, row.why) for row in found.matches.questions.itertuples()}
    assert asked == {"BETA WORKS AG": ("P2", "same name but for the legal form; same postal code"), "Org 1": ("P1", "same domain")}
    assert "partner_name" not in found.tables["deals"].columns


def test_what_is_said_most_often_counts(tmp_path: Path) -> None:
    sales = "date,partner_id,partner_name,revenue\n2026-01-31,X9,Beta Works,1\n2026-01-31,X9,Alpha Works,1\n2026-01-31, X9,Alpha Works,1\n"
    partners = "partner_id,name\nP1,Alpha Works\nP2,Beta Works\n"
    found = inspect(engagement(tmp_path, {"data/partners.csv": partners, "data/sales.csv": sales}), tmp_path / "cache")
    assert found.matches is not None
    assert found.matches.questions[["given", "given_name", "proposed"]].values.tolist() == [["X9", "Alpha Works", "P1"]]
