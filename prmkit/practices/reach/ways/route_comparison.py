"""Partners against direct, as a finance director asks it: is the route cheaper, what if we sold this ourselves, what is missing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.confidence import confidence
from prmkit.practices.phrases import Phrases, last_year
from prmkit.practices.result import Action, Amount, Finding


def route_contribution(portfolio: Portfolio, routes: pd.DataFrame | None) -> Finding | None:
    """What a unit of revenue leaves through partners and direct, and at what cost of direct sale the two are level."""
    if routes is None or routes.empty or "versus_direct" not in routes:
        return None
    partner, direct = (routes[routes["route"] == route].iloc[0] for route in ("partner", "direct"))
    say, period = Phrases.of(portfolio), last_year(portfolio)
    ends = _amount(partner, "contribution_rate", "low", "high", period)
    served = bool(pd.notna(partner["cost_of_sale"])), bool(pd.notna(direct["cost_of_sale"]))
    apart = _excludes(partner, "versus_direct", 0.0)
    return Finding(
        id=f"reach.routes.contribution:portfolio:{portfolio.name}",
        practice="reach",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=_title(say, partner, direct, served),
        statement=" ".join(
            [_left(say, partner, direct, served, ends), _alike(say, partner), _ourselves(say, partner, direct, served)]
        ).strip(),
        value=ends,
        worth=Amount(None, unit=portfolio.currency, period="a year"),
        confidence=confidence(basis="measured", n=int(partner["cases"]), decides=apart, warnings=int(not all(served))),
        action=Action(
            what=_action(served),
            who="finance director with the head of sales",
            by="within 90 days",
            measure="contribution of each route with all costs in",
        ),
        evidence=("reach_routes",),
        inputs=("sales", "incentives", "support"),
        caveats=(
            f"Costs not in it: partners: {partner['missing_costs']}; direct: {direct['missing_costs']}.",
            "Not priced: customers cannot simply be moved from one route to the other.",
        ),
    )


def _title(say: Phrases, partner: pd.Series[Any], direct: pd.Series[Any], served: tuple[bool, bool]) -> str:
    even, mine, theirs = partner["break_even"], partner["contribution_rate"], direct["contribution_rate"]
    if all(served):
        cheaper = "is the cheaper route" if mine > theirs else "is the dearer route"
        return f"Through partners {cheaper}: it leaves {say.share(mine)} of revenue, direct sales {say.share(theirs)}"
    if even <= 0:
        return f"Partners leave more of each sale than direct sales do, even if selling direct cost nothing: {say.share(mine)} of revenue"
    if served[0]:
        return f"Partners are the cheaper route if selling direct costs more than {say.share(even)} of its revenue"
    return f"Partners are the cheaper route only if selling direct costs {say.share(even)} of revenue more than selling through them"


def _left(say: Phrases, partner: pd.Series[Any], direct: pd.Series[Any], served: tuple[bool, bool], ends: Amount) -> str:
    off = "cost of goods, incentives and what it costs to serve partners" if served[0] else "cost of goods and incentives"
    own = "cost of goods and the cost of selling" if served[1] else "cost of goods"
    return (
        f"Of {say.money(partner['revenue'])} through partners, {say.interval(ends)}, was left after {off}; "
        f"of {say.money(direct['revenue'])} sold direct, {say.share(direct['contribution_rate'])} after {own}."
    )


def _alike(say: Phrases, partner: pd.Series[Any]) -> str:
    value = partner.get("like_for_like")
    if value is None or pd.isna(value):
        return ""
    more, spread = ("more" if value > 0 else "less"), ""
    if pd.notna(partner["like_for_like_low"]):
        ends = sorted((abs(partner["like_for_like_low"]), abs(partner["like_for_like_high"])))
        one_sided = np.sign(partner["like_for_like_low"]) == np.sign(partner["like_for_like_high"])
        spread = f" ({say.share(ends[0])} to {say.share(ends[1])})" if one_sided else ", which may be chance"
    return f"At the same {partner['mix_of']}, partners leave {say.share(abs(value))} of revenue {more}{spread}."


def _ourselves(say: Phrases, partner: pd.Series[Any], direct: pd.Series[Any], served: tuple[bool, bool]) -> str:
    if all(served):
        if 0 < partner["contribution_rate"] < direct["contribution_rate"]:
            kept = partner["contribution_rate"] / direct["contribution_rate"]
            return f"Selling it ourselves would pay only if we kept more than {say.share(kept)} of that revenue."
        return ""
    low, high = partner["break_even_low"], partner["break_even_high"]
    if pd.isna(low) or partner["break_even"] <= 0:
        return ""
    even = f"{say.share(partner['break_even'])} ({say.share(low)} to {say.share(high)})"
    more = "a cost of sale of" if served[0] else "a cost of sale above that of the partner route by"
    return f"Sold by ourselves it would leave the same at {more} {even}."


def _action(served: tuple[bool, bool]) -> str:
    if all(served):
        return "Settle which customers each route is for, the dearer route's first"
    if served[0]:
        return "Have finance put one number on what direct selling costs, as a share of its revenue (economics.direct_cost_of_sale)"
    return "Put on record what each route costs to sell: hours or cost by partner, and one number for direct sales"


def _amount(row: pd.Series[Any], value: str, low: str, high: str, period: str) -> Amount:
    bottom, top = (None if pd.isna(row.get(name)) else float(row[name]) for name in (low, high))
    return Amount(float(row[value]), bottom, top, "fraction", period)


def _excludes(row: pd.Series[Any], name: str, value: float) -> bool:
    low, high = row.get(f"{name}_low"), row.get(f"{name}_high")
    return bool(pd.notna(low) and pd.notna(high) and not low <= value <= high)
