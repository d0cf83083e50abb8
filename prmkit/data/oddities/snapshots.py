"""Attributes that partners hold as of today only, with no table that says when they changed."""

from __future__ import annotations

from collections.abc import Mapping

from prmkit.data.engine import Engine, identifier
from prmkit.data.faults import FaultLog
from prmkit.data.typed import typed_table

_CHANGING = ("tier", "partner_manager", "status")


def check_snapshots(engine: Engine, present: Mapping[str, Mapping[int, str]], log: FaultLog) -> None:
    """Tell once which of tier, partner manager and status are known as of today only."""
    if "history" in present and engine.row(f"SELECT count(*) FROM {typed_table('history')}")[0]:
        return
    partners = typed_table("partners")
    counts = engine.row(f"SELECT {', '.join(f'count({identifier(name)})' for name in _CHANGING)} FROM {partners}")
    held = [name for name, count in zip(_CHANGING, counts, strict=True) if count]
    if held:
        columns = " and ".join(filter(None, (", ".join(held[:-1]), held[-1])))
        file = next(iter(present["partners"].values()), "")
        log.add("snapshot_only", table="partners", file=file, column=", ".join(held), words={"columns": columns})
