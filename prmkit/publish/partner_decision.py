"""The sentence a partner report opens with, and why: a decision for us, a fact for the partner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from prmkit.practices.result import Amount
from prmkit.publish import words
from prmkit.publish.disclosure import PartnerView
from prmkit.publish.front.unanswered import sentence

MOST_WORDS = 25
_BOUGHT = {"sell_in": "bought"}
# Without a sum, and with one ("{}" is "brings EUR 41k a year, 30k to 52k, after our costs").
_DECISIONS = {
    "grow": ("Grow: more of our time pays off here than elsewhere.", "Grow: with luck taken out it {}."),
    "keep": ("Keep as it is: nothing else would pay better.", "Keep as it is: with luck taken out it {}."),
    "fix": ("Fix: put right first what makes it cost more than it should.", "Fix first, then look again: with luck taken out it {}."),
    "exit": (
        "Propose a conversation about parting: on what is known, ending the relationship is worth most.",
        "Propose a conversation about parting: with luck taken out it {}.",
    ),
    "too_early": ("Too early to judge: its sales so far cannot tell skill from luck.", ""),
    "not_judged": ("Not judged on resale: what this kind of partner brings shows elsewhere.", ""),
}


@dataclass(frozen=True, slots=True)
class Opening:
    """sentence: at most 25 words. why: one or two sentences. needs_person: a person must sign before anything is ended."""

    sentence: str
    why: str
    needs_person: bool = False


def opening(view: PartnerView) -> Opening:
    """What page one opens with, by edition."""
    return _decision(view) if view.internal else _fact(view)


def sales_of(months: pd.DataFrame, first: int, column: str = "revenue") -> float:
    """A column summed over the twelve months from month `first` back."""
    return float(months.loc[months["month"].between(first, first + 11), column].sum()) if column in months else 0.0


def change(now: float, before: float, locale: str) -> str:
    """ "8% more than the 12 months before"; what can be said where there is nothing to compare with."""
    if before <= 0:
        return "nothing in the 12 months before"
    if abs(now / before - 1) < 0.005:
        return "the same as in the 12 months before"
    more = "more" if now > before else "less"
    if now > 3 * before:
        return f"{words.number(round(now / before, 1), locale)} times the 12 months before"
    return f"{words.share(abs(now / before - 1), locale)} {more} than in the 12 months before"


def _decision(view: PartnerView) -> Opening:
    row = view.row("prune_decisions")
    decision = str(row.get("decision", ""))
    if decision not in _DECISIONS:
        return Opening("No decision yet: the data cannot tell what this partner brings after our costs.", _why_none(view))
    return Opening(_sentence(decision, view), _why(view, row), needs_person=decision == "exit")


def _sentence(decision: str, view: PartnerView) -> str:
    card, locale, currency = view.row("prune_scorecard"), str(view.facts["locale"]), str(view.facts["currency"])
    middle, low, high = (card.get(name) for name in ("fair_contribution", "fair_low", "fair_high"))
    plain, with_sum = _DECISIONS[decision]
    if middle is None or not with_sum or (decision == "exit" and middle >= 0):
        return plain
    if middle < 0:
        cost = Amount(-middle, None if high is None else -high, None if low is None else -low, currency, "a year")
        return with_sum.format(f"costs us {words.interval(cost, locale)}")
    brought = words.interval(Amount(middle, low, high, currency, "a year"), locale)
    return with_sum.format(f"brings {brought}, after our costs")


def _why(view: PartnerView, row: Mapping[str, Any]) -> str:
    money = [(name, row.get(f"value_{name}")) for name in ("keep", "fix", "exit")]
    known = [
        f"{name} {words.money(value, str(view.facts['currency']), str(view.facts['locale']))}" for name, value in money if value is not None
    ]
    said = [f"Worth ahead: {', '.join(known)}."] if known else []
    if "p_decision_right" in row:
        said.append(f"The chance that this is the right choice is {words.share(row['p_decision_right'], str(view.facts['locale']))}.")
    said += [sentence(row[name]) for name in ("why", "gates") if row.get(name)]
    said.append(_taken(view) or "It is a proposal: a person decides.")
    return " ".join(said)


def _taken(view: PartnerView) -> str:
    """The decision a person has taken, beside the computed one."""
    taken = view.row("decisions_taken")
    if not taken:
        return ""
    who = words.plain(taken.get("by", "a person"))
    said = f"{who} decided \N{LEFT SINGLE QUOTATION MARK}{words.plain(taken.get('decision', ''))}\N{RIGHT SINGLE QUOTATION MARK}"
    when = f" on {words.day(taken['taken_on'], str(view.facts['locale']))}" if "taken_on" in taken else ""
    reason = words.plain(taken.get("reason", "")).rstrip(".")
    return f"{said}{when}{f': {reason}' if reason else ''}."


def _why_none(view: PartnerView) -> str:
    missing = [item for item in view.not_computed if item.table in {"prune_decisions", "prune_scorecard"}]
    return words.plain(missing[0].reason) if missing else "No decision was computed for it."


def _fact(view: PartnerView) -> Opening:
    locale, currency = str(view.facts["locale"]), str(view.facts["currency"])
    now, before = sales_of(view.months, 0), sales_of(view.months, 12)
    year = f"the 12 months to {words.day(view.facts['as_of'], locale)}"
    if now <= 0:
        return Opening(f"We have no sales of yours on record in {year}.", "Let us talk about what would help.")
    verb = _BOUGHT.get(str(view.facts["measure"]), "sold")
    enough = view.months["month"].max() >= 23 if len(view.months) else False
    compared = f", {change(now, before, locale)}" if enough else ""
    return Opening(f"You {verb} {words.money(now, currency, locale)} in {year}{compared}.", "All figures are your own, from our records.")
