"""What one setting says about another, or about the canonical tables: checked on the values as read, all faults at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from babel import Locale

from prmkit.data.tables import tables
from prmkit.engagement.faults import meant, shown
from prmkit.engagement.reading import Path
from prmkit.engagement.words import as_list

Complaint = tuple[Path, object, str, str]
_NOT_A_COUNTRY = frozenset({"EU", "EZ", "QO", "UN", "ZZ", "XA", "XB"})


def complaints(data: Mapping[str, Any]) -> Iterator[Complaint]:
    """(path, value, why, what to do) for each; values of a wrong type are left to the model."""
    yield from _portfolios(_mapping(data.get("portfolios")))
    for table, given in _mapping(data.get("sources")).items():
        if table in tables():
            listed = isinstance(given, list)
            for position, source in enumerate(as_list(given) or []):
                path: Path = ("sources", table, position) if listed else ("sources", table)
                yield from _source(path, str(table), _mapping(source))


def _mapping(value: Any) -> Mapping[Any, Any]:
    return value if isinstance(value, Mapping) else {}


def _portfolios(portfolios: Mapping[Any, Any]) -> Iterator[Complaint]:
    folders: dict[str, str] = {}
    for name, selection in portfolios.items():
        twin = folders.setdefault(str(name).casefold(), str(name))
        if twin != name:
            why = f"The portfolios '{twin}' and '{shown(name)}' differ in capitals only; some disks keep one folder for both."
            yield ("portfolios", name), name, why, "Rename one."
        countries = as_list(_mapping(selection).get("country")) or []
        for position, country in enumerate(countries):
            if isinstance(country, str) and country not in _countries():
                do = f"{_country_meant(country)}Give two capital letters of ISO 3166, such as DE or NO."
                yield ("portfolios", name, "country", position), country, f"'{shown(country)}' is not a country code.", do


def _countries() -> Mapping[str, str]:
    territories = Locale("en").territories
    return {code: name for code, name in territories.items() if len(code) == 2 and code.isalpha() and code not in _NOT_A_COUNTRY}


def _country_meant(written: str) -> str:
    known = _countries()
    plain = written.strip().casefold()
    if plain == "uk":
        return "Did you mean 'GB'? "
    found = [code for code, name in known.items() if plain in (code.casefold(), name.casefold())]
    return f"Did you mean '{found[0]}'? " if found else ""


def _source(path: Path, table: str, source: Mapping[Any, Any]) -> Iterator[Complaint]:
    columns = {column.name: column for column in tables()[table].readable}
    for section in ("columns", "values"):
        for column in _mapping(source.get(section)):
            if column not in columns:
                why = f"The canonical table {table} has no column '{shown(column)}'."
                yield (*path, section, column), column, why, meant(str(column), columns)
    for column, words in _mapping(source.get("values")).items():
        allowed = columns[column].words if column in columns else ()
        for written, word in _mapping(words).items():
            if allowed and isinstance(word, str) and word not in allowed:
                why = f"'{shown(word)}' is not a word that {table}.{column} may hold."
                yield (*path, "values", column, written), word, why, meant(word, allowed)
