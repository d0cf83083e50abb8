"""Where a partner was promised to be the only one: who else sells there, who came since, who is planned, and whether we sell there too."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.reach.agreed.in_force import exclusive, in_force
from prmkit.practices.reach.agreed.points import Point
from prmkit.practices.reach.territories import active

_PROMISE = "the agreement's wording on territory, products and customers; who was added there, when, and what was told to the partner"
_DIRECT = "the agreement's wording on direct sales; direct invoices in the territory; who of the sales force works there"
_NEIGHBOURS = "the agreements of partners in the territory: whatever they say of further appointments, areas or notice of them"


def exclusivity(portfolio: Portfolio, planned: pd.Series) -> Iterator[Point]:
    """Points of exclusive agreements in force. planned: recruits by territory that the plan or the allocation adds."""
    own = set(portfolio.partners["partner_id"])
    whole = portfolio.whole
    where = whole.partners.set_index("partner_id")["territory"]
    selling, year = active(whole), whole.per_partner()
    sold = whole.direct[whole.direct["month"] < 12].groupby("territory")["revenue"].sum()
    first = whole.orders[whole.orders["revenue"] > 0].groupby("partner_id")["first_on"].min()
    sellers = pd.DataFrame({"began": first.reindex(where.index), "year": year.reindex(where.index).clip(lower=0)})
    sellers = sellers[selling.reindex(where.index, fill_value=False)]
    by_place = {str(name): rows for name, rows in sellers.groupby(where)}
    for row in exclusive(portfolio).itertuples(index=False):
        if row.partner_id not in own:
            continue
        partner, territory = str(row.partner_id), str(row.territory)
        names = {"agreement_id": str(row.agreement_id), "territory": territory}
        mine = float(year.get(partner, 0.0))
        others = by_place.get(territory, sellers[:0]).drop(partner, errors="ignore")
        more = int(planned.get(territory, 0))
        if len(others) or more:
            said = [f"{len(others)} other {_partners(len(others))}"] if len(others) else []
            said += [f"the plan adds {more}"] if more else []
            stake = mine + float(others["year"].sum())
            yield Point(partner, "exclusivity", f"exclusive in {territory}, where {' and '.join(said)}", _PROMISE, at_stake=stake, **names)
        added = others[others["began"] > row.starts_on]
        if len(added):
            why = f"{len(added)} {'partner' if len(added) == 1 else 'partners'} began to sell in {territory} after the agreement"
            yield Point(partner, "added_neighbour", why, _PROMISE, at_stake=mine + float(added["year"].sum()), **names)
        direct = float(sold.get(territory, 0.0))
        if direct > 0:
            why = f"exclusive in {territory}, where we also sell direct"
            yield Point(partner, "dual_distribution", why, _DIRECT, at_stake=mine + direct, **names)


def neighbours(portfolio: Portfolio, planned: pd.Series) -> Iterator[Point]:
    """Territories where partners are to be added beside partners with agreements in force, not promised to be alone; a point each."""
    force = in_force(portfolio)
    force = force[~force["agreement_id"].isin(exclusive(portfolio)["agreement_id"])]
    if force.empty or not (planned > 0).any():
        return
    where = portfolio.partners.set_index("partner_id")["territory"]
    year = portfolio.per_partner()
    place = force["territory"].fillna(force["partner_id"].map(where))
    held = force["partner_id"].groupby(place).agg(lambda ids: sorted(set(ids)))
    for name, more in planned[planned > 0].items():
        there = held.get(name)
        if there is not None:
            stake = float(year.reindex(there).fillna(0.0).clip(lower=0).sum())
            beside = f"{len(there)} {'partner' if len(there) == 1 else 'partners'} with an agreement in force"
            why = f"the plan adds {int(more)} beside {beside}"
            yield Point(f"partners in {name}", "added_neighbour", why, _NEIGHBOURS, territory=str(name), at_stake=stake)


def _partners(count: int) -> str:
    return "partner sells" if count == 1 else "partners sell"
