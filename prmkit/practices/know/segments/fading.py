"""Partners that clearly buy less than a year ago, together and the largest one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.annual_noise import AnnualNoise
from prmkit.practices.confidence import confidence
from prmkit.practices.margin_rate import MarginRate
from prmkit.practices.phrases import Phrases
from prmkit.practices.result import Action, Amount, Finding
from prmkit.publish import words

CLEARLY = 0.8
NAMED = 5
_Z = 1.645
_LUCK = "Some of any fall is luck and comes back by itself; the range allows for it."


def fading(portfolio: Portfolio, segments: pd.DataFrame, noise: AnnualNoise, rate: MarginRate) -> list[Finding]:
    """One finding about all that clearly fade (chance of 0.8 or more) and one for each of the five that fell furthest."""
    rows = segments[(segments["momentum"] == "fading") & (segments["momentum_membership"] >= CLEARLY)]
    if rows.empty:
        return []
    fall = (rows["revenue_previous_12m"] - rows["revenue_12m"]).to_numpy()
    squares, bought = _two_years(portfolio, rows["partner_id"])
    error = np.sqrt(noise.share_of_squares * squares)
    worst = np.argsort(-fall, kind="stable")[:NAMED]
    return [
        _all(portfolio, len(rows), _amount(portfolio, fall.sum(), np.sqrt((error**2).sum())), rate),
        *(_one(portfolio, rows.iloc[at], _amount(portfolio, fall[at], error[at]), int(bought[at]), rate) for at in worst),
    ]


def _two_years(portfolio: Portfolio, ids: pd.Series) -> tuple[NDArray[Any], NDArray[Any]]:
    """Sum of squared monthly revenue and number of buying months over two years."""
    months = portfolio.orders[portfolio.orders["month"] < 24]
    rows = months.assign(square=months["revenue"] ** 2, bought=months["revenue"] > 0)
    sums = rows.groupby("partner_id")[["square", "bought"]].sum().reindex(ids, fill_value=0)
    return sums["square"].to_numpy(dtype=float), sums["bought"].to_numpy(dtype=float)


def _amount(portfolio: Portfolio, fall: float, error: float) -> Amount:
    return Amount(float(fall), float(fall - _Z * error), float(fall + _Z * error), portfolio.currency, "a year")


def _all(portfolio: Portfolio, n: int, fall: Amount, rate: MarginRate) -> Finding:
    say = Phrases.of(portfolio)
    return Finding(
        id="know.segments.fading:portfolio:" + portfolio.name,
        practice="know",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=f"{say.counted(n)} clearly {'buys' if n == 1 else 'buy'} less than a year ago: {say.money(fall.amount)} of revenue gone",
        statement=(
            f"{say.counted(n)} {'has' if n == 1 else 'have'} a chance of {say.share(CLEARLY)} or more of having truly fallen by a "
            f"quarter: {say.interval(fall)} in all."
        ),
        value=fall,
        worth=rate.worth(fall),
        confidence=confidence(basis="measured", n=n, decides=(fall.low or 0) > 0),
        action=Action(
            what="Visit them, largest fall first, and write down the cause before offering money",
            who="partner managers",
            by="within 30 days",
            measure="a cause on record for each; revenue of the next six months against the same months a year ago",
        ),
        evidence=("know_segments",),
        inputs=("sales",),
        caveats=(_LUCK, rate.said),
    )


def _one(portfolio: Portfolio, row: pd.Series, fall: Amount, bought: int, rate: MarginRate) -> Finding:
    say, partner = Phrases.of(portfolio), str(row["partner_id"])
    name = words.plain(portfolio.partners.set_index("partner_id").loc[partner, "name"])
    before, now = say.money(row["revenue_previous_12m"]), say.money(row["revenue_12m"])
    return Finding(
        id="know.segments.fading:partner:" + partner,
        practice="know",
        subject_kind="partner",
        subject_id=partner,
        title=f"{name} bought {say.money(fall.amount)} less than the year before",
        statement=(
            f"{name} went from {before} to {now} in 12 months; the chance that it truly fell by a quarter or more is "
            f"{say.share(row['momentum_membership'])}."
        ),
        value=fall,
        worth=rate.worth(fall),
        confidence=confidence(basis="measured", n=bought, decides=(fall.low or 0) > 0),
        action=Action(
            what="Visit, find the cause, agree what it takes to come back",
            who="partner manager",
            by="within 30 days",
            measure="orders in the next quarter against the same quarter of the better year",
        ),
        evidence=(f"know_segments partner_id={partner}",),
        inputs=("sales",),
        caveats=(_LUCK, rate.said),
    )
