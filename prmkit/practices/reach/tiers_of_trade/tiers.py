"""What stands behind each distributor: how many resellers, how many came and went, and whom nobody else reaches."""

from __future__ import annotations

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.practices.reach.territories import ALL
from prmkit.practices.reach.tiers_of_trade.contracted import half_year, second_tier
from prmkit.practices.reach.ways.route_books import year
from prmkit.practices.result import NotComputed


@reads()
def tiers_of_trade(portfolio: Portfolio) -> tuple[pd.DataFrame | None, list[NotComputed]]:
    """reach_tiers_of_trade: "all" first, then distributors by revenue of the 12 months; a reseller of two of them counts once in "all".

    resellers bought through it in the 12 months; active: net revenue above zero in the six months to as_of; new: first ever bought
    through it in the 12 months; lost: active a year ago, nothing in the last six months. top_reseller_share: of its revenue, its
    largest reseller's. A view holds the resellers that it selects.
    """
    found = portfolio.fitted(second_tier)
    if found is None:
        return None, [NotComputed("tiers_of_trade", None, "no sales line names a distributor beside the partner it supplied", "sales")]
    channel = found.channel
    own = None if portfolio.name == "all" else set(portfolio.partners["partner_id"])
    lines, as_of = portfolio.client.lines, portfolio.as_of

    def seen(frame: pd.DataFrame) -> pd.DataFrame:
        return frame if own is None else frame[frame["partner_id"].isin(own)]

    recent = seen(lines.supplied(channel, year(portfolio)))
    if recent.empty:
        return None, [NotComputed("tiers_of_trade", None, "nothing came through a distributor in the 12 months to as_of", "sales")]
    now, before = (_selling(seen(lines.supplied(channel, half_year(as_of, back)))) for back in (0, 12))
    started = seen(found.ever).groupby(["distributor_id", "partner_id"])["first_on"].min()
    begin = pd.Timestamp(year(portfolio).first)
    wanted = [ALL, *recent.groupby("distributor_id")["revenue"].sum().sort_values(ascending=False, kind="stable").index]
    total = float(recent["revenue"].sum())
    resellers = recent["partner_id"].nunique()
    alone = _only_territories(portfolio, recent)
    rows = []
    for name in wanted:
        mine = recent if name == ALL else recent[recent["distributor_id"] == name]
        by = mine.groupby("partner_id")["revenue"].sum()
        first = started.groupby("partner_id").min() if name == ALL else started.xs(name, level="distributor_id")
        here, then = (pair.index.unique("partner_id") if name == ALL else _of(pair, name) for pair in (now, before))
        sold = float(by.sum())
        rows.append(
            {
                "distributor_id": name,
                "resellers": len(by),
                "active_resellers": len(here),
                "revenue": sold,
                "share": sold / total if total > 0 else None,
                "reseller_share": len(by) / resellers,
                "new_resellers_12m": int((first.reindex(by.index) >= begin).sum()),
                "lost_resellers_12m": len(then.difference(_anything(now, name))),
                "top_reseller_share": float(by.max()) / sold if sold > 0 else None,
                "only_territories": int(alone.get(name, 0)) if name != ALL else int(alone.sum()),
                "channel": channel,
            }
        )
    made = pd.DataFrame(rows)
    return _with_customers(portfolio, made, channel)


def _selling(frame: pd.DataFrame) -> pd.Series:
    sums = frame.groupby(["distributor_id", "partner_id"])["revenue"].sum()
    return sums[sums > 0]


def _of(pair: pd.Series, name: str) -> pd.Index:
    found = pair.index[pair.index.get_level_values("distributor_id") == name]
    return found.get_level_values("partner_id").unique()


def _anything(pair: pd.Series, name: str) -> pd.Index:
    return pair.index.unique("partner_id") if name == ALL else _of(pair, name)


def _only_territories(portfolio: Portfolio, recent: pd.DataFrame) -> pd.Series:
    """By distributor, how many territories were sold in through it alone in the 12 months, direct sales included."""
    sums = recent.dropna(subset=["territory"]).groupby(["territory", "distributor_id"])["revenue"].sum()
    places = sums[sums > 0].reset_index()
    one = places[~places["territory"].duplicated(keep=False)]
    whole = portfolio.whole
    months = pd.concat([whole.months, whole.direct])
    sold = months[months["month"] < 12].groupby("territory")["revenue"].sum()
    rest = sold.reindex(one["territory"], fill_value=0.0).to_numpy() - one["revenue"].to_numpy()
    made: pd.Series = one[rest < 0.005].groupby("distributor_id").size()
    return made


def _with_customers(portfolio: Portfolio, made: pd.DataFrame, channel: str) -> tuple[pd.DataFrame, list[NotComputed]]:
    """End customers named behind each distributor; of the whole client only, since a view does not split a distributor's customers."""
    why = "end customers are counted for the whole client only"
    if portfolio.name == "all":
        found = portfolio.client.lines.behind(channel, year(portfolio))
        if found["customers"].any():
            counted = found.assign(distributor_id=found["distributor_id"].fillna(ALL)).drop_duplicates("distributor_id")
            at = counted.set_index("distributor_id").reindex(made["distributor_id"]).fillna(0)
            return made.assign(known_end_customers=at["customers"].to_numpy(), only_customers=at["only_customers"].to_numpy()), []
        why = "the lines behind distributors do not name their end customers"
    return made, [NotComputed("tiers_of_trade", column, why, "sales") for column in ("known_end_customers", "only_customers")]
