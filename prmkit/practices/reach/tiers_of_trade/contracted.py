"""Who is a partner of ours, and who only buys from one: contracted partners against a distributor's resellers."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from prmkit.data import calendar
from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.data.sales_lines import Days
from prmkit.practices.reach.agreed.in_force import in_force
from prmkit.practices.reach.territories import active

_ANY_DAY = pd.Timestamp("1900-01-01")
_CENT = 0.005


@dataclass(frozen=True)
class SecondTier:
    """channel: whose lines name a distributor: the measure, else the first recorded one that does. ever: every distributor, reseller and
    territory up to as_of, as `SalesLines.supplied` has them.

    Revenue of another channel than the measure is never added to the measure's: the same goods pass both.
    """

    channel: str
    ever: pd.DataFrame


@reads()
def second_tier(whole: Portfolio) -> SecondTier | None:
    """The second tier of the whole client; None without a line that names a distributor. Use it through `portfolio.fitted`."""
    days = Days(_ANY_DAY.date(), whole.as_of.date())
    for channel in (whole.measure, *(name for name in whole.client.channels if name != whole.measure)):
        found = whole.client.lines.supplied(channel, days)
        if len(found):
            return SecondTier(channel, found)
    return None


@reads()
def contracted(whole: Portfolio) -> pd.Series:
    """Whether each partner is one of ours, by partner_id: by contract, day of joining, or something not bought through a distributor.

    Without any two-tier line everybody is. Use it through `portfolio.fitted(contracted)`.
    """
    ids = whole.partners["partner_id"]
    found = whole.fitted(second_tier)
    everybody = pd.Series(True, index=pd.Index(ids))
    if found is None:
        return everybody
    through = found.ever
    second = pd.Index(ids).isin(through["partner_id"].unique())
    signed = whole.partners["joined_on"].notna().to_numpy() | ids.isin(in_force(whole)["partner_id"]).to_numpy()
    supplies = ids.isin(through["distributor_id"].unique()).to_numpy()
    two_tier = through.groupby("partner_id")["revenue"].sum()
    all_sales = whole.orders.groupby("partner_id")["revenue"].sum()
    behind = two_tier.reindex(ids, fill_value=0.0) if found.channel == whole.measure else 0.0
    own = (all_sales.reindex(ids, fill_value=0.0) - behind).abs().to_numpy() > _CENT
    only_behind = second & ~signed & ~supplies & ~own
    everybody[only_behind] = False
    return everybody


def productive(portfolio: Portfolio) -> pd.Series:
    """Whether each partner under contract sells, by partner_id: by itself, or through resellers that only it supplies. Resellers behind a
    distributor are not partners: they count with it, once."""
    sells, ours = active(portfolio), portfolio.fitted(contracted).reindex(portfolio.partners["partner_id"], fill_value=True)
    if ours.all():
        return sells
    found = portfolio.fitted(second_tier)
    assert found is not None
    behind = set(sells.index[sells & ~ours])
    suppliers = found.ever.loc[found.ever["partner_id"].isin(behind), "distributor_id"]
    return (sells & ours) | pd.Series(sells.index.isin(suppliers.unique()), index=sells.index)


def half_year(as_of: pd.Timestamp, back: int) -> Days:
    """The six months that end `back` months before as_of."""
    start = calendar.month_end(as_of, back + 6) + pd.Timedelta(days=1)
    end = as_of if not back else calendar.month_end(as_of, back)
    return Days(start.date(), end.date())
