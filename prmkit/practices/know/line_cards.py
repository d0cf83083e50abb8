"""What else partners carry: other vendors' lines, by the family of ours whose name their category bears."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio

Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]

_OURS = frozenset({"our line", "our lines", "ours", "us", "we", "own", "own line", "own brand"})


@dataclass(frozen=True)
class LineCards:
    """Line cards beside partners (n,) and families (k,).

    known: (n,) partners with a line card. vendors: (n,) other vendors on it. competing, complementing: (n, k) other vendors' lines of that
    category that compete with ours, and that do not; lines with an empty `competes` count as neither. others: lines whose
    category bears the name of none of our families.
    """

    known: Mask
    vendors: Whole
    competing: Whole
    complementing: Whole
    others: int


def line_cards(portfolio: Portfolio, ids: pd.Series[Any], families: tuple[str, ...], by: pd.Timestamp | None = None) -> LineCards:
    """Read the line cards of `ids`; with `by`, only lines known to have been there on that day."""
    card = portfolio.tables.get("line_card")
    n, k = len(ids), len(families)
    none = np.zeros((n, k), dtype=np.int64)
    if card is None or card.empty:
        return LineCards(np.zeros(n, dtype=bool), np.zeros(n, dtype=np.int64), none, none, 0)
    who = pd.Index(ids).get_indexer(card["partner_id"])
    known = np.bincount(who[who >= 0], minlength=n) > 0
    there = (who >= 0) & ~own_lines(portfolio, card["vendor"]).to_numpy()
    if by is not None:
        there &= (card["since"] <= by).fillna(False).to_numpy(dtype=bool)
    pairs = pd.DataFrame({"who": who, "vendor": card["vendor"].map(_bare)})[there].drop_duplicates()
    vendors = np.bincount(pairs["who"], minlength=n)
    what = pd.Index([_bare(family) for family in families]).get_indexer(card["category"].map(_bare))
    competes = card["competes"].astype("boolean")
    rivals, mates = ((there & (what >= 0) & (competes == word).fillna(False).to_numpy(dtype=bool)) for word in (True, False))
    cell = who * k + what
    return LineCards(
        known,
        vendors.astype(np.int64),
        np.bincount(cell[rivals], minlength=n * k).reshape(n, k).astype(np.int64),
        np.bincount(cell[mates], minlength=n * k).reshape(n, k).astype(np.int64),
        int((there & (what < 0)).sum()),
    )


def own_lines(portfolio: Portfolio, vendors: pd.Series[Any]) -> pd.Series[Any]:
    """Which vendor names mean us: the client's own name, or a word for us ("our line", "own brand")."""
    client = _bare(portfolio.settings.client)
    return vendors.map(lambda name: _bare(name) in _OURS or _bare(name) == client).astype(bool)


def _bare(name: Any) -> str:
    """A name without case, punctuation and doubled spaces."""
    return " ".join(re.sub(r"[^\w]+", " ", name.casefold()).split()) if isinstance(name, str) else ""
