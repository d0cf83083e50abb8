"""Reconciliation: finance's own figures beside ours, and what explains the difference."""

from prmkit.data.reconciliation.periods import Window, window
from prmkit.data.reconciliation.table import TOLERANCE, reconcile
from prmkit.data.reconciliation.unexplained import LARGE, shares, unexplained

__all__ = ["LARGE", "TOLERANCE", "Window", "reconcile", "shares", "unexplained", "window"]
