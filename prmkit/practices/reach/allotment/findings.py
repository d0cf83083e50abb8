"""What the allocation means for whoever decides: what it saves, or what keeps the goal out of reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from prmkit.data.portfolio import Portfolio
from prmkit.practices.confidence import confidence
from prmkit.practices.phrases import Phrases
from prmkit.practices.reach.allotment.allocation import Allocation
from prmkit.practices.reach.allotment.binding import SHORT
from prmkit.practices.result import Action, Amount, Finding
from prmkit.publish import words

if TYPE_CHECKING:
    from prmkit.practices.reach.allotment.tables import Allotted

_FEW_TYPES = 2


def placed_findings(portfolio: Portfolio, placed: Allotted) -> tuple[Finding, ...]:
    """One finding: what placing recruits where they bring most saves, or why the goal is out of reach and what would bring it within."""
    made = placed.made
    if made is None:
        return ()
    found = _saved(portfolio, made) if made.solved.reached else _out_of_reach(portfolio, made)
    return () if found is None else (found,)


def _saved(portfolio: Portfolio, made: Allocation) -> Finding | None:
    units, cells, say = made.solved.units, made.cells, Phrases.of(portfolio)
    if made.plain is None or not units.any():
        return None
    count, plain = int(units.sum()), int(made.plain.sum())
    cost, spent = float(cells.cost @ units), float(cells.cost @ made.plain)
    saved = spent - cost
    if saved <= 0:
        return None
    priced, aim = bool(cells.priced), made.case.target
    by = words.day(aim.by, portfolio.settings.locale)
    first = _most(made)
    price = f" and cost {say.money(cost)}, not {say.money(spent)}" if priced else ""
    title = (
        f"Placed where they bring most, {say.counted(count, 'recruit')} are enough{price}"
        if count < plain or not priced
        else (f"Placed where they bring most, recruits for the goal cost {say.money(cost)}, not {say.money(spent)}")
    )
    return Finding(
        id=f"reach.allocation.at_least_cost:portfolio:{portfolio.name}",
        practice="reach",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=title,
        statement=(
            f"A chance of {say.share(aim.confidence)} of the goal by {by} takes {say.counted(count, 'recruit')} where the next one brings "
            f"most for its cost, and {say.count(plain)} spread like last year's revenue. {first}"
        ),
        value=Amount(saved if priced else float(plain - count), unit=portfolio.currency if priced else "partners", period="until the goal"),
        worth=Amount(saved if priced else None, unit=portfolio.currency, period="a year"),
        confidence=confidence(basis="estimated", n=made.case.productive, decides=saved > 0.05 * spent),
        action=Action(
            what="Give each territory and partner type its number of recruits from the table, before prospects are approached",
            who="channel director",
            by="before the next budget round",
            measure="partners signed by territory and type against the table",
        ),
        evidence=("reach_allocation", "reach_allocation_rules", "reach_allocation_limits"),
        inputs=("sales", "partners", "territories"),
        caveats=_caveats(made),
    )


def _out_of_reach(portfolio: Portfolio, made: Allocation) -> Finding:
    say, aim = Phrases.of(portfolio), made.case.target
    by = words.day(aim.by, portfolio.settings.locale)
    ways = _ways(portfolio, made)
    rows = made.limiting.rows.set_index("limit")
    hands = rows["level"].get("onboarding", np.nan)
    held = f" with {_count(say, float(hands))} partners taken in a month" if not np.isnan(hands) else ""
    names = ", ".join(made.limiting.in_the_way) or "today's partners and limits together"
    return Finding(
        id=f"reach.allocation.out_of_reach:portfolio:{portfolio.name}",
        practice="reach",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=f"The goal cannot be reached by {by}{held}{f'; it can {ways[0]}' if ways else ''}",
        statement=(
            f"With all that the limits leave room for, {say.counted(int(made.solved.units.sum()), 'recruit')}, its chance is "
            f"{say.share(made.solved.chance)}, not the {say.share(aim.confidence)} asked for. In the way: {names}. "
            + (f"It can be reached {', or '.join(ways)}." if ways else "No single change of a limit brings it within reach.")
        ),
        value=Amount(made.solved.chance, unit="fraction", period=f"12 months to {aim.by.date().isoformat()}"),
        worth=Amount(None, unit=portfolio.currency, period="a year"),
        confidence=confidence(basis="estimated", n=made.case.productive, decides=True),
        action=Action(
            what="Decide which gives way: the goal, its date, or the limit that holds it",
            who="channel director",
            by="within 30 days",
            measure="goal, date and limits agreed in writing",
        ),
        evidence=("reach_allocation_limits", "reach_allocation"),
        inputs=("sales", "partners", "territories"),
        caveats=_caveats(made),
    )


def _ways(portfolio: Portfolio, made: Allocation) -> list[str]:
    """What would bring the goal within reach, each by itself: "with 22 a month", "by 31 March 2027", "at 94% of the goal"."""
    say, said = Phrases.of(portfolio), []
    for name, level in made.limiting.needed.items():
        if name == "onboarding":
            said.append(f"with {_count(say, np.ceil(10 * level) / 10 if level < 10 else np.ceil(level))} a month")
        elif name == "budget":
            said.append(f"with a budget of {say.money(level)}")
        elif name not in ("territory", "type"):
            said.append(f"with {SHORT[name]}")
    if made.later is not None:
        said.append(f"by {words.day(made.later, portfolio.settings.locale)}")
    if 0.5 <= made.share_of_goal < 1:
        said.append(f"at {say.share(np.floor(100 * made.share_of_goal) / 100)} of the goal")
    return said


def _count(say: Phrases, value: float) -> str:
    return say.count(value) if value >= 10 or float(value).is_integer() else f"{value:.1f}"


def _most(made: Allocation) -> str:
    """Which types make up most of it."""
    each = np.bincount(made.cells.kind, made.solved.units, len(made.cells.types))
    order = [int(number) for number in np.argsort(-each, kind="stable") if each[number] > 0][:_FEW_TYPES]
    named = " and ".join(f"{int(each[number]):,} of type {made.cells.types[number]}" for number in order)
    return f"Most are {named}." if len(made.cells.types) > 1 else ""


def _caveats(made: Allocation) -> tuple[str, ...]:
    cells, said = made.cells, []
    if not cells.priced:
        said.append("Not priced: what a recruit costs is not known, so the fewest recruits are looked for.")
    else:
        said.append(f"A recruit costs {cells.priced}.")
    if cells.markets.elasticity == 1:
        said.append(
            "How far partners share a market is not measured here: it decides only how evenly recruits are spread, not how many are needed."
        )
    if cells.left_out:
        said.append(f"Too few of these types have started to be counted on: {', '.join(cells.left_out)}.")
    if made.bounds.barred:
        said.append(f"Nobody is added in {len(made.bounds.barred)} territories: exclusivity, or too many partners already.")
    return (*said, *made.bounds.aside)
