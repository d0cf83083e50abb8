"""The columns in which scores are shown: what each is called, what it means, and how it is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from prmkit.prove.gates import COVERAGE, Gate
from prmkit.prove.numerals import NOTHING, percent, proportion_text, ranged, short
from prmkit.prove.pooled import Score

Gates = Mapping[str, Gate]


@dataclass(frozen=True, slots=True)
class Column:
    """name; meaning: a line for a reader who is no statistician. show: a score and its gates by name -> text.

    gates: those that colour the cell. brief: whether it is shown on a terminal too.
    """

    name: str
    meaning: str
    show: Callable[[Score, Gates], str]
    gates: tuple[str, ...] = ()
    brief: bool = True

    def failed(self, gates: Gates) -> bool:
        """Whether a gate that belongs here fails."""
        return any(name in gates and gates[name].state == "failed" for name in self.gates)


def _apart(*values: float, sign: bool = False) -> str:
    told = [short(value, sign=sign) for value in values]
    return NOTHING if set(told) == {NOTHING} else " / ".join(told)


def _bias(score: Score, gates: Gates) -> str:
    return _apart(score.tool.bias, score.naive.bias, score.limit.bias, sign=True)


def _coverage(score: Score, gates: Gates) -> str:
    if not score.coverage.units:
        return NOTHING
    gate = gates.get("coverage")
    failed = "too narrow" if score.coverage.high < COVERAGE[0] else "too wide"
    verdict = {"passed": "passed", "not judged": "too few worlds", "failed": failed}[gate.state] if gate else ""
    return f"{proportion_text(score.coverage)} {verdict}".rstrip()


def _regret(score: Score, gates: Gates) -> str:
    return ranged(score.regret.share, score.regret.low, score.regret.high) if score.regret else NOTHING


def _abstained(score: Score, gates: Gates) -> str:
    if not score.rightly + score.wrongly + score.overreached > 0:
        return NOTHING
    return " / ".join(percent(share) for share in (score.rightly, score.wrongly, score.overreached))


def _claims(score: Score, gates: Gates) -> str:
    claims = score.claims
    if claims is None or not claims.made.units + claims.naive.units:
        return NOTHING
    parts = [f"{percent(claims.made.share)} of {claims.made.units:,}" if claims.made.units else "no claim"]
    if claims.made.units:
        parts.append(f"{percent(claims.stated)} stated")
    parts.append(f"{percent(claims.naive.share)} of {claims.naive.units:,}")
    return " / ".join(parts)


def _null(score: Score, gates: Gates) -> str:
    return proportion_text(score.claims.looked) if score.claims and "null claims" in gates else NOTHING


COLUMNS: tuple[Column, ...] = (
    Column("world", "The kind of programme; see the list of worlds.", lambda score, gates: score.world),
    Column(
        "programmes × units",
        "How many programmes were made, and over how many things (partners, territories, ...) in all the answer was compared.",
        lambda score, gates: (
            f"{score.worlds:,} × {score.units / score.worlds:,.0f}" if score.worlds and score.units else f"{score.worlds:,}"
        ),
    ),
    Column(
        "bias",
        "How far the answer lies from the truth on average: tool / spreadsheet / limit, all three for what the tool answers. 0 is best.",
        _bias,
        ("bias",),
    ),
    Column(
        "typical error",
        "Root mean square error: how far a single answer usually is off, tool / spreadsheet / limit. Smaller is better.",
        lambda score, gates: _apart(score.tool.rmse, score.naive.rmse, score.limit.rmse),
    ),
    Column(
        "coverage",
        "How often the tool's 90% interval holds the truth (in brackets what chance allows, 99%). 90% is right; it fails when chance "
        "cannot explain being below 86% (intervals too narrow: false certainty) or above 94% (too wide: certainty thrown away).",
        _coverage,
        ("coverage",),
    ),
    Column(
        "limit covers",
        "The same for the limit's intervals: near 90% where the limit itself is right.",
        lambda score, gates: proportion_text(score.limit_coverage),
        brief=False,
    ),
    Column(
        "width",
        "Width of the tool's intervals over the limit's. Near 1 is as sharp as can be; above 1.25 is noted.",
        lambda score, gates: short(score.width_ratio),
    ),
    Column(
        "interval score",
        "Width plus 20 times what the truth lies outside by: tool / limit. Smaller is better; sharp and right at once.",
        lambda score, gates: _apart(score.interval_score, score.limit_score),
        brief=False,
    ),
    Column(
        "decision",
        "Of what a decision by the limit wins over one by the spreadsheet, how much one by the tool wins (in brackets what chance "
        "allows, 90%). 100% is as good as can be, 0% no better than the spreadsheet.",
        _regret,
        ("decision",),
    ),
    Column(
        "no answer",
        "Shares of the units: rightly without an answer / without one though the data could carry it / answered though they could not.",
        _abstained,
    ),
    Column(
        "false claims",
        "Claims of the tool that are false, of how many made / what it says itself / the same for the spreadsheet.",
        _claims,
        ("false claims",),
    ),
    Column(
        "claims where none is true",
        "In the null world only: how often the tool claims something, of all it looked at (99% interval).",
        _null,
        ("null claims",),
    ),
    Column("seconds", "Run time of the whole practice for one programme.", lambda score, gates: f"{score.seconds:,.1f}", brief=False),
)


def shown(scores: list[Score], gates: Mapping[str, Gates], *, brief: bool = False) -> list[Column]:
    """The columns that have something to say of any of the scores; `gates`: world -> gates by name."""
    chosen = [column for column in COLUMNS if column.brief or not brief]
    return [column for column in chosen if any(column.show(score, gates.get(score.world, {})) != NOTHING for score in scores)]
