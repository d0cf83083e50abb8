"""The partners that somebody looks after: whom the sheet for partner managers asks about."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd

from prmkit.data.load import one_table
from prmkit.engagement import Engagement
from prmkit.errors import PrmkitError
from prmkit.request.book import Managed

_GONE = ("terminated", "prospect")
_LONGEST_ID = 255


def managed_partners(engagement: Engagement) -> tuple[Managed, ...]:
    """The managed partners of the partners' export, as far as it can be read yet, that nobody has judged so far; none without one."""
    partners, judged = _read(engagement, "partners"), _read(engagement, "estimates")
    if partners is None:
        return ()
    return managed(partners if judged is None else partners[~partners["partner_id"].isin(judged["partner_id"])])


def _read(engagement: Engagement, table: str) -> pd.DataFrame | None:
    with tempfile.TemporaryDirectory() as room:
        try:
            return one_table(engagement, Path(room), table)
        except PrmkitError:
            return None


def managed(partners: pd.DataFrame) -> tuple[Managed, ...]:
    """Partners that are neither terminated nor prospects, by manager and name; those with a manager where any has one."""
    there = partners[~partners["status"].isin(_GONE) & partners["ended_on"].isna()]
    there = there[there["partner_id"].notna() & (there["partner_id"].str.len() <= _LONGEST_ID)]
    if there["partner_manager"].notna().any():
        there = there[there["partner_manager"].notna()]
    texts = there[["partner_id", "name", "partner_manager"]].fillna("").drop_duplicates("partner_id")
    ordered = texts.sort_values(["partner_manager", "name", "partner_id"], kind="stable")
    return tuple(Managed(*row) for row in ordered.itertuples(index=False, name=None))
