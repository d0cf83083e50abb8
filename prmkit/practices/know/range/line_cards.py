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

    known: (n,) partners with a line card. vendors: (n,) other vendors on it. others: other vendors' lines whose category bears the name
    of none of our families. partner, family, since, competes: (m,) lines of a family's category; competes 1, 0, or -1 where not said.
    """

    known: Mask
    vendors: Whole
    others: int
    families: int
    partner: Whole
    family: Whole
    since: NDArray[np.datetime64]
    competes: Whole

    def lines(self, competes: bool, by: pd.Timestamp | None = None) -> Whole:
        """Lines (n, k) that compete with ours, or that do not; with `by`, only those known to have been there on that day."""
        use = self.competes == int(competes)
        if by is not None:
            use &= self.since <= np.datetime64(by)
        cell = self.partner[use] * self.families + self.family[use]
        shape = len(self.known), self.families
        return np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape).astype(np.int64)


def line_cards(portfolio: Portfolio, ids: pd.Series[Any], families: tuple[str, ...]) -> LineCards:
    """Read the line cards of `ids`; our own lines on them are left out."""
    card = portfolio.tables.get("line_card")
    n, none = len(ids), np.zeros(0, dtype=np.int64)
    if card is None or card.empty:
        empty = np.zeros(0, dtype="datetime64[us]")
        return LineCards(np.zeros(n, dtype=bool), np.zeros(n, dtype=np.int64), 0, len(families), none, none, empty, none)
    who = pd.Index(ids).get_indexer(card["partner_id"])
    vendor, names = pd.factorize(card["vendor"])
    there = (who >= 0) & (vendor >= 0) & ~own_lines(portfolio, pd.Series(names))[vendor]
    bare = pd.factorize(pd.Series([_bare(name) for name in names]))[0]
    pairs = pd.DataFrame({"who": who[there], "vendor": bare[vendor[there]]}).drop_duplicates()
    category, called = pd.factorize(card["category"])
    of = np.append(
        pd.Index([_bare(family) for family in families], dtype=object).get_indexer(
            pd.Index([_bare(name) for name in called], dtype=object)
        ),
        -1,
    )[category]
    use = there & (of >= 0)
    return LineCards(
        known=np.bincount(who[who >= 0], minlength=n) > 0,
        vendors=np.bincount(pairs["who"], minlength=n).astype(np.int64),
        others=int((there & (of < 0)).sum()),
        families=len(families),
        partner=who[use].astype(np.int64),
        family=of[use].astype(np.int64),
        since=card["since"].to_numpy(dtype="datetime64[us]")[use],
        competes=card["competes"].astype("boolean").astype("Int64").fillna(-1).to_numpy(dtype=np.int64)[use],
    )


def own_lines(portfolio: Portfolio, vendors: pd.Series[Any]) -> Mask:
    """Which vendor names mean us: the client's own name, or a word for us ("our line", "own brand")."""
    client = _bare(portfolio.settings.client)
    return np.array([_bare(name) in _OURS or _bare(name) == client for name in vendors], dtype=bool)


def _bare(name: Any) -> str:
    """A name without case, punctuation and doubled spaces."""
    return " ".join(re.sub(r"[^\w]+", " ", name.casefold()).split()) if isinstance(name, str) else ""
