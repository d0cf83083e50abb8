"""Words with a fixed meaning."""

from __future__ import annotations

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from prmkit.data.tables import table, tables
from prmkit.data.words import Word, read_boolean, read_country, read_currency, read_word, word_reader

WORDS = [column for one in tables().values() for column in one.columns if column.words]


@given(st.sampled_from(WORDS), st.data())
def test_capitals_spaces_and_hyphens_do_not_matter(column, data) -> None:  # type: ignore[no-untyped-def]
    word = data.draw(st.sampled_from(column.words))
    for written in (word, word.upper(), word.replace("_", " ").title(), word.replace("_", "-")):
        assert read_word(written, column.words) == Word(word)


@given(st.text(max_size=20))
def test_any_text_is_read_kept_or_refused(text: str) -> None:
    for column in (table("sales")["channel"], table("deals")["approved"]):
        reader = word_reader(column)
        assert reader is not None
        word = reader(text)
        assert (word.meaning is None) == bool(word.fault or word.note)
        assert word.meaning in (None, *column.words, "true", "false")


def test_the_nearest_word_is_offered() -> None:
    assert read_word("sellthru", table("sales")["channel"].words).nearest == "sell_through"
    assert read_word("Resseller", table("partners")["partner_type"].words).nearest == "reseller"


@pytest.mark.parametrize("text", ["N/A", "-", "null", "(blank)"])
def test_nothing_is_nothing_for_words_and_never_for_countries(text: str) -> None:
    assert read_word(text, ("a", "b")) == Word(None, note="null_word")
    assert read_boolean(text) == Word(None, note="null_word")
    assert read_country(text).meaning == text


@pytest.mark.parametrize(("text", "meaning"), [("Yes", "true"), ("1", "true"), ("N", "false"), ("FALSE", "false"), ("x", "true")])
def test_yes_and_no(text: str, meaning: str) -> None:
    assert read_boolean(text) == Word(meaning)


@pytest.mark.parametrize(
    ("text", "code", "note"),
    [
        ("NO", "NO", ""),
        ("no", "NO", ""),
        ("NA", "NA", ""),
        ("UK", "GB", "country_by_name"),
        ("Germany", "DE", "country_by_name"),
        ("Mars", "Mars", "country_unknown"),
    ],
)
def test_countries(text: str, code: str, note: str) -> None:
    assert read_country(text) == Word(code, note=note)


def test_every_english_country_name_leads_to_its_code() -> None:
    names = {name: code for code, name in Locale("en").territories.items() if len(code) == 2 and code.isalpha()}
    wrong = {name for name, code in names.items() if read_country(name).meaning not in (code, name)}
    assert not wrong


@pytest.mark.parametrize(("text", "code"), [("eur", "EUR"), ("USD", "USD"), ("€", None), ("EURO", None), ("XYZ", None)])
def test_currencies(text: str, code: str | None) -> None:
    assert read_currency(text).meaning == code
    assert bool(read_currency(text).fault) == (code is None)
