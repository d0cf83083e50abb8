"""Faults in forms that people fill in by hand."""

from __future__ import annotations

from collections.abc import Mapping

from prmkit.data.fault_book.kind import FaultKind, error, warning

READING_FORMS: Mapping[str, FaultKind] = {
    "form_answer": error(
        "'{value}' under '{column}' is none of the answers that the sheet offers.{others}", "Choose one of: {allowed}.", apart=True
    ),
    "form_row_without": error(
        "A row has answers and nothing under '{column}', so nobody knows whom they are about.",
        "Fill it, or empty the row on the sheet '{sheet}'.",
        apart=True,
    ),
    "form_question_missing": warning(
        "The sheet has lost questions: {headers}. The others are read.",
        "Put the headers back as they were handed out, if the answers are needed.",
        apart=True,
    ),
}
