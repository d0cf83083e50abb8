"""What worries partners: themes of what they wrote, by how many partners name each, and never by too few to be safe."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.bootstrap import LEVEL
from prmkit.estimators.clustered_share import Share, clustered_share
from prmkit.practices.know.voices.worry_themes import FEWEST_PARTNERS, Named, named
from prmkit.practices.result import NotComputed
from prmkit.practices.survey import voices

OTHER = "other"
FIRM_FROM = 100
"""Respondents that wrote something, below which the answer is labelled thin."""


def worries(portfolio: Portfolio) -> pd.DataFrame:
    """One row a theme, most named first, "other" last; empty where none may be shown.

    respondents: those that name it, each once. share: of the partners that wrote something, each counting once and shared by its
    respondents; share_low, share_high: 90%. partners: how many name it. words: what marks it in these texts. found_by: the list of
    words, or the texts themselves. strength: "thin" below FIRM_FROM respondents that wrote. wrote, asked: how many wrote, of how many.

    A theme is shown where the engagement's `privacy.min_peers` respondents of three partners name it, and, in a portfolio, where as many
    or none outside it do. All else is "other". Where "other" alone would be told by fewer it is left out, and where counts and shares of
    the others would still tell how many they are, the smallest theme goes into it until they do not.
    """
    told = told_here(portfolio)
    found, wrote, shown = told.found, told.wrote, told.shown
    asked, enough = len(voices(portfolio).responses), portfolio.settings.privacy.min_peers
    if not shown:
        return pd.DataFrame()
    mine = _of(found, wrote)
    said = mine[mine["theme"].isin(shown)]
    rest = wrote.index[~wrote.index.isin(said["response_id"])]
    rows = [_row(name, wrote, said.loc[said["theme"] == name, "response_id"], found) for name in shown]
    rows.sort(key=lambda row: (-row["share"], row["theme"]))
    if enough_to_tell(wrote[rest], enough):
        rows.append(_row(OTHER, wrote, rest, found))
    return pd.DataFrame(rows).assign(
        strength="thin" if len(wrote) < FIRM_FROM else "firm", wrote=len(wrote), asked=asked, rank=range(1, len(rows) + 1)
    )


@dataclass(frozen=True)
class Told:
    """What may be told in one portfolio. wrote: response_id -> partner of those that wrote; shown: the themes, commonest first."""

    found: Named
    wrote: pd.Series[Any]
    shown: tuple[str, ...]

    def share_of_any(self, names: Collection[str], level: float = LEVEL) -> Share | None:
        """The share of partners that name any of these themes, of those that wrote; only themes that may be shown here count.

        None where none of them may be: with one that may not, a reader could tell how many name it.
        """
        allowed = [name for name in self.shown if name in names]
        if not allowed:
            return None
        says = self.wrote.index.isin(self.found.said.loc[self.found.said["theme"].isin(allowed), "response_id"])
        return clustered_share(pd.Series(says, index=self.wrote.index).groupby(self.wrote).mean(), level)


def told_here(portfolio: Portfolio) -> Told:
    """The themes that may be told in a portfolio."""
    found = named(portfolio)
    wrote = found.wrote[found.wrote.index.isin(voices(portfolio).responses.index)]
    return Told(found, wrote, tuple(_shown(found, wrote, portfolio.settings.privacy.min_peers)))


def _of(found: Named, wrote: pd.Series[Any]) -> pd.DataFrame:
    said = found.said[found.said["response_id"].isin(wrote.index)]
    return said.assign(owner=said["response_id"].map(wrote))


def _shown(found: Named, wrote: pd.Series[Any], enough: int) -> list[str]:
    """Themes that may be told here, the commonest first."""
    outside = found.said[~found.said["response_id"].isin(wrote.index)].groupby("theme").size()
    mine = _of(found, wrote)
    counts = mine.groupby("theme").agg(people=("response_id", "nunique"), partners=("owner", "nunique"))
    beyond = outside.reindex(counts.index, fill_value=0)
    safe = (counts["people"] >= enough) & (counts["partners"] >= FEWEST_PARTNERS) & ((beyond == 0) | (beyond >= enough))
    ranked = counts[safe].reset_index().sort_values(["people", "theme"], ascending=[False, True], kind="stable")
    shown = list(ranked["theme"])
    while shown and _gives_away(mine[mine["theme"].isin(shown)], wrote, enough):
        shown.pop()
    return shown


def _gives_away(said: pd.DataFrame, wrote: pd.Series[Any], enough: int) -> bool:
    """Whether what is told of these themes would tell that a few, but too few, name none of them."""
    rest = wrote[~wrote.index.isin(said["response_id"])]
    if rest.empty or enough_to_tell(rest, enough):
        return False
    people = wrote.groupby(wrote).transform("size")
    named_by_partners = float((1 / said["response_id"].map(people)).sum())
    return len(said) < len(wrote) or named_by_partners < wrote.nunique()


def enough_to_tell(wrote: pd.Series[Any], enough: int) -> bool:
    """Whether these are respondents enough, of partners enough, to be told of."""
    return len(wrote) >= enough and wrote.nunique() >= FEWEST_PARTNERS


def _row(name: str, wrote: pd.Series[Any], said: Any, found: Named) -> dict[str, Any]:
    says = pd.Series(wrote.index.isin(said), index=wrote.index)
    share = clustered_share(says.groupby(wrote).mean())
    return {
        "theme": name,
        "respondents": int(says.sum()),
        "share": share.value,
        "share_low": share.low,
        "share_high": share.high,
        "partners": int(wrote[says].nunique()),
        "words": ", ".join(found.words.get(name, ())) or None,
        "found_by": found.found_by.get(name),
    }


def missing(portfolio: Portfolio, table: pd.DataFrame) -> tuple[NotComputed, ...]:
    """Why there is no row, and what would give some."""
    if len(table):
        return ()
    if not portfolio.whole.has("surveys"):
        return (NotComputed("worries", None, "no partner survey", "surveys"),)
    wrote = len(told_here(portfolio).wrote)
    enough = portfolio.settings.privacy.min_peers
    why = (
        "no partner wrote what worries it"
        if not wrote
        else f"of {wrote} that wrote something, no theme is named by {enough} respondents of {FEWEST_PARTNERS} partners"
    )
    return (NotComputed("worries", None, why, "surveys.question_id (worry), surveys.text"),)
