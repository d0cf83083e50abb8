"""What partner managers believe, beside what the data and partners say."""

from __future__ import annotations

import pandas as pd

from prmkit import charts
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, Facts, caption, missing, rows_html
from prmkit.results import Results

QUESTIONS = {"held_back": "What holds them back", "relationship": "Relationship", "outlook": "Outlook with us"}
ANSWERS = {
    "growing": "growing", "steady": "steady", "shrinking": "shrinking", "leaving": "leaving",
    "two_or_more": "two or more strong ties", "one": "one strong tie", "weak": "weak",
    "skills": "skills", "demand": "demand", "margin": "margin", "attention": "attention", "nothing": "nothing", "not_known": "not known",
}  # fmt: skip
_SHOWN = (
    "question", "answer", "partners", "share", "share_low", "share_high", "revenue", "large", "large_revenue", "compared", "against",
    "said_share", "said_low", "said_high",
)  # fmt: skip


@EXHIBITS.register("know.judgements")
def judgements(results: Results) -> Exhibit:
    """What managers believe of their partners."""
    frame, facts = results.table("know", "judgements"), Facts.of(results)
    answered = frame[(frame["answer"] != "not_known") & frame[["question", "answer", "share"]].notna().all(axis=1)]
    if answered.empty:
        return missing(results, "know", "judgements")
    message = _message(answered, facts)
    drawn = next(part for name in (*QUESTIONS, *answered["question"].unique()) if len(part := answered[answered["question"] == name]))
    question = str(drawn["question"].iloc[0])
    rows = pd.DataFrame({"label": drawn["answer"].map(ANSWERS).fillna(drawn["answer"]), "value": drawn["share"]})
    rows = rows.assign(**{end: drawn.get(f"share_{end}") for end in ("low", "high")}, seen=drawn.get("said_share"))
    rings = bool(rows["seen"].notna().any())
    axis = f"{QUESTIONS.get(question, question)}: share of partners judged"
    picture = charts.dot_interval(
        rows if rings else rows.drop(columns="seen"), alt=f"{message}.", unit="fraction", axis=axis, locale=facts.locale
    )
    shown = frame.assign(
        question=frame["question"].map(QUESTIONS).fillna(frame["question"]), answer=frame["answer"].map(ANSWERS).fillna(frame["answer"])
    )
    table = rows_html(results, "know", "judgements", shown, message, tuple(column for column in _SHOWN if column in frame))
    note = "Judgements, not measurements." + (
        " Open ring: the partners that name it themselves, of those that wrote what worries them." if rings else ""
    )
    n = facts.count(int(frame.groupby("question")["partners"].sum().max()), "partner")
    return Exhibit(message, picture, table, caption(results, "know", "judgements", n, "as judged"), note)


def _message(rows: pd.DataFrame, facts: Facts) -> str:
    """The risk that most revenue hangs on, else what sales contradict, else what managers say most."""
    ties = rows[(rows["question"] == "relationship") & rows["answer"].isin(["one", "weak"])]
    large = int(ties["large"].sum()) if "large" in ties else 0
    if large:
        money = facts.money(ties["large_revenue"].sum())
        return f"{facts.count(large, 'large partner hangs', 'large partners hang')} on one person or none: {money} a year"
    against = int(rows["against"].fillna(0).sum()) if "against" in rows else 0
    if against:
        return f"Sales clearly contradict what managers expect of {facts.count(against, 'partner')}"
    first = rows.sort_values("share", ascending=False, kind="stable").iloc[0]
    asked = QUESTIONS.get(first["question"], first["question"])
    return f"{asked}: '{ANSWERS.get(first['answer'], first['answer'])}' for {facts.share(first['share'])} of the partners judged"
