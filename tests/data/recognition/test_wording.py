"""What words of an export mean: told where people use them so elsewhere, left alone where nothing speaks for one."""

from __future__ import annotations

import pytest

from prmkit.data.recognition.wording import meaning, word_proposals
from prmkit.data.tables import tables

OUTCOME = tables()["deals"]["outcome"].words


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("6 - Closed Won (signed)", "won"),
        ("CLOSED-LOST", "lost"),
        ("Gewonnen", "won"),
        ("3. Negotiation / Review", "open"),
        ("Id. Decision Makers", "open"),
        ("withdrawn by customer", "withdrawn"),
        ("Negotation", "open"),  # a slip of the key
    ],
)
def test_stages(word: str, meant: str) -> None:
    found = meaning("outcome", word, OUTCOME)
    assert found is not None
    assert found[0] == meant


@pytest.mark.parametrize("word", ["Wonderland", "Phase 3", "x", "", "Lostwithiel"])
def test_words_that_say_nothing_are_left_alone(word: str) -> None:
    assert meaning("outcome", word, OUTCOME) is None


def test_only_words_of_the_column_are_proposed() -> None:
    assert meaning("outcome", "renewed", OUTCOME) is None
    assert meaning("outcome", "renewed", tables()["subscriptions"]["outcome"].words) == ("renewed", 0.95)


def test_every_known_word_belongs_to_a_column_and_no_word_to_two_of_one_column() -> None:
    from prmkit.data.recognition.wording import _bare, _known

    words = {(column.name, word) for table in tables().values() for column in table.columns for word in column.words}
    for name, told in _known().items():
        assert {(name, canonical) for canonical in told} <= words
        for table in tables().values():
            allowed = table[name].words if name in table.names else ()
            ways = [_bare(way) for canonical, known in told.items() if canonical in allowed for way in known]
            assert len(ways) == len(set(ways)), (table.name, name)


def test_a_proposal_names_what_it_can_tell_and_leaves_the_rest() -> None:
    (one,) = word_proposals({("deals", "outcome"): ("Won - paid", "Phase 3"), ("partners", "tier"): ("Gold",)}, ())
    assert one.values == {"outcome": {"Won - paid": "won"}}
    assert word_proposals({("deals", "outcome"): ("Won - paid",)}, [one]) == []
