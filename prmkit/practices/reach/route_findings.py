"""Findings on where and how the channel sells: a territory with thin yield, partners against direct."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.ratio import Ratio, ratio_of_sums
from prmkit.practices.confidence import confidence
from prmkit.practices.phrases import Phrases, last_year
from prmkit.practices.reach.pricing import pricing
from prmkit.practices.reach.territories import MIN_PARTNERS, active, home
from prmkit.practices.result import Action, Amount, Finding


def thin_yield(portfolio: Portfolio) -> Finding | None:
    """The territory whose active partners sell least each, where that is more than luck."""
    selling = active(portfolio)
    where, revenue = home(portfolio)[selling[selling].index], portfolio.per_partner()[selling]
    if len(revenue) < MIN_PARTNERS or where.nunique() < 2:
        return None
    found = _below_the_rest(revenue, where, portfolio.settings.seed)
    if not found:
        return None
    name = min(found, key=lambda each: found[each].value)
    thin, say, rate = found[name], Phrases.of(portfolio), pricing(portfolio)
    rest = float(revenue[where != name].mean())
    missing = (rest - thin.value) * thin.cases
    value = Amount(thin.value, thin.low, thin.high, portfolio.currency, last_year(portfolio))
    return Finding(
        id=f"reach.plan.thin_yield:territory:{name}",
        practice="reach",
        subject_kind="territory",
        subject_id=name,
        title=f"Partners in {name} sell {say.share(1 - thin.value / rest)} less each than partners elsewhere",
        statement=(
            f"An active partner in {name} brought {say.interval(value)}, against {say.money(rest)} elsewhere. "
            f"A recruit there is likely to add least; raising its {say.counted(thin.cases, 'active partner')} to that "
            f"would bring {say.money(missing)}."
        ),
        value=value,
        worth=rate.worth(Amount(missing, unit=portfolio.currency, period="a year")),
        confidence=confidence(basis="measured", n=thin.cases, decides=True),
        action=Action(
            what=f"Find out in {name} whether the market is small or partners are spread thin, before any more are signed",
            who="territory manager",
            by="within 60 days",
            measure="revenue per active partner",
        ),
        evidence=(f"reach_plan territory={name}",),
        inputs=("sales", "partners"),
        caveats=(rate.said, "The lowest of several territories looks worse than it is: expect part of the difference to fade."),
    )


def _below_the_rest(revenue: pd.Series, where: pd.Series, seed: int) -> dict[str, Ratio]:
    """Revenue per active partner of the territories of eight or more whose 90% interval lies below the mean of the others."""
    found = {}
    for name, own in revenue.groupby(where):
        values = own.to_numpy(dtype=float)
        if len(values) >= MIN_PARTNERS and values.sum() > 0 and len(values) < len(revenue):
            made = ratio_of_sums(values, np.ones(len(values)), seed)
            if made.high < float(revenue[where != name].mean()):
                found[str(name)] = made
    return found


def route_contribution(portfolio: Portfolio, routes: pd.DataFrame | None) -> Finding | None:
    """What a unit of revenue leaves through partners and direct."""
    if routes is None or routes.empty or "contribution_rate" not in routes:
        return None
    known = routes.dropna(subset=["contribution_rate"]).set_index("route")
    if not {"partner", "direct"} <= set(known.index):
        return None
    say, period = Phrases.of(portfolio), last_year(portfolio)
    partner, direct = (
        Amount(float(rate), _known(low), _known(high), "fraction", period)
        for low, rate, high in known.reindex(["partner", "direct"], columns=["low", "contribution_rate", "high"]).to_numpy(dtype=float)
    )
    apart = _apart(partner, direct)
    revenue, missing = known["revenue"].to_dict(), known["missing_costs"].to_dict()
    rates = {"partner": partner.amount or 0.0, "direct": direct.amount or 0.0}
    better, worse = sorted(rates, key=lambda route: -rates[route])
    return Finding(
        id=f"reach.routes.contribution:portfolio:{portfolio.name}",
        practice="reach",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=(
            f"{better.capitalize()} sales leave {say.share(rates[better])} of revenue before the cost of selling, "
            f"{worse} sales {say.share(rates[worse])}"
        ),
        statement=(
            f"Of {say.money(revenue['partner'])} through partners, {say.interval(partner)}, was left after cost of goods and incentives; "
            f"of {say.money(revenue['direct'])} sold direct, {say.share(rates['direct'])}."
        ),
        value=partner,
        worth=Amount(None, unit=portfolio.currency, period="a year"),
        confidence=confidence(basis="measured", n=int(known["cases"].to_dict()["partner"]), decides=apart, warnings=1),
        action=Action(
            what="Put the cost of selling on each route beside this, and settle which customers each route is for",
            who="head of sales",
            by="within 90 days",
            measure="contribution of each route with all costs in",
        ),
        evidence=("reach_routes",),
        inputs=("sales", "incentives"),
        caveats=(
            f"Costs not in it: partners: {missing['partner']}; direct: {missing['direct']}.",
            "Not priced: customers cannot simply be moved.",
        ),
    )


def _apart(one: Amount, other: Amount) -> bool:
    """Whether two intervals do not touch."""
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return False
    return one.high < other.low or other.high < one.low


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
