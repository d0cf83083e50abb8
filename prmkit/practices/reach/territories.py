"""Which part of a partner's revenue counts in which territory."""

from __future__ import annotations

import pandas as pd

from prmkit.data.portfolio import Portfolio

ALL = "all"
NONE = "without territory"
MIN_PARTNERS = 8


def home(portfolio: Portfolio) -> pd.Series:
    """The territory in which each partner is counted, by partner_id."""
    return portfolio.partners.set_index("partner_id")["territory"].fillna(NONE)


def revenue_shares(portfolio: Portfolio) -> pd.DataFrame:
    """partner_id, territory, share: where each partner's sales of the last 12 months counted, its home where it sold nothing."""
    at_home = home(portfolio)
    recent = portfolio.months[(portfolio.months["month"] < 12) & portfolio.months["partner_id"].isin(at_home.index)]
    where = recent["territory"].fillna(recent["partner_id"].map(at_home)).fillna(NONE)
    sums = recent["revenue"].groupby([recent["partner_id"], where]).sum().clip(lower=0)
    sums.index.names = ["partner_id", "territory"]
    total = sums.groupby("partner_id").transform("sum")
    shares = (sums[total > 0] / total[total > 0]).rename("share").reset_index()
    rest = at_home[~at_home.index.isin(shares["partner_id"])].rename("territory").reset_index().assign(share=1.0)
    return pd.concat([shares, rest], ignore_index=True).astype({"territory": "str"})


def active(portfolio: Portfolio) -> pd.Series:
    """Whether each partner had net revenue above zero in the six months to as_of, by partner_id."""
    return portfolio.per_partner(count=6) > 0
