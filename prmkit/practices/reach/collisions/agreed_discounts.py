"""Where records suggest that partners' prices go together, for a lawyer to look at: never an accusation."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import stats

from prmkit.data.portfolio import Portfolio
from prmkit.practices.reach.agreed.points import Point
from prmkit.practices.reach.collisions.collided import Encounters, encounters
from prmkit.practices.reach.collisions.erosion import discounts

_FEWEST, _SURE, _MOSTLY = 8, 1e-4, 0.5
_STEP = 0.001
_BRING = "how special prices for these deals were granted, and what was written to the two partners about each other's offers"


def agreed_discounts(portfolio: Portfolio) -> Iterator[Point]:
    """Pairs of partners whose discounts at customers that both quoted to, while the other's deal ran, go together.

    They are the same to a tenth of a point at half of these customers or more, at eight or more, and far more often than those of the
    other pairs (binomial, one in ten thousand by all pairs looked at). A special price that we gave to both looks alike: a lawyer asks that
    first.
    """
    pairs = _alike(encounters(portfolio))
    if not len(pairs):
        return
    ids = set(portfolio.partners["partner_id"])
    pairs = pairs[pairs["partner_id"].isin(ids) | pairs["other_partner_id"].isin(ids)]
    names = portfolio.whole.partners.drop_duplicates("partner_id").set_index("partner_id")["name"]
    for row in pairs.to_dict("records"):
        why = (
            f"at {row['alike']} of {row['customers']} customers that both quoted to, the discount was that of "
            f"{names.get(row['other_partner_id'], row['other_partner_id'])} to a tenth of a point; we may have given both the same price"
        )
        yield Point(str(row["partner_id"]), "price_terms", why, _BRING)


def _alike(seen: Encounters) -> pd.DataFrame:
    """partner_id, other_partner_id, customers, alike of the pairs whose discounts agree beyond chance."""
    deals, met = seen.contacts.deals, seen.met
    if not len(deals) or not len(met):
        return pd.DataFrame()
    share = discounts(deals).to_numpy(dtype=float)
    began, ended = deals["began"].to_numpy(), deals["ended"].to_numpy()
    both = met[met["other_partner_id"].notna() & (met["partner_id"] < met["other_partner_id"])]
    one, other = both["deal"].to_numpy(dtype=int), both["other_deal"].to_numpy(dtype=int)
    overlap = (began[other] <= ended[one]) & (ended[other] >= began[one])
    known = overlap & np.isfinite(share[one]) & np.isfinite(share[other]) & (share[one] > 0) & (share[other] > 0)
    same = np.abs(np.rint(share[one] / _STEP) - np.rint(share[other] / _STEP)) < 1
    rows = both[known].assign(alike=same[known])
    keys = ["partner_id", "other_partner_id"]
    by_customer = rows.groupby([*keys, "customer_id"])["alike"].max().astype(int)
    if not len(by_customer):
        return pd.DataFrame()
    usual = float(by_customer.mean())
    made = by_customer.groupby(keys).agg(customers="size", alike="sum").reset_index()
    p = stats.binom.sf(made["alike"] - 1, made["customers"], _elsewhere(made, usual))
    sure = p * len(made) < _SURE
    found: pd.DataFrame = made[sure & (made["customers"] >= _FEWEST) & (made["alike"] >= _MOSTLY * made["customers"])]
    return found


def _elsewhere(made: pd.DataFrame, usual: float) -> np.ndarray:
    """How often discounts agree by chance: as at the customers of all other pairs, and at least one time in fifty."""
    rest = made["customers"].sum() - made["customers"]
    alike = made["alike"].sum() - made["alike"]
    share = np.where(rest > 0, alike / rest.where(rest > 0, 1), usual)
    out: np.ndarray = np.maximum(share, 0.02)
    return out
