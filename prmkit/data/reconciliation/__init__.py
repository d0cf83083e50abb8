"""Reconciliation: finance's own figures beside ours, and what explains the difference."""

from prmkit.data.reconciliation.periods import Window, window
from prmkit.data.reconciliation.table import TOLERANCE, reconcile

__all__ = ["TOLERANCE", "Window", "reconcile", "window"]
