"""Which answers the data can carry, and the one more export that would unlock the most."""

from __future__ import annotations

import pandas as pd

from prmkit.data.client import Client
from prmkit.data.readiness.coverage import Coverage
from prmkit.data.readiness.needs import Need, TableNeeds, declared
from prmkit.data.readiness.needs import need as parsed
from prmkit.data.tables import tables

READY = 0.8
"""A need is met in full where at least this share of revenue, partners or rows has it."""
SETTINGS = "engagement.yaml"
THERE = 0.05
"""What only helps counts as there above this share."""
COLUMNS = ("practice", "table", "status", "needs", "coverage", "effect", "lacks")


def readiness(client: Client) -> pd.DataFrame:
    """For every results table: can it be made of this client's data?

    Columns practice, table, status (ready | partial | missing), needs (what the table cannot do
    without, in words), coverage (0..1, of the need that is met worst; see Coverage), effect (what the
    absence costs, empty when ready) and lacks (needs not met at all, as written in needs.yaml, joined by
    "; "; none for a table that awaits its method, since no export helps it).
    """
    coverage = Coverage(client)
    return pd.DataFrame([_row(told, coverage) for told in declared()], columns=list(COLUMNS))


def _row(told: TableNeeds, coverage: Coverage) -> dict[str, object]:
    shares = {need: coverage.of(need) for need in told.needs}
    worst = min(shares, key=lambda need: shares[need])
    lacking = [need for need, share in shares.items() if share == 0]
    unaided = [need for need in told.helps if coverage.of(need) <= THERE]
    if told.awaited:
        status, effect, lacking = "missing", f"{told.effect} No method for this is part of prmkit yet.", []
    elif lacking:
        status, effect = "missing", f"{told.effect} Not there: {'; '.join(need.said for need in lacking)}."
    elif shares[worst] < READY or unaided:
        status, effect = "partial", " ".join([*_thin(worst, shares[worst], coverage), *(need.cost for need in unaided)])
    else:
        status, effect = "ready", ""
    return {
        "practice": told.practice,
        "table": told.table,
        "status": status,
        "needs": "; ".join(need.said for need in told.needs),
        "coverage": shares[worst],
        "effect": effect,
        "lacks": "; ".join(_written(need) for need in lacking),
    }


def _thin(need: Need, share: float, coverage: Coverage) -> list[str]:
    if share >= READY:
        return []
    if any(alternative.months for alternative in need.alternatives):
        return [f"There are {coverage.lines.months} months of sales where {need.alternatives[0].months} are wanted."]
    return [f"Filled for {share:.0%} of the business: {need.said}."]


def _written(need: Need) -> str:
    return " | ".join(alternative.written for alternative in need.alternatives)


def unlocks(ready: pd.DataFrame) -> pd.DataFrame:
    """Exports to ask for next, in order: each is the one that unlocks the most of what is then still missing.

    `ready` is what `readiness` returned. Columns: export (a canonical table, or "engagement.yaml"
    for a setting), unlocks (how many results tables it makes possible, given those before it), tables (which:
    practice_table, joined by ", ") and columns (what the export has to hold). Where no single export unlocks a
    table, the one that is named most often comes next; of equals, the one the contract names first. Months of sales cannot be asked for.
    """
    rows = [(f"{row.practice}_{row.table}", str(row.lacks)) for row in ready.itertuples()]
    waiting = {name: [parsed(written) for written in lacks.split("; ")] for name, lacks in rows if lacks}
    waiting = {name: needs for name, needs in waiting.items() if all(_exports(need) for need in needs)}
    asked: list[dict[str, object]] = []
    while waiting:
        known = {export for needs in waiting.values() for need in needs for export in _exports(need)}
        exports = [export for export in (*tables(), SETTINGS) if export in known]
        opened = {export: [name for name, needs in waiting.items() if all(export in _exports(n) for n in needs)] for export in exports}
        named = {export: sum(export in _exports(need) for needs in waiting.values() for need in needs) for export in exports}
        best = max(exports, key=lambda export: (len(opened[export]), named[export]))
        holds = {column: None for needs in waiting.values() for need in needs for column in _exports(need).get(best, ())}
        asked.append({"export": best, "unlocks": len(opened[best]), "tables": ", ".join(opened[best]), "columns": ", ".join(holds)})
        waiting = {name: [n for n in needs if best not in _exports(n)] for name, needs in waiting.items() if name not in opened[best]}
    return pd.DataFrame(asked, columns=["export", "unlocks", "tables", "columns"]).astype({"unlocks": "int64"})


def _exports(need: Need) -> dict[str, tuple[str, ...]]:
    """Export -> the columns or settings in it that would meet the need."""
    found: dict[str, tuple[str, ...]] = {}
    for alternative in need.alternatives:
        if not alternative.months:
            export = SETTINGS if alternative.setting else alternative.table
            holds = alternative.setting or f"{alternative.column} {alternative.word}".strip()
            found[export] = (*found.get(export, ()), holds) if holds else found.get(export, ())
    return found
