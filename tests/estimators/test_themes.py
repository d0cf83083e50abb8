"""Themes found in texts: true groups come back, noise gives none, whatever the order."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from prmkit.estimators.texts import Words
from prmkit.estimators.themes import ENOUGH_TEXTS, Themes, themes

TOPICS = (
    ("margin", "price", "discount", "profit", "resale"),
    ("hire", "engineer", "staff", "skills", "leave"),
    ("delivery", "late", "stock", "shipping", "weeks"),
    ("portal", "login", "password", "claims", "forms"),
)


def letters(number: int) -> str:
    return "".join(chr(97 + (number // 26**place) % 26) for place in range(3)) + "q"


def made(texts: int, seed: int, own: int = 3, filler: int = 4) -> tuple[list[int], list[str]]:
    """Texts of one of four topics: three of its five words among four of two hundred others."""
    rng = np.random.default_rng(seed)
    topic, out = rng.integers(0, 4, texts).tolist(), []
    for one in topic:
        said = [*rng.choice(TOPICS[one], own, replace=False), *(letters(n) for n in rng.integers(0, 200, filler))]
        rng.shuffle(said)
        out.append(" ".join(said))
    return topic, out


@pytest.mark.parametrize(("texts", "least"), [(150, 0.95), (400, 0.95), (1500, 0.85)])
def test_true_groups_come_back(texts: int, least: float) -> None:
    for seed in range(2):
        topic, said = made(texts, seed)
        words = Words.read(said)
        found = themes(words, frozenset(), 1)
        assert adjusted_rand_score(topic, found.theme[words.text]) > least
        assert sorted(next(n for n, known in enumerate(TOPICS) if marks[0] in known) for marks in found.words) == [0, 1, 2, 3]
        assert min(found.stability) > 0.8


def noise(texts: int, seed: int) -> list[str]:
    """Words drawn one by one, common ones more often: no text has a topic."""
    rng = np.random.default_rng(seed)
    weight = 1 / np.arange(1, 301) ** 0.8
    return [" ".join(letters(n) for n in rng.choice(300, 8, p=weight / weight.sum())) for _ in range(texts)]


def test_of_sixty_texts_some_themes_are_found_and_none_that_is_mixed() -> None:
    held = []
    for seed in range(6):
        topic, said = made(60, seed)
        words = Words.read(said)
        found = themes(words, frozenset(), 1)
        for number in range(len(found.words)):
            mine = np.array(topic)[found.theme[words.text] == number]
            held.append(np.bincount(mine).max() / len(mine))
    assert len(held) > 6
    assert np.mean(held) > 0.9


@pytest.mark.parametrize("texts", [60, 200, 600])
def test_texts_without_topics_give_no_theme(texts: int) -> None:
    said = [themes(Words.read(noise(texts, seed)), frozenset(), 1) for seed in range(3)]
    assert all(found.words == () and found.tried > 0 and (found.theme == -1).all() for found in said)


def test_few_texts_and_texts_said_again_and_again_give_none() -> None:
    _, said = made(ENOUGH_TEXTS - 1, 1)
    assert themes(Words.read(said * 20), frozenset(), 1).tried == 0
    assert themes(Words.read([]), frozenset(), 1).words == ()


def same(one: Themes, other: Themes) -> bool:
    return one.words == other.words and one.stability == other.stability and bool((one.theme == other.theme).all())


def test_the_order_of_texts_and_repeats_change_nothing() -> None:
    _, said = made(200, 2)
    first = themes(Words.read(said), frozenset(), 1)
    assert same(first, themes(Words.read(said[::-1]), frozenset(), 1))
    assert same(first, themes(Words.read(said + said[:50] * 9), frozenset(), 1))


def test_words_left_out_make_no_theme() -> None:
    _, said = made(200, 3)
    found = themes(Words.read(said), frozenset(TOPICS[0]), 1)
    assert not set(TOPICS[0]) & {word for marks in found.words for word in marks}
    assert len(found.words) == 3
