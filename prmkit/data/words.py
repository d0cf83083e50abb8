"""Words with a fixed meaning: allowed words of a column, yes and no, countries, currencies, and ways to write nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from babel import Locale
from babel.numbers import list_currencies

from prmkit.data.mapping import near
from prmkit.data.tables import Column

# Written in place of a value that is not there. Never applied to ids and names: NA is Namibia, Null is a surname.
NOTHING = frozenset({"null", "(null)", "n/a", "#n/a", "na", "n.a.", "none", "nil", "-", "--", "(blank)", "(empty)", "\\n", "<na>"})
_TRUE = frozenset({"true", "yes", "y", "t", "1", "x"})
_FALSE = frozenset({"false", "no", "n", "f", "0"})
_NOT_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Word:
    """What one written word means: the canonical text (None for nothing), or the code of what is wrong; `note` to tell."""

    meaning: str | None
    fault: str = ""
    note: str = ""
    nearest: str = ""


def is_nothing(value: str) -> bool:
    """Whether a text stands for no value."""
    return value.casefold() in NOTHING


def read_word(value: str, allowed: tuple[str, ...]) -> Word:
    """One of the allowed words, whatever its case, spaces and hyphens."""
    wanted = _NOT_WORD.sub("_", value.casefold()).strip("_")
    if wanted in allowed:
        return Word(wanted)
    if is_nothing(value):
        return Word(None, note="null_word")
    return Word(None, "unknown_word", nearest=near(value, allowed))


def read_boolean(value: str) -> Word:
    """Yes or no."""
    plain = value.casefold()
    if plain in _TRUE:
        return Word("true")
    if plain in _FALSE:
        return Word("false")
    if is_nothing(value):
        return Word(None, note="null_word")
    return Word(None, "bad_boolean")


@cache
def _countries() -> tuple[Mapping[str, str], frozenset[str]]:
    names = {code: name for code, name in Locale("en").territories.items() if re.fullmatch("[A-Z]{2}", code)}
    codes = frozenset(names) - {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"}
    return {name.casefold(): code for code, name in names.items() if code in codes} | {"uk": "GB"}, codes


def read_country(value: str) -> Word:
    """An ISO 3166 alpha-2 code; English country names are translated, anything else is kept and told."""
    names, codes = _countries()
    if value.upper() in codes and value.casefold() != "uk":
        return Word(value.upper())
    if value.casefold() in names:
        return Word(names[value.casefold()], note="country_by_name")
    return Word(value, note="country_unknown")


def read_currency(value: str) -> Word:
    """An ISO 4217 code in capitals."""
    if value.upper() in list_currencies():
        return Word(value.upper())
    if is_nothing(value):
        return Word(None, note="null_word")
    return Word(None, "currency_unknown", nearest=near(value, list_currencies()) if len(value) > 1 else "")


def word_reader(column: Column) -> Callable[[str], Word] | None:
    """How the words of a column are read; None for columns of another kind."""
    if column.kind == "word":
        return lambda value: read_word(value, column.words)
    if column.kind == "boolean":
        return read_boolean
    if column.name == "country":
        return read_country
    if column.name == "currency":
        return read_currency
    return None
