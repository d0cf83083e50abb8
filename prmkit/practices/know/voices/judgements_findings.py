"""Where partner managers' beliefs point to a risk, the data say otherwise, or partners say something else."""

from __future__ import annotations

from typing import Any

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.clustered_share import clustered_share, difference
from prmkit.practices.confidence import confidence
from prmkit.practices.know.voices.judgements import ANSWERS, CLEARLY, DOWN, FEW_TIES, NOT_KNOWN, UP, believed, own_words
from prmkit.practices.know.voices.worries import told_here
from prmkit.practices.phrases import Phrases, last_year
from prmkit.practices.result import Action, Amount, Finding
from prmkit.publish import words

_NAMED, _FEWEST = 5, 10
_LEVEL = 0.90
SAID = {"skills": "skills", "demand": "demand", "margin": "margin", "attention": "lack of attention", "nothing": "nothing"}


def judgement_findings(portfolio: Portfolio) -> list[Finding]:
    """Key-person risk, expectations that sales contradict, and the answer on which managers and partners disagree most."""
    told = believed(portfolio)
    if told.empty:
        return []
    made = [
        _few_ties(portfolio, told),
        _contradicted(portfolio, told, UP),
        _contradicted(portfolio, told, DOWN),
        _disagree(portfolio, told),
    ]
    return [finding for finding in made if finding is not None]


def _few_ties(portfolio: Portfolio, told: pd.DataFrame) -> Finding | None:
    """Large partners where one person, or nobody, would pick up the phone."""
    asked = told[(told["question"] == "relationship") & (told["answer"] != NOT_KNOWN) & told["large"]]
    rows = asked[asked["answer"].isin(FEW_TIES)].sort_values("revenue", ascending=False, kind="stable")
    if rows.empty:
        return None
    say = Phrases.of(portfolio)
    weak = int((rows["answer"] == "weak").sum())
    value = Amount(float(rows["revenue"].sum()), unit=portfolio.currency, period=last_year(portfolio))
    behind = f", {say.count(weak)} of them on nobody we could call" if weak else ""
    return Finding(
        id="know.judgements.few_ties:portfolio:" + portfolio.name,
        practice="know",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=(
            f"{say.counted(len(rows))} behind half of the revenue {'hangs' if len(rows) == 1 else 'hang'} on one person: "
            f"{say.money(value.amount)} a year"
        ),
        statement=(
            f"Of {say.counted(len(asked), 'large partner')} whose relationship was judged, {say.count(len(rows))} "
            f"{'hangs' if len(rows) == 1 else 'hang'} on a single tie{behind}. They brought {say.interval(value)}. "
            f"Largest: {_listed(portfolio, rows)}."
        ),
        value=value,
        worth=Amount(None, unit=portfolio.currency, period="a year"),
        confidence=confidence(basis="estimated", n=len(asked), decides=True),
        action=Action(
            what="Bring a second person on either side to the table at each of them, the largest first",
            who="partner managers",
            by="within 90 days",
            measure="each has two people on its side and on ours who have met",
        ),
        evidence=("know_judgements question=relationship",),
        inputs=("estimates", "sales"),
        caveats=("A manager's judgement, not a record.", "Not priced: how often a key person leaves is not known."),
    )


def _contradicted(portfolio: Portfolio, told: pd.DataFrame, side: tuple[str, ...]) -> Finding | None:
    """Partners said to grow or stay that clearly fell, or said to shrink or leave that clearly grew."""
    asked = told[(told["question"] == "outlook") & told["answer"].isin(side) & told["compared"]]
    rows = asked[asked["against"]]
    if rows.empty:
        return None
    say, up = Phrases.of(portfolio), side == UP
    rows = rows.assign(apart=(rows["now"] - rows["before"]).abs()).sort_values("apart", ascending=False, kind="stable")
    value = Amount(float(rows["apart"].sum()), unit=portfolio.currency, period="a year")
    said, seen = ("to grow or hold", "fell by a quarter") if up else ("to shrink or leave", "grew by a quarter")
    wrong = float((1 - rows["fell" if up else "grew"]).sum())
    return Finding(
        id=f"know.judgements.{'said_up' if up else 'said_down'}:portfolio:{portfolio.name}",
        practice="know",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=f"{say.counted(len(rows))} said {said} clearly {seen} in the last year",
        statement=(
            f"Of {say.counted(len(asked))} that managers expect {said}, {say.count(len(rows))} truly {seen} or more with a chance of "
            f"{say.share(CLEARLY)} or above: {say.money(value.amount)} {'less' if up else 'more'} than the year before. "
            f"Furthest apart: {_listed(portfolio, rows)}."
        ),
        value=value,
        worth=Amount(None, unit=portfolio.currency, period="a year"),
        confidence=confidence(basis="estimated", n=len(rows), decides=True),
        action=Action(
            what="Put sales of the last two years before the manager and ask what is known that the numbers do not show",
            who="channel director",
            by="within 30 days",
            measure="for each a reason on record, or the outlook corrected",
        ),
        evidence=("know_judgements question=outlook",),
        inputs=("estimates", "sales"),
        caveats=(
            "The outlook is of the next twelve months and sales are of the last: a turn that is coming would look the same.",
            f"Luck is allowed for: of these, {words.number(wrong, say.locale)} would be expected to be no true case.",
            "Not priced here: a fall is priced where partners that fade are told.",
        ),
    )


def _disagree(portfolio: Portfolio, told: pd.DataFrame) -> Finding | None:
    """The answer that managers give and partners' own words do not bear out, or the reverse, where chance does not explain it."""
    asked = told[(told["question"] == "held_back") & (told["answer"] != NOT_KNOWN)]
    if len(asked) < _FEWEST:
        return None
    heard = told_here(portfolio)
    looked = [answer for answer in ANSWERS["held_back"] if own_words(heard, answer) is not None]
    level = 1 - (1 - _LEVEL) / max(len(looked), 1)
    best: tuple[float, str, Any, Any, tuple[float, float, float]] | None = None
    for answer in looked:
        ours, theirs = clustered_share((asked["answer"] == answer).to_numpy(), level), own_words(heard, answer, level)
        assert theirs is not None
        apart = difference(theirs, ours)
        sure = max(apart[1], -apart[2])
        if sure > (best[0] if best else 0.0):
            best = (sure, answer, ours, theirs, apart)
    if best is None:
        return None
    _, answer, ours, theirs, apart = best
    say, value = Phrases.of(portfolio), Amount(apart[0], apart[1], apart[2], "fraction", "latest survey")
    more = apart[0] > 0
    what = SAID[answer]
    return Finding(
        id="know.judgements.disagree:portfolio:" + portfolio.name,
        practice="know",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=(
            f"{say.share(theirs.value)} of partners that wrote name {what}; managers see it hold back {say.share(ours.value)}"
            if more
            else f"Managers see {what} hold back {say.share(ours.value)} of partners; {say.share(theirs.value)} of those that wrote name it"
        ),
        statement=(
            f"Partner managers say of {say.count(len(asked))} partners what holds them back most: {what} for {say.share(ours.value)}. "
            f"Of the {say.counted(theirs.groups)} that wrote of worries, {say.share(theirs.value)} name it: {say.interval(value)}, apart."
        ),
        value=value,
        worth=Amount(None, unit=portfolio.currency, period="a year"),
        confidence=confidence(basis="surveyed", n=min(len(asked), theirs.groups), decides=True, warnings=1),
        action=Action(
            what=f"Ask ten partners directly about {what}, before money follows either view",
            who="channel director",
            by="within 60 days",
            measure="managers and partners name the same first obstacle in the next round",
        ),
        evidence=("know_judgements question=held_back", "know_worries"),
        inputs=("estimates", "surveys"),
        caveats=(
            "Two different questions: what holds sales back most, and what worries them. Only a large difference says something.",
            "Not priced: neither view is a measurement.",
        ),
    )


def _listed(portfolio: Portfolio, rows: pd.DataFrame) -> str:
    names = portfolio.partners.set_index("partner_id")["name"]
    shown = [words.plain(names.get(partner, partner)) for partner in rows["partner_id"].head(_NAMED)]
    more = len(rows) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")
