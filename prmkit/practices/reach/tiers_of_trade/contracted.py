"""Who is a partner of ours, and who only buys from one: contracted partners against a distributor's resellers."""

from __future__ import annotations

import pandas as pd

from prmkit.data import calendar
from prmkit.data.portfolio import Portfolio
from prmkit.data.sales_lines import Days
from prmkit.practices.reach.agreed.in_force import in_force
from prmkit.practices.reach.territories import active

_ANY_DAY = pd.Timestamp("1900-01-01")
_CENT = 0.005


def channel_of_tiers(whole: Portfolio) -> str | None:
    """The channel whose lines name a distributor: the measure, else the first recorded one that does; None without such lines.

    Revenue of another channel than the measure is never added to the measure's: the same goods pass both.
    """
    ever = Days(_ANY_DAY.date(), whole.as_of.date())
    for channel in (whole.measure, *(name for name in whole.client.channels if name != whole.measure)):
        if len(whole.client.lines.supplied(channel, ever)):
            return str(channel)
    return None


def supplied_ever(whole: Portfolio) -> pd.DataFrame | None:
    """Every distributor, reseller and territory up to as_of, as `SalesLines.supplied` has them. Use it through `portfolio.fitted`."""
    channel = whole.fitted(channel_of_tiers)
    return None if channel is None else whole.client.lines.supplied(channel, Days(_ANY_DAY.date(), whole.as_of.date()))


def contracted(whole: Portfolio) -> pd.Series:
    """Whether each partner is one of ours, by partner_id: by contract, day of joining, or something not bought through a distributor.

    Without any two-tier line everybody is. Use it through `portfolio.fitted(contracted)`.
    """
    ids = whole.partners["partner_id"]
    through = whole.fitted(supplied_ever)
    everybody = pd.Series(True, index=pd.Index(ids))
    if through is None:
        return everybody
    second = pd.Index(ids).isin(through["partner_id"].unique())
    signed = whole.partners["joined_on"].notna().to_numpy() | ids.isin(in_force(whole)["partner_id"]).to_numpy()
    supplies = ids.isin(through["distributor_id"].unique()).to_numpy()
    two_tier = through.groupby("partner_id")["revenue"].sum()
    all_sales = whole.orders.groupby("partner_id")["revenue"].sum()
    second_tier = two_tier.reindex(ids, fill_value=0.0) if whole.fitted(channel_of_tiers) == whole.measure else 0.0
    own = (all_sales.reindex(ids, fill_value=0.0) - second_tier).abs().to_numpy() > _CENT
    only_behind = second & ~signed & ~supplies & ~own
    everybody[only_behind] = False
    return everybody


def productive(portfolio: Portfolio) -> pd.Series:
    """Whether each partner under contract sells, by partner_id: by itself, or through resellers that only it supplies. Resellers behind a
    distributor are not partners: they count with it, once."""
    sells, ours = active(portfolio), portfolio.fitted(contracted).reindex(portfolio.partners["partner_id"], fill_value=True)
    if ours.all():
        return sells
    through = portfolio.fitted(supplied_ever)
    assert through is not None
    behind = set(sells.index[sells & ~ours])
    suppliers = through.loc[through["partner_id"].isin(behind), "distributor_id"]
    return (sells & ours) | pd.Series(sells.index.isin(suppliers.unique()), index=sells.index)


def half_year(as_of: pd.Timestamp, back: int) -> Days:
    """The six months that end `back` months before as_of."""
    start = calendar.month_end(as_of, back + 6) + pd.Timedelta(days=1)
    end = as_of if not back else calendar.month_end(as_of, back)
    return Days(start.date(), end.date())
