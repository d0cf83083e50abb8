"""The book of data faults: every code with its severity, why and what to do. docs/faults.md is made from it."""

from __future__ import annotations

from collections.abc import Mapping

from prmkit.data.fault_book.files import FINDING_FILES, READING_FILES
from prmkit.data.fault_book.forms import READING_FORMS
from prmkit.data.fault_book.kind import FaultKind
from prmkit.data.fault_book.matches import MATCHING
from prmkit.data.fault_book.oddities import LOOKING_FOR_ODDITIES
from prmkit.data.fault_book.tables import CHECKING_TABLES, CONVERTING_MONEY
from prmkit.data.fault_book.values import READING_VALUES
from prmkit.data.fault_book.warehouse import ASKING_A_WAREHOUSE, COUNTING_IN_A_WAREHOUSE

CHAPTERS: Mapping[str, Mapping[str, FaultKind]] = {
    "Finding files": FINDING_FILES,
    "Reading files": READING_FILES,
    "Reading forms": READING_FORMS,
    "Reading values": READING_VALUES,
    "Matching partners and customers": MATCHING,
    "Checking tables": CHECKING_TABLES,
    "Looking for oddities": LOOKING_FOR_ODDITIES,
    "Converting money": CONVERTING_MONEY,
    "Asking a warehouse": ASKING_A_WAREHOUSE,
    "Counting in a warehouse": COUNTING_IN_A_WAREHOUSE,
}
"""The faults in the order in which loading meets them."""
FAULTS: Mapping[str, FaultKind] = {code: kind for chapter in CHAPTERS.values() for code, kind in chapter.items()}

__all__ = ["CHAPTERS", "FAULTS", "FaultKind"]
