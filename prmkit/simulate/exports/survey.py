"""Qualtrics: one survey of partners and one of customers, a column a question, with three rows of headers."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd

from prmkit.simulate.exports.export import Tables, export
from prmkit.simulate.exports.words import spoken
from prmkit.simulate.exports.writing import as_text

HEADER_ROWS = 2
"""Rows below the first that are no answers: what each question asks, and its id in the system."""
MOST_QUESTIONS = 60
_ABOUT = {
    "StartDate": "Start Date",
    "EndDate": "End Date",
    "Status": "Response Type",
    "Progress": "Progress",
    "Duration (in seconds)": "Duration (in seconds)",
    "Finished": "Finished",
    "RecordedDate": "Recorded Date",
    "ResponseId": "Response ID",
    "ExternalReference": "External Data Reference",
    "DistributionChannel": "Distribution Channel",
    "UserLanguage": "User Language",
    "Partner": "Partner",
    "Customer": "Customer",
    "Role": "Role",
}
_ASKS = {
    "nps": "How likely are you to recommend us?",
    "csat": "How satisfied are you with us?",
    "importance": "How important is this to you?",
    "satisfaction": "How satisfied are you with this?",
    "share_of_wallet": "Which share of your sales in our category is ours?",
}


@export("qualtrics_partner_survey", "Qualtrics, survey of partners", "surveys")
def partner_survey(tables: Tables) -> pd.DataFrame:
    """One row a response; the external reference is the partner."""
    return _wide(tables["surveys"], "partner")


@export("qualtrics_customer_survey", "Qualtrics, survey of end customers", "surveys")
def customer_survey(tables: Tables) -> pd.DataFrame:
    """One row a response; the external reference is the customer."""
    return _wide(tables["surveys"], "customer")


def _wide(surveys: pd.DataFrame, respondent: str) -> pd.DataFrame:
    answers = surveys[surveys["respondent"] == respondent]
    if answers.empty:
        return pd.DataFrame(columns=list(_ABOUT), dtype="str")
    asked = list(dict.fromkeys(answers["question_id"]))
    if len(asked) > MOST_QUESTIONS:
        raise ValueError(f"the survey asks {len(asked)} questions, the export holds {MOST_QUESTIONS}")
    head = answers.drop_duplicates("response_id")
    made = {"ResponseId": head["response_id"], **_about(head, respondent)}
    body = pd.DataFrame({name: made[name] for name in _ABOUT}).reset_index(drop=True)
    place = pd.Series(np.arange(len(head)), index=head["response_id"])
    texts = {**_ABOUT}
    for number, question in enumerate(asked, start=1):
        given = answers[answers["question_id"] == question]
        rows = place[given["response_id"]].to_numpy()
        for name, column in ((f"Q{number}", as_text(given["score"])), (f"Q{number}_TEXT", given["text"])):
            if name.endswith("_TEXT") and column.isna().all():
                continue
            body[name] = pd.Series(column.to_numpy(), index=rows, dtype="str").reindex(body.index)
            texts[name] = f"{_ASKS.get(question.rpartition(':')[2], 'What do you say to this?')} [{question}]"
    imports = {name: json.dumps({"ImportId": f"QID{name[1:]}" if name.startswith("Q") else name}) for name in texts}
    return pd.concat([pd.DataFrame([texts, imports], dtype="str"), body], ignore_index=True)


def _about(head: pd.DataFrame, respondent: str) -> dict[str, pd.Series]:
    minute = pd.Series(pd.to_timedelta(8 * 60 + np.arange(len(head)) * 41 % 600, unit="m"), index=head.index)
    seconds = pd.Series(180 + np.arange(len(head)) * 29 % 420, index=head.index)
    ended = head["date"] + minute
    known = {"Status": "IP Address", "Progress": "100", "Finished": "True", "DistributionChannel": "email", "UserLanguage": "EN"}
    return {
        "StartDate": as_text(ended - pd.to_timedelta(seconds, unit="s")),
        "EndDate": as_text(ended),
        "RecordedDate": as_text(ended),
        "Duration (in seconds)": as_text(seconds),
        "ExternalReference": head[f"{respondent}_id"],
        "Partner": head["partner_id"],
        "Customer": head["customer_id"],
        "Role": spoken(head["role"]),
        **{name: pd.Series(word, index=head.index, dtype="str") for name, word in known.items()},
    }
