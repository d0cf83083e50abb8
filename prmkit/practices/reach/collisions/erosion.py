"""What a second partner at the same customer does to the price."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.estimators.price_erosion import Erosion, Quotes, price_erosion

_LOWEST, _HIGHEST = -0.5, 0.95


def discounts(deals: pd.DataFrame) -> pd.Series:
    """Discount of each deal as a fraction of its list price; null where two of the three amounts are not on record or it makes no sense."""
    listed, amount, off = (
        deals[name].where(deals[name] >= 0) if name != "discount" else deals[name] for name in ("list_amount", "amount", "discount")
    )
    listed = listed.fillna(amount + off)
    share = (off / listed).fillna(1 - amount / listed).where(listed > 0)
    return share.where(share.between(_LOWEST, _HIGHEST))


def list_amounts(deals: pd.DataFrame) -> pd.Series:
    """The amount of each deal at list price; what was charged where that is all there is."""
    return deals["list_amount"].fillna(deals["amount"] + deals["discount"]).fillna(deals["amount"]).clip(lower=0)


def quotes_of(deals: pd.DataFrame) -> Quotes:
    """Deals with rivals counted (`with_rivals`), as the estimator reads them."""
    listed = list_amounts(deals)
    quarter = deals["ended"].dt.year * 4 + deals["ended"].dt.quarter - 1
    codes = [pd.factorize(deals[name])[0] for name in ("customer_id", "partner_id", "product_id", "territory")]
    buyer, seller, product, place = (np.asarray(code, dtype=np.int64) for code in codes)
    return Quotes(
        discount=discounts(deals).to_numpy(dtype=float),
        rivals=deals["rivals"].to_numpy(dtype=np.int64),
        ours=deals["ours"].to_numpy(dtype=bool),
        later=deals["later"].to_numpy(dtype=float),
        size=np.log(listed.where(listed > 0)).to_numpy(dtype=float),
        buyer=buyer,
        seller=seller,
        product=product,
        place=place,
        quarter=quarter.to_numpy(dtype=np.int64),
    )


def eroded(deals: pd.DataFrame) -> Erosion | str:
    """The erosion, or in words what these deals lack."""
    if not len(deals):
        return "no deal of a partner names its end customer"
    known = discounts(deals)
    if not known.notna().any():
        return "no deal has two of amount, list_amount and discount on record"
    return price_erosion(quotes_of(deals))


def erosion_table(found: Erosion) -> pd.DataFrame:
    """reach_price_erosion: the discount by number of partners quoting, as seen and at the same deal."""
    base = found.steps[0].plain
    return pd.DataFrame(
        {
            "quoting_partners": [step.rivals + 1 for step in found.steps],
            "deals": [step.deals for step in found.steps],
            "customers": [step.buyers for step in found.steps],
            "discount": [step.plain for step in found.steps],
            "adjusted": [base + step.more for step in found.steps],
            "low": [base + step.low for step in found.steps],
            "high": [base + step.high for step in found.steps],
        }
    )
