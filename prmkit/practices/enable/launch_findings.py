"""What launches say that someone should act on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.confidence import confidence
from prmkit.practices.phrases import Phrases, last_year
from prmkit.practices.result import Action, Amount, Finding


def new_products(portfolio: Portfolio, launches: pd.DataFrame) -> Finding | None:
    """What new families bring, and how many partners sell any of them."""
    new = launches[launches["new_product_share"].notna()] if len(launches) else launches
    if new.empty:
        return None
    say = Phrases.of(portfolio)
    part = float(new["new_product_share"].sum())
    year = portfolio.months[(portfolio.months["month"] < 12) & portfolio.months["product_family"].isin(new["product_family"])]
    selling = int((year.groupby("partner_id")["revenue"].sum() > 0).sum())
    buying = int((portfolio.per_partner() > 0).sum())
    if not buying:
        return None
    without, families = buying - selling, say.counted(len(new), "family", "families")
    return Finding(
        id="enable.launches.new_share:portfolio:" + portfolio.name,
        practice="enable",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=f"New product families bring {say.share(part)} of revenue; {say.count(without)} of {say.counted(buying)} sell none",
        statement=(
            f"{families} launched or first sold in the last 24 months brought {say.share(part)} of the 12-month revenue, through "
            f"{say.counted(selling)} of the {say.count(buying)} that bought anything."
        ),
        value=Amount(part, unit="fraction", period=last_year(portfolio)),
        worth=Amount(None, unit=portfolio.currency, period="a year"),
        confidence=confidence(basis="measured", n=buying, decides=True),
        action=Action(
            what=f"Offer the {say.counted(without)} that sell none a short training on one new family each, the fullest order books first",
            who="partner managers",
            by="within 90 days",
            measure="partners selling at least one new family",
        ),
        evidence=("enable_launches",),
        inputs=("sales", "products"),
        caveats=(
            "Not priced: a new family may replace sales of an old one.",
            *(("A family counts from its first sale where that comes before its stated launch.",) if _early(new) else ()),
        ),
    )


def _early(new: pd.DataFrame) -> bool:
    return bool(np.any(new["first_sold_by"] < new["launched_on"]))
