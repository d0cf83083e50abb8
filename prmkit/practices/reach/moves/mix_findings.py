"""What the mixes say: the ways to the goal, which of them leaves most, and where it starts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.bootstrap import interval
from prmkit.practices.confidence import confidence
from prmkit.practices.phrases import Phrases
from prmkit.practices.reach.forecast.backtest import Backtest
from prmkit.practices.reach.moves.mix_tables import left_of
from prmkit.practices.reach.moves.mix_words import NAMES, changes
from prmkit.practices.reach.moves.mixes import WITHIN, Mix
from prmkit.practices.reach.notes import warnings
from prmkit.practices.reach.pricing import pricing
from prmkit.practices.result import Action, Amount, Finding
from prmkit.publish import words

_SPELLED = {1: "One way", 2: "Two ways", 3: "Three ways"}
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
        counts = [say.count(mix.recruits) for mix in ways]
        numbers = counts[0] if len(counts) == 1 else f"{', '.join(counts[:-1])} or {counts[-1]}"
        noun = "recruit" if ways[-1].recruits == 1 and len(ways) == 1 else "recruits"
        first = first_lever(chosen)
        title = f"{_SPELLED[len(ways)]} to the goal: with {numbers} {noun}; start where it costs least: {NAMES[first]}"
        unseen = "" if any(mix.seen for mix in ways) else self._unseen()
        return self._finding(
            "reach_goal",
            title,
            f"{' '.join(self._line(mix, say) for mix in ways)}{unseen}",
            chosen,
            first,
        )

    def _none(self) -> Finding:
        say, case = Phrases.of(self.portfolio), self.made[0].moves.case
        chosen = max(self.made, key=lambda mix: mix.surely)
        first, goal = first_lever(chosen), case.target.revenue
        title = f"No mix of levers reaches the goal of {say.money(goal)}; {say.money(chosen.surely)} is within reach"
        tail = f" Three months later the chance of the goal is {say.share(chosen.chance_later)}." if chosen.chance_later is not None else ""
        return self._finding("out_of_reach", title, f"{self._line(chosen, say)}{tail}", chosen, first)

    def _line(self, mix: Mix, say: Phrases) -> str:
        said = "; ".join(change.words for change in changes(mix).values())
        line = f"{said[:1].upper()}{said[1:]}: the chance of the goal is {say.share(mix.chance())}"
        left = left_of(mix)
        if left is not None:
            verb = "leaves" if left.mean() >= 0 else "falls short of its known cost by"
            line += f", and the year's margin {verb} {say.money(abs(float(left.mean())))}" + (" after it" if left.mean() >= 0 else "")
        return line + "."

    def _unseen(self) -> str:
        say = Phrases.of(self.portfolio)
        within = next((mix for mix in self.made if mix.name == WITHIN), None)
        if within is None:
            return ""
        return f" Each asks for more than this programme has shown; what it has shown carries {say.money(within.surely)} as surely."

    def _finding(self, claim: str, title: str, statement: str, chosen: Mix, first: str) -> Finding:
        case, rate = chosen.moves.case, pricing(self.portfolio)
        added = chosen.drawn - case.present
        low, high = interval(added)
        by = words.day(case.target.by, self.portfolio.settings.locale)
        guessed = bool(case.fit.told) or not case.fit.activated.dated
        cautions = len(warnings(self.portfolio, case, self.tested))
        first_words = changes(chosen)[first].words
        return Finding(
            id=f"reach.mixes.{claim}:portfolio:{self.portfolio.name}",
            practice="reach",
            subject_kind="portfolio",
            subject_id=self.portfolio.name,
            title=title,
            statement=statement,
            value=Amount(chosen.chance(), unit="fraction", period=f"12 months to {case.target.by.date().isoformat()}"),
            worth=rate.worth(Amount(float(added.mean()), low, high, self.portfolio.currency, "a year")),
            confidence=confidence(basis="estimated" if guessed else "measured", n=case.productive, decides=True, warnings=cautions),
            action=Action(
                what=f"Choose a mix, and give its first lever an owner: {first_words}",
                who=_WHO[first],
                by="before the next budget round",
                measure=f"revenue through partners by {by} against the mix chosen, looked at every month",
            ),
            evidence=(f"reach_mixes mix={chosen.name}", "reach_mix_levers", "reach_plan territory=all"),
            inputs=("sales", "partners"),
            caveats=(rate.said, *caveats(self.made)),
        )


def best(ways: Sequence[Mix]) -> Mix:
    """Of mixes that reach the goal the one that leaves most after its known cost; without costs or margin the one with fewest recruits."""
    lefts = [left_of(mix) for mix in ways]
    if all(left is not None for left in lefts):
        return max(zip(ways, lefts, strict=True), key=lambda pair: float(pair[1].mean()) if pair[1] is not None else 0.0)[0]
    return min(ways, key=lambda mix: mix.recruits)


def first_lever(mix: Mix) -> str:
    """The lever of a mix that brings most, recruits only where nothing else is moved."""
    parts = {name: part for name, part in mix.parts.items() if name != "recruits"} or mix.parts
    return max(parts, key=lambda name: parts[name])


def caveats(made: Sequence[Mix]) -> tuple[str, ...]:
    """What the chances take for granted, once for all mixes."""
    said = ["The chances hold if the levers come to what is shown; what a lever has never shown here is marked as such."]
    missing = list(dict.fromkeys(part for mix in made for part in mix.cost_missing))
    if missing:
        said.append(f"Not in the cost: {'; '.join(missing)}. A mix pays while these come to less than what it leaves.")
    moved = {lever.name for mix in made for lever, _ in mix.used}
    if "new_family" in moved:
        said.append("Up to half of a further family's sales are taken to replace what the partner bought before.")
    if "price_leak" in moved:
        said.append("Between none and all of what smaller discounts bring back is taken to be lost again in volume.")
    return (*said, *made[0].moves.costs.said)
