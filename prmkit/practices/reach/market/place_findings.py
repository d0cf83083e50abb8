"""What places say: where the next partner should be, and customers where there is no partner."""

from __future__ import annotations

from typing import Any

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.phrases import Phrases, last_year
from prmkit.practices.reach.market.claim import claim, money_a_year
from prmkit.practices.reach.market.coverage_findings import market_said
from prmkit.practices.reach.market.gravity import gravity
from prmkit.practices.reach.pricing import pricing
from prmkit.practices.result import Action, Amount, Finding

_WITHOUT = 0.1
_LEAST = 30
_NAMED = 3


def next_place(portfolio: Portfolio, rows: pd.DataFrame | None) -> Finding | None:
    """The first of the sites."""
    if rows is None or rows.empty:
        return None
    row = rows.iloc[0]
    say, rate = Phrases.of(portfolio), pricing(portfolio)
    amount = money_a_year(row, ("demand_covered", "demand_low", "demand_high"), portfolio.currency)
    on_ground = row["basis"] == "places"
    worth, cost = rate.worth(amount), portfolio.settings.economics.partner_cost
    pays = worth.amount is None or cost is None or worth.amount >= cost
    title = f"The next partner is best placed in {row['place']}: {say.money(amount.amount)} a year is open there"
    if not pays:
        title = f"No place pays for one more partner: the best, {row['place']}, has {say.money(amount.amount)} a year open"
    return claim(
        portfolio,
        "sites.next_place",
        ("portfolio", portfolio.name),
        title,
        _place_said(portfolio, say, row, amount),
        amount,
        worth,
        basis="estimated",
        n=int(row["customers_open"]) if pd.notna(row["customers_open"]) and row["customers_open"] >= 0 else _LEAST,
        decides=bool(amount.low is not None and amount.low > 0 and row["stability"] >= 0.5),
        warnings=int(row.get("mode") == "far") + int(on_ground and not gravity(portfolio).learnt),
        action=Action(
            what=f"Look for partners in {row['place']} first, and check with those nearby what they leave undone"
            if pays
            else f"Ask the partners near {row['place']} to serve those customers before another is signed for them",
            who="partner recruitment",
            by="before the next signing",
            measure="customers served there that nobody served before",
        ),
        evidence=("reach_sites rank=1", "reach_areas") if on_ground else ("reach_sites rank=1",),
        inputs=("customers", "partners", "sales"),
        caveats=(rate.said, *_place_caveats(portfolio, row)),
    )


def _place_said(portfolio: Portfolio, say: Phrases, row: Any, amount: Amount) -> str:
    if row["basis"] == "territories":
        return (
            f"{row['territory']} has the largest realistic white space, {say.interval(amount)}; it is among the first three in "
            f"{say.share(row['stability'])} of draws. No places of customers are known, so that territories are all that can be named."
        )
    who = "that now buy from afar" if row.get("mode") == "far" else "on record that nobody serves"
    open_ = say.counted(row["customers_open"], "customer")
    if row["basis"] == "postal areas":
        return (
            f"{open_} {who}, and {say.counted(row['active_partners'], 'active partner')}. Served as elsewhere and shared alike, a newcomer "
            f"should sell {say.interval(amount)}; it is among the first three areas in {say.share(row['stability'])} of draws."
        )
    return (
        f"{open_} {who} lie within {say.count(row['radius_km'])} km, the distance within which partners make most of their sales; "
        f"the nearest active partner is {say.count(row['nearest_partner_km'])} km away. A newcomer should sell {say.interval(amount)} "
        f"to them, and draw {say.money(row['taken_from_neighbours'])} a year from partners nearby. "
        "The greater part of it is covered again in "
        f"{say.share(row['stability'])} of draws of the demand."
    )


def _place_caveats(portfolio: Portfolio, row: Any) -> tuple[str, ...]:
    if row["basis"] == "territories":
        return (market_said(portfolio), "Where in the territory is not known: coordinates or postal codes of customers would tell.")
    said = ["The range is that of the demand, not of how good the partner found will be."]
    if row["basis"] == "places":
        pull = gravity(portfolio)
        said.append("Distances are as the crow flies.")
        if not pull.learnt:
            said.append(f"How far distance weighs is taken as usual, not learnt: {pull.reason}.")
        if row["taken_from_neighbours"] > row["demand_covered"]:
            said.append("More would be drawn from present partners than is new.")
    return tuple(said)


def without_partner(portfolio: Portfolio, rows: pd.DataFrame | None) -> Finding | None:
    """Customers in postal areas without an active partner; on the ground the sites say it better."""
    if rows is None or rows.empty or rows["basis"].iloc[0] != "postal areas":
        return None
    bare = rows[rows["active_partners"] == 0]
    total, count = float(rows["customers"].sum()), float(bare["customers"].sum())
    if count < _LEAST or count < _WITHOUT * total:
        return None
    say = Phrases.of(portfolio)
    first = ", ".join(bare.sort_values(["customers", "area"], ascending=[False, True])["area"].head(_NAMED))
    direct, through = float(bare["direct_revenue"].sum()), float(bare["partner_revenue"].sum())
    return claim(
        portfolio,
        "areas.without_partner",
        ("portfolio", portfolio.name),
        f"{say.share(count / total)} of customers are in postal areas without an active partner",
        f"{say.count(count)} of {say.count(total)} customers with a postal code, most of them in {first}. They bought {say.money(direct)} "
        f"from us direct and {say.money(through)} from partners elsewhere in the 12 months.",
        Amount(count / total, unit="fraction", period=last_year(portfolio)),
        Amount(None, unit=portfolio.currency, period="a year"),
        basis="measured",
        n=int(count),
        decides=True,
        warnings=1,
        action=Action(
            what="Decide whether partners, or we ourselves, are to serve these areas",
            who="channel director",
            by="at the next territory review",
            measure="customers in areas without an active partner",
        ),
        evidence=("reach_areas",),
        inputs=("customers", "partners"),
        caveats=("Not priced: what these customers would buy through a partner is not known.", "A partner may serve areas beside its own."),
    )
