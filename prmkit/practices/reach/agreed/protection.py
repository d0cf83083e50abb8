"""Which partners a law may protect at the end of their agreement, and whose agreement is under the law of another country."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from babel import Locale
from ruamel.yaml import YAML

_PLACES = {
    "england": "GB", "england and wales": "GB", "scotland": "GB", "uk": "GB", "new york": "US", "california": "US", "delaware": "US",
    "texas": "US", "illinois": "US", "massachusetts": "US", "florida": "US", "usa": "US", "new south wales": "AU", "victoria": "AU",
    "queensland": "AU", "ontario": "CA", "quebec": "CA", "british columbia": "CA", "bavaria": "DE",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Protected:
    """subject: whom a law is about; says: what it may give them, in short; partners: their ids."""

    subject: str
    says: str
    partners: tuple[str, ...]


@cache
def _laws() -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = YAML(typ="safe").load(Path(__file__).with_name("protections.yaml"))
    return loaded


@cache
def _countries() -> dict[str, str]:
    """Country names and codes in lower case -> ISO code."""
    named = {str(name).lower(): code for code, name in Locale("en").territories.items() if len(code) == 2 and code.isalpha()}
    return named | {code.lower(): code for code in set(named.values())} | _PLACES


def protected(partners: pd.DataFrame, exclusive: set[str]) -> Iterator[Protected]:
    """Laws that may protect some of these partners. partners: partner_type and country, by partner_id; exclusive: ids of exclusive ones."""
    if partners.empty:
        return
    kind, country = partners["partner_type"], partners["country"].str.upper()
    for law in _laws():
        mine = kind.isin(law["types"]) if law["types"] else pd.Series(True, index=partners.index)
        mine &= country.isin(law["countries"]) if law["countries"] else True
        if law.get("exclusive"):
            mine &= partners.index.isin(exclusive)
        if mine.any():
            yield Protected(law["subject"], law["says"], tuple(str(name) for name in partners.index[mine]))


def governing(country: pd.Series, law: pd.Series) -> Iterator[tuple[str, list[str], str]]:
    """Partners whose agreement is under the law of another country than their own: subject, ids, why; one for each pair of countries.

    country: ISO codes by partner_id; law: as written in the agreements, by partner_id. What is not known to be a country is left out.
    """
    at = law.dropna().str.strip().str.lower().map(_countries()).dropna()
    home = country.str.upper().reindex(at.index)
    apart = at[home.notna() & (home != at)]
    names = Locale("en").territories
    for (here, there), who in apart.index.to_series().groupby([home[apart.index].to_numpy(), apart.to_numpy()]):
        ids = [str(name) for name in who]
        subject = f"partners in {names.get(here, here)} under the law of {names.get(there, there)}"
        named = "1 agreement names" if len(ids) == 1 else f"{len(ids)} agreements name"
        why = f"{named} another law than that of the partner's country; rules there may hold all the same"
        yield subject, ids, why
