"""Partners that do less with us than their like: how many, and what it is worth at the least."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.confidence import confidence
from prmkit.practices.know.effort.engagement import LESS
from prmkit.practices.margin_rate import margin_rate
from prmkit.practices.phrases import Phrases, last_year
from prmkit.practices.result import Action, Amount, Finding


def does_less(portfolio: Portfolio, engagement: pd.DataFrame) -> Finding | None:
    """Partners that still order, but clearly less often than their like; those that went silent stand elsewhere."""
    judged = engagement["expected"].notna()
    rows = engagement[judged & engagement["does_less"].astype(bool) & (engagement["seen"] > 0)]
    if len(rows) < 3:
        return None
    say, rate = Phrases.of(portfolio), margin_rate(portfolio)
    a_day = (rows["partner_id"].map(portfolio.per_partner()).clip(lower=0) / rows["seen"]).to_numpy(dtype=float)
    expected, own_low, own_high = (rows[name].to_numpy(dtype=float) for name in ("expected", "own_low", "own_high"))
    # half way to its like, from the highest rate its own orders allow
    gaps = [float((np.maximum(expected - own, 0) / 2 * a_day).sum()) for own in ((own_low + own_high) / 2, own_high, own_low)]
    revenue = Amount(gaps[0], gaps[1], gaps[2], portfolio.currency, "a year")
    wrong = float((1 - rows["chance_it_does_less"]).mean())
    below = int((engagement["seen"] < engagement["expected"])[judged & (engagement["seen"] > 0)].sum())
    return Finding(
        id="know.engagement.less:portfolio:" + portfolio.name,
        practice="know",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=f"{say.counted(len(rows), 'partner')} order clearly less often than others like them",
        statement=(
            f"Of {say.counted(int(judged.sum()), 'partner')} with more than 12 months behind them, {say.count(len(rows))} still order, but "
            f"at under {say.share(LESS)} of the rate of partners of their type, size, role and time; {say.share(wrong)} of these are "
            f"expected to be bad luck. {say.count(max(below - len(rows), 0))} more lie below the figure of their like, for which chance is "
            "reason enough."
        ),
        value=Amount(float(len(rows)), unit="partners", period=last_year(portfolio)),
        worth=rate.worth(Amount(revenue.low, None, None, portfolio.currency, "a year")),
        confidence=confidence(basis="estimated", n=len(rows), decides=True),
        action=Action(
            what="Call the ten with the widest gap: what keeps them from ordering like their peers, and do they want to",
            who="partner managers",
            by="within 30 days",
            measure="order days of the ones called in the next two quarters against the like that was not called",
        ),
        evidence=("know_engagement does_less=true",),
        inputs=("sales", "partners"),
        caveats=(
            "Priced as half the way to their like, counted from the highest rate that their own orders allow, at their own revenue a day "
            "of order: a floor for what is there, not a forecast.",
            "Why they order less is not in the data: the customers they have may need no more.",
            rate.said,
        ),
    )
