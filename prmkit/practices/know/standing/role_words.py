"""Our place in a partner's business in words: what speaks for it, what contradicts it, and how to work with such a partner."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.practices.know.standing.share_evidence import Evidence
from prmkit.practices.know.standing.wallet import Books

Array = NDArray[Any]

APPROACH = {
    "primary": "joint business plan, pipeline review every month, a named manager and early word of what is new",
    "core": "joint plan for the families it could lead with, pipeline review every quarter",
    "add_on": "plays that attach us to its main line, short training, bundle incentives, orders without help",
    "unknown": "ask one question: of all that you buy in our category, how much do you buy from us?",
}
_APART = float(np.log(4))
"""Two readings this far apart on the log scale, on two sides of a role, contradict each other."""
_MAIN, _SMALL = 0.5, 0.2


def evidence(books: Books, found: Evidence) -> pd.Series:
    """What is on record of each partner, the strongest first; null where nothing is."""
    parts = [
        _said(books.share, lambda share: f"its books say {share:.0%}"),
        _said(found.answer, lambda share: f"its people say {share:.0%}"),
        _said(np.where(np.isfinite(found.answer), np.nan, found.role), lambda share: f"its people call us {_named(share)}"),
        _said(found.time, lambda share: f"its sellers give us {share:.0%} of their time"),
        _ranked(found),
        _said(found.leads, lambda leads: "we come first on its quotes" if leads else "another line comes first on its quotes"),
    ]
    joined = ["; ".join(filter(None, told)) or None for told in zip(*parts, strict=True)]
    return pd.Series(joined, dtype="str")


def contradictions(books: Books, found: Evidence) -> pd.Series:
    """Where what a partner's people say and what its books say cannot both be right; null elsewhere."""
    said = np.where(np.isfinite(found.answer), found.answer, found.role)
    both = books.known & np.isfinite(said)
    low, high = np.where(both, books.low, 1.0), np.where(both, books.high, 1.0)
    asked = np.where(both, said, 1.0)
    more = both & (np.log(asked / high) > _APART) & (asked >= _SMALL) & (high < _MAIN)
    less = both & (np.log(low / asked) > _APART) & (asked < _MAIN) & (low >= _SMALL)
    told = [
        f"its people say {a:.0%}, its books {h if m else w:.0%}" if m or s else None
        for a, h, w, m, s in zip(asked, high, low, more, less, strict=True)
    ]
    return pd.Series(told, dtype="str")


def _said(values: Array, say: Any) -> list[str]:
    return [say(value) if known else "" for value, known in zip(values.tolist(), np.isfinite(values).tolist(), strict=True)]


def _named(share: float) -> str:
    return "its main line" if share >= _MAIN else "one of a few" if share >= _SMALL else "an add-on"


def _ranked(found: Evidence) -> list[str]:
    made = []
    for rank, vendors, asked in zip(found.rank.tolist(), found.vendors.tolist(), found.asked.tolist(), strict=True):
        if not np.isfinite(vendors):
            made.append("")
        elif np.isfinite(rank):
            of = f"{vendors:.0f} vendors" if rank <= vendors else f"its vendors ({vendors:.0f} on record)"
            made.append(f"we are number {rank:.2g} of {of}, as {'it says' if asked else 'its manager judges'}")
        else:
            made.append(f"it carries {vendors:.0f} {'vendor' if vendors == 1 else 'vendors'}")
    return made
