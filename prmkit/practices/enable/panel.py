"""Partners x months for dated actions: what was sold, who was there, and when an action was on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data import calendar
from prmkit.data.portfolio import Portfolio
from prmkit.estimators.imputation_did import DatedEffect, imputation_did

Mask = NDArray[np.bool_]

MANY = 5_000
SETTLED = 9
"""Months from joining until a partner is taken as settled: half a year of ramp, and some slack."""
SILENT_MONTHS, SILENT_GAPS = 4, 3
_TOGETHER = 0.5
_HALF = 0.5


@dataclass(frozen=True)
class DatedAction:
    """When an action was on (partners x months), and months in which it was in part (left out of everything)."""

    on: Mask
    partly: Mask | None = None


@dataclass(frozen=True)
class SalesPanel:
    """Net revenue of all partners (rows, in id order) by month, oldest first.

    seen: the partner was there and settled: from nine months after joining, or else the month after its first sale (which is in the
    data because it was a sale, and so proves nothing), to the end of the relationship or the last sale of one that fell silent.
    """

    partner_ids: pd.Index
    revenue: NDArray[np.float64]
    seen: Mask
    as_of: pd.Timestamp

    @property
    def months(self) -> int:
        """How many months there are."""
        return int(self.revenue.shape[1])

    def column(self, dates: pd.Series) -> pd.Series:
        """The column a date falls into; -1 before the first, null where the date is."""
        ends = calendar.month_ends(self.as_of, self.months + 1).sort_values()
        position = ends.searchsorted(dates.fillna(self.as_of), side="left")
        return pd.Series(np.asarray(position) - 1, index=dates.index, dtype="float64").where(dates.notna())

    def action(self, partner: pd.Series, starts_on: pd.Series, ends_on: pd.Series) -> DatedAction:
        """An action on from `starts_on` to `ends_on` (both in; without an end, the month it starts in).

        A first month that it covers by less than half is left out as mixed, and a last one counts as over
        already, unless it has no other.
        """
        first, last = self.column(starts_on), self.column(ends_on).fillna(self.column(starts_on))
        late = (self._into(starts_on, first) > _HALF) & (first < last)
        brief = (self._into(ends_on, last) < _HALF) & (first < last)
        inner_first, inner_last = first + late, last - brief
        empty = inner_first > inner_last
        inner_first, inner_last = inner_first.mask(empty, first), inner_last.mask(empty, last)
        on = self.marked(partner, inner_first, inner_last)
        return DatedAction(on, self.marked(partner[late], first[late], first[late]) & ~on)

    def _into(self, dates: pd.Series, column: pd.Series) -> pd.Series:
        """How far into its column a date lies, 0 to 1; 0.5 where there is none."""
        ends = calendar.month_ends(self.as_of, self.months + 1).sort_values().reset_index(drop=True)
        known = dates.notna() & column.between(0, self.months - 1)
        place = column.where(known, 0).astype(int)
        start, stop = place.map(ends), (place + 1).map(ends)
        return ((dates - start) / (stop - start)).where(known, _HALF)

    def marked(self, partner: pd.Series, first: pd.Series, last: pd.Series) -> Mask:
        """Cells from column `first` to `last` (both in) of each row's partner; rows outside the panel are dropped."""
        row = self.partner_ids.get_indexer(pd.Index(partner))
        start, stop = first.clip(0, self.months).to_numpy(dtype=int), last.clip(-1, self.months - 1).to_numpy(dtype=int) + 1
        valid = (row >= 0) & (start < stop)
        steps = np.zeros((len(self.partner_ids), self.months + 1), dtype=np.int64)
        np.add.at(steps, (row[valid], start[valid]), 1)
        np.add.at(steps, (row[valid], stop[valid]), -1)
        cells: Mask = steps.cumsum(axis=1)[:, :-1] > 0
        return cells


def sales_panel(portfolio: Portfolio) -> SalesPanel:
    """The panel of one portfolio over all its months of history.

    Whoever takes part in something is there at that time and has ramped up. Set against partners that are just starting or have left
    unseen, it would seem to work whatever it did; months of ramping up and after falling silent are therefore not seen, for anybody.
    """
    months = portfolio.history_months
    ids = pd.Index(portfolio.partners["partner_id"])
    revenue = portfolio.monthly(months).to_numpy(dtype=float)[:, ::-1] if months else np.zeros((len(ids), 0))
    first_sale = portfolio.orders.groupby("partner_id")["month"].max().reindex(ids).to_numpy(dtype=float)
    bare = SalesPanel(ids, revenue, np.ones(revenue.shape, dtype=bool), portfolio.as_of)
    settled = bare.column(portfolio.partners["joined_on"] + pd.DateOffset(months=SETTLED)).to_numpy()
    ended = bare.column(portfolio.partners["ended_on"]).to_numpy()
    first = np.where(np.isnan(settled), months - first_sale, settled)
    last = np.fmin(np.where(np.isnan(ended), months, ended), _last_of_silent(revenue))
    column = np.arange(months)
    with np.errstate(invalid="ignore"):
        seen = (column >= first[:, None]) & (column <= last[:, None])
    return SalesPanel(ids, revenue, seen, portfolio.as_of)


def _last_of_silent(revenue: NDArray[np.float64]) -> NDArray[np.float64]:
    """The column of the last sale of partners silent for more than three of their usual gaps, four months at least; else nan."""
    sold = revenue > 0
    months, count = revenue.shape[1], sold.sum(axis=1)
    last = months - 1 - sold[:, ::-1].argmax(axis=1) if months else count
    first = sold.argmax(axis=1) if months else count
    gap = (last - first) / np.maximum(count - 1, 1)
    silent = months - 1 - last
    gone = (count > 1) & (silent >= SILENT_MONTHS) & (silent > SILENT_GAPS * gap)
    return np.where(gone, last, np.nan)


def dated_effects(panel: SalesPanel, actions: Mapping[str, DatedAction], seed: int) -> dict[str, DatedEffect]:
    """The effect of each of several actions, months in which another one was on left out.

    Refused for an action that is on together with others in more than half of its months.
    """
    window = np.arange(panel.months) >= panel.months - 12
    draws = 400 if len(panel.partner_ids) <= MANY else 200
    made = {}
    for name, action in actions.items():
        others = np.zeros_like(action.on)
        for other, theirs in actions.items():
            if other != name:
                others |= theirs.on
        if (action.on & others).sum() > _TOGETHER * action.on.sum():
            made[name] = DatedEffect(False, "It is mostly on in the same months as others: their effects cannot be told apart.")
            continue
        seen = panel.seen & ~others
        if action.partly is not None:
            seen &= ~action.partly
        made[name] = imputation_did(panel.revenue, action.on, seen, window, seed=seed, draws=draws)
    return made


def baseline(effect: DatedEffect, chosen: NDArray[Any]) -> tuple[float, NDArray[np.float64]]:
    """Untreated expectation of the last 12 months summed over the chosen partners, and its draws."""
    return float(effect.baseline[chosen].sum()), effect.baseline_draws[chosen].sum(axis=0)
