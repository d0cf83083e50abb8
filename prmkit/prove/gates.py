"""What a score has to hold: every limit in one place, and which of them an answer breaks."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, isfinite, isnan, log, sqrt
from typing import Literal

from prmkit.prove.pooled import Error, Falsehood, Regret, Score
from prmkit.prove.proportion import CHANCE, Proportion
from prmkit.prove.score import Answer

State = Literal["passed", "failed", "noted", "not judged"]

COVERAGE = (0.86, 0.94)
"""A 90% interval covers the truth this often: less is too narrow, more too wide."""
WIDTH = 1.25
"""Intervals at most this much wider than the limit's; wider ones are noted."""
STATED = 1.25
"""False claims at most this much more frequent than stated."""
SPREAD = 0.15
"""A bias within this share of the spread of the errors does no harm, whatever the spreadsheet's is."""
NULL = "null"
"""The world in which no claim is true."""
ENOUGH = ceil(log(CHANCE / 2) / log(COVERAGE[1]))
"""Independent intervals below which even a coverage of one could not be told from COVERAGE: 86."""
WORLDS = 20
"""Worlds below which nothing is said of a bias or a decision: their intervals lean on there being many."""


@dataclass(frozen=True, slots=True)
class Gate:
    """One thing that has to hold of one answer in one world, whether it does, and in a line why."""

    answer: str
    world: str
    name: str
    state: State
    why: str


def judge(answer: Answer, score: Score) -> tuple[Gate, ...]:
    """The gates that apply to a score. One fails only where chance (1%) does not explain what lies beyond its limit.

    In the world NULL every claim is false, whatever is stated: there it counts how many are made.
    """
    null = score.world == NULL and score.claims is not None and score.claims.looked.units > 0
    found: dict[str, tuple[State, str] | None] = {
        "coverage": _coverage(score.coverage),
        "bias": _bias(score.tool, score.naive, answer.most_bias),
        "width": _width(score.width_ratio),
        "decision": _decision(score.regret, score.worlds, answer.least_regret),
        "false claims": None if null else _claims(score.claims),
        "null claims": _null(score.claims, answer.most_null) if null else None,
    }
    return tuple(Gate(answer.name, score.world, name, *verdict) for name, verdict in found.items() if verdict)


def _coverage(seen: Proportion) -> tuple[State, str] | None:
    if not seen.units:
        return None
    said = f"90% intervals cover {seen.share:.1%} (99% interval {seen.low:.1%} to {seen.high:.1%})"
    if seen.high < COVERAGE[0]:
        return "failed", f"{said}: too narrow"
    if seen.low > COVERAGE[1]:
        return "failed", f"{said}: too wide"
    return _enough(seen, said)


def _enough(seen: Proportion, said: str) -> tuple[State, str]:
    if seen.effective < ENOUGH:
        return "not judged", f"{said}: too few worlds ({seen.effective:.0f} independent units of {ENOUGH} needed)"
    return "passed", said


def _bias(tool: Error, naive: Error, share: float) -> tuple[State, str] | None:
    if not tool.count:
        return None
    spread = sqrt(max(tool.rmse**2 - tool.bias**2, 0.0))
    most = max(SPREAD * spread, share * abs(naive.bias) if naive.count else 0.0)
    said = f"bias {tool.bias:.3g}, at most {most:.3g} either way"
    if tool.worlds < WORLDS:
        return "not judged", f"{said}: too few worlds ({tool.worlds} of {WORLDS} needed)"
    if tool.low > most or tool.high < -most:
        return "failed", f"{said} (99% interval {tool.low:.3g} to {tool.high:.3g})"
    return "passed", said


def _width(ratio: float) -> tuple[State, str] | None:
    if not isfinite(ratio):
        return None
    said = f"intervals {ratio:.2f} times as wide as the limit's"
    return ("passed", said) if ratio <= WIDTH else ("noted", f"{said}, {WIDTH} at most expected")


def _decision(regret: Regret | None, worlds: int, least: float) -> tuple[State, str] | None:
    if regret is None or isnan(regret.share):
        return None
    said = f"wins {regret.share:.0%} of what the limit wins over the spreadsheet, at least {least:.0%} expected"
    if worlds < WORLDS:
        return "not judged", f"{said}: too few worlds ({worlds} of {WORLDS} needed)"
    if isnan(regret.most):
        return "not judged", f"{said}: the limit hardly wins anything"
    return ("failed" if regret.most < least else "passed"), said


def _claims(claims: Falsehood | None) -> tuple[State, str] | None:
    if claims is None or not claims.made.units or isnan(claims.stated):
        return None
    seen = claims.made
    said = f"{seen.hits:,} of {seen.units:,} claims false ({seen.share:.1%}), {claims.stated:.1%} stated"
    if seen.low > STATED * claims.stated:
        return "failed", said
    return _enough(seen, said)


def _null(claims: Falsehood | None, most: float) -> tuple[State, str] | None:
    if claims is None:
        return None
    seen = claims.looked
    said = f"claims made of {seen.share:.1%} of {seen.units:,} where none is true, at most {most:.0%}"
    if seen.low > most:
        return "failed", said
    return _enough(seen, said)
