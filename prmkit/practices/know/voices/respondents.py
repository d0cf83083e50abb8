"""Who answered the partner survey and who did not, and what each answer has to stand for so that it speaks for all partners."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.estimators.raking import Raked, rake, rate
from prmkit.practices.survey import Voices, voices

Array = NDArray[Any]

BY = {"size": "revenue of the 12 months", "tier": "tier", "type": "type", "tenure": "time with us", "momentum": "growth of the year"}
WEIGHTED = ("size", "tier", "type")
NOT_TOLD = "not known"
_ORDERED = ("size", "tenure", "momentum")
_MOST = 8
_TURN = 0.2


@dataclass(frozen=True)
class Panel:
    """Those that answered, of the whole client.

    heard: what they said. weights: what each response stands for, mean 1, the same order as heard.responses. cluster: number of the
    partner of each response; an anonymous one is its own. groups: one row a partner that could have been asked (partner_id, a column
    a way of grouping, answered). raked: how the weights came out; None where no response names its partner.
    """

    heard: Voices
    weights: Array
    cluster: Array
    groups: pd.DataFrame
    raked: Raked | None


def panel(portfolio: Portfolio) -> Panel:
    """The panel of the whole client, worked out once."""
    return portfolio.fitted(_panel)


def respondents(portfolio: Portfolio) -> pd.DataFrame:
    """of, group, partners, asked, answered, answer_rate, low, high, weight: who answered, by `BY`; first a row of all partners.

    asked: partners that were there when the survey was held, since who was really asked is on no record. weight: what an answer of the
    group stands for, on average. Empty where no answer names its partner.
    """
    found = panel(portfolio)
    if found.raked is None:
        return pd.DataFrame()
    owner = found.heard.responses["partner_id"]
    weight = pd.Series(found.weights, index=owner.to_numpy()).groupby(level=0).mean()
    listed = found.groups[found.groups["partner_id"].isin(portfolio.partners["partner_id"])]
    listed = listed.assign(weight=listed["partner_id"].map(weight), all="all partners")
    rows = [_by(listed, way) for way in ("all", *BY) if listed[way].nunique() > 1 or way == "all"]
    return pd.concat(rows, ignore_index=True)


def _by(listed: pd.DataFrame, way: str) -> pd.DataFrame:
    grouped = listed.groupby(way, sort=True)
    answered, asked = grouped["answered"].sum().to_numpy(dtype=float), grouped["there"].sum().to_numpy(dtype=float)
    share, low, high = rate(answered, asked)
    return pd.DataFrame(
        {
            "group": _unnumbered(grouped.size().index) if way in _ORDERED else grouped.size().index.astype("str"),
            "of": BY.get(way, "all"),
            "partners": grouped.size().to_numpy(),
            "asked": asked,
            "answered": answered,
            "answer_rate": share,
            "low": low,
            "high": high,
            "weight": grouped["weight"].mean().to_numpy(),
        }
    )


@reads("worries", "privacy", "client")
def _panel(portfolio: Portfolio) -> Panel:
    heard = voices(portfolio)
    owner = heard.responses["partner_id"]
    codes, names = pd.factorize(owner)
    anonymous = codes < 0
    cluster = np.where(anonymous, len(names) + np.cumsum(anonymous) - 1, codes)
    groups = _groups(portfolio, heard)
    named = groups["answered"].to_numpy()
    if not named.any():
        return Panel(heard, np.ones(len(owner)), cluster, groups, None)
    ways = groups[list(WEIGHTED)].apply(lambda column: pd.factorize(column)[0]).to_numpy()
    raked = rake(ways[named], ways[groups["there"].to_numpy()])
    weight = pd.Series(raked.weights, index=groups.loc[named, "partner_id"].to_numpy())
    several = owner.map(owner.value_counts()).to_numpy(dtype=float)
    mine = owner.map(weight).to_numpy(dtype=float) / np.where(several > 0, several, 1.0)
    mine = np.where(np.isfinite(mine), mine, 1.0)
    return Panel(heard, mine * len(mine) / mine.sum(), cluster, groups, raked)


def _groups(portfolio: Portfolio, heard: Voices) -> pd.DataFrame:
    """One row a partner that could have been asked, the groups it belongs to, and whether it answered."""
    partners = portfolio.partners
    answered = partners["partner_id"].isin(heard.responses["partner_id"].dropna())
    first, last = heard.responses["date"].min(), heard.responses["date"].max()
    there = ~(partners["joined_on"] > last) & ~(partners["ended_on"] < first) | answered
    now, before = portfolio.per_partner().to_numpy(), portfolio.per_partner(first=12).to_numpy()
    return pd.DataFrame(
        {
            "partner_id": partners["partner_id"],
            "size": _sizes(now),
            "tier": _words(partners["tier"]),
            "type": _words(partners["partner_type"]),
            "tenure": _tenure(partners["joined_on"], portfolio.as_of),
            "momentum": _momentum(now, before, portfolio.history_months),
            "there": there.to_numpy(dtype=bool),
            "answered": answered.to_numpy(),
        }
    )


def _sizes(now: Array) -> Array:
    """Bought nothing, or in which third of those that bought, by revenue."""
    buyers = now > 0
    rank = np.zeros(len(now))
    rank[buyers] = np.argsort(np.argsort(now[buyers], kind="stable"), kind="stable") / max(buyers.sum(), 1)
    thirds = [~buyers, rank < 1 / 3, rank < 2 / 3]
    return np.select(thirds, ["4 bought nothing", "3 smallest third", "2 middle third"], "1 largest third")


def _unnumbered(names: pd.Index) -> list[str]:
    """Names without the number that they are sorted by."""
    return [str(name).lstrip("0123456789 ") for name in names]


def _words(column: pd.Series) -> Array:
    said = column.astype("str").fillna(NOT_TOLD)
    common = said.value_counts().index[:_MOST]
    made: Array = said.where(said.isin(common), "other").to_numpy(dtype=object)
    return made


def _tenure(joined: pd.Series, as_of: pd.Timestamp) -> Array:
    years = ((as_of - joined).dt.days / 365.25).to_numpy(dtype=float)
    return np.select([years < 2, years < 5, years >= 5], ["1 under two years", "2 two to five years", "3 over five years"], NOT_TOLD)


def _momentum(now: Array, before: Array, months: int) -> Array:
    both = (before > 0) & (months >= 24)
    ratio = np.where(both, now / np.where(both, before, 1.0), np.nan)
    words = ["1 growing by over a fifth", "2 steady", "3 falling by over a fifth"]
    return np.select([ratio > 1 + _TURN, ratio >= 1 - _TURN, ratio < 1 - _TURN], words, "4 nothing to compare with")
