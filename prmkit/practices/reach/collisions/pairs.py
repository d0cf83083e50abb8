"""Who collides with whom: pairs of partners, and partners and ourselves, that work more of the same customers than chance would have."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from prmkit.estimators.overlap import LEAST, Overlap, one_against_all, pair_overlaps
from prmkit.practices.reach.collisions.contacts import OURS, Contacts

MOST_PAIRS = 500
NAMED = 0.1
"""At most one in ten of the pairs that are named shares its customers by luck alone."""
_COLUMNS = ["partner_id", "other_partner_id", "territory", "shared_customers", "expected_by_chance", "jaccard", "containment"]


@dataclass(frozen=True)
class Meeting:
    """Partners' lists of accounts and what they have in common.

    pairs: collision_pairs of everybody, uncut. shared: customers that two partners or more work as rivals. direct: customers of
    partners that we sell to or quote ourselves. looked: pairs of partners that could have shared two customers.
    """

    pairs: pd.DataFrame
    shared: frozenset[str]
    direct: frozenset[str]
    looked: int


def meeting(contacts: Contacts, collisions: pd.DataFrame) -> Meeting:
    """All pairs with two customers or more in common. collisions: `registrations.collided`."""
    held = contacts.accounts[contacts.accounts["partner_id"].notna()]
    ours = contacts.accounts.loc[contacts.accounts["partner_id"].isna(), ["customer_id", "value"]].groupby("customer_id")["value"].sum()
    partner, who = pd.factorize(held["partner_id"], sort=True)
    customer, what = pd.factorize(held["customer_id"], sort=True)
    row, column = np.asarray(partner, dtype=np.int64), np.asarray(customer, dtype=np.int64)
    place, where = _places(held, column)
    met = pair_overlaps(row, column, place, _apart(contacts, held, pd.Index(who), pd.Index(what)))
    alone = one_against_all(row, column, place, np.asarray(pd.Index(what).isin(ours.index)))
    parts = [_partners(met, held, row, column, pd.Index(who)), _direct(alone, held, ours, pd.Index(who))]
    home = _most_seen(row, place[column])
    pairs = pd.concat([part for part in parts if len(part)], ignore_index=True) if any(len(part) for part in parts) else parts[0]
    code = pairs["partner_id"].map(pd.Series(home.to_numpy(), index=who)) if len(pairs) else pd.Series(dtype=int)
    pairs = pairs.assign(territory=[where[int(one)] for one in code])
    counted = collisions.groupby(["partner_id", "other_partner_id"]).size().rename("collisions").reset_index()
    pairs = _with_collisions(pairs, counted)
    order = pairs.sort_values(
        ["q", "amount_at_stake", "partner_id", "other_partner_id"], ascending=[True, False, True, True], kind="stable"
    )
    shared = frozenset(np.asarray(what)[met.triples["column"].unique()].tolist()) if len(met.triples) else frozenset()
    return Meeting(order.reset_index(drop=True), shared, frozenset(set(ours.index) & set(what)), met.looked)


def of_partners(pairs: pd.DataFrame, partners: set[str]) -> pd.DataFrame:
    """The pairs that have one of these partners in them, surest first, at most MOST_PAIRS."""
    mine = pairs["partner_id"].isin(partners) | pairs["other_partner_id"].isin(partners)
    return pairs[mine].head(MOST_PAIRS).reset_index(drop=True)


def _places(held: pd.DataFrame, column: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """Where each customer is: the territory in which most partners work it."""
    code, names = pd.factorize(held["territory"], sort=True)
    return _most_seen(column, np.asarray(code, dtype=np.int64)).to_numpy(dtype=np.int64), [str(name) for name in names]


def _most_seen(of: np.ndarray, code: np.ndarray) -> pd.Series:
    """The code seen most for each number, the lower one where two are."""
    counts = pd.DataFrame({"of": of, "code": code}).groupby(["of", "code"]).size().rename("count").reset_index()
    return counts.sort_values(["of", "count", "code"], ascending=[True, False, True]).drop_duplicates("of").set_index("of")["code"]


def _apart(contacts: Contacts, held: pd.DataFrame, who: pd.Index, what: pd.Index) -> pd.DataFrame:
    """Entries that two partners share without being rivals: they had a part in one deal, or are of one house."""
    work = contacts.together
    grouped = held[held["house"] != held["partner_id"]]
    kin = pd.DataFrame(columns=work.columns)
    if len(grouped):
        related = held[held["house"].isin(grouped["house"])][["customer_id", "partner_id", "house"]]
        both = related.merge(related.rename(columns={"partner_id": "other_partner_id"}), on=["customer_id", "house"])
        kin = both.loc[both["partner_id"] != both["other_partner_id"], list(work.columns)]
    every = pd.concat([work, kin]) if len(kin) else work
    made = pd.DataFrame(
        {
            "one": who.get_indexer(pd.Index(every["partner_id"])),
            "other": who.get_indexer(pd.Index(every["other_partner_id"])),
            "column": what.get_indexer(pd.Index(every["customer_id"])),
        }
    )
    return made[(made["one"] < made["other"]) & (made["one"] >= 0) & (made["column"] >= 0)]


def _partners(met: Overlap, held: pd.DataFrame, row: np.ndarray, column: np.ndarray, who: pd.Index) -> pd.DataFrame:
    """The shorter list first, whose containment it is."""
    pairs = met.pairs
    if not len(pairs):
        return pd.DataFrame(columns=_COLUMNS)
    value = pd.Series(held["value"].to_numpy(), index=pd.MultiIndex.from_arrays([row, column]))
    triples = met.triples.merge(pairs[["one", "other"]], on=["one", "other"])
    stake = sum(value.reindex(pd.MultiIndex.from_arrays([triples[side], triples["column"]])).to_numpy() for side in ("one", "other"))
    amount = pd.Series(stake).groupby([triples["one"], triples["other"]]).sum()
    sizes = np.bincount(row)
    swap = sizes[pairs["one"]] > sizes[pairs["other"]]
    first, second = np.where(swap, pairs["other"], pairs["one"]), np.where(swap, pairs["one"], pairs["other"])
    made = pairs.assign(
        partner_id=who[first],
        other_partner_id=who[second],
        amount_at_stake=amount.reindex(pd.MultiIndex.from_frame(pairs[["one", "other"]])).to_numpy(),
    )
    return made.rename(columns={"shared": "shared_customers", "expected": "expected_by_chance", "odds": "odds_ratio"})


def _direct(alone: pd.DataFrame, held: pd.DataFrame, ours: pd.Series, who: pd.Index) -> pd.DataFrame:
    """Partners of whose accounts we work two or more ourselves."""
    rows = alone[alone["shared"] >= LEAST]
    if not len(rows):
        return pd.DataFrame(columns=_COLUMNS)
    both = held[held["customer_id"].isin(ours.index)]
    stake = (both["value"] + both["customer_id"].map(ours)).groupby(both["partner_id"]).sum()
    sizes = held.groupby("partner_id").size().reindex(who).to_numpy()[rows["one"]]
    shared = rows["shared"].to_numpy()
    made = rows.assign(
        partner_id=who[rows["one"]],
        other_partner_id=OURS,
        jaccard=shared / (sizes + len(ours) - shared),
        containment=shared / sizes,
        amount_at_stake=stake.reindex(who[rows["one"]]).to_numpy(),
    )
    return made.rename(columns={"shared": "shared_customers", "expected": "expected_by_chance", "odds": "odds_ratio"})


def _with_collisions(pairs: pd.DataFrame, counted: pd.DataFrame) -> pd.DataFrame:
    """Colliding registrations of each pair, whoever of the two came first."""
    if not len(pairs):
        return pairs.reindex(columns=[*_COLUMNS, "odds_ratio", "p", "q", "collisions", "amount_at_stake"])
    counts = counted.set_index(["partner_id", "other_partner_id"])["collisions"]
    one = pd.MultiIndex.from_frame(pairs[["partner_id", "other_partner_id"]])
    there, back = counts.reindex(one).fillna(0).to_numpy(), counts.reindex(one.swaplevel()).fillna(0).to_numpy()
    return pairs.assign(collisions=(there + back).astype(int)).drop(columns=["one", "other"])
