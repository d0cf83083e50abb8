"""A mix in the words of a channel manager: what changes, from what to what."""

from __future__ import annotations

from dataclasses import dataclass

from prmkit.estimators.attrition import yearly
from prmkit.practices.phrases import Phrases
from prmkit.practices.reach.moves.levers import signed_last_year
from prmkit.practices.reach.moves.mixes import LEAST, RECRUITING, TODAY, WITHIN, Mix
from prmkit.practices.reach.moves.response import TAKES_HOLD

DOING = {
    "activation": "getting more of those signed to sell",
    "ramp": "getting new partners up to speed sooner",
    "retention": "keeping partners who would stop",
    "yield": "selling more through each partner",
    "new_family": "having partners take up a further family",
    "price_leak": "stopping discounts that nothing explains",
    "recruits": "signing new partners",
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
        if half is not None:
            said.append(f"If only half of what they are to change comes about, the chance is {say.share(half)}.")
    if mix.recruits:
        most = mix.moves.most_signed
        times = "in as much time at its busiest" if most else "as far as its records tell"
        pace = f"{'within' if mix.recruits <= most else 'more than'} the {say.count(most)} this client signed {times}"
        said.append(f"{say.counted(mix.recruits, 'partner')} signed evenly until the goal's last day: {pace}.")
    return " ".join(said)


def _activation(mix: Mix, say: Phrases) -> Change:
    response = mix.moves.response
    now = float(response.activated.mean())
    then = min(now + mix.pull.activation, 1.0)
    silent = response.silent * mix.pull.activation
    started = f", {say.counted(round(silent), 'partner')} of today's list that never sold among them" if silent >= 1 else ""
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
    return Change(now, then, "fraction", f"{words}: keep {say.counted(round(kept), 'more partner')}" if kept >= 1 else words)


def _yield(mix: Mix, say: Phrases) -> Change:
    now = mix.moves.case.average_yield
    more = mix.pull.yields
    return Change(now, None if now is None else now * (1 + more), "currency", f"sell {say.share(more)} more through each partner")


def _family(mix: Mix, say: Phrases) -> Change:
    lacking, taking = mix.moves.response.lacking, mix.moves.response.lacking * mix.pull.families
    words = f"{say.counted(round(taking), 'more partner')} of the {say.count(lacking)} that lack a product family take one up"
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
