"""Points of the channel's design to put before a lawyer. Not legal advice, and never a list to act on unread."""

from __future__ import annotations

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.reach.territories import active
from prmkit.practices.result import NotComputed

_SOON_MONTHS = 6


def legal(portfolio: Portfolio) -> tuple[pd.DataFrame | None, list[NotComputed]]:
    """reach_legal from agreements in force on as_of: exclusivity beside other sellers, and notices that fall due."""
    agreements = portfolio.tables.get("agreements")
    if agreements is None or not len(agreements):
        return None, [NotComputed("legal", None, "no contracts with partners are on file", "agreements")]
    as_of = portfolio.as_of
    begun = agreements["starts_on"].isna() | (agreements["starts_on"] <= as_of)
    lasting = agreements["ends_on"].isna() | (agreements["ends_on"] >= as_of) | agreements["auto_renews"].eq(True).fillna(False)
    force = agreements[begun & lasting]
    rows = [*_exclusive(portfolio, force), *_notices(force, as_of)]
    return pd.DataFrame(rows, columns=["subject", "issue", "why"]), []


def _exclusive(portfolio: Portfolio, force: pd.DataFrame) -> list[tuple[str, str, str]]:
    selling = active(portfolio.whole)
    where = portfolio.whole.partners.set_index("partner_id")["territory"]
    direct = portfolio.whole.direct
    sold = direct[direct["month"] < 12].groupby("territory")["revenue"].sum()
    first = portfolio.whole.orders[portfolio.whole.orders["revenue"] > 0].groupby("partner_id")["first_on"].min()
    began = first.reindex(selling[selling].index)
    sellers = dict(list(began.groupby(where.reindex(began.index))))
    rows = []
    exclusive = force[force["exclusive"].eq(True).fillna(False)]
    places = exclusive["territory"].fillna(exclusive["partner_id"].map(where))
    for partner, territory, since in zip(exclusive["partner_id"], places, exclusive["starts_on"], strict=True):
        if pd.isna(territory):
            continue
        others = sellers.get(territory, began[:0]).drop(partner, errors="ignore")
        if len(others):
            rows.append((str(partner), "exclusivity", f"exclusive in {territory}, where {len(others)} other partners sell"))
        added = int((others > since).sum())
        if added:
            rows.append((str(partner), "added_neighbour", f"{added} partners began to sell in {territory} after the agreement"))
        if float(sold.get(territory, 0.0)) > 0:
            rows.append((str(partner), "dual_distribution", f"exclusive in {territory}, where we also sell direct"))
    return rows


def _notices(force: pd.DataFrame, as_of: pd.Timestamp) -> list[tuple[str, str, str]]:
    notice = pd.to_timedelta(force["notice_days"].fillna(0), unit="D")
    due = force["ends_on"] - notice
    soon = due.notna() & (due >= as_of) & (due <= as_of + pd.DateOffset(months=_SOON_MONTHS))
    return [
        (str(partner), "termination", f"notice for the end on {end.date()} is due by {day.date()}")
        for partner, end, day in zip(force.loc[soon, "partner_id"], force.loc[soon, "ends_on"], due[soon], strict=True)
    ]
