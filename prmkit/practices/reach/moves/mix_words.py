"""A mix in the words of a channel manager: what changes, from what to what."""

from __future__ import annotations

from dataclasses import dataclass

from prmkit.estimators.attrition import yearly
from prmkit.practices.phrases import Phrases
from prmkit.practices.reach.moves.levers import signed_last_year
from prmkit.practices.reach.moves.mixes import LEAST, RECRUITING, TODAY, WITHIN, Mix
from prmkit.practices.reach.moves.response import TAKES_HOLD

NAMES = {
    "activation": "get more of those signed to sell",
    "ramp": "get new partners up to speed sooner",
    "retention": "keep partners who would stop",
    "yield": "sell more through each partner",
    "new_family": "have partners take up a further family",
    "price_leak": "stop discounts that nothing explains",
    "recruits": "sign new partners",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One lever of a mix: from what to what, in which unit, and the sentence for it."""

    before: float | None
    after: float | None
    unit: str
    words: str


def title(mix: Mix) -> str:
    """What a mix is called."""
    alone = {TODAY: "From today's partners alone", LEAST: "Balanced", RECRUITING: "Recruiting alone", WITHIN: "As far as has been seen"}
    return "Today's partners first" if mix.name == TODAY and mix.recruits else alone[mix.name]


def changes(mix: Mix) -> dict[str, Change]:
    """Each lever that the mix moves, recruits last."""
    say, made = Phrases.of(mix.moves.case.portfolio), {}
    for lever, _ in mix.used:
        made[lever.name] = _TELL[lever.name](mix, say)
    if mix.recruits:
        made["recruits"] = _recruits(mix, say)
    return made


def must_be_true(mix: Mix) -> str:
    """What the chance of a mix takes for granted."""
    say, half = Phrases.of(mix.moves.case.portfolio), mix.chance(0.5)
    said = []
    if mix.used:
        said.append(f"The levers are in force within {TAKES_HOLD} months and hold.")
        unseen = [NAMES[lever.name] for lever, change in mix.used if not lever.within(change)]
        if unseen:
            said.append(f"Not seen here before: {'; '.join(unseen)}.")
        if half is not None:
            said.append(f"If only half of what they are to change comes about, the chance is {say.share(half)}.")
    if mix.recruits:
        most = mix.moves.most_signed
        pace = "as many as this client has signed in its busiest 12 months or fewer" if mix.recruits <= most else ""
        pace = pace or f"more than the {say.count(most)} of its busiest 12 months"
        said.append(f"{say.counted(mix.recruits, 'partner')} signed evenly until the goal's last day: {pace}.")
    return " ".join(said)


def _activation(mix: Mix, say: Phrases) -> Change:
    response = mix.moves.response
    now = float(response.activated.mean())
    then = min(now + mix.pull.activation, 1.0)
    silent = f", and {say.counted(response.silent * mix.pull.activation, 'partner')} of those signed that never sold start"
    started = silent if response.silent * mix.pull.activation >= 1 else ""
    return Change(now, then, "fraction", f"{say.share(then)} of those signed sell instead of {say.share(now)}{started}")


def _ramp(mix: Mix, say: Phrases) -> Change:
    now = float((1 - mix.moves.case.channel.ramp.curve[:, :12]).mean())
    then = now * (1 + mix.pull.ramp)
    words = f"new partners lose {say.share(then)} of their first year until they sell as others do, instead of {say.share(now)}"
    return Change(now, then, "fraction", words)


def _retention(mix: Mix, say: Phrases) -> Change:
    case = mix.moves.case
    now = float(yearly(case.channel.attrition.pooled).mean())
    then, kept = now * (1 + mix.pull.retention), float(mix.moves.response.partners_kept(mix.pull.retention).mean())
    words = f"lose {say.share(then)} of the partners a year instead of {say.share(now)}"
    return Change(now, then, "fraction", f"{words}: keep {say.counted(kept, 'partner')} more" if kept >= 1 else words)


def _yield(mix: Mix, say: Phrases) -> Change:
    now = mix.moves.case.average_yield
    more = mix.pull.yields
    return Change(now, None if now is None else now * (1 + more), "currency", f"sell {say.share(more)} more through each partner")


def _family(mix: Mix, say: Phrases) -> Change:
    lacking, taking = mix.moves.response.lacking, mix.moves.response.lacking * mix.pull.families
    words = f"{say.counted(taking, 'partner')} more of the {say.count(lacking)} that lack a product family take one up"
    return Change(0.0, taking, "partners", words)


def _leak(mix: Mix, say: Phrases) -> Change:
    now = float(mix.moves.response.leak.mean())
    then = now * (1 - mix.pull.leak)
    words = f"give away {say.money(then)} above usual discounts instead of {say.money(now)}"
    return Change(now, then, "currency", words)


def _recruits(mix: Mix, say: Phrases) -> Change:
    pace = signed_last_year(mix.moves.case)
    words = f"sign {say.counted(mix.recruits, 'new partner')}; {say.count(pace)} in the last 12 months"
    return Change(float(pace), float(mix.recruits), "partners", words)


_TELL = {
    "activation": _activation,
    "ramp": _ramp,
    "retention": _retention,
    "yield": _yield,
    "new_family": _family,
    "price_leak": _leak,
}
