"""How much of each territory's market is sold, how much is left, and how much of that can realistically be had."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.practices.know.standing.wallet import PLAUSIBLE_MARGIN, SAME_LEVEL
from prmkit.practices.reach.market.potential import BASES, SERVED, STATED
from prmkit.practices.reach.market.reachable import Reachable, reachable
from prmkit.practices.result import NotComputed

_Z = 1.645
_REALISTIC = ("reachable_penetration", "realistic_white_space", "barely_reached_probability")


@reads()
def coverage(portfolio: Portfolio) -> tuple[pd.DataFrame | None, list[NotComputed]]:
    """reach_coverage: what a territory's market is a year, our share of it (partners and direct, 12 months to as_of), and the rest.

    A territory's figures are the whole client's, whichever partners the portfolio selects: they share its market.
    """
    found = reachable(portfolio)
    books = found.books
    known = np.isfinite(found.potential.value) | found.known
    if not known.any():
        return None, [NotComputed("coverage", None, _nothing(books), "territories")]
    rows = pd.concat([_market(found), _sold(portfolio, found), _realistic(found), _decomposed(found)], axis=1)
    own = set(portfolio.partners["territory"].dropna()) | set(portfolio.months["territory"].dropna())
    shown = known & (rows["territory"].isin(own).to_numpy() | (portfolio.name == "all"))
    made = rows[shown].reset_index(drop=True)
    if made.empty:
        return None, [NotComputed("coverage", None, "no territory of these partners has a market potential", "territories")]
    return made, _missing(portfolio, found, made)


def _market(found: Reachable) -> pd.DataFrame:
    low, high = found.potential.ends
    return pd.DataFrame(
        {
            "territory": found.books.index,
            "market_potential": found.potential.value,
            "potential_low": low,
            "potential_high": high,
            "potential_basis": found.potential.basis,
        }
    )


def _sold(portfolio: Portfolio, found: Reachable) -> pd.DataFrame:
    """Revenue, penetration with the ends of a usual year's, and all that is not sold: what the spreadsheet calls white space."""
    books, value = found.books.reset_index(drop=True), found.potential.value
    penetration = books["revenue"].to_numpy(dtype=float) / value
    low, high = _ends(portfolio, found, penetration)
    left = np.maximum(value - books["revenue"].to_numpy(dtype=float), 0.0)
    return pd.DataFrame(
        {
            "revenue": books["revenue"],
            "partner_revenue": books["partner_revenue"],
            "direct_revenue": books["direct_revenue"],
            "penetration": penetration,
            "penetration_low": low,
            "penetration_high": high,
            "white_space": left,
        }
    )


def _ends(portfolio: Portfolio, found: Reachable, penetration: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A year's luck, the market's own uncertainty, and the partners' margin where sales are recorded at the price they pay."""
    books = found.books
    spread = np.sqrt(books["luck"].fillna(0.0).to_numpy(dtype=float) + found.potential.variance)
    low, high = penetration * np.exp(-_Z * spread), penetration * np.exp(_Z * spread)
    compared = found.known & ~np.bool_(found.per_customer)
    low[compared], high[compared] = np.quantile(found.usual[compared], [0.05, 0.95], axis=1) if compared.any() else (low[:0], high[:0])
    if portfolio.measure not in SAME_LEVEL:
        through = (books["partner_revenue"] / books["revenue"]).clip(0, 1).fillna(0.0).to_numpy(dtype=float)
        margin = np.where(found.potential.basis == STATED, PLAUSIBLE_MARGIN * through, 0.0)
        high = high / (1 - margin)
    return np.minimum(low, penetration), np.maximum(high, penetration)


def _realistic(found: Reachable) -> pd.DataFrame:
    count = len(found.books)
    made = {name: np.full(count, np.nan) for name in ("share", *_REALISTIC, "realistic_low", "realistic_high")}
    known = found.known
    if known.any():
        made["share"][known] = found.usual[known].mean(axis=1)
        made["reachable_penetration"][known] = found.better[known].mean(axis=1)
        made["realistic_white_space"][known] = found.more[known].mean(axis=1)
        made["realistic_low"][known], made["realistic_high"][known] = np.quantile(found.more[known], [0.05, 0.95], axis=1)
    usual = "sales_per_end_customer" if found.per_customer else "usual_penetration"
    better = "reachable_per_end_customer" if found.per_customer else "reachable_penetration"
    rows = pd.DataFrame({usual: made["share"], better: made["reachable_penetration"]})
    ends = {name: made[name] for name in ("realistic_white_space", "realistic_low", "realistic_high")}
    return rows.assign(**ends, barely_reached_probability=found.barely)


def _decomposed(found: Reachable) -> pd.DataFrame:
    """Penetration as customers reached times the share of what they spend; partners and their customers; what the past held."""
    books, value = found.books.reset_index(drop=True), found.potential.value
    share = (books["customers_served"] / books["end_customers"]).where(books["customers_served"] <= books["end_customers"])
    own = (books["revenue"] / books["customers_served"]).where(books["customers_served"] > 0)
    partners = books["active_partners"].astype("float64")
    return pd.DataFrame(
        {
            "end_customers": books["end_customers"],
            "customers_served": books["customers_served"],
            "customers_of_partners": books["customers_of_partners"],
            "customers_direct": books["customers_direct"],
            "numeric_distribution": share,
            "served_over_average": own / (value / books["end_customers"]),
            "revenue_per_customer": own,
            "active_partners": partners,
            "partners_per_100_customers": 100 * partners / books["end_customers"],
            "revenue_per_partner": (books["partner_revenue"] / partners).where(partners > 0),
            "outlets_selling": books["outlets_selling"],
            "outlets_weighted": books["outlets_weighted"],
            "share_in_outlets": books["share_in_outlets"],
            "lapsed_customers": books["lapsed_customers"],
            "lapsed_revenue": books["lapsed_revenue"],
            "potential_said": [
                "we sell more there than the potential stated" if wrong else BASES.get(str(basis), "")
                for wrong, basis in zip(found.potential.contradicted, found.potential.basis, strict=True)
            ],
        }
    )


def _nothing(books: pd.DataFrame) -> str:
    if books.empty:
        return "partners and sales name no territory"
    if books["end_customers"].notna().any():
        return "no territory has a market potential, and end customers are known of too few territories with sales to stand in for it"
    return "no territory has a market potential"


def _missing(portfolio: Portfolio, found: Reachable, made: pd.DataFrame) -> list[NotComputed]:
    missing = []
    if found.reason:
        missing += [NotComputed("coverage", column, found.reason, "territories") for column in _REALISTIC]
    wrong = made.loc[made["potential_said"].str.startswith("we sell more"), "territory"].tolist()
    if wrong:
        why = f"{', '.join(wrong[:5])}: we sell more than the potential stated, which cannot be"
        missing.append(NotComputed("coverage", "realistic_white_space", why, "territories"))
    without = made["market_potential"].isna()
    if without.any():
        why = f"{int(without.sum())} territories have no stated potential, and their end customers alone do not tell it"
        missing.append(NotComputed("coverage", "market_potential", why, "territories"))
    if made["end_customers"].isna().all():
        missing.append(NotComputed("coverage", "numeric_distribution", "end customers of territories are not known", "territories"))
    elif made["customers_served"].isna().all():
        missing.append(NotComputed("coverage", "numeric_distribution", "sales lines do not name the end customer", "sales"))
    return missing


def estimated(portfolio: Portfolio) -> bool:
    """Whether the market of any territory that is told of is not as stated."""
    found = reachable(portfolio)
    return found.per_customer or bool((found.potential.basis[found.known] != STATED).any())


__all__ = ["SERVED", "coverage", "estimated"]
