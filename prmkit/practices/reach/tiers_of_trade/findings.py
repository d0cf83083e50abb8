"""What the second tier means for whoever decides: how much hangs on one distributor."""

from __future__ import annotations

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.confidence import confidence
from prmkit.practices.phrases import Phrases, last_year
from prmkit.practices.reach.pricing import pricing
from prmkit.practices.result import Action, Amount, Finding

_MUCH = 0.3


def dependence(portfolio: Portfolio, tiers: pd.DataFrame | None) -> tuple[Finding, ...]:
    """One distributor that carries 30% or more of the resellers or of the revenue behind distributors."""
    if tiers is None or len(tiers) < 2:
        return ()
    say, whole, first = Phrases.of(portfolio), tiers.iloc[0], tiers.iloc[1]
    if max(float(first["share"] or 0), float(first["reseller_share"])) < _MUCH or not whole["revenue"] > 0:
        return ()
    names = portfolio.whole.partners.drop_duplicates("partner_id").set_index("partner_id")["name"]
    name = str(names.get(first["distributor_id"], first["distributor_id"]))
    alone = ""
    if pd.notna(first.get("only_customers")) and first["only_customers"] > 0:
        alone = f" {say.counted(first['only_customers'], 'end customer')} could be reached through nobody else."
    same = str(first["channel"]) == portfolio.measure
    rate, revenue = pricing(portfolio), Amount(float(first["revenue"]), unit=portfolio.currency, period="a year")
    made = Finding(
        id=f"reach.tiers_of_trade.dependence:partner:{first['distributor_id']}",
        practice="reach",
        subject_kind="partner",
        subject_id=str(first["distributor_id"]),
        title=f"{name} carries {say.share(first['reseller_share'])} of the resellers behind distributors",
        statement=(
            f"Of {say.counted(whole['resellers'], 'reseller')} supplied by distributors in the 12 months, {say.count(first['resellers'])} "
            f"bought through {name}: {say.share(first['share'])} of that revenue, {say.money(first['revenue'])}. "
            f"{say.count(first['new_resellers_12m'])} of them were new, {say.count(first['lost_resellers_12m'])} were lost.{alone}"
        ),
        value=Amount(float(first["reseller_share"]), unit="fraction", period=last_year(portfolio)),
        worth=rate.worth(revenue) if same else Amount(None, unit=portfolio.currency, period="a year"),
        confidence=confidence(basis="measured", n=int(whole["resellers"]), decides=True),
        action=Action(
            what=f"Settle what happens to its resellers if {name} fails or leaves, and have a second supplier for the largest of them",
            who="channel director",
            by="within 90 days",
            measure="share of resellers that have bought through a second distributor",
        ),
        evidence=(f"reach_tiers_of_trade distributor_id={first['distributor_id']}",),
        inputs=("sales",),
        caveats=(
            rate.said
            if same
            else f"Not priced: these lines are {first['channel']}, and the same goods stand in {portfolio.measure} once more.",
            "Resellers are counted as the distributors' reports name them; one that reports under two names counts twice.",
        ),
    )
    return (made,)
