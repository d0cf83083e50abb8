"""What partners want, what goes with their loyalty, and who was not heard, as findings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.confidence import confidence
from prmkit.practices.know.voices.drivers import weighting_moves
from prmkit.practices.know.voices.not_asked import nobody_asked
from prmkit.practices.know.voices.respondents import BY
from prmkit.practices.phrases import Phrases
from prmkit.practices.result import Action, Amount, Finding
from prmkit.publish import words

TOP = 0.8
"""Chance from which one need or driver is said to come before all others."""
_LOW_RATE, _FAR, _FEWEST = 0.3, 0.8, 10
_PULSE = "Partner pulse"


def driver_findings(portfolio: Portfolio, tables: Mapping[str, pd.DataFrame]) -> tuple[Finding, ...]:
    """At most three findings; one where nobody was asked."""
    if nobody_asked(portfolio):
        return (_not_asked(portfolio),)
    if tables["drivers"].empty:
        return tuple(finding for finding in (_unheard(portfolio, tables["respondents"]),) if finding is not None)
    made = (_gap(portfolio, tables["drivers"]), _loyalty(portfolio, tables["drivers"]), _unheard(portfolio, tables["respondents"]))
    return tuple(finding for finding in made if finding is not None)


def _finding(portfolio: Portfolio, claim: str, title: str, statement: str, value: Amount, n: int, decides: bool, **more: Any) -> Finding:
    return Finding(
        id=f"know.{claim}:portfolio:" + portfolio.name,
        practice="know",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=title,
        statement=statement,
        value=value,
        worth=Amount(None, unit=portfolio.currency, period="a year"),
        confidence=confidence(basis=more.pop("basis", "surveyed"), n=n, decides=decides, warnings=more.pop("warned", 0)),
        **more,
    )


def _not_asked(portfolio: Portfolio) -> Finding:
    say = Phrases.of(portfolio)
    return _finding(
        portfolio,
        "drivers.not_asked",
        "Nobody has asked partners what they need",
        f"There is no answer of any of {say.counted(len(portfolio.partners))} in the last 24 months. What they want, what goes with their "
        "loyalty and what worries them is not known; sales alone cannot tell it.",
        Amount(0.0, unit="answers", period=""),
        len(portfolio.partners),
        True,
        basis="measured",
        action=Action(
            what=f"Send the fourteen questions of the sheet {_PULSE} in data_request.xlsx to one or two people at each partner",
            who="partner managers",
            by="within 30 days",
            measure="thirty replies, of large and small partners: enough for a first answer, labelled thin",
        ),
        evidence=("know_drivers",),
        inputs=("partners",),
        caveats=("Not priced: this is a gap in what is known.",),
    )


def _gap(portfolio: Portfolio, drivers: pd.DataFrame) -> Finding | None:
    """The need with the biggest gap between what partners want and get."""
    if "probability_greatest_gap" not in drivers:
        return None
    needs = drivers[drivers["opportunity"].notna() & drivers["probability_greatest_gap"].notna()]
    if len(needs) < 2 or needs["respondents"].max() < _FEWEST:
        return None
    row = needs.sort_values("opportunity", ascending=False, kind="stable").iloc[0]
    say, n, sure = Phrases.of(portfolio), int(row["respondents"]), float(row["probability_greatest_gap"]) >= TOP
    second = needs.sort_values("opportunity", ascending=False, kind="stable").iloc[1]
    score = Amount(float(row["opportunity"]), float(row["opportunity_low"]), float(row["opportunity_high"]), "points", "")
    name, next_name = words.plain(row["driver"]), words.plain(second["driver"])
    if sure:
        marks = f"{_ten(row['importance'])} of 10 in importance, {_ten(row['satisfaction'])} in contentment"
        title = f"What partners miss most is '{name}': {marks}"
    elif float(row["probability_greatest_gap"] + second["probability_greatest_gap"]) >= TOP:
        title = f"Partners miss '{name}' or '{next_name}' most; the survey cannot say which"
    else:
        title = f"The survey cannot say which of {say.count(len(needs))} needs partners miss most"
    return _finding(
        portfolio,
        "drivers.gap",
        title,
        f"Of {say.count(len(needs))} needs '{name}' scores highest on importance plus what is missing: {_ten(score.amount)} of 20, "
        f"{_ten(score.low)} to {_ten(score.high)}, by {say.counted(n, 'respondent')}. "
        f"The chance that no other need scores higher is {say.share(row['probability_greatest_gap'])}.",
        score,
        n,
        sure,
        action=Action(
            what=f"Ask five partners that rate '{name}' important and poor which one change would help, and decide on it",
            who="programme owner",
            by="within 60 days",
            measure=f"contentment with '{name}' in the next survey",
        ),
        evidence=("know_drivers kind=need",),
        inputs=("surveys",),
        caveats=(
            "What partners say they want, not what would change what they sell.",
            "Not priced: what mending it would bring is not known.",
        ),
    )


def _loyalty(portfolio: Portfolio, drivers: pd.DataFrame) -> Finding | None:
    """What goes with loyalty most, or that nothing can be said of it."""
    asked = drivers[(drivers["kind"] == "driver") & drivers["association"].notna()]
    asked = asked if len(asked) else drivers[drivers["association"].notna()]
    if len(asked) < 2:
        return None
    say, n = Phrases.of(portfolio), int(asked["respondents"].max())
    what = "how likely they are to recommend us" if (asked["outcome"] == "nps").all() else "how satisfied they are"
    caveat = (
        "This is an association, not a cause: content partners may mark everything higher.",
        "Not priced: nothing here says what a change would do.",
    )
    inputs, evidence = ("surveys",), ("know_drivers kind=driver",)
    ranked = asked[(asked["strength"] == "enough") & asked["share_explained"].notna()]
    if ranked.empty:
        thin = bool((asked["strength"] == "thin").all())
        why = "too few answered" if thin else "their answers on these go with it no more than chance would have it"
        return _finding(
            portfolio,
            "drivers.loyalty",
            f"What drives partners' loyalty cannot be said yet: {why}",
            f"{say.counted(n, 'respondent')} marked {say.counted(len(asked), 'driver')}; a ranking needs {say.count(10 * len(asked))} "
            "that answered all, and answers that go with loyalty.",
            Amount(float(n), unit="respondents", period=""),
            n,
            False,
            action=Action(
                what=f"Send the {_PULSE} to partners that have not answered, until {say.count(10 * len(asked))} have",
                who="partner managers",
                by="within 60 days",
                measure=f"{say.count(10 * len(asked))} respondents",
            ),
            evidence=evidence,
            inputs=inputs,
            caveats=caveat,
        )
    row = ranked.sort_values("share_explained", ascending=False, kind="stable").iloc[0]
    sure = float(row["probability_top"]) >= TOP and row["matters"] == "yes"
    share = Amount(float(row["share_explained"]), float(row["share_low"]), float(row["share_high"]), "fraction", "")
    none = ranked[(ranked["matters"] != "yes") & (ranked["probability_top_3"] < 0.1)]["driver"]
    idle = f" Nothing shows that {_listed(none)} {'matters' if len(none) == 1 else 'matter'}." if len(none) else ""
    name = words.plain(row["driver"])
    second = ranked.sort_values("share_explained", ascending=False, kind="stable").iloc[1]
    other = words.plain(second["driver"])
    if sure:
        title = f"'{name}' goes with partners' loyalty most"
    elif float(row["probability_top"] + second["probability_top"]) >= TOP:
        title = f"'{name}' or '{other}' goes with partners' loyalty most; the survey cannot say which"
    else:
        title = f"The survey cannot say which of {say.counted(len(ranked), 'driver')} goes with partners' loyalty most"
    return _finding(
        portfolio,
        "drivers.loyalty",
        title,
        f"'{name}' holds {say.interval(share)}, of what {say.counted(len(ranked), 'driver')} together explain of {what} "
        f"({say.share(row['explained'])} of it), "
        f"by {say.counted(n, 'respondent')}; the chance that it holds most is {say.share(row['probability_top'])}.{idle}",
        share,
        n,
        sure,
        action=Action(
            what=f"Put '{name}' on the agenda of the next partner council: what would a partner see change within a quarter?",
            who="channel director",
            by="next quarter",
            measure=f"marks for '{name}', and then {what}, in the next survey",
        ),
        evidence=evidence,
        inputs=inputs,
        caveats=caveat,
    )


def _unheard(portfolio: Portfolio, respondents: pd.DataFrame) -> Finding | None:
    """That few answered, or that a kind of partner answered far less than the others."""
    if respondents.empty:
        return None
    every = respondents.iloc[0]
    parts = respondents[(respondents["of"] != "all") & (respondents["asked"] >= _FEWEST) & (respondents["high"] < every["low"])]
    parts = parts[parts["answer_rate"] < _FAR * every["answer_rate"]]
    low = float(every["high"]) < _LOW_RATE
    if not low and parts.empty:
        return None
    say = Phrases.of(portfolio)
    rate = Amount(float(every["answer_rate"]), float(every["low"]), float(every["high"]), "fraction", "")
    worst = parts.sort_values("answer_rate", kind="stable").iloc[0] if len(parts) else None
    if worst is None:
        title = f"The survey speaks for the {say.share(rate.amount)} of partners that answered"
    else:
        title = f"Partners with {worst['of']} '{words.plain(worst['group'])}' answered least: {say.share(worst['answer_rate'])} of them"
    counted = f"{say.count(every['answered'])} of {say.count(every['asked'])}"
    said = f"{say.share(rate.amount)} of the partners that could have been asked answered ({counted})"
    who = "" if worst is None else f", of those with {worst['of']} '{words.plain(worst['group'])}' only {say.share(worst['answer_rate'])}"
    moved = weighting_moves(portfolio)
    effect = (
        ""
        if moved is None
        else f" Weighting the answers to all partners moves mean loyalty from {_ten(moved[1])} to {_ten(moved[2])} of 10."
    )
    return _finding(
        portfolio,
        "respondents.unheard",
        title,
        f"{said}{who}.{effect} What those that kept silent think is not known.",
        rate,
        int(every["answered"]),
        True,
        basis="measured",
        action=Action(
            what="Have partner managers call ten that did not answer, the silent kinds first, with the same questions",
            who="partner managers",
            by="within 30 days",
            measure="the same share of every kind of partner has answered",
        ),
        evidence=("know_respondents",),
        inputs=("surveys", "partners"),
        caveats=(
            "Who was really asked is on no record: all partners that were there count as asked.",
            f"Weights make up for {BY['size']}, tier and type, not for what nobody recorded.",
        ),
    )


def _ten(value: float | None) -> str:
    return words.number(None if value is None else round(float(value), 1))


def _listed(names: pd.Series) -> str:
    said = [f"'{words.plain(name)}'" for name in names]
    return said[0] if len(said) == 1 else ", ".join(said[:-1]) + " or " + said[-1]
