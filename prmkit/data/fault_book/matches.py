"""Faults in matching partners and customers, and in the file where a person confirms matches."""

from __future__ import annotations

from collections.abc import Mapping

from prmkit.data.fault_book.kind import FaultKind, error, warning

MATCHING: Mapping[str, FaultKind] = {
    "ids_joined": warning(
        "The same Salesforce id stands there with 15 and with 18 characters ('{value}' is '{example}'); joined in {rows}.",
        "Nothing; export the 18-character form if you can.",
    ),
    "matches_applied": warning(
        "As confirmed in matches.csv, {references} references were rewritten and {dropped} rows of {home} went into others.",
        "Nothing; write no into matches.csv and run again to undo one.",
    ),
    "placeholder_customer": warning(
        "Customers that mean nobody were left out of {table}, their lines kept without a customer: {values}.",
        "Nothing if so; give a real customer of such a name its web domain in the customers' export.",
    ),
    "matches_unreadable": error("matches.csv cannot be read: {reason}.", "Save it as CSV, or move it away and run prmkit check again."),
    "matches_header": error(
        "matches.csv lacks what every row needs: {missing}.", "Put the headers back, or move the file away and run prmkit check again."
    ),
    "matches_word": error("'{value}' in '{column}' of matches.csv is not one of: {allowed}.", "Correct it; a decision may be left empty."),
    "matches_empty": error(
        "'{column}' is empty in a row of matches.csv.", "Put the id back, or delete the row and run prmkit check again."
    ),
    "matches_contradiction": error(
        "matches.csv answers twice, and differently, for '{value}'; the other answer stands in row {first}.", "Keep one yes."
    ),
    "matches_circle": error("Confirmed matches go in a circle from '{value}'.", "Answer one of them with no."),
}
