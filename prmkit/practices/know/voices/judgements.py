"""What partner managers believe of their partners, beside what the data show and what partners say themselves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.bootstrap import LEVEL
from prmkit.estimators.clustered_share import Share, clustered_share
from prmkit.practices.know.segments.sure_change import sure_change
from prmkit.practices.know.voices.worries import Told, told_here
from prmkit.practices.know.voices.worry_words import shipped
from prmkit.practices.result import NotComputed

ANSWERS = {
    "outlook": ("growing", "steady", "shrinking", "leaving"),
    "relationship": ("two_or_more", "one", "weak"),
    "held_back": ("skills", "demand", "margin", "attention", "nothing"),
}
NOT_KNOWN = "not_known"
UP, DOWN = ("growing", "steady"), ("shrinking", "leaving")
FEW_TIES = ("one", "weak")
CLEARLY = 0.8


def believed(portfolio: Portfolio) -> pd.DataFrame:
    """partner_id, question, answer, revenue, now, before, large, compared, against: the latest judgement of each partner and question.

    large: among the largest partners that together bring half of the client's 12-month revenue. compared: whether two years of it
    can be set side by side. against: said to grow or stay and clearly (chance of 0.8) a quarter down, or the reverse.
    """
    told = portfolio.tables.get("estimates", pd.DataFrame(columns=["partner_id", "question", "answer", "judged_by", "judged_on"]))
    told = told[told["question"].isin(list(ANSWERS)) & told["partner_id"].isin(portfolio.partners["partner_id"])]
    told = told.sort_values(["judged_on", "judged_by"], kind="stable", na_position="first").drop_duplicates(
        ["partner_id", "question"], keep="last"
    )
    right = pd.Series(False, index=told.index, dtype=bool)
    for question, answers in ANSWERS.items():
        right |= (told["question"] == question) & told["answer"].isin(answers)
    told = told.assign(answer=told["answer"].where(right, NOT_KNOWN))[["partner_id", "question", "answer"]]
    years = sure_change(portfolio)
    rows = told.merge(years, left_on="partner_id", right_index=True, how="left")
    up, down = rows["answer"].isin(UP) & (rows["fell"] >= CLEARLY), rows["answer"].isin(DOWN) & (rows["grew"] >= CLEARLY)
    return rows.assign(
        revenue=rows["now"],
        large=rows["partner_id"].isin(_large(portfolio)),
        compared=rows["fell"].notna(),
        against=(rows["question"] == "outlook") & (up | down),
    ).reset_index(drop=True)


def judgements(portfolio: Portfolio) -> pd.DataFrame:
    """One row a question and answer in the form's order; empty where nobody judged.

    partners, revenue (of 12 months); share: of the partners whose manager gave an answer, with its 90% ends (null for "not known").
    large, large_revenue: of these, the largest that bring half of revenue. compared, against: of the outlook, how many can be set
    beside two years of sales, and how many these clearly contradict. said_share, said_low, said_high: of what holds them
    back, the partners that name it themselves among those that wrote of their worries.
    """
    told = believed(portfolio)
    if told.empty:
        return pd.DataFrame()
    heard, rows = told_here(portfolio), []
    for question, answers in ANSWERS.items():
        asked = told[told["question"] == question]
        known = int((asked["answer"] != NOT_KNOWN).sum())
        for answer in (*answers, NOT_KNOWN) if len(asked) else ():
            rows.append(_row(heard, question, answer, asked[asked["answer"] == answer], known))
    return pd.DataFrame(rows)


def _row(heard: Told, question: str, answer: str, mine: pd.DataFrame, known: int) -> dict[str, Any]:
    share = None
    if known and answer != NOT_KNOWN:
        share = clustered_share(np.arange(known) < len(mine))
    said = own_words(heard, answer) if question == "held_back" else None
    return {
        "question": question,
        "answer": answer,
        "partners": len(mine),
        "revenue": float(mine["revenue"].sum()),
        **_ends("share", share),
        "large": int(mine["large"].sum()),
        "large_revenue": float(mine.loc[mine["large"], "revenue"].sum()),
        "compared": int(mine["compared"].sum()) if question == "outlook" else None,
        "against": int(mine["against"].sum()) if question == "outlook" else None,
        **_ends("said", said),
    }


def own_words(heard: Told, answer: str, level: float = LEVEL) -> Share | None:
    """The share of partners that name, in their own words, what a manager's answer says; None where it may not be told or none asked."""
    linked = [theme for theme, link in shipped().held_back.items() if link == answer]
    return heard.share_of_any(linked, level)


def _ends(name: str, share: Share | None) -> dict[str, float | None]:
    value = name if name == "share" else f"{name}_share"
    if share is None:
        return {value: None, f"{name}_low": None, f"{name}_high": None}
    return {value: share.value, f"{name}_low": share.low, f"{name}_high": share.high}


def _large(portfolio: Portfolio) -> pd.Index[Any]:
    """The fewest partners of the client that together bring half of its 12-month revenue."""
    falling = portfolio.whole.per_partner().clip(lower=0).sort_values(ascending=False, kind="stable")
    if falling.sum() <= 0:
        return falling.index[:0]
    return falling.index[: int((falling.cumsum() < falling.sum() / 2).sum()) + 1]


def missing(portfolio: Portfolio, table: pd.DataFrame) -> tuple[NotComputed, ...]:
    """Why there is no row, and what cannot be set against what."""
    if table.empty:
        return (NotComputed("judgements", None, "no partner manager has judged these partners", "estimates"),)
    made = []
    if not table["compared"].fillna(0).sum():
        made.append(
            NotComputed(
                "judgements",
                "against",
                "no partner judged has two full years of sales to hold an outlook against",
                "a longer sales history",
            )
        )
    if table["said_share"].isna().all():
        made.append(
            NotComputed("judgements", "said_share", "too few partners wrote, of their own accord, of what managers were asked", "surveys")
        )
    return tuple(made)
