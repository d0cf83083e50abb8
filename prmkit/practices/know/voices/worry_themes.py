"""Which theme every partner's worry belongs to: by lists of words, and among the rest by what the texts have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.estimators.texts import Words, folded
from prmkit.estimators.themes import themes
from prmkit.practices.know.voices.worry_words import NOTHING, shipped, stop_words
from prmkit.practices.survey import voices

FEWEST_PARTNERS = 3
BY_LIST, BY_TEXTS = "word list", "found in the texts"
_SHOWN_WORDS = 3


@dataclass(frozen=True)
class Named:
    """What respondents of the whole client wrote, as themes.

    wrote: response_id (index) -> partner_id, or the response's own id where it is anonymous. said: response_id, theme; each pair once.
    words: theme -> words that mark it, safe to show. found_by: theme -> BY_LIST or BY_TEXTS. open_questions: the questions read where none
    asks for worries.
    """

    wrote: pd.Series[Any]
    said: pd.DataFrame
    words: Mapping[str, tuple[str, ...]]
    found_by: Mapping[str, str]
    open_questions: tuple[str, ...]


def named(portfolio: Portfolio) -> Named:
    """The themes of all worries of the client, read once whatever the portfolio."""
    return portfolio.fitted(_read)


@reads("worries", "privacy", "client")
def _read(portfolio: Portfolio) -> Named:
    heard = voices(portfolio)
    texts, others = _worries(heard.texts)
    words = Words.read(texts["text"])
    told = texts.assign(text=words.text)[words.text >= 0]
    owner = told["partner_id"].where(told["partner_id"].notna(), told["response_id"])
    told = told.assign(owner=owner)
    enough = portfolio.settings.privacy.min_peers
    lists = shipped().adding(portfolio.settings.worries)
    hidden = _names(portfolio)
    hits: dict[str, NDArray[Any]] = {}
    marks: dict[str, tuple[str, ...]] = {}
    for name, patterns in lists.themes.items():
        places = np.unique(np.concatenate([words.places(pattern) for pattern in patterns] or [np.zeros(0, np.int64)]))
        hits[name] = np.unique(words.of[places])
        marks[name] = _safe(told, words, places, hidden, enough)
    listed = np.isin(np.arange(words.distinct), np.concatenate([*hits.values(), np.zeros(0, np.int64)]))
    none = words.all_of(lists.nothing) & ~listed
    hits[NOTHING] = np.flatnonzero(none)
    rest = ~listed & ~none
    found = themes(words.only(rest), stop_words() | hidden, portfolio.settings.seed, max(enough, 5))
    place = np.flatnonzero(rest)
    found_by = dict.fromkeys(hits, BY_LIST)
    for number, likely in enumerate(found.words):
        mine = place[found.theme == number]
        shown = _safe(told, words, _running(words, mine, likely), hidden, enough, likely)
        if len(shown) > 1:
            name = ", ".join(shown)
            hits[name] = np.union1d(hits.get(name, mine), mine)
            marks[name], found_by[name] = shown, BY_TEXTS
    pairs = [pd.DataFrame({"text": which, "theme": name}) for name, which in hits.items()]
    said = told[["response_id", "text"]].merge(pd.concat(pairs), on="text")[["response_id", "theme"]].drop_duplicates()
    wrote = told.groupby("response_id")["owner"].first()
    return Named(wrote, said.reset_index(drop=True), {name: marks.get(name, ()) for name in hits}, found_by, others)


def _worries(texts: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Answers to `worry` and `worry:<name>`; where nobody was asked that, all open answers, and to which questions they are."""
    asked = (texts["question_id"] == "worry") | texts["question_id"].str.startswith("worry:")
    if asked.any() or texts.empty:
        return texts[asked], ()
    return texts, tuple(sorted(texts["question_id"].unique()))


def _names(portfolio: Portfolio) -> frozenset[str]:
    """Words never shown: those of partner managers' names, and those that stand in the name of one partner only."""
    managers = folded(portfolio.partners["partner_manager"].dropna().unique()).str.split().explode().dropna()
    partners = folded(portfolio.partners["name"].fillna("")).str.split().map(set).explode().dropna()
    counts = partners.value_counts()
    return frozenset(managers) | frozenset(counts.index[counts == 1])


def _running(words: Words, texts: NDArray[Any], kinds: Iterable[str]) -> NDArray[Any]:
    """Where words of these kinds run in these distinct texts."""
    wanted = np.flatnonzero(np.isin(words.vocabulary.astype(str), list(kinds)))
    inside = np.zeros(words.distinct, dtype=bool)
    inside[texts] = True
    return np.flatnonzero(np.isin(words.code, wanted) & inside[words.of])


def _safe(
    told: pd.DataFrame, words: Words, places: NDArray[Any], hidden: frozenset[str], enough: int, order: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """The words at these places that `enough` respondents of three partners use, no names: three, by `order` or the commonest."""
    used = pd.DataFrame({"text": words.of[places], "word": words.vocabulary[words.code[places]].astype(str)}).drop_duplicates()
    counts = used.merge(told[["text", "response_id", "owner"]], on="text").groupby("word").agg(
        people=("response_id", "nunique"), partners=("owner", "nunique")
    )  # fmt: skip
    safe = (counts["people"] >= enough) & (counts["partners"] >= FEWEST_PARTNERS)
    counts = counts[safe & ~counts.index.isin(hidden | stop_words())]
    if order:
        return tuple(word for word in order if word in counts.index)[:_SHOWN_WORDS]
    ranked = counts.reset_index().sort_values(["people", "word"], ascending=[False, True], kind="stable")
    return tuple(ranked["word"].head(_SHOWN_WORDS))
