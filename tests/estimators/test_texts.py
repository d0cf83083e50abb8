"""Texts as words: folded, found by word, beginning and phrase."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmkit.estimators.texts import APART, LONGEST, Words, folded, folded_pattern


@pytest.mark.parametrize(
    ("text", "flat"),
    [
        ("Márgenes; bajos!", "margenes bajos"),
        ("ÜBERLASTET, Straße", "uberlastet strasse"),
        ("main d'œuvre", "main d oeuvre"),
        ("  a\tb\nc ", "a b c"),
        ("🙂", ""),
        (None, ""),
        ("50% off", "50 off"),
        ("Ελλάδα", "ελλαδα"),
        ("own_sales", "own sales"),
    ],
)
def test_texts_fold(text: str | None, flat: str) -> None:
    assert folded([text]).tolist() == [flat]


def test_texts_that_fold_alike_are_one() -> None:
    words = Words.read(["The margin!", "the MARGIN", "", None, "marge"])
    assert words.distinct == 2
    assert words.text[0] == words.text[1] != words.text[4]
    assert words.text[2] == words.text[3] == -1


def test_words_beginnings_and_phrases() -> None:
    words = Words.read(["your own big sales team", "sales of our own", "ownership", "price", "own a b c sales"])

    def found(pattern: str) -> list[bool]:
        return list(words.matching(pattern)[words.text])

    assert found("own") == [True, True, False, False, True]
    assert found("own*") == [True, True, True, False, True]
    assert found("own sales") == found("own_sales") == [True, False, False, False, False]
    assert found("own_sales_team") == [True, False, False, False, False]
    assert found("PRICÉ") == [False, False, False, True, False]
    assert not any(found("")), "nothing is in no text"
    assert not any(found("absent*"))
    assert APART == 3


def test_a_very_long_text_is_cut() -> None:
    words = Words.read(["margin " * 10 + "x" * LONGEST + " price"])
    assert words.matching("margin").all()
    assert not words.matching("price").any()


@given(st.lists(st.text(max_size=40), max_size=12))
def test_any_text_is_read_and_its_own_words_are_found(texts: list[str]) -> None:
    words = Words.read(texts)
    for text, flat in zip(words.text, folded(texts), strict=True):
        assert (text == -1) == (flat == "")
        for word in flat.split():
            assert words.matching(word)[text] or not folded_pattern(word) or folded_pattern(word) != (word,)
    assert words.all_of(words.vocabulary.tolist()).all()
    assert not words.all_of([]).any()
