"""What partners worry about that someone should answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.clustered_share import Share, clustered_share, difference
from prmkit.practices.confidence import confidence
from prmkit.practices.know.voices.worries import OTHER, enough_to_tell
from prmkit.practices.know.voices.worry_themes import named
from prmkit.practices.know.voices.worry_words import NOTHING
from prmkit.practices.phrases import Phrases
from prmkit.practices.result import Action, Amount, Finding
from prmkit.practices.survey import voices
from prmkit.publish import words

_LEVEL = 0.90
_NOT_PRICED = "Not priced: what a worry costs in sales is not known."


def worry_findings(portfolio: Portfolio, table: pd.DataFrame, groups: dict[str, pd.Series[Any]]) -> list[Finding]:
    """The worry most name, and the one group that names a worry clearly more often than all others; none where nothing may be told.

    groups: what a group is called ("partners of type") -> group of each partner (index partner_id).
    """
    told = table[~table["theme"].isin([OTHER, NOTHING])]
    if told.empty:
        return []
    made = [_first(portfolio, told.iloc[0])]
    contrast = most_apart(portfolio, list(told["theme"]), groups)
    return [*made, _apart(portfolio, contrast)] if contrast else made


def groups_of(portfolio: Portfolio, segments: pd.DataFrame) -> dict[str, pd.Series[Any]]:
    """The groups whose worries are compared: types of partners, and segments."""
    types = portfolio.partners.set_index("partner_id")["partner_type"]
    return {"partners of type": types, "partners in the segment": segments.set_index("partner_id")["segment"]}


def _first(portfolio: Portfolio, row: pd.Series[Any]) -> Finding:
    say = Phrases.of(portfolio)
    value = Amount(float(row["share"]), float(row["share_low"]), float(row["share_high"]), "fraction", "latest survey")
    thin = row["strength"] == "thin"
    return Finding(
        id=f"know.worries.most_named:portfolio:{portfolio.name}",
        practice="know",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=f"What worries partners most: {row['theme']}, named by {say.share(value.amount)}",
        statement=(
            f"Of the partners that wrote what worries them, {say.interval(value)}, name {row['theme']}. "
            f"{say.counted(row['wrote'], 'respondent')} of {say.count(row['asked'])} wrote something"
            f"{'; the answer is thin' if thin else ''}."
        ),
        value=value,
        worth=Amount(None, unit=portfolio.currency, period="a year"),
        confidence=confidence(basis="surveyed", n=int(row["partners"]), decides=True, warnings=int(thin)),
        action=Action(
            what=f"Answer this worry by name ({row['theme']}): say what we will do, what we will not, and when",
            who="channel director",
            by="within 60 days",
            measure="in the next survey fewer partners name it, and those that did say that we acted",
        ),
        evidence=(f"know_worries theme={row['theme']}",),
        inputs=("surveys",),
        caveats=(
            _NOT_PRICED,
            f"Those that wrote may worry more, or less, than the {say.count(row['asked'] - row['wrote'])} respondents that did not"
            " and the partners that did not answer.",
        ),
    )


@dataclass(frozen=True, slots=True)
class Contrast:
    """A theme that one group names more often than all other partners that wrote; low and high allow for all comparisons looked at."""

    theme: str
    called: str
    group: str
    inside: Share
    outside: Share
    low: float
    high: float
    respondents: int


def most_apart(portfolio: Portfolio, shown: list[str], groups: dict[str, pd.Series[Any]]) -> Contrast | None:
    """The clearest such difference whose interval, at 90% for all that were looked at together (Bonferroni), lies above zero.

    Only groups count where, inside and outside, `privacy.min_peers` respondents of three partners name the theme.
    """
    found, enough = named(portfolio), portfolio.settings.privacy.min_peers
    wrote = found.wrote[found.wrote.index.isin(voices(portfolio).responses.index)]
    looked = []
    for called, group in groups.items():
        mine = wrote.map(group.dropna())
        for name in sorted(mine.dropna().unique()):
            inside = (mine == name).to_numpy()
            for theme in shown:
                says = wrote.index.isin(found.said.loc[found.said["theme"] == theme, "response_id"])
                if all(enough_to_tell(wrote[says & side], enough) for side in (inside, ~inside)):
                    looked.append((theme, called, str(name), says, inside))
    level = 1 - (1 - _LEVEL) / max(len(looked), 1)
    best: Contrast | None = None
    for theme, called, name, says, inside in looked:
        one, other = (clustered_share(pd.Series(says[side]).groupby(wrote[side].to_numpy()).mean(), level) for side in (inside, ~inside))
        _, low, high = difference(one, other)
        if low > (best.low if best else 0.0):
            best = Contrast(theme, called, name, one, other, low, high, int((says & inside).sum()))
    return best


def _apart(portfolio: Portfolio, found: Contrast) -> Finding:
    say, who = Phrases.of(portfolio), f"{found.called} '{words.plain(found.group)}'"
    value = Amount(found.inside.value - found.outside.value, found.low, found.high, "fraction", "latest survey")
    return Finding(
        id=f"know.worries.group:segment:{found.group}",
        practice="know",
        subject_kind="segment",
        subject_id=found.group,
        title=f"{found.theme[:1].upper()}{found.theme[1:]} worries {who} most: {say.share(found.inside.value)} name it",
        statement=(
            f"{say.share(found.inside.value)} of {who} name {found.theme}, against {say.share(found.outside.value)} of all "
            f"others that wrote: {say.interval(value)}, apart, with all groups looked at allowed for."
        ),
        value=value,
        worth=Amount(None, unit=portfolio.currency, period="a year"),
        confidence=confidence(basis="surveyed", n=found.inside.groups, decides=True),
        action=Action(
            what=f"Begin with {who}: ask five of them what lies behind it",
            who="partner managers",
            by="within 60 days",
            measure="the cause is on record, and one change has been agreed",
        ),
        evidence=(f"know_worries theme={found.theme}",),
        inputs=("surveys", "partners"),
        caveats=(_NOT_PRICED, "A difference between groups that answered, not its cause."),
    )
