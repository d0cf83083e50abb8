"""What partners answered when last asked: one row a response, one column a question."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from prmkit.data import calendar
from prmkit.data.portfolio import Portfolio

STALE_MONTHS = 24
WAVE_MONTHS = 3


@dataclass(frozen=True)
class Voices:
    """The latest word of each partner, of the whole client or of a view.

    responses: response_id (index), partner_id (null where anonymous), role, date; scores: the same index, one column a
    question with a score; texts: response_id, partner_id, question_id, text of every free answer. Sorted by response_id.
    """

    responses: pd.DataFrame
    scores: pd.DataFrame
    texts: pd.DataFrame

    def named(self, prefix: str, suffix: str = "") -> pd.DataFrame:
        """Scores of the questions `<prefix><name><suffix>`, columns called by the name, in alphabetical order."""
        chosen = {
            question: question[len(prefix) : len(question) - len(suffix)]
            for question in self.scores.columns
            if question.startswith(prefix) and question.endswith(suffix) and len(question) > len(prefix) + len(suffix)
        }
        return self.scores[list(chosen)].rename(columns=chosen).sort_index(axis=1)

    def by_partner(self, scores: pd.DataFrame) -> pd.DataFrame:
        """Mean of `scores` (rows of responses) over the respondents of each partner; index partner_id, anonymous ones left out."""
        owner = self.responses["partner_id"].reindex(scores.index)
        return scores[owner.notna()].groupby(owner.dropna().rename("partner_id")).mean()


def voices(portfolio: Portfolio) -> Voices:
    """What partners said, as it stands on the as-of date: no answer older than `STALE_MONTHS`.

    Of a partner asked in several waves only the last one counts: its answers within `WAVE_MONTHS` of its latest. Anonymous
    answers count by the same rule as if one partner had given them all. Several people of one partner are several responses.
    A score given twice to one question in one response counts by its mean. Empty frames where nobody was asked.
    """
    rows = portfolio.tables.get("surveys", pd.DataFrame(columns=["response_id", "respondent", "partner_id", "role", "date", "question_id"]))
    rows = rows[(rows["respondent"] == "partner") & (rows["date"] > calendar.month_end(portfolio.as_of, STALE_MONTHS))]
    if rows.empty:
        nothing = pd.DataFrame(index=pd.Index([], name="response_id", dtype="str"))
        responses = nothing.assign(partner_id=pd.Series(dtype="str"), role=pd.Series(dtype="str"), date=pd.Series(dtype="datetime64[us]"))
        return Voices(responses, nothing, pd.DataFrame(columns=["response_id", "partner_id", "question_id", "text"], dtype="str"))
    latest = rows.groupby("partner_id", dropna=False)["date"].transform("max")
    rows = rows[rows["date"] > latest - pd.DateOffset(months=WAVE_MONTHS)].sort_values(["response_id", "question_id"], kind="stable")
    responses = rows.groupby("response_id")[["partner_id", "role", "date"]].first()
    scored = rows[rows["score"].notna()]
    scores = scored.pivot_table(index="response_id", columns="question_id", values="score", aggfunc="mean")
    texts = rows.loc[rows["text"].notna(), ["response_id", "partner_id", "question_id", "text"]].reset_index(drop=True)
    return Voices(responses, scores.reindex(responses.index).rename_axis(columns=None).astype("float64"), texts)
