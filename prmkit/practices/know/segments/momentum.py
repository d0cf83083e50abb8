"""Size against momentum by stated rules, each verdict with the chance that it is the right one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.estimators.annual_noise import AnnualNoise, annual_noise
from prmkit.estimators.shrinkage import hierarchy
from prmkit.practices.know.segments import segment_rules as rules

KIND = "rule based, not discovered"
_THIN = f"; by size only, for want of {rules.ENOUGH_PARTNERS} partners that ever bought or of {rules.ENOUGH_MONTHS} months of sales"
_DRAWS = 250


@dataclass(frozen=True)
class Momentum:
    """Size against momentum for the whole client.

    rows: partner_id, segment (the likeliest), membership, by_rule, revenue, previous, comparable.
    chances: partners (index) x segment names. noise: how much of a year is luck. kind: what sort of segments, in words.
    first_month: how many months ago each partner first bought, nan for never, (n,).
    """

    segments: tuple[rules.Segment, ...]
    rows: pd.DataFrame
    chances: pd.DataFrame
    noise: AnnualNoise
    kind: str
    first_month: NDArray[Any]


def momentum(portfolio: Portfolio) -> Momentum:
    """Size against momentum of all partners of the client, fitted once whatever the portfolio."""
    return portfolio.fitted(_fit)


@dataclass(frozen=True, slots=True)
class _Years:
    """Two years of every partner: revenue and buying months of each, and how long ago the first purchase was."""

    now: NDArray[Any]
    then: NDArray[Any]
    months_now: NDArray[Any]
    months_then: NDArray[Any]
    first_month: NDArray[Any]

    @property
    def ratio(self) -> NDArray[Any]:
        return rules.growth(self.now, self.then, self.first_month)

    @property
    def judged(self) -> NDArray[Any]:
        """Partners whose two years can be set against each other."""
        bought = (self.now > 0) & (self.then > 0) & (self.months_now > 0) & (self.months_then > 0)
        made: NDArray[Any] = bought & (self.first_month >= rules.NEWCOMER_MONTHS)
        return made


@reads("worries", "privacy", "client")
def _fit(portfolio: Portfolio) -> Momentum:
    ids = portfolio.partners["partner_id"]
    years = _years(portfolio)
    noise = _noise(portfolio, years)
    bought = np.isfinite(years.first_month).sum()
    thin = min(bought - rules.ENOUGH_PARTNERS, portfolio.history_months - rules.ENOUGH_MONTHS, years.judged.sum() - rules.ENOUGH_JUDGED) < 0
    segments = rules.THIN if thin else rules.FULL
    rng = np.random.default_rng(portfolio.settings.seed)
    drawn = noise.redraw(years.now, years.months_now, _DRAWS, rng)
    placed = _placed(drawn, years, None if thin else _trend(years, noise, rng))
    chances = np.column_stack([(placed == position).mean(axis=1) for position in range(len(segments))])
    observed = _placed(years.now[:, None], years, None if thin else years.ratio[:, None])
    names = np.array([segment.name for segment in segments], dtype=object)
    likeliest = chances.argmax(axis=1)
    rows = pd.DataFrame(
        {
            "partner_id": ids,
            "segment": pd.Series(names[likeliest], dtype="str"),
            "membership": chances[np.arange(len(ids)), likeliest],
            "by_rule": pd.Series(names[observed[:, 0]], dtype="str"),
            "revenue": years.now,
            "previous": years.then,
            "comparable": (years.first_month >= rules.ENOUGH_MONTHS - 1) & (portfolio.history_months >= rules.ENOUGH_MONTHS),
        }
    )
    table = pd.DataFrame(chances, index=ids, columns=names)
    return Momentum(segments, rows, table, noise, KIND + (_THIN if thin else ""), years.first_month)


def _placed(now: NDArray[Any], years: _Years, ratio: NDArray[Any] | None) -> NDArray[Any]:
    """Position of every partner in every draw; by size alone without a ratio."""
    first, line = years.first_month[:, None], rules.half_line(now)
    return rules.classify_thin(now, first, line) if ratio is None else rules.classify(now, ratio, first, line)


def _years(portfolio: Portfolio) -> _Years:
    first_month = portfolio.partners["partner_id"].map(portfolio.orders.groupby("partner_id")["month"].max())
    return _Years(
        now=portfolio.per_partner().to_numpy(),
        then=portfolio.per_partner(first=12).to_numpy(),
        months_now=buying_months(portfolio, 0),
        months_then=buying_months(portfolio, 12),
        first_month=first_month.to_numpy(dtype=float),
    )


def _trend(years: _Years, noise: AnnualNoise, rng: np.random.Generator) -> NDArray[Any]:
    """Draws of each partner's growth with luck taken out: drawn towards what is usual, by how much luck is in it."""
    judged = years.judged
    luck = noise.per_month * (1 / np.maximum(years.months_now, 1) + 1 / np.maximum(years.months_then, 1))
    logs = np.log(np.where(judged, years.ratio, 1.0))
    found = hierarchy(logs, np.where(judged, luck, np.inf), np.ones((len(logs), 1)), np.zeros(1, dtype=np.int64), rng, _DRAWS)
    return np.where(judged[:, None], np.exp(found.draw(slice(None), rng)), years.ratio[:, None])


def buying_months(portfolio: Portfolio, first: int) -> NDArray[Any]:
    """In how many of the 12 months from `first` (0 is the newest) each partner bought."""
    bought = portfolio.orders[portfolio.orders["month"].between(first, first + 11) & (portfolio.orders["revenue"] > 0)]
    return bought.groupby("partner_id").size().reindex(portfolio.partners["partner_id"], fill_value=0).to_numpy(dtype=float)


def _noise(portfolio: Portfolio, years: _Years) -> AnnualNoise:
    """Luck in a year, learned from partners seen throughout both years."""
    whole = years.first_month >= rules.ENOUGH_MONTHS - 1
    rows = portfolio.orders[portfolio.orders["month"] < rules.ENOUGH_MONTHS]
    buyer = pd.factorize(rows["partner_id"])[0]
    return annual_noise(years.months_then[whole], years.months_now[whole], rows["revenue"].to_numpy(), buyer)
