"""Readiness: which answers the client's data can carry, what is odd about them, and what to ask for next."""

from prmkit.data.readiness.needs import TableNeeds, declared
from prmkit.data.readiness.table import READY, readiness, unlocks
from prmkit.data.readiness.warnings import warnings

__all__ = ["READY", "TableNeeds", "declared", "readiness", "unlocks", "warnings"]
