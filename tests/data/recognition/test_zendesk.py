"""Zendesk's ticket exports become tickets: hours of minutes, words for priorities, ratings of words."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.data.recognition.exports import cells, errors, looked, sheet, told

LABELS = [
    "Id", "Requester", "Requester email", "Organization", "Subject", "Status", "Priority", "Ticket type", "Created at", "Assigned at",
    "Solved at", "Satisfaction Score", "Reopens", "Replies", "First reply time in minutes",
    "First reply time in minutes within business hours",
    "First resolution time in minutes", "Full resolution time in minutes", "Full resolution time in minutes within business hours",
    "Requester wait time in minutes",
]  # fmt: skip
MIN = [header.replace(" in minutes", " (min)") for header in LABELS]
BUSINESS = [header for header in LABELS if not header.endswith("in minutes") or "wait" in header]
API = [header.casefold().replace(" ", "_") for header in LABELS]
FIELDS = [
    "id", "organization_name", "priority", "status", "created_at", "satisfaction_rating.score", "reopens", "reply_time_in_minutes.calendar",
    "full_resolution_time_in_minutes.calendar",
]  # fmt: skip
SAID = [
    {"Id": "0101", "Requester email": "jo@alpha.example", "Organization": "Alpha GmbH", "Status": "Solved", "Priority": "Urgent",
     "Created at": "2026-01-05 09:30:00", "Satisfaction Score": "Good", "Reopens": "2", "First reply time in minutes": "30",
     "First reply time in minutes within business hours": "15", "Full resolution time in minutes": "1440",
     "Full resolution time in minutes within business hours": "480"},
    {"Id": "102", "Organization": "Beta Ltd", "Status": "Closed", "Priority": "Normal", "Created at": "2026-01-06 09:30:00",
     "Satisfaction Score": "Bad", "Reopens": "0", "Full resolution time in minutes": "90",
     "Full resolution time in minutes within business hours": "60"},
    {"Id": "103", "Organization": "", "Status": "Open", "Priority": "Low", "Created at": "2026-01-07 09:30:00",
     "Satisfaction Score": "Offered"},
    {"Id": "104", "Organization": "Beta Ltd", "Status": "Deleted", "Priority": "High", "Created at": "2026-01-08 09:30:00"},
    {"Id": "105", "Organization": "Beta Ltd", "Status": "Pending", "Priority": "High", "Created at": "2026-01-08 09:30:00",
     "Satisfaction Score": "4"},
]  # fmt: skip


def export(head: list[str], order: list[str] = LABELS) -> list[list[str]]:
    """The tickets under headers that stand for those in `order`."""
    return [list(row) for row in sheet(head, *([one.get(header, "") for header in order] for one in SAID))]


@pytest.mark.parametrize("head", [LABELS, MIN, API], ids=["minutes", "(min)", "api"])
def test_tickets(tmp_path: Path, head: list[str]) -> None:
    rows = export(head)
    assert told(tmp_path / "view-1.csv", rows) == ("zendesk.tickets", ())
    seen = looked(tmp_path, {"download.csv": rows})
    assert errors(seen) == []
    assert seen.proposals == ()
    assert cells(
        seen, "tickets", "ticket_id", "partner_id", "opened_on", "severity", "first_response_hours", "resolution_hours", "csat", "reopens"
    ) == [
        ("0101", "Alpha GmbH", "2026-01-05", "critical", 0.5, 24.0, 5.0, 2),
        ("102", "Beta Ltd", "2026-01-06", "medium", None, 1.5, 1.0, 0),
        ("103", None, "2026-01-07", "low", None, None, None, None),
        ("105", "Beta Ltd", "2026-01-08", "high", None, None, 4.0, None),
    ]


def test_business_hours_where_there_are_no_others(tmp_path: Path) -> None:
    seen = looked(tmp_path, {"download.csv": export(BUSINESS, BUSINESS)})
    assert cells(seen, "tickets", "ticket_id", "first_response_hours", "resolution_hours")[:2] == [("0101", 0.25, 8.0), ("102", None, 1.0)]


def test_fields_of_the_api(tmp_path: Path) -> None:
    order = [
        "Id", "Organization", "Priority", "Status", "Created at", "Satisfaction Score", "Reopens", "First reply time in minutes",
        "Full resolution time in minutes",
    ]  # fmt: skip
    rows = export(FIELDS, order)
    assert told(tmp_path / "view-1.csv", rows) == ("zendesk.tickets", ())
    seen = looked(tmp_path, {"download.csv": rows})
    assert cells(seen, "tickets", "ticket_id", "severity", "resolution_hours", "csat")[0] == ("0101", "critical", 24.0, 5.0)
