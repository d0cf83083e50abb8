"""Dirt in single cells: wrong currencies, wrong dates, and what nobody filled in."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.simulate.chance import Chance
from prmkit.simulate.dirt.reports import some
from prmkit.simulate.dirt.spoiling import Spoiling
from prmkit.simulate.exports.survey import HEADER_ROWS
from prmkit.simulate.exports.words import RATES

BOOKED = {"pos_*": ("Invoice Date", "Currency"), "sell_through_*": ("Ship Date", "Currency Code")}
"""Files with sales lines: date and currency of a line."""
HAPPENED = {"docebo_users_courses": "Completion Date", "zendesk_tickets": "Created at", "partner_timeline": "Date"}
EMPTY = {
    "salesforce_partner_accounts": (
        "Industry",
        "Employees",
        "Annual Revenue",
        "Website",
        "Billing Zip/Postal Code",
        "Partner Since",
        "Value Proposition",
        "Sales Staff",
        "Technical Staff",
        "Vendors Carried",
    ),
    "salesforce_customer_accounts": ("Industry", "Website", "Billing Zip/Postal Code"),
    "salesforce_contacts": ("Department", "Share of Selling Time", "With Account Since"),
    "salesforce_opportunities": ("Lead Source", "Product Code", "Loss Reason", "List Amount"),
    "pos_*": ("End Customer ID",),
    "sell_through_*": ("Ship-to Customer",),
    "docebo_users_courses": ("Final Score", "Session Time (min)", "Course Cost"),
    "zendesk_tickets": ("Satisfaction Score", "Priority", "First reply time in minutes"),
    "salesforce_fund_requests": ("Product Family", "Requested Date"),
    "recruitment_funnel": ("Qualified", "Recruiting Cost"),
    "business_plans": ("Target", "Responsible"),
    "line_cards": ("Carried Since",),
    "legal_partner_agreements": ("Notice Period (days)", "Governing Law"),
}
"""Columns that people leave empty; none that a row cannot do without."""
_LEAST_EMPTY, _MOST_EMPTY = 0.05, 0.40
_SLIPS, _SWAPPED, _FUTURE, _MOVED = 0.003, 0.003, 0.0005, 0.03
_YEARS_AHEAD = 10


def currency_slips(files: Spoiling, chance: Chance) -> None:
    """Lines booked in the other currency, the amount as it was; only where the month has a rate."""
    rated = _rated(files)
    for name, date, currency in _booked(files):
        lines = files.free(name)
        month = lines[date].dt.to_period("M")
        known = lines[lines[currency].isin(["EUR", "USD"]) & month.isin(rated)]
        if not len(known):
            continue
        slipped = known.loc[some(chance, known.index, _SLIPS), currency]
        files.change(name, "currency_slip", currency, slipped.map({"EUR": "USD", "USD": "EUR"}))


def dates_swapped(files: Spoiling, chance: Chance) -> None:
    """Day and month of a date exchanged, where both could be either."""
    for name, date, lines in _dated(files):
        day, month = lines[date].dt.day, lines[date].dt.month
        either = lines.index[(day <= 12) & (day != month)]
        if len(either):
            chosen = lines.loc[some(chance, either, _SWAPPED), date]
            exchanged = [stamp.replace(day=stamp.month, month=stamp.day) for stamp in chosen]
            files.change(name, "day_and_month_swapped", date, pd.Series(exchanged, index=chosen.index, dtype="datetime64[us]"))


def dates_ahead(files: Spoiling, chance: Chance) -> None:
    """A few dates ten years on: a slip of the key."""
    for name, date, lines in _dated(files):
        if len(lines):
            chosen = lines.loc[some(chance, lines.index, _FUTURE), date]
            files.change(name, "date_in_the_future", date, chosen + pd.DateOffset(years=_YEARS_AHEAD))


def courses_late(files: Spoiling, chance: Chance) -> None:
    """Courses entered two to four months after they were completed: sales seem to rise before the course."""
    name, date = "docebo_users_courses", "Completion Date"
    for _ in files.named(name):
        lines = files.free(name)
        there = lines[lines[date].notna()]
        there = there[there[date] <= there[date].max() - pd.Timedelta(days=120)]
        if len(there):
            chosen = there.loc[some(chance, there.index, _MOVED), date]
            later = pd.to_timedelta(60 + chance.integers(0, 60, len(chosen)), unit="D")
            files.change(name, "entered_late", date, chosen + later)


def cells_empty(files: Spoiling, chance: Chance) -> None:
    """Cells that nobody filled in: each column has its own share, from 5 to 40% of the rows without other dirt."""
    rows = {name: files.free(name).index for name in files.files}
    for pattern, often in EMPTY.items():
        for column in often:
            share = _LEAST_EMPTY + (_MOST_EMPTY - _LEAST_EMPTY) * float(chance.uniform(1)[0])
            for name in list(files.named(pattern)):
                _empty(files, chance, name, column, share, rows[name])
    for name in list(files.named("qualtrics_*")):
        for column in [str(column) for column in files.files[name] if str(column).startswith("Q")]:
            share = _LEAST_EMPTY + (_MOST_EMPTY - _LEAST_EMPTY) * float(chance.uniform(1)[0])
            _empty(files, chance, name, column, share, rows[name][HEADER_ROWS:])


def _empty(files: Spoiling, chance: Chance, name: str, column: str, share: float, rows: pd.Index) -> None:
    cells = files.files[name].loc[rows, column]
    chosen = cells[cells.notna() & chance.chosen(share, len(cells))]
    nothing = pd.Series(np.nan, index=chosen.index).astype(chosen.dtype)
    files.change(name, "empty", column, nothing)


def _rated(files: Spoiling) -> pd.Series:
    """The months that have an average rate."""
    for name in files.named("finance_exchange_rates"):
        rates = files.files[name]
        average = rates[(rates["From Currency"] == "USD") & (rates["Rate Type"] == RATES["average"])]
        months: pd.Series = average["Period"].dt.to_period("M")
        return months
    return pd.Series(dtype="period[M]")


def _booked(files: Spoiling) -> list[tuple[str, str, str]]:
    return [(name, date, currency) for pattern, (date, currency) in BOOKED.items() for name in files.named(pattern)]


def _dated(files: Spoiling) -> list[tuple[str, str, pd.DataFrame]]:
    """Files with the date that tells when a thing happened, and its rows that can do with another date: none that need a rate."""
    found = []
    for name, date, currency in _booked(files):
        lines = files.free(name)
        found.append((name, date, lines[lines[date].notna() & ((lines[currency] == "EUR") | lines[currency].isna())]))
    for name in files.named(*HAPPENED):
        lines = files.free(name)
        found.append((name, HAPPENED[name], lines[lines[HAPPENED[name]].notna()]))
    return found
