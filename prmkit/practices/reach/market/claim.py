"""A claim about the market, made the same way whatever it is about."""

from __future__ import annotations

from typing import Any

from prmkit.data.portfolio import Portfolio
from prmkit.practices.confidence import Basis, confidence
from prmkit.practices.result import Action, Amount, Finding, SubjectKind


def money_a_year(row: Any, names: tuple[str, str, str], currency: str) -> Amount:
    """An amount of a row, or of sums, with the ends of its range."""
    value, low, high = (float(row[name]) for name in names)
    return Amount(value, low, high, currency, "a year")


def claim(
    portfolio: Portfolio,
    claim_id: str,
    subject: tuple[SubjectKind, str],
    title: str,
    statement: str,
    value: Amount,
    worth: Amount,
    *,
    basis: Basis,
    n: int,
    decides: bool,
    action: Action,
    evidence: tuple[str, ...],
    inputs: tuple[str, ...],
    caveats: tuple[str, ...],
    warnings: int = 0,
) -> Finding:
    """A finding of this room, its confidence by the shared rule; `claim_id` is table and claim, as "coverage.white_space"."""
    return Finding(
        id=f"reach.{claim_id}:{subject[0]}:{subject[1]}",
        practice="reach",
        subject_kind=subject[0],
        subject_id=subject[1],
        title=title,
        statement=statement,
        value=value,
        worth=worth,
        confidence=confidence(basis=basis, n=n, decides=decides, warnings=warnings),
        action=action,
        evidence=evidence,
        inputs=inputs,
        caveats=caveats,
    )
