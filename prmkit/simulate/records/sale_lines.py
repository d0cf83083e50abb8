"""Sales lines as parallel columns, and as the canonical table has them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from prmkit.simulate.records.catalogue import Catalogue
from prmkit.simulate.records.columns import cents, frame, names, numbered
from prmkit.simulate.records.rates import dollar
from prmkit.simulate.state import Array, Mask, State, Whole

KINDS = ("new", "expansion", "renewal", "usage", "services", "one_off")
KIND_SHARES = (0.3, 0.3, 0.15, 0.1, 0.1, 0.05)


@dataclass(frozen=True)
class Lines:
    """Parallel columns of one kind of line, ids still as positions (-1 = none)."""

    invoice: Whole
    month: Whole
    day: np.ndarray
    partner: Whole
    supplier: Whole
    customer: np.ndarray
    product: Whole
    territory: Whole
    kind: Whole
    revenue: Array
    cost: Array
    discount_rate: Array
    in_usd: Mask


def canonical(state: State, catalogue: Catalogue, lines: Lines, channel: str) -> pd.DataFrame:
    rate = np.where(lines.in_usd, dollar(state)[lines.month], 1.0)
    revenue = cents(lines.revenue / rate)
    listed = cents(revenue / (1 - lines.discount_rate))
    ids, count = state.network.partner_id, len(revenue)
    return frame(
        "sales",
        count,
        {
            "invoice_id": names(numbered("INV", int(lines.invoice.max(initial=0)) + 1, 8).to_numpy(), lines.invoice),
            "date": lines.day.astype("datetime64[us]"),
            "partner_id": names(ids, lines.partner),
            "distributor_id": names(ids, lines.supplier),
            "customer_id": pd.Series(lines.customer, dtype="str"),
            "product_id": names(catalogue.product_id, lines.product),
            "territory": names(state.network.places, lines.territory),
            "channel": channel,
            "kind": names(KINDS, lines.kind),
            "units": np.maximum(np.rint(lines.revenue / catalogue.price[lines.product]), 1.0),
            "revenue": revenue,
            "cost": cents(lines.cost / rate),
            "list_amount": listed,
            "discount": cents(listed - revenue),
            "currency": names(("EUR", "USD"), lines.in_usd.astype(np.int64)),
        },
    )
