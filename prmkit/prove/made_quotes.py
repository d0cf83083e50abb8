"""Made-up deals of partners that quote to the same customers, whose true price erosion is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from prmkit.practices.reach.collisions.contacts import PROTECTION_DAYS, Contacts
from prmkit.prove.score import Array
from prmkit.simulate.arithmetic import exp
from prmkit.simulate.chance import Chance
from prmkit.simulate.state import Whole

EROSION = 0.03
_DAYS, _OPEN, _AFTER = 1000, 40, 60
_PARTNERS, _PLACES, _PRODUCTS = 60, 6, 8


@dataclass(frozen=True)
class MadeQuotes:
    """deals: the canonical columns that a price needs. erosion: true points of discount (a fraction) for one rival more."""

    deals: pd.DataFrame
    erosion: float
    as_of: pd.Timestamp


def made_quotes(seed: int, customers: int = 500, erosion: float = EROSION, hidden: float = 0.0) -> MadeQuotes:
    """Deals over three years: every customer has a size and is more or less hard to please.

    Large customers ask more partners and get larger discounts; so do partners that give more than others; discounts creep up over
    time and differ by product. hidden: by how much the discount of a customer grows in spells in which it also asks more partners, for a
    reason that is not on record. A customer asks for offers some six times; each time one partner quotes, or two or three do,
    all within weeks.
    """
    chance = Chance("prove", "made quotes", seed)
    size, hard = chance.normal(customers), chance.normal(customers)
    place = chance.integers(0, _PLACES, customers)
    generous = 0.03 * chance.normal(_PARTNERS)
    asked = np.repeat(np.arange(customers), 1 + chance.poisson(np.full(customers, 5.0)))
    count = len(asked)
    day = chance.uniform(count) * _DAYS
    spell = chance.normal(customers, 1 + _DAYS // 250)[asked, (day // 250).astype(np.int64)]
    odds = -0.4 + 0.8 * size[asked] + 0.6 * hard[asked] + (1.2 * spell if hidden else 0.0)
    eager = exp(odds)
    more = chance.uniform(count) < eager / (1 + eager)
    third = more & chance.chosen(0.3, count)
    quotes = np.repeat(np.arange(count), 1 + more + third)
    rank = np.arange(len(quotes)) - np.searchsorted(quotes, quotes)
    buyer = asked[quotes]
    # one of ten partners of the place; those asked at one time are different ones
    first = chance.integers(0, 10, count)[quotes]
    step = 1 + chance.integers(0, 3, count)[quotes]
    partner = place[buyer] * 10 + (first + rank * step) % 10
    product = chance.integers(0, _PRODUCTS, count)[quotes]
    listed = exp(9.0 + 0.9 * size[buyer] + 0.6 * chance.normal(count)[quotes])
    began = np.floor(day[quotes]) + 5 * rank
    rivals = _meanwhile(buyer, partner, began)
    noise = 0.025 * chance.normal(len(quotes)) + 0.02 * chance.normal(count)[quotes]
    base = 0.12 + 0.03 * size[buyer] + 0.03 * hard[buyer] + generous[partner] + 0.01 * (product % 3) + 0.02 * began / _DAYS
    off = np.clip(base + hidden * spell[quotes] + erosion * rivals + noise, -0.2, 0.7)
    start = pd.Timestamp("2023-06-01")
    as_of = start + pd.Timedelta(days=_DAYS + _AFTER)
    opened = pd.Series(start + pd.to_timedelta(began, unit="D")).dt.as_unit("us")
    deals = pd.DataFrame(
        {
            "deal_id": pd.Series([f"D{number:06d}" for number in range(len(quotes))], dtype="str"),
            "partner_id": pd.Series([f"P{number:02d}" for number in partner], dtype="str"),
            "customer_id": pd.Series([f"C{number:04d}" for number in buyer], dtype="str"),
            "territory": pd.Series([f"T{number}" for number in place[buyer]], dtype="str"),
            "product_id": pd.Series([f"A{number}" for number in product], dtype="str"),
            "registered_on": opened,
            "opened_on": opened,
            "closed_on": opened + pd.Timedelta(days=_OPEN),
            "outcome": pd.Series(np.where(rank == 0, "won", "lost"), dtype="str"),
            "list_amount": listed,
            "amount": listed * (1 - off),
            "discount": listed * off,
        }
    )
    return MadeQuotes(deals, erosion, as_of.as_unit("us"))


def _meanwhile(buyer: Whole, partner: Whole, began: Array) -> Whole:
    """How many other partners had a quote open at the customer while a quote was, at most three."""
    rows = pd.DataFrame({"buyer": buyer, "partner": partner, "began": began, "quote": np.arange(len(buyer))})
    both = rows.merge(rows, on="buyer", suffixes=("", "_other"))
    both = both[(both["partner"] != both["partner_other"]) & ((both["began"] - both["began_other"]).abs() <= _OPEN)]
    counts = both.drop_duplicates(["quote", "partner_other"]).groupby("quote").size()
    made: Whole = np.asarray(counts.reindex(rows["quote"], fill_value=0).clip(upper=3), dtype=np.int64)
    return made


def contacts_of(made: MadeQuotes) -> Contacts:
    """The deals as the practice reads them: nobody works together, and sales lines are not looked at."""
    deals = made.deals.assign(began=made.deals["registered_on"], ended=made.deals["closed_on"], house=made.deals["partner_id"])
    together = pd.DataFrame(columns=["customer_id", "partner_id", "other_partner_id"], dtype="str")
    ordered = deals.sort_values(["customer_id", "began", "deal_id"], kind="stable", ignore_index=True)
    return Contacts(made.as_of, ordered, deals[["partner_id", "house", "customer_id", "territory"]], together, PROTECTION_DAYS, 0)
