"""A Portfolio: one client's cleaned tables at an as-of date, or a view that selects some partners."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

import pandas as pd

from prmkit.data import knowable
from prmkit.data.client import Client
from prmkit.engagement import Engagement
from prmkit.errors import PrmkitError, unknown_name

Fit = TypeVar("Fit")


@dataclass(frozen=True)
class Portfolio:
    """What a practice is a function of.

    partners: one row a partner (canonical columns), in id order; those that never sold included.
    months: partner_id, month (0 ends on as_of), territory, product_family, revenue, cost,
      costed_revenue, list_amount, listed_revenue, discount, units, lines; partners of this portfolio only.
    orders: partner_id, month, revenue, orders, order_days, customers, first_on, last_on.
    direct: the same columns as months for sales without a partner, in the territories of this portfolio.
    years: year, territory, partner_id (null = direct), revenue: all data, for know_revenue.
    tables: every other canonical table that was found, rows known on as_of, of these partners.
    """

    client: Client
    name: str
    as_of: pd.Timestamp
    measure: str
    partners: pd.DataFrame
    months: pd.DataFrame
    orders: pd.DataFrame
    direct: pd.DataFrame
    years: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]

    @property
    def settings(self) -> Engagement:
        """The engagement's settings."""
        return self.client.engagement

    @property
    def currency(self) -> str:
        """ISO 4217 code of every amount."""
        return self.settings.currency

    @property
    def history_months(self) -> int:
        """How many months of partner sales there are, the as-of month included."""
        return int(self.months["month"].max()) + 1 if len(self.months) else 0

    def has(self, table: str) -> bool:
        """Whether the canonical table has any row here."""
        return table in self.tables and len(self.tables[table]) > 0

    def per_partner(self, column: str = "revenue", first: int = 0, count: int = 12) -> pd.Series:
        """Sum of a months column over months `first` to `first` + `count` - 1, one value for every partner (0 if none)."""
        window = self.months[self.months["month"].between(first, first + count - 1)]
        sums = window.groupby("partner_id")[column].sum()
        return sums.reindex(self.partners["partner_id"], fill_value=0.0).rename(column)

    def monthly(self, count: int, first: int = 0) -> pd.DataFrame:
        """Net revenue, partners (rows, all of them) x months (columns `first` ... newest first)."""
        window = self.orders[self.orders["month"].between(first, first + count - 1)]
        wide = window.pivot_table(index="partner_id", columns="month", values="revenue", aggfunc="sum", fill_value=0.0)
        return wide.reindex(index=self.partners["partner_id"], columns=range(first, first + count), fill_value=0.0)

    @property
    def whole(self) -> Portfolio:
        """The whole client on the same date: what estimators are fitted on."""
        return self if self.name == "all" else whole(self.client, self.as_of, self.measure)

    def fitted(self, fit: Callable[[Portfolio], Fit]) -> Fit:
        """`fit(self.whole)`, computed once for the client and date whatever the portfolio."""
        key = (fit, self.as_of, self.measure)
        if key not in self.client.fits:
            self.client.fits[key] = fit(self.whole)
        made: Fit = self.client.fits[key]
        return made

    def kept(self, part: Callable[[Portfolio], Fit]) -> Fit:
        """`part(self)`, computed once for this portfolio of the client on this date."""
        key = (part, self.as_of, self.measure, self.name)
        if key not in self.client.fits:
            self.client.fits[key] = part(self)
        made: Fit = self.client.fits[key]
        return made

    def at(self, date: pd.Timestamp) -> Portfolio:
        """The portfolio as it could have been seen on `date`: rows and attributes; later ones are gone."""
        if date > self.as_of:
            raise PrmkitError(f"{date.date()} is after the as-of date {self.as_of.date()}: nothing is known of it.")
        earlier = whole(self.client, date, self.measure)
        return earlier if self.name == "all" else select(earlier, self.name)


def open_portfolio(client: Client, name: str = "all") -> Portfolio:
    """The portfolio `name` of a client at the engagement's as-of date; 'all' always exists."""
    known = ["all", *client.engagement.portfolios]
    if name not in known:
        raise PrmkitError(unknown_name("portfolio", name, known))
    measure: str = client.engagement.measure or next(iter(client.channels), "sell_through")
    if client.channels and measure not in client.channels:
        raise PrmkitError(
            f"No sale through a partner was recorded in the channel '{measure}'.",
            where="engagement.yaml, measure",
            do=f"Set measure to one of: {', '.join(client.channels)}.",
        )
    everything = whole(client, as_of_date(client), measure)
    return everything if name == "all" else select(everything, name)


def as_of_date(client: Client) -> pd.Timestamp:
    """The engagement's as-of date: the one set, else the last date with a partner sale."""
    chosen = client.engagement.as_of
    return (pd.Timestamp(chosen) if chosen else client.last_partner_sale).as_unit("us")


def whole(client: Client, as_of: pd.Timestamp, measure: str) -> Portfolio:
    """The whole client at a date, aggregated from its lines once."""
    key = ("whole", as_of, measure)
    if key in client.fits:
        made: Portfolio = client.fits[key]
        return made
    sums = client.lines.aggregate(as_of, measure, client.engagement.fiscal_year_start)
    tables = {name: knowable.at(name, frame, as_of, as_of_date(client)) for name, frame in client.tables.items() if name != "partners"}
    partners = _partners_known(client.tables["partners"], tables.get("history"), sums.orders, as_of, as_of_date(client))
    own = sums.months["partner_id"].notna()
    portfolio = Portfolio(
        client=client,
        name="all",
        as_of=as_of,
        measure=measure,
        partners=partners,
        months=sums.months[own].reset_index(drop=True),
        orders=sums.orders,
        direct=sums.months[~own].reset_index(drop=True),
        years=sums.years,
        tables=tables,
    )
    client.fits[key] = portfolio
    return portfolio


def _partners_known(
    partners: pd.DataFrame, history: pd.DataFrame | None, orders: pd.DataFrame, as_of: pd.Timestamp, today: pd.Timestamp
) -> pd.DataFrame:
    partners = partners.sort_values("partner_id", kind="stable").reset_index(drop=True)
    if as_of < today:
        first_sale = orders.groupby("partner_id")["first_on"].min().reindex(partners["partner_id"])
        # a partner that sold was there, whatever day of joining was typed in
        since = pd.concat([partners["joined_on"], first_sale.set_axis(partners.index)], axis=1).min(axis=1)
        partners = partners[since <= as_of].reset_index(drop=True)
        partners = partners.assign(ended_on=partners["ended_on"].mask(partners["ended_on"] > as_of))
    if history is not None and len(history):
        partners = knowable.partner_attributes(partners, history, as_of)
    return partners


def select(portfolio: Portfolio, name: str) -> Portfolio:
    """The view `name` of a whole client: rows of the partners its settings select."""
    chosen = portfolio.partners
    for column, allowed in portfolio.settings.portfolios[name].items():
        if column not in chosen:
            raise PrmkitError(unknown_name("partner column", column, chosen.columns), where=f"engagement.yaml, portfolios.{name}")
        chosen = chosen[chosen[column].isin(allowed)]
    if chosen.empty:
        raise PrmkitError(
            f"The portfolio '{name}' selects no partner.", where=f"engagement.yaml, portfolios.{name}", do="Check the values it lists."
        )
    ids = set(chosen["partner_id"])
    home = set(chosen["territory"].dropna())

    def own(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["partner_id"].isin(ids)].reset_index(drop=True)

    direct = portfolio.direct[portfolio.direct["territory"].isin(home)].reset_index(drop=True)
    years = portfolio.years
    years = years[years["partner_id"].isin(ids) | (years["partner_id"].isna() & years["territory"].isin(home))]
    shared = {"customers", "products", "territories", "requirements", "rates"}
    tables = {
        table: frame if table in shared or "partner_id" not in frame else frame[frame["partner_id"].isna() | frame["partner_id"].isin(ids)]
        for table, frame in portfolio.tables.items()
    }
    return replace(
        portfolio,
        name=name,
        partners=chosen.reset_index(drop=True),
        months=own(portfolio.months),
        orders=own(portfolio.orders),
        direct=direct,
        years=years.reset_index(drop=True),
        tables=tables,
    )
