"""What a large difference from finance's totals, that nothing explains, does to every finding: a step less sure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pandas as pd

from prmkit.data.reconciliation import LARGE, shares, unexplained
from prmkit.practices.result import Confidence, Finding, PracticeResult
from prmkit.publish.words import share

_BELOW: Mapping[Confidence, Confidence] = {"high": "medium", "medium": "low", "low": "low"}


def doubted(answered: Mapping[str, PracticeResult], totals: pd.DataFrame, locale: str = "en_GB") -> dict[str, PracticeResult]:
    """The practices' answers with every finding lowered by `totals`, what `reconcile` returned; as they are where the totals hold."""
    return {name: replace(result, findings=lowered(result.findings, totals, locale)) for name, result in answered.items()}


def lowered(findings: Iterable[Finding], totals: pd.DataFrame, locale: str = "en_GB") -> tuple[Finding, ...]:
    """Every finding one step less sure, with the reason as its first caveat, where a total of ours is in doubt.

    In doubt is a total that differs by more than 2% of finance's figure without an explanation; several lower by one step
    all the same. What is of low confidence stays low.
    """
    found = unexplained(totals)
    if found.empty:
        return tuple(findings)
    why = reason(found, locale)
    return tuple(replace(finding, confidence=_BELOW[finding.confidence], caveats=(why, *finding.caveats)) for finding in findings)


def reason(found: pd.DataFrame, locale: str = "en_GB") -> str:
    """Why every finding is less sure: the worst of the unexplained totals, and how many more there are."""
    worst = found.iloc[0]
    size = abs(float(shares(found.head(1)).iloc[0]))
    more = f", and {len(found) - 1} more by over {LARGE:.0%}" if len(found) > 1 else ""
    differs = f"differs by {share(size, locale)} from finance's figure" if size < float("inf") else "is not 0 as finance's figure is"
    measure = str(worst["measure"]).replace("_", " ")
    return f"Less sure by a step than it would be: our {measure} for {worst['period']} {differs}{more}, and nothing explains it"
