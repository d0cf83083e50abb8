"""What is known of each sales territory: its sales and their luck, its customers, its partners, what is stated of its market."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.estimators.annual_noise import CAUTIOUS, AnnualNoise, annual_noise
from prmkit.practices.reach.market.customers import bought, lapsed
from prmkit.practices.reach.territories import active

YEAR = 12
_NAMED = 0.5
_STATED = 0.8


def territory_books(portfolio: Portfolio) -> pd.DataFrame:
    """One row a territory (index) of the whole client, whatever the portfolio: a market is shared by all who sell in it.

    revenue, partner_revenue, direct_revenue of the 12 months; luck: variance of the log of a year's revenue through the spacing and
    size of orders alone, nan without revenue; active_partners; stated (market potential as stated, nan where it is not above zero);
    end_customers (nan where not above zero); customers_served, customers_of_partners, customers_direct: distinct customers named on lines
    of the 12 months, nan where lines that name one bring less than half of the revenue; lapsed_customers, lapsed_revenue; and of listed
    partners: outlets_selling, outlets_weighted, share_in_outlets (`_outlets`).
    """
    return portfolio.fitted(_books)


def whole_year(portfolio: Portfolio) -> bool:
    """Whether sales are those of 12 months; all dated in a single month are taken as totals of a year."""
    return portfolio.whole.history_months >= YEAR or portfolio.whole.history_months == 1


@reads()
def _books(portfolio: Portfolio) -> pd.DataFrame:
    months, direct = (rows[rows["month"] < YEAR] for rows in (portfolio.months, portfolio.direct))
    listed = portfolio.tables.get("territories", pd.DataFrame({"territory": [], "market_potential": [], "end_customers": []}))
    listed = listed.dropna(subset=["territory"]).drop_duplicates("territory").set_index("territory")
    names = pd.Index(
        sorted({*listed.index, *portfolio.partners["territory"].dropna(), *months["territory"].dropna(), *direct["territory"].dropna()}),
        name="territory",
        dtype="str",
    )
    books = pd.DataFrame(index=names)
    for column, rows in (("partner_revenue", months), ("direct_revenue", direct)):
        books[column] = rows.groupby("territory")["revenue"].sum().reindex(names, fill_value=0.0)
    books.insert(0, "revenue", books["partner_revenue"] + books["direct_revenue"])
    books["luck"] = _luck(portfolio, months, direct, books)
    home = portfolio.partners.set_index("partner_id")["territory"]
    books["active_partners"] = active(portfolio).groupby(home).sum().reindex(names, fill_value=0)
    for column, stated in (("stated", "market_potential"), ("end_customers", "end_customers")):
        value = listed[stated].astype("float64").reindex(names) if stated in listed else pd.Series(np.nan, index=names)
        books[column] = value.where((value > 0) & np.isfinite(value))
    return books.join(_customers(portfolio, books)).join(_outlets(portfolio, names))


def _luck(portfolio: Portfolio, months: pd.DataFrame, direct: pd.DataFrame, books: pd.DataFrame) -> pd.Series:
    """Each partner's months bring luck by their squares, learnt from all partners; direct lines as orders at random."""
    cells = months.groupby(["territory", "partner_id", "month"])["revenue"].sum()
    squares = (cells**2).groupby("territory").sum().reindex(books.index, fill_value=0.0)
    lines = direct.groupby("territory")["lines"].sum().reindex(books.index, fill_value=0.0)
    own = np.where(lines > 0, 2 * books["direct_revenue"] ** 2 / np.maximum(lines, 1), 0.0)
    variance = _noise(portfolio).share_of_squares * squares + own
    above = books["revenue"] > 0
    relative = (variance / books["revenue"] ** 2).where(above)
    return relative.map(np.log1p)


def _noise(portfolio: Portfolio) -> AnnualNoise:
    """Luck in a year, learnt from partners seen in two years running; all of it where they are few, none in totals of years."""
    if portfolio.history_months == 1:
        return AnnualNoise(0.0, 0.0, 0)
    orders = portfolio.orders[portfolio.orders["revenue"] > 0]
    counts = [
        orders[orders["month"].between(first, first + YEAR - 1)].groupby("partner_id").size().reindex(portfolio.partners["partner_id"])
        for first in (YEAR, 0)
    ]
    if portfolio.history_months < 2 * YEAR:
        return CAUTIOUS
    before, after = (np.asarray(count.fillna(0), dtype=np.float64) for count in counts)
    year = orders[orders["month"] < 2 * YEAR]
    return annual_noise(
        before, after, year["revenue"].to_numpy(dtype=float), np.asarray(pd.factorize(year["partner_id"])[0], dtype=np.int64)
    )


def _customers(portfolio: Portfolio, books: pd.DataFrame) -> pd.DataFrame:
    rows = bought(portfolio)
    rows = rows[rows["territory"].notna() & (rows["revenue"] > 0)]
    named = rows.groupby("territory")["revenue"].sum().reindex(books.index, fill_value=0.0) >= _NAMED * books["revenue"]
    named &= books["revenue"] > 0
    parts = {
        "customers_served": rows,
        "customers_of_partners": rows[rows["partner_id"].notna()],
        "customers_direct": rows[rows["partner_id"].isna()],
    }
    made = pd.DataFrame(
        {
            name: part.groupby("territory")["customer_id"].nunique().reindex(books.index, fill_value=0).astype("float64").where(named)
            for name, part in parts.items()
        }
    )
    gone = lapsed(portfolio)
    long_enough = portfolio.history_months > YEAR
    made["lapsed_customers"] = gone.groupby("territory").size().reindex(books.index, fill_value=0).where(named & long_enough)
    made["lapsed_revenue"] = gone.groupby("territory")["revenue"].sum().reindex(books.index, fill_value=0.0).where(named & long_enough)
    return made


def _outlets(portfolio: Portfolio, names: pd.Index) -> pd.DataFrame:
    """Listed partners as outlets, where turnover is stated for four in five of them and they are those who sell to the end.

    outlets_selling: share that sold in the 12 months; outlets_weighted: their share of all turnover; share_in_outlets: our
    sales in theirs; the last two multiply to our share of all these partners' turnover.
    """
    partners = portfolio.partners
    turnover = partners["annual_revenue"].astype("float64").where(partners["annual_revenue"] > 0)
    sold = portfolio.per_partner().to_numpy(dtype=float)
    rows = pd.DataFrame(
        {
            "territory": partners["territory"],
            "known": turnover.notna(),
            "all": turnover.fillna(0.0),
            "selling": sold > 0,
            "theirs": turnover.fillna(0.0).where(sold > 0, 0.0),
            "ours": np.where((sold > 0) & turnover.notna(), sold, 0.0),
        }
    ).dropna(subset=["territory"])
    grouped = rows.groupby("territory")
    sums = grouped[["all", "theirs", "ours"]].sum().reindex(names)
    enough = (grouped["known"].mean().reindex(names) >= _STATED) & (sums["all"] > 0)
    return pd.DataFrame(
        {
            "outlets_selling": grouped["selling"].mean().reindex(names),
            "outlets_weighted": (sums["theirs"] / sums["all"]).where(enough),
            "share_in_outlets": (sums["ours"] / sums["theirs"]).where(enough & (sums["theirs"] > 0) & (sums["ours"] <= sums["theirs"])),
        }
    )
