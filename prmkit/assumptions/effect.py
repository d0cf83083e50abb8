"""What an assumption moves: the practices concerned answered again with the changed setting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from prmkit.assumptions.assumption import Assumption, changed
from prmkit.data.client import Client
from prmkit.data.portfolio import Portfolio, open_portfolio
from prmkit.data.reads import unmoved
from prmkit.practices import PRACTICES
from prmkit.practices.result import Finding, PracticeResult
from prmkit.publish.headline import headline

LEADING = 10


@dataclass(frozen=True, slots=True)
class Effect:
    """The headline with the assumption at its low and its high end, and the findings that moved.

    low, high: in the order of the ends, not of size; None where there is no headline to measure on.
    """

    low: float | None
    high: float | None
    moved: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A headline: the sum of the leading lines' worth, or one finding's value where nothing has a price."""

    amount: float | None
    unit: str
    of: str


def figure(findings: Iterable[Finding], currency: str, like: Figure | None = None) -> Figure:
    """The headline of findings; `like` asks for the same kind of figure as before, of the same finding."""
    found = tuple(findings)
    lines = headline(found)
    if like is None and not lines.priced:
        lead = next((line.lead for line in lines.unpriced if line.lead.value.amount is not None), None)
        return Figure(lead.value.amount, lead.value.unit, lead.id) if lead else Figure(None, "", "")
    if like is None or like.of == "":
        return Figure(sum(line.worth.amount or 0.0 for line in lines.priced[:LEADING]), currency, "")
    same = next((finding for finding in found if finding.id == like.of), None)
    return Figure(None if same is None else same.value.amount, like.unit, like.of)


def effect(portfolio: Portfolio, answered: Mapping[str, PracticeResult], assumption: Assumption, base: Figure) -> Effect:
    """Answer the practices concerned at both ends of the assumption's range; the others stay as they are."""
    assert assumption.ends is not None
    before = {finding.id: finding for result in answered.values() for finding in result.findings}
    sums: list[float | None] = []
    moved: set[str] = set()
    for end in assumption.ends:
        view = open_portfolio(varied(portfolio.client, assumption.name, end), portfolio.name)
        again = {name: PRACTICES.get(name).assess(view) for name in assumption.practices if name in answered}
        findings = {finding.id: finding for result in (dict(answered) | again).values() for finding in result.findings}
        sums.append(figure(findings.values(), portfolio.currency, base).amount)
        moved |= {key for key in before.keys() | findings.keys() if _numbers(before.get(key)) != _numbers(findings.get(key))}
    return Effect(sums[0], sums[1], tuple(sorted(moved)))


def varied(client: Client, name: str, value: Any) -> Client:
    """The client with one setting changed. Aggregates, and fits that do not read it (`data/reads.py`), are not made again."""
    other = replace(client, engagement=changed(client.engagement, name, value), fits={})
    for key, made in client.fits.items():
        if key[0] == "whole":
            other.fits[key] = replace(made, client=other)
        elif unmoved(key[0], name):
            other.fits[key] = made
    return other


def _numbers(finding: Finding | None) -> tuple[object, ...] | None:
    """What of a finding is looked at: its figures, so that a word of its sentence does not count as moved."""
    return None if finding is None else (finding.value, finding.worth)
