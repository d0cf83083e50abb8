"""Attributes that are known as of today only."""

from __future__ import annotations

from collections.abc import Callable

from prmkit.data.load import Inspection
from tests.data.conftest import codes, fault

Look = Callable[..., Inspection]
PARTNERS = "partner_id,name,tier,partner_manager,status\nP1,A,gold,Ada,\nP2,B,,,\n007,C,,,\n"
HISTORY = "partner_id,attribute,value,valid_from\nP1,tier,gold,2025-01-01\n"


def test_tier_and_manager_without_a_history_are_told_once(look: Look) -> None:
    met = fault(look({"data/partners.csv": PARTNERS}), "snapshot_only")
    assert (met.severity, met.table, met.column, met.file) == ("warning", "partners", "tier, partner_manager", "data/partners.csv")
    assert "partners holds tier and partner_manager as of today" in met.why


def test_with_a_history_or_without_such_columns_nothing_is_said(look: Look) -> None:
    assert "snapshot_only" not in codes(look({"data/partners.csv": PARTNERS, "data/history.csv": HISTORY}))
    assert "snapshot_only" not in codes(look({}))
    empty = HISTORY.partition("\n")[0] + "\n"
    assert "snapshot_only" in codes(look({"data/partners.csv": PARTNERS, "data/history.csv": empty}))
