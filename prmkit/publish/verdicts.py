"""What people said of findings, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from markupsafe import Markup

from prmkit.practices.result import Amount, Finding
from prmkit.publish import words

MOST = 400
_ORDER = ("accepted", "disputed", "corrected", "hidden")


def said(finding: Finding, locale: str = "en_GB") -> str:
    """The verdict in a sentence or two, with who, when and why; "" where nobody has judged the finding.

    A correction names what was computed. A verdict whose figure moved says both figures and asks again.
    """
    verdict = finding.verdict
    if verdict is None:
        return "" if finding.status == "open" else f"{finding.status.capitalize()}."
    by, day = words.plain(verdict.by) or "somebody", words.day(verdict.on, locale)
    reason = _cut(words.plain(verdict.reason))
    because = f" “{reason}”" if reason else ""
    if verdict.ask_again:
        then, now = _short(verdict.seen, locale), _short(verdict.computed, locale)
        return f"Was {verdict.word} by {by} at {then} on {day}; now {now}. Please judge it again.{because}"
    if verdict.word == "corrected":
        return f"Corrected by {by} on {day}; computed was {words.interval(verdict.computed, locale)}.{because}"
    return f"{verdict.word.capitalize()} by {by} on {day}.{because}"


def note(finding: Finding, locale: str = "en_GB") -> Markup:
    """The verdict as a paragraph; nothing where there is none."""
    return paragraph([finding], locale)


def paragraph(members: Sequence[Finding], locale: str = "en_GB") -> Markup:
    """The verdicts on the findings of one line as a paragraph; nothing where there are none."""
    text = of_many(members, locale)
    return Markup('<p class="note verdict">{}</p>').format(text) if text else Markup("")


def of_many(members: Sequence[Finding], locale: str = "en_GB") -> str:
    """The verdicts on the findings of one line: in full for one finding, counted for several."""
    if len(members) == 1:
        return said(members[0], locale)
    counts = Counter(str(finding.status) for finding in members)
    again = len([finding for finding in members if finding.verdict is not None and finding.verdict.ask_again])
    parts = [f"{counts[word]} {word}" for word in _ORDER if counts[word]] + ([f"{again} to be judged again"] if again else [])
    return f"Of these {len(members)}: {', '.join(parts)}." if parts else ""


def again(findings: Iterable[Finding]) -> str:
    """How many verdicts are asked again, as a sentence; "" where all stand."""
    moved = [finding for finding in findings if finding.verdict is not None and finding.verdict.ask_again]
    if not moved:
        return ""
    verb = "is" if len(moved) == 1 else "are"
    return f"{words.counted(len(moved), 'verdict')} {verb} asked again: the figure left the range it was judged in."


def _short(figure: Amount, locale: str) -> str:
    return words.interval(replace(figure, low=None, high=None), locale)


def _cut(reason: str) -> str:
    return reason if len(reason) <= MOST else reason[: MOST - 1].rstrip() + "\N{HORIZONTAL ELLIPSIS}"
