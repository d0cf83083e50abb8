"""Docebo's users and courses become trainings: only what was completed, under the branch or the domain of the address."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.data.recognition.exports import cells, errors, looked, sheet, told

LABELS = [
    "Username", "User unique ID", "First Name", "Last Name", "Email", "Branch Name", "Branch path", "Deactivated", "Course Name",
    "Course code", "Course Unique ID", "Course Type", "Enrollment Date", "Course First Access Date", "Course Last Access Date",
    "Completion Date",
    "Course Enrollment Status", "Final Score", "Initial score", "Course Progress (%)", "Session Time (min)", "Training Material Time (sec)",
    "Credits (CEUs)", "Learning Plan Name",
]  # fmt: skip
API = [header.casefold().replace(" ", "_") for header in LABELS]
SAID = [
    {"Username": "jo", "User unique ID": "0007", "Email": "jo@alpha.example", "Branch Name": "Alpha GmbH", "Course Name": "Selling I",
     "Course code": "S-100", "Completion Date": "2026-01-05 10:00:00", "Course Enrollment Status": "Completed", "Final Score": "85",
     "Session Time (min)": "90"},
    {"Username": "al", "User unique ID": "8", "Email": "Al@Beta.Example", "Course Name": "Selling I", "Course Unique ID": "E-1",
     "Completion Date": "2026-01-06 10:00:00", "Course Enrollment Status": "completed", "Final Score": "70/100",
     "Session Time (min)": "30"},
    {"Username": "al", "User unique ID": "8", "Email": "al@beta.example", "Course Name": "Selling II", "Course code": "S-200",
     "Course Enrollment Status": "In progress", "Session Time (min)": "12"},
    {"Username": "ed", "Branch Name": "Beta Ltd", "Course Name": "Setting up", "Completion Date": "2026-01-07 10:00:00",
     "Course Enrollment Status": "Completed"},
    {"Username": "ed", "Branch Name": "Beta Ltd", "Course Name": "Selling I", "Course Enrollment Status": "Enrolled"},
]  # fmt: skip


def export(head: list[str]) -> list[list[str]]:
    """The courses under headers that stand for the labels."""
    return [list(row) for row in sheet(head, *([one.get(header, "") for header in LABELS] for one in SAID))]


@pytest.mark.parametrize("head", [LABELS, API], ids=["labels", "api"])
def test_trainings(tmp_path: Path, head: list[str]) -> None:
    rows = export(head)
    assert told(tmp_path / "report.csv", rows) == ("docebo.users_courses", ())
    seen = looked(tmp_path, {"x1.csv": rows})
    assert errors(seen) == []
    assert seen.proposals == ()
    assert cells(seen, "trainings", "person_id", "partner_id", "course_id", "completed_on", "hours", "score") == [
        ("0007", "Alpha GmbH", "S-100", "2026-01-05", 1.5, 85.0),
        ("8", "beta.example", "E-1", "2026-01-06", 0.5, 70.0),
        ("ed", "Beta Ltd", "Setting up", "2026-01-07", None, None),
    ]


def test_fields_of_ones_own_are_read_where_they_are(tmp_path: Path) -> None:
    own = ["Job Role", "Course Category", "Certified", "Certification Expires"]
    rows = sheet([*LABELS, *own], [*export(LABELS)[1], "Sales Engineer", "Storage", "Yes", "2028-01-05"])
    seen = looked(tmp_path, {"x1.csv": rows})
    assert cells(seen, "trainings", "role", "product_family", "certified", "expires_on") == [("sales", "Storage", True, "2028-01-05")]
