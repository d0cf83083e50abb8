"""Three things to do next, each with an owner and a day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import pandas as pd
from markupsafe import Markup

from prmkit.publish import titles, words
from prmkit.publish.disclosure import PartnerView
from prmkit.publish.front.findings import by_when

MOST = 3


@dataclass(frozen=True, slots=True)
class Step:
    """what to do, who does it, by when (words), and what it is worth with how sure that is (may be empty)."""

    what: str
    who: str
    by: str
    worth: str = ""


def steps(view: PartnerView) -> tuple[Step, ...]:
    """The first three: of the findings, largest worth first, then of what the tables leave to do."""
    found = _internal(view) if view.internal else _gaps(view, "You, with your partner manager")
    once = {step.what.lower(): step for step in reversed(list(islice(found, 12)))}
    return tuple(reversed(once.values()))[:MOST]


def html(view: PartnerView) -> Markup:
    """The steps as a list; a sentence where there is none."""
    made = steps(view)
    if not made:
        return Markup('<p class="missing">The data call for no step. Agree one at the next review.</p>')
    rows = [
        Markup('<li><span class="step">{}</span> <span class="owner">{}</span>{}</li>').format(
            f"{step.what.rstrip('.')}.",
            f"{step.who}, {step.by}." if step.by else f"{step.who}.",
            Markup(' <span class="note">{}</span>').format(step.worth) if step.worth else "",
        )
        for step in made
    ]
    return Markup('<ol class="steps">{}</ol>').format(Markup("").join(rows))


def title(view: PartnerView) -> str:
    """How many steps there are."""
    count = len(steps(view))
    if not count:
        return "No step is called for"
    return "One step to take" if count == 1 else f"{words.spelled(count).capitalize()} steps to take"


def _internal(view: PartnerView) -> Iterator[Step]:
    locale = str(view.facts["locale"])
    manager = f"Partner manager {words.plain(view.partner.get('partner_manager', ''))}".rstrip()
    decision = view.row("prune_decisions")
    if decision.get("decision") == "exit":
        yield Step(
            "Hold the conversation about parting, with the evidence below; nothing ends unsigned", manager, _review(view) or _quarter(view)
        )
    for finding in view.findings:
        what = words.plain(finding.action.what)
        if what:
            sure = f"{finding.confidence} confidence"
            worth = (
                f"Worth {words.interval(finding.worth, locale)}, {sure}." if finding.worth.amount is not None else f"Not priced, {sure}."
            )
            yield Step(what, _owner(finding.action.who, manager), by_when(finding.action.by, locale) or _quarter(view), worth)
    if decision:
        yield Step("Look at the decision again with new numbers", manager, _review(view) or _quarter(view))
    yield from _gaps(view, manager)


def _gaps(view: PartnerView, who: str) -> Iterator[Step]:
    """Steps that follow from the partner's own records."""
    by, locale = _quarter(view), str(view.facts["locale"])
    for row in view.rows("enable_compliance").to_dict("records"):
        if row["actual"] < row["required"]:
            have, need = words.number(row["actual"], locale), words.number(row["required"], locale)
            yield Step(f"Close the gap on {titles.plain(words.plain(row['metric'])).lower()}: {have} of {need}", who, by)
    for row in view.rows("enable_training").to_dict("records"):
        if row["gap_hours"] > 0:
            role = words.plain(row["role"]) if isinstance(row["role"], str) else "staff"
            yield Step(f"Plan {words.number(row['gap_hours'], locale)} hours of training for {role}", who, by)
    fit = view.rows("know_fit")
    # of all the families a partner does not sell only the one worth most to it is a step, and which that is is for us to know
    for family in fit.loc[fit["next_family_value"].notna(), "product_family"] if "next_family_value" in fit else ():
        yield Step(f"Talk about {words.plain(family)}, which it does not sell yet", who, by)
    if not len(view.rows("partner_goals")):
        yield Step("Agree a goal for the coming 12 months: none is on file", who, by)


def _owner(who: str, manager: str) -> str:
    """The role that owns a step; the partner's manager by name."""
    said = words.plain(who)
    return manager if not said or "partner manager" in said.lower() else said[:1].upper() + said[1:]


def _review(view: PartnerView) -> str:
    review = view.row("prune_decisions").get("review_on")
    return f"by {words.day(review, str(view.facts['locale']))}" if review is not None else ""


def _quarter(view: PartnerView) -> str:
    """Three months after the as-of date: a day for a step that names none."""
    day = pd.Timestamp(str(view.facts["as_of"])) + pd.DateOffset(months=3)
    return f"by {words.day(day, str(view.facts['locale']))}"
