"""In which wave an export is asked for: what every engagement needs, then what unlocks the most, then the rest."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from prmkit.data.readiness import declared, unlocks
from prmkit.data.readiness.needs import Need

FIRST = ("partners", "sales", "deals")
"""The tables of wave 1: the list of partners, what they sold and what they are selling."""
SECOND = 6
"""At most so many tables in wave 2."""


def pretended(have: Collection[str]) -> pd.DataFrame:
    """Readiness of a client with the tables `have`, all columns filled and history long enough: practice, table, lacks."""
    rows = []
    for told in declared():
        lacking = [] if told.awaited else [need for need in told.needs if not _met(need, have)]
        lacks = "; ".join(" | ".join(alternative.written for alternative in need.alternatives) for need in lacking)
        rows.append({"practice": told.practice, "table": told.table, "lacks": lacks})
    return pd.DataFrame(rows, columns=["practice", "table", "lacks"])


def _met(need: Need, have: Collection[str]) -> bool:
    return any(alternative.months or alternative.table in have for alternative in need.alternatives)


def asked_next(have: Collection[str], ready: pd.DataFrame | None = None) -> pd.DataFrame:
    """What to ask for next in order, as `unlocks` says; `ready`: readiness of the client's own data, where there is one."""
    return unlocks(pretended(have) if ready is None else ready)


def waves(asked: Collection[str], have: Collection[str] = (), ready: pd.DataFrame | None = None) -> dict[str, int]:
    """Wave of each table that is asked for and not yet here, in the order of asking.

    1: `FIRST`. 2: those that unlock a results table next, in the order of `unlocks`, at most `SECOND`. 3: the rest.
    """
    first = [table for table in FIRST if table in asked]
    after = asked_next({*first, *have}, ready)
    opening = [str(row.export) for row in after.itertuples() if row.unlocks and row.export in asked]
    second = [table for table in opening if table not in first and table not in have][:SECOND]
    later = [*opening, *after["export"], *asked]
    rest = [table for table in dict.fromkeys(later) if table in asked and table not in {*first, *second, *have}]
    missing = [table for table in first if table not in have]
    return {**dict.fromkeys(missing, 1), **dict.fromkeys(second, 2), **dict.fromkeys(rest, 3)}
