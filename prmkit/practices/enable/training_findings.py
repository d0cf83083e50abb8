"""What tiers and trainings say that someone should act on."""

from __future__ import annotations

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.confidence import confidence
from prmkit.practices.enable.certified import trainings
from prmkit.practices.phrases import Phrases, last_year
from prmkit.practices.result import Action, Amount, Finding


def unearned(portfolio: Portfolio, compliance: pd.DataFrame) -> Finding | None:
    """Discount given for tiers that are held and not earned."""
    given = compliance["unearned_discount"].fillna(0.0)
    partners, tiered = compliance.loc[given > 0, "partner_id"].nunique(), compliance["partner_id"].nunique()
    if not partners:
        return None
    say = Phrases.of(portfolio)
    amount = Amount(float(given.sum()), unit=portfolio.currency, period="a year")
    partly = int(compliance["actual"].isna().any())
    hold = "holds" if partners == 1 else "hold"
    return Finding(
        id="enable.compliance.unearned:portfolio:" + portfolio.name,
        practice="enable",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=f"{say.counted(partners)} {hold} a tier not earned: {say.money(amount.amount)} of discount a year",
        statement=(
            f"{say.counted(partners)} of {say.counted(tiered)} with a tier meet only a lower one on what can be "
            f"checked; the difference in discount was {say.money(amount.amount)} in the 12 months."
        ),
        value=amount,
        worth=Amount(amount.amount, unit=portfolio.currency, period="a year"),
        confidence=confidence(basis="measured", n=tiered, decides=True, warnings=partly),
        action=Action(
            what="Tell each what its tier asks and by when; set the tier to what is earned at the next review",
            who="channel director",
            by="next tier review",
            measure="tier held equals tier earned for every partner",
        ),
        evidence=("enable_compliance",),
        inputs=("requirements", "partners", "sales"),
        caveats=("Some partners would buy less at a lower discount; that is not taken off.",),
    )


def never_trained(portfolio: Portfolio) -> Finding | None:
    """Revenue that rests on partners without anyone trained."""
    if not portfolio.has("trainings"):
        return None
    say = Phrases.of(portfolio)
    bought = portfolio.per_partner().clip(lower=0)
    untrained = ~bought.index.isin(trainings(portfolio)["partner_id"])
    active = (bought > 0).to_numpy()
    if not active.any() or not (untrained & active).any():
        return None
    n, of = int((untrained & active).sum()), int(active.sum())
    part = float(bought[untrained].sum() / bought.sum())
    return Finding(
        id="enable.training.never:portfolio:" + portfolio.name,
        practice="enable",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=f"{say.count(n)} of {say.counted(of, 'buying partner')} have nobody trained by us; they bring {say.share(part)} of revenue",
        statement=(
            f"{say.count(n)} of the {say.counted(of, 'partner')} that bought in the 12 months have no training on record; they brought "
            f"{say.share(part)} of the revenue."
        ),
        value=Amount(part, unit="fraction", period=last_year(portfolio)),
        worth=Amount(None, unit=portfolio.currency, period="a year"),
        confidence=confidence(basis="measured", n=of, decides=True),
        action=Action(
            what="Offer the next course to half of them, drawn by lot, so that its effect can be told",
            who="enablement",
            by="next course date",
            measure="revenue of both halves in the 12 months after",
        ),
        evidence=("enable_training_effect",),
        inputs=("trainings", "sales"),
        caveats=("Not priced: what training them would add is not known from those who chose to come.",),
    )
