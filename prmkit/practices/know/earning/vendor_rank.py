"""Our rank among the vendors that a partner lives on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.practices.aligned import aligned
from prmkit.practices.survey import voices

Array = NDArray[Any]


def vendor_rank(portfolio: Portfolio, alignment: pd.DataFrame) -> pd.DataFrame:
    """partner_id, rank_among_vendors (1 is first), rank_low, rank_high, rank_basis (surveyed | estimated | none).

    Of the whole client, as `portfolio` should be. What the partner answered (`vendor_rank`, mean of its people, the range that of
    their answers); else the band its partner manager chose; else the rank that our share of its business and the number of its vendors
    imply by the wallet allocation rule, share = (1 - rank / (n + 1)) x 2 / n (Keiningham and others, HBR, October 2011), at the
    range of that share.
    """
    ids = portfolio.partners["partner_id"]
    vendors = portfolio.partners["vendor_count"].astype("float64").to_numpy()
    asked = _asked(portfolio)
    told = _judged(portfolio)
    shares = [alignment[name].to_numpy(dtype=float) for name in ("share_of_wallet", "share_high", "share_low")]
    implied = [rank_of_share(share, vendors) for share in shares]
    bases = np.select(
        [np.isfinite(asked[0]), np.isfinite(told[0]), np.isfinite(implied[0])], ["surveyed", "estimated", "estimated"], "none"
    )
    rank, low, high = (
        np.where(np.isfinite(said), said, np.where(np.isfinite(judged), judged, wallet))
        for said, judged, wallet in zip(asked, told, implied, strict=True)
    )
    return pd.DataFrame({"partner_id": ids, "rank_among_vendors": rank, "rank_low": low, "rank_high": high, "rank_basis": bases})


def rank_of_share(share: Array, vendors: Array) -> Array:
    """The rank among `vendors` that a share of wallet (0 to 1) stands for, between 1 and their number; nan where either is not known."""
    known = np.isfinite(share) & (share > 0) & (vendors >= 1)
    count = np.where(known, np.maximum(np.rint(vendors), 1.0), 1.0)
    rank = (count + 1) * (1 - np.where(known, share, 0.0) * count / 2)
    return np.where(known, np.clip(rank, 1.0, count), np.nan)


def _asked(portfolio: Portfolio) -> tuple[Array, Array, Array]:
    """Mean, least and most of the ranks that a partner's people gave."""
    ids, found = portfolio.partners["partner_id"], voices(portfolio)
    if "vendor_rank" not in found.scores:
        return (np.full(len(ids), np.nan),) * 3
    given = found.scores["vendor_rank"].where(found.scores["vendor_rank"] >= 1)
    owner = found.responses["partner_id"].reindex(given.index)
    grouped = given[owner.notna() & given.notna()].groupby(owner)
    mean, low, high = (aligned(values, ids).to_numpy(dtype=float) for values in (grouped.mean(), grouped.min(), grouped.max()))
    return mean, low, high


def _judged(portfolio: Portfolio) -> tuple[Array, Array, Array]:
    """Middle, lower and upper end of the band a partner manager chose; an open band ends at the number of vendors, or its start."""
    ids = portfolio.partners["partner_id"]
    if not portfolio.has("estimates"):
        return (np.full(len(ids), np.nan),) * 3
    rows = portfolio.tables["estimates"]
    rows = rows[(rows["question"] == "vendor_rank") & rows["low"].notna()]
    ends = rows.groupby("partner_id").agg(low=("low", "min"), high=("high", "max")).astype("float64")
    ends = ends.reindex(ids).reset_index(drop=True)
    most = portfolio.partners["vendor_count"].astype("float64").reset_index(drop=True)
    high = ends["high"].fillna(most.where(most >= ends["low"])).fillna(ends["low"])
    return ((ends["low"] + high) / 2).to_numpy(), ends["low"].to_numpy(), high.to_numpy()
