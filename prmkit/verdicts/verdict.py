"""Findings as people judged them: which verdict stands, and which is asked again because its figure moved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from prmkit.practices.result import Amount, Finding, Status, Verdict
from prmkit.results import Results, by_worth

NO_INTERVAL = 0.1


@dataclass(frozen=True, slots=True)
class Judgement:
    """One verdict as it was given. seen: the finding's figure on that day. corrected: what shall be shown in its place."""

    finding_id: str
    word: Status
    reason: str
    by: str
    on: str
    seen: Amount
    corrected: Amount | None = None


def judged(results: Results, judgements: Mapping[str, Judgement]) -> Results:
    """The results with each finding's latest verdict, whatever verdict they carried before; worth most first."""
    return replace(results, findings=by_worth(judge(plain(finding), judgements.get(finding.id)) for finding in results.findings))


def judge(finding: Finding, said: Judgement | None) -> Finding:
    """A finding as computed, with a verdict on it. A correction takes the place of its figure."""
    if said is None or said.word == "open":
        return finding
    again = moved(finding.figure, said.seen)
    verdict = Verdict(said.word, said.reason, said.by, said.on, said.seen, finding.figure, again)
    if again:
        return replace(finding, status="open", verdict=verdict)
    shown = _with_figure(finding, said.corrected) if said.corrected else finding
    return replace(shown, status=said.word, verdict=verdict)


def plain(finding: Finding) -> Finding:
    """The finding as it was computed, without any verdict."""
    said = finding.verdict
    if said is None:
        return finding
    return replace(_with_figure(finding, said.computed), status="open", verdict=None)


def moved(now: Amount, then: Amount) -> bool:
    """Whether a figure left the interval it was judged in; a tenth either way where it had none.

    A figure of another unit, or one that came or went, has moved too.
    """
    if now.amount is None or then.amount is None:
        return (now.amount is None) != (then.amount is None)
    if now.unit != then.unit:
        return True
    reach = NO_INTERVAL * abs(then.amount)
    low = then.amount - reach if then.low is None else then.low
    high = then.amount + reach if then.high is None else then.high
    return not low <= now.amount <= high


def asked_again(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings whose verdict no longer stands."""
    return tuple(finding for finding in findings if finding.verdict is not None and finding.verdict.ask_again)


def _with_figure(finding: Finding, figure: Amount) -> Finding:
    return replace(finding, value=figure) if finding.worth.amount is None else replace(finding, worth=figure)
