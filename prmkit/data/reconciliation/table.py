"""Each of finance's figures, ours beside it, and the first explanation that leaves nothing over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Literal

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.data.reconciliation.ledger import LINES, Ledger, Road, column
from prmkit.data.reconciliation.periods import Window, other_year, window
from prmkit.data.sales_lines import Which
from prmkit.engagement import Measure

Explanation = Literal["basis", "returns", "currency", "cut_off", "unmatched", "unknown"]

TOLERANCE = Decimal("0.001")
"""Two figures are the same where they differ by at most this share of finance's."""
_ROADS: tuple[Road, ...] = ("direct", "partner")
COLUMNS = ("period", "measure", "ours", "theirs", "difference", "explained_by")


def reconcile(portfolio: Portfolio, control_totals: Mapping[str, Mapping[Measure, float]] | None = None) -> pd.DataFrame:
    """Our figure beside finance's for every period and measure that finance gave.

    Figures are those of the whole client up to as_of, summed exactly from the lines; they become
    floating numbers only in the returned frame. `control_totals` is {period: {measure: number}}, that of the
    settings by default. Columns period, measure, ours (null where no line has the cost or units it is made
    of), theirs, difference (ours - theirs) and explained_by, null where the figures are the same within 0.1%:

    - cut_off: ours is lower, and the lines do not reach over the whole period;
    - returns: the difference is the negative lines of the period, which finance leaves out;
    - basis: finance's figure is ours on another reading: the calendar year instead of the fiscal one (or the reverse),
      direct sales included or alone, another channel, partners selling in the period instead of active at its end;
    - unmatched: the difference is the sales of partners that the partners table knows by their id only;
    - currency: finance's figure is ours with foreign lines at the other kind of rate, or not converted;
    - unknown: none of these.
    """
    totals = portfolio.settings.control_totals if control_totals is None else control_totals
    given = [(str(period), measure, Decimal(str(theirs))) for period, told in totals.items() for measure, theirs in told.items()]
    ledger = Ledger(portfolio.whole) if given else None
    rows = [_row(ledger, period, measure, theirs) for period, measure, theirs in given if ledger]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.astype({name: "float64" if name in {"ours", "theirs", "difference"} else "str" for name in COLUMNS})


def _row(ledger: Ledger, period: str, measure: str, theirs: Decimal) -> dict[str, object]:
    days = window(period, ledger.portfolio.settings.fiscal_year_start)
    ours = ledger.figure(measure, days)
    row: dict[str, object] = {"period": period, "measure": measure, "theirs": float(theirs)}
    if ours is None:
        return row | {"ours": None, "difference": None, "explained_by": "unknown"}
    explained = None if _same(ours, theirs) else _explanation(ledger, period, measure, ours, theirs)
    return row | {"ours": float(ours), "difference": float(ours - theirs), "explained_by": explained}


def _same(ours: Decimal, theirs: Decimal) -> bool:
    return abs(ours - theirs) <= TOLERANCE * abs(theirs)


def _explanation(ledger: Ledger, period: str, measure: str, ours: Decimal, theirs: Decimal) -> Explanation:
    days = window(period, ledger.portfolio.settings.fiscal_year_start)
    if ours < theirs and _cut_off(ledger, days):
        return "cut_off"
    if measure in LINES and _same(ours - _negative(ledger, measure, days), theirs):
        return "returns"
    if any(_same(other, theirs) for other in _other_bases(ledger, period, measure, days)):
        return "basis"
    if measure == "revenue" and _same(ours - _strangers(ledger, days), theirs):
        return "unmatched"
    if measure == "revenue" and any(_same(other, theirs) for other in ledger.at_other_rates(days)):
        return "currency"
    return "unknown"


def _cut_off(ledger: Ledger, days: Window) -> bool:
    """Whether lines are missing at an end of the period: none in its first months or last months, or later than as_of.

    Ends are compared by the month, since many a client's lines carry one date a month.
    """
    if ledger.covered is None:
        return True
    begun, ended = (pd.Period(day, freq="M") for day in (ledger.covered.first, ledger.covered.last))
    left_out = ledger.as_of < days.last and ledger.portfolio.client.last_partner_sale > ledger.portfolio.as_of
    return bool(begun > pd.Period(days.first, freq="M") or ended < pd.Period(days.last, freq="M") or left_out)


def _negative(ledger: Ledger, measure: str, days: Window) -> Decimal:
    summed = column(measure)
    return ledger.total(summed, days, replace(ledger.which(LINES[measure]), negative=True)) or Decimal(0)


def _other_bases(ledger: Ledger, period: str, measure: str, days: Window) -> Iterator[Decimal]:
    other = other_year(period, ledger.portfolio.settings.fiscal_year_start)
    if other is not None:
        yield ledger.figure(measure, window(other, ledger.portfolio.settings.fiscal_year_start)) or Decimal(0)
    if measure == "partners_active":
        yield ledger.selling(days)
    elif measure == "partners_selling":
        yield ledger.active(days)
    else:
        summed = column(measure)
        direct, partner = (ledger.total(summed, days, ledger.which(road)) or Decimal(0) for road in _ROADS)
        yield from (direct, partner, direct + partner)
        for channel in ledger.portfolio.client.channels:
            yield ledger.total(summed, days, Which("channel", channel)) or Decimal(0)


def _strangers(ledger: Ledger, days: Window) -> Decimal:
    """Revenue of the partners whose name is their id: in the sales, but not in the list of partners."""
    partners = ledger.portfolio.partners
    nameless = tuple(partners.loc[partners["name"] == partners["partner_id"], "partner_id"])
    if not nameless:
        return Decimal(0)
    return ledger.total("revenue", days, replace(ledger.which("partner"), partners=nameless)) or Decimal(0)
