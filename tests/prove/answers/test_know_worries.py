"""Worries and clear falls as the proving ground judges them, recomputed by hand in one programme."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from prmkit.practices.know.segments.sure_change import sure_change
from prmkit.practices.survey import voices
from prmkit.prove.answers.know.judgements import clear_falls
from prmkit.prove.answers.know.worries import SEARCHED, TRUE_THEMES, rand_index, worries
from prmkit.prove.case import Case, make_case
from prmkit.simulate import WORLDS
from prmkit.simulate.records.words import WORRIES
from prmkit.simulate.revenue import expected_revenue


@pytest.fixture(scope="module")
def case() -> Iterator[Case]:
    with make_case(WORLDS.get("reference"), 3, 300, 30, ("know",)) as made:
        yield made


def test_every_topic_is_a_sixth_of_what_is_written(case: Case) -> None:
    outcome = worries(case)
    assert outcome is not None
    told, stakes = outcome.estimates, outcome.stakes
    assert told is not None
    assert stakes is not None
    assert list(TRUE_THEMES) == list(WORRIES)
    assert told.truth == pytest.approx(np.full(6, 1 / 6))
    rows = case.table("know", "worries").set_index("theme")["share"].reindex(list(TRUE_THEMES.values()))
    assert told.tool == pytest.approx(rows.to_numpy(dtype=float), nan_ok=True)
    texts = voices(case.portfolio).texts["text"]
    assert told.naive == pytest.approx([np.mean([word in text.lower() for text in texts]) for word in SEARCHED])
    assert stakes.naive < 0.2 < 0.9 < stakes.tool <= stakes.limit == 1


def test_falls_are_judged_by_what_was_expected(case: Case) -> None:
    outcome = clear_falls(case)
    assert outcome is not None
    claims = outcome.claims
    assert claims is not None
    rows = sure_change(case.portfolio).reindex(case.truth.partners["partner_id"])
    expected = expected_revenue(case.state)
    fell = expected[:, 18:30].sum(axis=1) <= 0.75 * expected[:, 6:18].sum(axis=1)
    called = (rows["fell"] >= 0.8).to_numpy()
    assert (claims.made, claims.false) == (int(called.sum()), int((called & ~fell).sum()))
    books = (rows["fell"].notna() & (rows["now"] <= 0.75 * rows["before"])).to_numpy()
    assert (claims.naive_made, claims.naive_false) == (int(books.sum()), int((books & ~fell).sum()))
    assert claims.false / claims.made < 0.2 < claims.naive_false / claims.naive_made


def test_sorting_alike_is_one_and_by_chance_nothing() -> None:
    assert rand_index(np.array([0, 0, 1, 1]), np.array([5, 5, 2, 2])) == 1
    assert rand_index(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])) < 0
