"""What worries partners as told, against what they truly wrote of."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.practices.know.voices.worry_themes import named
from prmkit.practices.survey import voices
from prmkit.prove.case import Case
from prmkit.prove.score import Answer, Estimates, Outcome, Stakes
from prmkit.simulate.records.words import WORRIES

TRUE_THEMES = {
    "direct sales": "our own sales as a rival",
    "margin": "margin and price",
    "support": "support and service",
    "training": "product change and training",
    "staff": "hiring and skills",
    "programme": "programme rules and paperwork",
}
"""True topic -> what the tool calls it."""
SEARCHED = ("sales", "margin", "support", "training", "staff", "programme")
"""What a spreadsheet counts cells by, topic by topic."""
_FEWEST = 30


def worries(case: Case) -> Outcome | None:
    """Each topic's share of those that wrote; and how well the texts are sorted (adjusted Rand index), a text under its first theme."""
    texts = voices(case.portfolio).texts
    texts = texts[texts["question_id"] == "worry"].drop_duplicates("response_id")
    known = texts["text"].map({text: number for number, told in enumerate(WORRIES.values()) for text in told})
    texts, topic = texts[known.notna()], known.dropna().to_numpy(dtype=np.int64)
    if len(texts) < _FEWEST:
        return None
    rows = case.table("know", "worries").set_index("theme").reindex(list(TRUE_THEMES.values()))
    columns = (rows[name].to_numpy(dtype=float) for name in ("share", "share_low", "share_high"))
    value, low, high = columns
    searched = np.stack([texts["text"].str.contains(word, case=False, regex=False).to_numpy() for word in SEARCHED])
    seen = np.bincount(topic, minlength=len(TRUE_THEMES)) >= 2 * case.portfolio.settings.privacy.min_peers
    estimates = Estimates.of(np.full(len(TRUE_THEMES), 1 / len(TRUE_THEMES)), value, low, high, naive=searched.mean(axis=1), should=seen)
    said = named(case.portfolio).said.drop_duplicates("response_id").set_index("response_id")["theme"]
    tool = said.reindex(texts["response_id"]).fillna("")
    naive = np.where(searched.any(axis=0), searched.argmax(axis=0), -1).astype(np.int64)
    return Outcome(estimates, Stakes(rand_index(topic, pd.factorize(tool)[0]), rand_index(topic, naive), 1.0))


def rand_index(one: NDArray[Any], other: NDArray[Any]) -> float:
    """Hubert and Arabie's adjusted Rand index of two ways to sort the same things."""
    from sklearn.metrics import adjusted_rand_score

    return float(adjusted_rand_score(one, other))


WORRIES_ANSWERS = (
    Answer(
        "know.worries",
        "know",
        "What share of partners name each worry, and which texts belong together?",
        "topic",
        "cells that hold the topic's own name",
        "told the true topic of each text",
        worries,
    ),
)
