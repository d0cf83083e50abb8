"""The whole of channel conflict: one look at the deals and sales of the client, and its tables for one portfolio."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.estimators.price_erosion import Erosion
from prmkit.practices.reach.collisions.conflict import conflict
from prmkit.practices.reach.collisions.contacts import Contacts, contacts
from prmkit.practices.reach.collisions.cost import conflict_cost, conflict_parts, spreadsheet, total
from prmkit.practices.reach.collisions.encounters import meetings, with_rivals
from prmkit.practices.reach.collisions.erosion import eroded, erosion_table
from prmkit.practices.reach.collisions.gaps import nobody_named, what_is_missing
from prmkit.practices.reach.collisions.losses import Losses, episodes, losses
from prmkit.practices.reach.collisions.pairs import Meeting, meeting, of_partners
from prmkit.practices.reach.collisions.registrations import collided, registered, registrations
from prmkit.practices.result import NotComputed


@dataclass(frozen=True)
class Encounters:
    """What was seen on the whole client. deals: partners' deals with rivals counted; hits: registrations that collided, and with whom."""

    contacts: Contacts
    met: pd.DataFrame
    deals: pd.DataFrame
    hits: pd.DataFrame
    pairs: Meeting
    erosion: Erosion | str
    contests: pd.DataFrame
    losses: Losses | str


@dataclass(frozen=True)
class Collided:
    """Tables of the portfolio, what could not be said, cautions, and what it all rests on: None where nobody names a customer."""

    tables: Mapping[str, pd.DataFrame]
    missing: tuple[NotComputed, ...]
    warnings: tuple[str, ...]
    seen: Encounters | None
    cost: pd.DataFrame


def collisions(portfolio: Portfolio) -> Collided:
    """reach_conflict, reach_collision_pairs, reach_registrations, reach_price_erosion and reach_conflict_cost of a portfolio."""
    seen = encounters(portfolio)
    ids = set(portfolio.partners["partner_id"])
    if not seen.contacts.accounts["partner_id"].isin(ids).any():
        return Collided({}, nobody_named(portfolio), (), None, pd.DataFrame())
    promise = portfolio.settings.reach.get("approval_days")
    tables = {
        "conflict": conflict(portfolio, seen.contacts, seen.pairs, seen.hits),
        "collision_pairs": of_partners(seen.pairs.pairs, ids),
        "registrations": registrations(seen.contacts, seen.met, seen.hits, ids, promise),
    }
    if not isinstance(seen.erosion, str):
        tables["price_erosion"] = erosion_table(seen.erosion)
    mine = seen.deals[seen.deals["partner_id"].isin(ids)]
    contests = seen.contests[seen.contests["partner_id"].isin(ids)] if len(seen.contests) else seen.contests
    filed = registered(seen.contacts)
    places, parts = conflict_parts(portfolio, mine, seen.erosion, seen.losses, contests, _collided_by_place(seen, filed, ids))
    tables["conflict_cost"] = conflict_cost(places, parts)
    summed = total(places, parts)
    tables["conflict"] = tables["conflict"].merge(summed, on="territory", how="left")
    shared = dict(zip(tables["conflict"]["territory"], tables["conflict"]["shared_customers"], strict=True))
    plain = spreadsheet(mine, shared, portfolio.as_of) if len(mine) else {}
    tables["conflict"] = tables["conflict"].assign(cost_spreadsheet=tables["conflict"]["territory"].map(plain).astype(float))
    missing = what_is_missing(portfolio, tables, seen.erosion, {name: part for name, part in parts.items() if part.draws is None}, promise)
    filled = {name: rows for name, rows in tables.items() if len(rows)}
    return Collided(filled, tuple(missing), _cautions(seen), seen, summed)


@reads("reach")
def encounters(portfolio: Portfolio) -> Encounters:
    """Everything that is seen on the whole client, worked out once for all portfolios of it."""
    whole = portfolio.whole
    key = (encounters, whole.as_of, whole.measure)
    kept = whole.client.fits.get(key)
    if kept is not None and kept[0] is whole.tables:
        made: Encounters = kept[1]
        return made
    work = contacts(whole)
    met = meetings(work)
    deals = with_rivals(work, met)
    hits = collided(work, met)
    contests = episodes(work.deals) if len(work.deals) else pd.DataFrame(columns=["partner_id", "territory", "ended", "lost"])
    lost = losses(contests) if len(contests) else "no deal of a partner names its end customer"
    seen = Encounters(work, met, deals, hits, meeting(work, hits), eroded(deals), contests, lost)
    whole.client.fits[key] = (whole.tables, seen)
    return seen


def _collided_by_place(seen: Encounters, filed: pd.DataFrame, ids: set[str]) -> pd.Series:
    """Registrations of the year that collided with anybody, by territory; without entries where none was filed."""
    if not len(filed):
        return pd.Series(dtype=float)
    mine = filed[filed["partner_id"].isin(ids)]
    return pd.Series(mine.index.isin(seen.hits["deal"]), index=mine.index).groupby(mine["territory"]).sum()


def _cautions(seen: Encounters) -> tuple[str, ...]:
    if not seen.contacts.crowded:
        return ()
    one = seen.contacts.crowded == 1
    said = "One customer has" if one else f"{seen.contacts.crowded} customers have"
    return (f"{said} more deals than one buyer makes: left out where partners' customers are compared. Check for a collective name.",)
