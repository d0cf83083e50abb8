"""What a person is asked about the exports, as a section of the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from prmkit.publish.check_page.section import Section

if TYPE_CHECKING:
    from prmkit.data.proposals import Proposal

INTRO = "Nothing here is used in an assessment before somebody says so; this page shows the data as if all were agreed to."


def to_confirm(asked: Sequence[Proposal]) -> tuple[Section, ...]:
    """The open proposals, none where nothing is open."""
    rows = [
        (one.what, f"{one.sure:.0%}", one.why, "; ".join(f"{name}: {', '.join(some)}" for name, some in one.samples.items()))
        for one in asked
    ]
    number = "one reading" if len(rows) == 1 else f"{len(rows)} readings"
    head = ("What", "Sure", "Why", "For example")
    return (Section(f"To confirm: {number} of the exports", INTRO, head, rows),) if rows else ()
