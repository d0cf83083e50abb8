"""How sure a finding is, by one written rule that every practice shares."""

from __future__ import annotations

from typing import Literal

from prmkit.practices.result import Confidence

Basis = Literal["measured", "surveyed", "estimated"]

ENOUGH = 30
FEW = 10


def confidence(*, basis: Basis, n: int, decides: bool, warnings: int = 0) -> Confidence:
    """The confidence word of a finding: start at high and go down a step for every weakness.

    Each of these is one step down:
    - the number was asked or estimated rather than measured (`basis` is not "measured");
    - it rests on fewer than 30 independent cases; fewer than 10 is two steps;
    - the interval holds the value at which the decision would change (`decides` is False);
    - each warning of an estimator or of the data it used (`warnings`).

    No step is high, one is medium, two or more are low.

    Parameters
    ----------
    basis: "measured" from records, "surveyed" from answers, "estimated" through a stand-in or an assumption.
    n: independent cases behind the number: partners, events or respondents, never lines.
    decides: True where the 90% interval excludes the value at which the decision would change,
        or where the number is a plain count without an interval.
    warnings: how many cautions were raised on the way.

    Raises ValueError for a negative n or number of warnings. The idea of stepping down for
    indirectness, imprecision and thin data is that of GRADE (Guyatt et al., BMJ 2008;336:924).
    """
    if n < 0 or warnings < 0:
        raise ValueError(f"n and warnings count things and cannot be negative: n={n}, warnings={warnings}")
    steps = warnings + (basis != "measured") + (n < ENOUGH) + (n < FEW) + (not decides)
    if steps == 0:
        return "high"
    return "medium" if steps == 1 else "low"
