"""Any learning system's enrolments become trainings: of nine states only completed and passed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.data.recognition.exports import cells, errors, looked, sheet, told

LABELS = [
    "Learner ID",
    "Email Address",
    "Company",
    "Course Code",
    "Category",
    "Enrolment Status",
    "Date Completed",
    "Score (%)",
    "Duration (min)",
]
API = ["user_id", "email", "partner_id", "course_id", "category", "status", "completed_at", "score", "hours"]
STATES = ["assigned", "enrolled", "in_progress", "completed", "passed", "failed", "withdrawn", "expired", "overdue"]


def export(head: list[str], partner: str, spent: str) -> list[list[str]]:
    """An enrolment in each state."""
    rows = [
        [f"U{number}", "jo@beta.example", partner, "S-100", "Storage", state, f"2026-01-{number + 1:02d}", "80", spent]
        for number, state in enumerate(STATES)
    ]
    return [list(row) for row in sheet(head, *rows)]


LABELLED, BY_API = export(LABELS, "Beta Ltd", "90"), export(API, "P2", "1.5")


@pytest.mark.parametrize(("rows", "partner"), [(LABELLED, "Beta Ltd"), (BY_API, "P2")], ids=["labels", "api"])
def test_only_completed_and_passed_are_trainings(tmp_path: Path, rows: list[list[str]], partner: str) -> None:
    assert told(tmp_path / "report.csv", rows) == ("lms.enrolments", ())
    seen = looked(tmp_path, {"x1.csv": rows})
    assert errors(seen) == []
    assert cells(seen, "trainings", "person_id", "partner_id", "course_id", "product_family", "completed_on", "hours", "score") == [
        ("U3", partner, "S-100", "Storage", "2026-01-04", 1.5, 80.0),
        ("U4", partner, "S-100", "Storage", "2026-01-05", 1.5, 80.0),
    ]


@pytest.mark.parametrize("state", ["In Progress", "Not passed", "Incomplete", "COMPLETED", "Passed "])
def test_states_are_read_whole_whatever_their_case(tmp_path: Path, state: str) -> None:
    head = ["Username", "Course Name", "Status", "Completion Date", "Grade"]
    rows = sheet(
        head, ["jo@alpha.example", "Selling", state, "2026-02-01", "90 %"], ["al@beta.example", "Selling", "passed", "2026-02-02", "75"]
    )
    seen = looked(tmp_path, {"x1.csv": rows})
    last = ("al@beta.example", "beta.example", 75.0)
    counted = state.strip().casefold() in {"completed", "passed"}
    expected = [("jo@alpha.example", "alpha.example", 90.0), last] if counted else [last]
    assert cells(seen, "trainings", "person_id", "partner_id", "score") == expected
