"""Docebo, report Users - Courses: who completed what. The system knows people, not partners."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from prmkit.simulate.exports.export import Tables, export
from prmkit.simulate.exports.organisations import OWN_BRANCH, OWN_DOMAIN, by_id, domains, organisations
from prmkit.simulate.exports.words import YES_NO, flagged, spoken

_HALF_HOUR, _DAYS_IN_COURSE = 30.0, 9
_STARTED_ONLY = 25
"""One in so many enrolments is there a second time as one that somebody else only began: systems are full of them."""


@export("docebo_users_courses", "Docebo, report Users - Courses", "trainings", "partners")
def users_courses(tables: Tables) -> pd.DataFrame:
    """One row a person and course. The partner shows only in the e-mail domain and the name of the branch."""
    trainings, partners = tables["trainings"], tables["partners"]
    own = trainings["partner_id"].isna()
    user = trainings["person_id"].str.lower().fillna("unknown")
    domain = by_id(trainings["partner_id"], domains(partners)).mask(own, OWN_DOMAIN)
    minute = pd.to_timedelta(8 * 60 + np.arange(len(trainings)) * 37 % 540, unit="m")
    completed = trainings["completed_on"] + minute
    given = pd.DataFrame(
        {
            "Username": user,
            "User unique ID": trainings["person_id"],
            "Email": user + "@" + domain,
            "Branch Name": by_id(trainings["partner_id"], organisations(partners)).mask(own, OWN_BRANCH),
            "Job Role": spoken(trainings["role"]),
            "Course code": trainings["course_id"],
            "Course Category": trainings["product_family"],
            "Course Version": trainings["version"],
            "Enrollment Date": completed - pd.Timedelta(days=_DAYS_IN_COURSE),
            "Completion Date": completed,
            "Course Enrollment Status": "Completed",
            "Final Score": trainings["score"],
            "Session Time (min)": minutes(trainings["hours"]),
            "Certified": flagged(trainings["certified"], YES_NO),
            "Certification Expires": trainings["expires_on"],
            "Course Cost": trainings["cost"],
        }
    )
    return pd.concat([given, _begun(given)], ignore_index=True)


def minutes(hours: pd.Series) -> pd.Series:
    """Hours in minutes, to a millionth."""
    made: pd.Series = np.rint(hours * 60e6) / 1e6
    return made


def _begun(given: pd.DataFrame) -> pd.DataFrame:
    """Enrolments that never came to an end."""
    some = given.iloc[_STARTED_ONLY - 1 :: _STARTED_ONLY]
    unfinished: dict[str, Any] = {
        "Username": some["Username"] + "-2",
        "User unique ID": some["User unique ID"] + "-2",
        "Email": some["Email"].str.replace("@", "-2@", regex=False),
        "Completion Date": pd.NaT,
        "Course Enrollment Status": "In Progress",
        "Final Score": np.nan,
        "Session Time (min)": _HALF_HOUR,
        "Certified": "No",
        "Certification Expires": pd.NaT,
    }
    return some.assign(**unfinished).astype({"Completion Date": "datetime64[us]", "Certification Expires": "datetime64[us]"})
