"""The territory where partners sell least each."""

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
