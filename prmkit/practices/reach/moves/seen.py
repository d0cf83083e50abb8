"""Whether a lever's setting has ever been seen in this client's own history."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.reach.forecast.fit import fit_reach
from prmkit.practices.reach.territories import MIN_PARTNERS, home

_LIFE_MONTHS = 200


@dataclass(frozen=True, slots=True)
class Seen:
    """Best of what territories and years have shown; None where nothing could be compared.

    activation: highest share that sold in a territory of eight partners or more; attrition: lowest lapse rate
    of a territory over the client's; growth: highest like-for-like growth of a year; signed_in_a_year: most
    partners that first sold in any 12 months, over the share that activates.
    """

    activation: float | None
    attrition: float | None
    growth: float | None
    signed_in_a_year: float

    def activation_up_to(self, share: float) -> bool | None:
        """Whether some territory reached this share."""
        return None if self.activation is None else self.activation >= share

    def attrition_down_to(self, factor: float) -> bool | None:
        """Whether some territory lost as little as this proportion of the client's rate."""
        return None if self.attrition is None else self.attrition <= factor

    def growth_up_to(self, growth: float) -> bool | None:
        """Whether partners that stayed grew as much in some year."""
        return None if self.growth is None else self.growth >= growth


def ranges_seen(whole: Portfolio) -> Seen:
    """The ranges of the whole client."""
    fit = whole.fitted(fit_reach)
    channel = fit.estimated
    if channel is None:
        return Seen(None, None, None, 0.0)
    where = home(whole).to_numpy()
    table = pd.DataFrame(
        {"sold": channel.lives.sold, "lapses": channel.table.lapses.sum(axis=1), "months": channel.table.months.sum(axis=1)}
    ).groupby(where)
    sums, n = table.sum(), table.size()
    shares = (sums["sold"] / n)[n >= MIN_PARTNERS]
    long = sums[sums["months"] >= _LIFE_MONTHS]
    rates = long["lapses"] / long["months"]
    overall = sums["lapses"].sum() / max(sums["months"].sum(), 1.0)
    grown = channel.growth.seen
    return Seen(
        activation=float(shares.max()) if len(shares) > 1 else None,
        attrition=float(rates.min() / overall) if len(rates) > 1 and overall > 0 else None,
        growth=float(np.expm1(max(grown))) if grown else None,
        signed_in_a_year=_busiest_year(channel.lives.start[channel.lives.sold & channel.lives.dated], channel.lives.months)
        / max(float(channel.activated.mean()), 1e-9),
    )


def _busiest_year(starts: np.ndarray[tuple[int], np.dtype[np.int64]], months: int) -> float:
    inside = starts[(starts >= 0) & (starts < months)]
    by_month = np.bincount(inside, minlength=months)
    return float(np.convolve(by_month, np.ones(12), mode="valid").max()) if months >= 12 else float(by_month.sum())
