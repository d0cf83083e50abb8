"""A client's sales lines as the rest of prmkit asks them: for sums only, wherever the lines lie."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, Protocol

import pandas as pd

if TYPE_CHECKING:
    from prmkit.data.aggregates import Aggregates

SERVED = {
    "road": "str",
    "revenue": "float64",
    "orders": "int64",
    "customers": "int64",
    "customer_revenue": "float64",
    "new_customers": "int64",
}
TWO_TIER = {
    "partner_id": "str",
    "territory": "str",
    "product_family": "str",
    "revenue": "float64",
    "cost": "float64",
    "costed_revenue": "float64",
}
SUPPLIED = {"distributor_id": "str", "partner_id": "str", "territory": "str", "revenue": "float64", "first_on": "datetime64[us]"}
BEHIND = {"distributor_id": "str", "customers": "int64", "only_customers": "int64"}

ACCOUNTS = {"partner_id": "str", "territory": "str", "customer_id": "str", "revenue": "float64", "first_on": "datetime64[us]"}
Summed = Literal["revenue", "cost", "units"]


@dataclass(frozen=True, slots=True)
class Days:
    """From `first` to `last`, both counted."""

    first: dt.date
    last: dt.date


@dataclass(frozen=True, slots=True)
class Which:
    """Which lines a sum is made of.

    road: through partners in the channel `channel` or in none recorded; direct, in no channel, in direct or in
    `channel`; or recorded through partners in exactly `channel`. negative: only lines whose summed amount is below zero.
    partners: only lines of these, None for all.
    """

    road: Literal["partner", "direct", "channel"]
    channel: str
    negative: bool = False
    partners: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """Lines of every channel that name a partner.

    filled: column -> revenue, in absolute amounts, of the lines that have it filled, of `total`. by_partner: net revenue.
    by_product: revenue in absolute amounts. first, last: dates, None without any line.
    """

    first: dt.date | None
    last: dt.date | None
    total: float
    filled: Mapping[str, float]
    by_partner: pd.Series
    by_product: pd.Series


class SalesLines(Protocol):
    """Sums over a client's sales lines, money exact until it is summed."""

    def aggregate(self, as_of: pd.Timestamp, measure: str, fiscal_year_start: int = 1) -> Aggregates:
        """Months, orders and years up to `as_of`, counting `measure` as revenue."""

    def held(self, as_of: dt.date | None) -> Held:
        """What the lines that name a partner hold, up to `as_of`."""

    def months_seen(self, as_of: dt.date, measure: str) -> list[str]:
        """The calendar months (2026-01) in which a partner has a line, in order."""

    def covered(self, as_of: dt.date) -> Days | None:
        """From the first line's date to the last's, up to `as_of`; None without a line."""

    def total(self, column: Summed, which: Which, days: Days) -> Decimal | None:
        """The sum of a column over lines of the days; None where no such line has it filled."""

    def selling(self, channel: str, days: Days) -> int:
        """How many partners had net revenue above zero in the days."""

    def served(self, channel: str, days: Days, partners: tuple[str, ...] | None, territories: tuple[str, ...] | None) -> pd.DataFrame:
        """Whom each road served in the days: road, revenue, orders, customers, customer_revenue, new_customers.

        road: direct, partner, and of the latter one_tier and two_tier, the lines through a distributor other than the partner itself.
        orders: invoices (else days) with revenue above zero.
        customer_revenue: of lines that name the end customer; new_customers: of those, without a line on any road before the days.
        partners: only lines of these; territories: only direct lines of these; None for all.
        """

    def two_tier(self, channel: str, days: Days) -> pd.DataFrame:
        """partner_id, territory, product_family, revenue, cost, costed_revenue of the lines that came through a distributor."""

    def supplied(self, channel: str, days: Days) -> pd.DataFrame:
        """distributor_id, partner_id, territory, revenue, first_on of the lines that came through a distributor other than the partner
        itself, in order of the first three columns; first_on: the first such line of the days."""

    def behind(self, channel: str, days: Days) -> pd.DataFrame:
        """distributor_id, customers, only_customers, in order: end customers named in its lines of the days, and those of them that no line
        of another distributor, of one tier or of direct sales names in the days. A null distributor_id stands for all of them together."""

    def accounts(self, channel: str, days: Days) -> pd.DataFrame:
        """Whom each partner sold to in the days, and we ourselves (partner_id null): partner_id, territory, customer_id, revenue, first_on.

        Of the lines that count as revenue on any road and name the end customer; first_on: the first of them in the days. In order of
        the first three columns.
        """

    def by_currency(self, channel: str, days: Days) -> list[tuple[str | None, dt.date, Decimal]]:
        """Revenue through partners in the days by currency (None = not said) and month (its first day)."""

    def by_kind(self, days: Days) -> pd.DataFrame:
        """Lines that name a partner, in the days: partner_id, channel, kind (null where not said), revenue, listed_revenue, list_amount.

        listed_revenue: revenue of the lines that carry a list price. Every recorded channel; in order of the first three columns.
        """
