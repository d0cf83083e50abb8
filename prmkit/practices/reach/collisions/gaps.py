"""What could not be said of channel conflict, why, and what would let it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.price_erosion import Erosion
from prmkit.practices.reach.collisions.cost import PARTS, Part
from prmkit.practices.result import NotComputed

TABLES = ("conflict", "collision_pairs", "registrations", "price_erosion", "conflict_cost")
_NEEDS = {"arbitration": "engagement.yaml"}
_SETTINGS = "engagement.yaml"


def nobody_named(portfolio: Portfolio) -> tuple[NotComputed, ...]:
    """Nothing can be said where no partner's deal or sale of the 12 months names its end customer."""
    if portfolio.has("deals"):
        why = "no deal or sale of a partner in the 12 months names its end customer"
    else:
        why = "end customers are not known: neither deals nor partner sales lines name them"
    return tuple(NotComputed(table, None, why, "deals") for table in TABLES)


def what_is_missing(
    portfolio: Portfolio, tables: Mapping[str, pd.DataFrame], found: Erosion | str, unpriced: Mapping[str, Part], promise: float | None
) -> list[NotComputed]:
    """Gaps of the five tables."""
    made, missing = tables["conflict"], []
    if isinstance(found, str):
        missing.append(NotComputed("price_erosion", None, found, "deals"))
    for name, part in unpriced.items():
        missing.append(NotComputed("conflict_cost", "cost", f"{PARTS[name]}: {part.why}", _NEEDS.get(name, "deals")))
    if made["cost"].isna().all():
        missing += [NotComputed("conflict", name, _together(unpriced), "deals") for name in ("cost", "cost_low", "cost_high")]
    if made["direct_overlap_share"].isna().all():
        why = "no direct deal names its end customer and amount, and no direct sale its customer"
        missing.append(NotComputed("conflict", "direct_overlap_share", why, "deals"))
    if made["known_customer_share"].isna().all():
        none = "there is no list of customers" if not portfolio.has("customers") else "no deal of a partner names its customer"
        missing.append(NotComputed("conflict", "known_customer_share", none, "customers"))
    if made["registration_collisions"].isna().all():
        missing.append(NotComputed("conflict", "registration_collisions", "no deal says when it was registered", "deals"))
    if not len(tables["collision_pairs"]):
        missing.append(NotComputed("collision_pairs", None, "no partner shares two customers or more with another, or with us", "deals"))
    return missing + _of_registrations(tables["registrations"], promise)


def _together(unpriced: Mapping[str, Part]) -> str:
    return "no part of it can be priced: " + "; ".join(dict.fromkeys(part.why for part in unpriced.values()))


def _of_registrations(rows: pd.DataFrame, promise: float | None) -> list[NotComputed]:
    if not len(rows):
        why = "no deal of the 12 months says when it was registered and for whom"
        return [NotComputed("registrations", None, why, "deals")]
    missing = []
    if not rows["decided"].any():
        missing.append(NotComputed("registrations", "approval_days", "no registration says when it was decided", "deals"))
    elif promise is None:
        why = "the engagement does not name reach.approval_days, what partners are promised"
        missing.append(NotComputed("registrations", "within_promise", why, _SETTINGS))
    if rows["expired"].isna().all():
        missing.append(NotComputed("registrations", "expired_unworked", "no registration says when its protection ends", "deals"))
    if rows["refused"].isna().all():
        missing.append(NotComputed("registrations", "refused", "no registration says whether it was approved", "deals"))
    return missing
