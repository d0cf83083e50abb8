"""What the mixes say: the ways to the goal, which of them leaves most, and where it starts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.bootstrap import interval
from prmkit.practices.confidence import confidence
from prmkit.practices.phrases import Phrases
from prmkit.practices.reach.forecast.backtest import Backtest
from prmkit.practices.reach.moves.dormant import not_selling
from prmkit.practices.reach.moves.leaks import price_leak
from prmkit.practices.reach.moves.mix_tables import left_of
from prmkit.practices.reach.moves.mix_words import DOING, changes, title
from prmkit.practices.reach.moves.mixes import WITHIN, Mix
from prmkit.practices.reach.notes import warnings
from prmkit.practices.reach.pricing import pricing
from prmkit.practices.result import Action, Amount, Finding
from prmkit.publish import words

_SPELLED = {1: "One way", 2: "Two ways", 3: "Three ways"}
_NAMED = 3
_WHO = {
    "activation": "partner onboarding",
    "ramp": "partner onboarding",
    "retention": "partner managers",
    "yield": "partner managers",
    "new_family": "partner managers",
    "price_leak": "sales operations",
    "recruits": "channel director",
}


@dataclass(frozen=True)
class MixesSay:
    """The finding about the mixes of one portfolio."""

    portfolio: Portfolio
    made: Sequence[Mix]
    tested: Backtest | None

    def findings(self) -> tuple[Finding, ...]:
        """The ways to the goal, or that there is none and what is within reach; nothing without mixes."""
        if not self.made:
            return ()
        ways = [mix for mix in self.made if mix.reaches]
        return (self._ways(ways) if ways else self._none(),)

    def _ways(self, ways: list[Mix]) -> Finding:
        say, chosen = Phrases.of(self.portfolio), best(ways)
        first, seen = first_lever(chosen), any(mix.seen for mix in ways)
        counts = [say.count(mix.recruits) for mix in ways]
        numbers = counts[0] if len(counts) == 1 else f"{', '.join(counts[:-1])} or {counts[-1]}"
        noun = "recruit" if counts == ["1"] else "recruits"
        beyond = (
            "" if seen else ", beyond what this programme has shown" if len(ways) == 1 else ", all beyond what this programme has shown"
        )
        why = _chosen_for(ways, chosen)
        start = f"{why} starts with {DOING[first]}" if len(ways) > 1 else f"it starts with {DOING[first]}"
        within = next((mix for mix in self.made if mix.name == WITHIN), None)
        headline = f"{_SPELLED[len(ways)]} to the goal, with {numbers} {noun}{beyond}; {start}"
        if not seen and within is not None:
            goal = say.money(chosen.moves.case.target.revenue)
            headline = (
                f"What this programme has shown reaches {say.money(within.surely)} as surely as asked, not the goal of {goal}; "
                f"{_SPELLED[len(ways)].lower()} there all ask for more than it ever did"
            )
        return self._finding(
            "reach_goal",
            headline,
            " ".join([self._told(chosen, say), *(self._briefly(mix, say) for mix in ways if mix is not chosen)]),
            chosen,
            first,
            decides=seen,
        )

    def _none(self) -> Finding:
        say, case = Phrases.of(self.portfolio), self.made[0].moves.case
        chosen = max(self.made, key=lambda mix: mix.surely)
        later = chosen.chance_later
        tail = f" With the same mix three months later the chance of the goal is {say.share(later)}." if later is not None else ""
        return self._finding(
            "out_of_reach",
            f"No mix of levers reaches the goal of {say.money(case.target.revenue)}; {say.money(chosen.surely)} is within reach",
            f"{self._told(chosen, say)}{tail}",
            chosen,
            first_lever(chosen),
            decides=True,
        )

    def _told(self, mix: Mix, say: Phrases) -> str:
        """A mix in full."""
        said = "; ".join(change.words for change in changes(mix).values()) or "nothing changes"
        return f"{title(mix)}: {said}. The chance of the goal is then {say.share(mix.chance())}{_leaves(mix, say)}."

    def _briefly(self, mix: Mix, say: Phrases) -> str:
        """Another mix in a line."""
        levers = f" and {say.counted(len(mix.used), 'lever')}" if mix.used else ""
        return f"{title(mix)}: {say.counted(mix.recruits, 'recruit')}{levers}{_leaves(mix, say)}."

    def _finding(self, claim: str, title: str, statement: str, chosen: Mix, first: str, *, decides: bool) -> Finding:
        case, rate = chosen.moves.case, pricing(self.portfolio)
        added = chosen.drawn - case.present
        low, high = interval(added)
        by = words.day(case.target.by, self.portfolio.settings.locale)
        guessed = bool(case.fit.told) or not case.fit.activated.dated
        cautions = len(warnings(self.portfolio, case, self.tested))
        return Finding(
            id=f"reach.mixes.{claim}:portfolio:{self.portfolio.name}",
            practice="reach",
            subject_kind="portfolio",
            subject_id=self.portfolio.name,
            title=title,
            statement=statement,
            value=Amount(chosen.chance(), unit="fraction", period=f"12 months to {case.target.by.date().isoformat()}"),
            worth=rate.worth(Amount(float(added.mean()), low, high, self.portfolio.currency, "a year")),
            confidence=confidence(basis="estimated" if guessed else "measured", n=case.productive, decides=decides, warnings=cautions),
            action=Action(
                what=_first_step(chosen, first),
                who=_WHO[first],
                by="before the next budget round",
                measure=f"revenue through partners by {by} against the mix chosen, looked at every month",
            ),
            evidence=(f"reach_mixes mix={chosen.name}", "reach_mix_levers", "reach_plan territory=all"),
            inputs=("sales", "partners"),
            caveats=(rate.said, *caveats(self.made)),
        )


def _chosen_for(ways: Sequence[Mix], chosen: Mix) -> str:
    left = left_of(chosen)
    if left is None or any(left_of(mix) is None for mix in ways):
        return "the one with the fewest recruits"
    return "the one that leaves most" if left.mean() >= 0 else "the one that costs least beyond its margin"


def _leaves(mix: Mix, say: Phrases) -> str:
    """What the year's margin leaves after the known cost."""
    left = left_of(mix)
    if left is None:
        return ""
    money = say.money(abs(float(left.mean())))
    return (
        f", and {money} of margin is left after the known cost"
        if left.mean() >= 0
        else f", and its known cost exceeds its margin by {money}"
    )


def _first_step(mix: Mix, first: str) -> str:
    told = changes(mix).get(first)
    if told is None:
        return "Agree on a goal, a date or a lever that is within reach"
    return f"Choose a mix, and give its first lever an owner: {told.words}{first_names(mix, first)}"


def first_names(mix: Mix, lever: str) -> str:
    """With which partners a lever starts, where the records tell."""
    portfolio = mix.moves.case.portfolio
    if lever == "activation":
        ids = not_selling(portfolio)["partner_id"].tolist()
    elif lever == "price_leak":
        leak = portfolio.fitted(price_leak).leak
        own = leak[leak.index.isin(pd.Index(portfolio.partners["partner_id"]))]
        ids = own[own > 0].sort_values(ascending=False, kind="stable").index.tolist()
    else:
        return ""
    names = portfolio.partners.set_index("partner_id")["name"]
    told = [words.plain(names.get(one, one)) for one in ids[:_NAMED]]
    return f" (first {', '.join(told)})" if told else ""


def best(ways: Sequence[Mix]) -> Mix:
    """Of mixes that reach the goal the one that leaves most after its known cost; without costs or margin the one with fewest recruits."""
    lefts = [left_of(mix) for mix in ways]
    if all(left is not None for left in lefts):
        return max(zip(ways, lefts, strict=True), key=lambda pair: float(pair[1].mean()) if pair[1] is not None else 0.0)[0]
    return min(ways, key=lambda mix: mix.recruits)


def first_lever(mix: Mix) -> str:
    """The lever of a mix that brings most, recruits only where nothing else is moved."""
    parts = {name: part for name, part in mix.parts.items() if name != "recruits"} or mix.parts
    return max(parts, key=lambda name: parts[name], default="recruits")


def caveats(made: Sequence[Mix]) -> tuple[str, ...]:
    """What the chances take for granted, once for all mixes."""
    said = [
        "The chances hold if the levers come to what is shown; what a lever has never shown here is marked as such.",
        "Margin and cost are those of the goal's 12 months: partners signed in them go on selling, and go on costing.",
    ]
    missing = list(dict.fromkeys(part for mix in made for part in mix.cost_missing))
    if missing:
        said.append(f"Not in the cost: {'; '.join(missing)}. A mix pays within the year while these come to less than what it leaves.")
    moved = {lever.name for mix in made for lever, _ in mix.used}
    if "new_family" in moved:
        said.append("A further family is taken to add what its takers grew beyond others, and no more than it brought.")
    if "price_leak" in moved:
        said.append("Between none and all of what smaller discounts bring back is taken to be lost again in volume.")
    return (*said, *made[0].moves.costs.said)
