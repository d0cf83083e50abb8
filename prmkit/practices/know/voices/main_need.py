"""The need that stands out for a partner: by its own answers, else as its partner manager judges."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.estimators.standout import FEWEST, Standout, standout
from prmkit.practices.know.voices.driver_fits import asked
from prmkit.practices.know.voices.respondents import panel

Array = NDArray[Any]

MARK_LUCK = 0.8
"""By how many steps of the scale a mark is off by luck at most (standard deviation): the same person asked twice differs by less."""
CALL = 0.5
"""A need is called where it is likelier to stand out than all others together."""
NOT_ASKED = "it was not asked, or did not answer, and no partner manager judged it"
NOT_CLEAR = "no need stands out clearly enough from its answers"
ANONYMOUS = "answers carry no partner, so that none can be told what it said"
JUDGED = "judged by its partner manager"
NOTHING = "nothing holds it back, its partner manager judges"
CLASH = "its partner managers judge it differently"
HELD_BACK = {
    "margin": ("margin", ("margin", "price", "profit", "discount")),
    "demand": ("leads", ("lead", "demand", "marketing")),
    "skills": ("training", ("training", "skill", "enablement", "technical")),
    "attention": ("attention from us", ("attention", "account manage", "partner manage", "contact")),
}
"""What a partner manager can choose: the need it stands for where no need that was asked about has one of the words in its name."""


def main_need(portfolio: Portfolio) -> pd.DataFrame:
    """partner_id, main_need, main_need_basis ("surveyed" | "judged" | "none"), chance, reason; a row for every partner.

    surveyed: the need whose importance exceeds what is usual for it and the partner's own level the most, where that is likelier than
    not given how much of such differences is luck (`standout`, fitted on all partners); chance is that likelihood. judged: what the
    partner manager said holds it back most, only where the partner itself said nothing; it has no chance. No need is guessed from a
    partner's segment or type: whether these foretell it is not shown.
    """
    ids = portfolio.partners["partner_id"]
    own = portfolio.fitted(_own).reindex(ids).reset_index(drop=True)
    told = portfolio.fitted(_judged).reindex(ids).reset_index(drop=True)
    answered = own["answered"].fillna(False).astype(bool).to_numpy()
    called = answered & (own["chance"].to_numpy(dtype=float) >= CALL)
    judged = ~answered & told["need"].notna().to_numpy()
    reason = np.select(
        [called, answered, told["reason"].notna().to_numpy()],
        ["", own["reason"].fillna(NOT_CLEAR).to_numpy(dtype=object), told["reason"].fillna("").to_numpy(dtype=object)],
        default=_nobody(portfolio),
    )
    return pd.DataFrame(
        {
            "partner_id": ids,
            "main_need": pd.Series(
                np.select([called, judged], [own["need"].to_numpy(dtype=object), told["need"].to_numpy(dtype=object)], np.nan), dtype="str"
            ),
            "main_need_basis": pd.Series(np.select([called, judged], ["surveyed", "judged"], "none"), dtype="str"),
            "chance": np.where(called, own["chance"].to_numpy(dtype=float), np.nan),
            "reason": pd.Series(reason, dtype="str").replace("", None),
        }
    )


def _nobody(portfolio: Portfolio) -> str:
    owner = panel(portfolio).heard.responses["partner_id"]
    return ANONYMOUS if len(owner) and owner.isna().all() else NOT_ASKED


@reads("worries", "privacy", "client")
def _own(portfolio: Portfolio) -> pd.DataFrame:
    """By partner that said how important needs are: need, chance, answered, reason."""
    heard, needs = panel(portfolio).heard, asked(portfolio).importance
    by_partner = heard.by_partner(needs)
    by_partner = by_partner[by_partner.notna().any(axis=1)]
    empty = pd.DataFrame({"need": None, "chance": np.nan, "answered": True, "reason": None}, index=by_partner.index)
    owner = heard.responses["partner_id"][needs.notna().any(axis=1)]
    counts = owner.value_counts().reindex(by_partner.index, fill_value=1).to_numpy()
    luck = MARK_LUCK * asked(portfolio).step["importance"]
    values, seed = by_partner.to_numpy(dtype=float), portfolio.settings.seed
    found: Standout | None = standout(values, counts, most_luck=luck, seed=seed) if len(by_partner) else None
    if found is None:
        few = f"fewer than {FEWEST} partners answered on three needs or more: luck cannot be told from what stands out"
        return empty.assign(reason=few)
    chance = np.nan_to_num(found.chance, nan=-1.0)
    return empty.assign(need=by_partner.columns.to_numpy()[chance.argmax(axis=1)], chance=found.chance.max(axis=1))


def _judged(portfolio: Portfolio) -> pd.DataFrame:
    """By partner of which a manager said what holds it back: need, reason."""
    told = portfolio.tables.get("estimates", pd.DataFrame(columns=["partner_id", "question", "answer"]))
    told = told[(told["question"] == "held_back") & told["answer"].isin([*HELD_BACK, "nothing"])]
    grouped = told.groupby("partner_id")["answer"].agg(["first", "nunique"])
    names = {answer: _named(answer, list(asked(portfolio).importance.columns)) for answer in HELD_BACK}
    one = grouped["nunique"] == 1
    need = grouped["first"].map(names).where(one)
    reason = np.select([~one, grouped["first"] == "nothing"], [CLASH, NOTHING], JUDGED)
    return pd.DataFrame({"need": need, "reason": reason}, index=grouped.index)


def _named(answer: str, needs: list[str]) -> str:
    """The need that was asked about whose name holds a word of what the manager chose; its own name where there is none."""
    default, words = HELD_BACK[answer]
    return next((need for word in words for need in needs if word in need.lower()), default)
