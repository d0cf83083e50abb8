"""Finance and controlling: time sheets of what serving partners takes, and exchange rates."""

from __future__ import annotations

import pandas as pd

from prmkit.simulate.exports.export import Tables, export
from prmkit.simulate.exports.words import RATES, spoken

TIME_SHEETS = {
    "partner_id": "Account ID",
    "month": "Period",
    "kind": "Activity Type",
    "staff_id": "Employee ID",
    "customer_id": "Customer ID",
    "hours": "Hours",
    "cost": "Cost",
}
EXCHANGE = {"currency": "From Currency", "month": "Period", "kind": "Rate Type", "rate": "Exchange Rate"}


@export("controlling_time_sheets", "Controlling, hours and cost booked on accounts", "support")
def time_sheets(tables: Tables) -> pd.DataFrame:
    """One row a month, account, person and kind of work."""
    support = tables["support"]
    return support.assign(kind=spoken(support["kind"]))[list(TIME_SHEETS)].rename(columns=TIME_SHEETS)


@export("finance_exchange_rates", "Finance, monthly exchange rates into the reporting currency", "rates")
def exchange_rates(tables: Tables) -> pd.DataFrame:
    """One row a currency, month and kind of rate."""
    rates = tables["rates"]
    return rates.assign(kind=spoken(rates["kind"], RATES))[list(EXCHANGE)].rename(columns=EXCHANGE)
