"""What our place in partners' business says that someone should act on."""

from __future__ import annotations

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.confidence import confidence
from prmkit.practices.know.standing import judged
from prmkit.practices.know.standing.alignment import ONLY_US
from prmkit.practices.phrases import Phrases, last_year
from prmkit.practices.result import Action, Amount, Finding

_FEWEST = 10
_ROLES = {"primary": "primary", "core": "core", "add_on": "an add-on"}


def role(portfolio: Portfolio, alignment: pd.DataFrame) -> Finding | None:
    """For how many partners we are the lead line, and for how many an add-on."""
    known = alignment[alignment["portfolio_role"] != "unknown"]
    if len(known) < _FEWEST:
        return None
    say = Phrases.of(portfolio)
    bought = known["partner_id"].map(portfolio.per_partner())
    counts = known["portfolio_role"].value_counts().reindex(list(_ROLES), fill_value=0)
    money = bought.groupby(known["portfolio_role"]).sum().reindex(list(_ROLES), fill_value=0.0) / bought.sum()
    part = float(counts["add_on"] / len(known))
    return Finding(
        id="know.alignment.role:portfolio:" + portfolio.name,
        practice="know",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=f"We are an add-on for {say.share(part)} of the partners we can size, the lead line for {say.count(counts['primary'])}",
        statement=(
            f"Of {say.counted(len(known))} we are "
            + ", ".join(
                f"{said} for {say.count(counts[name])} ({say.share(money[name])} of their revenue)" for name, said in _ROLES.items()
            )
            + "."
        ),
        value=Amount(part, unit="fraction", period=last_year(portfolio)),
        worth=Amount(None, unit=portfolio.currency, period="a year"),
        confidence=confidence(basis="estimated", n=len(known), decides=True),
        action=Action(
            what="Plan jointly where we are primary or core; elsewhere offer bundles, short training and orders without help",
            who="channel director",
            by="next planning round",
            measure="every primary and core partner has a joint plan; hours spent on add-on partners fall",
        ),
        evidence=("know_alignment",),
        inputs=("partners", "sales"),
        caveats=(
            _weighed(alignment, say),
            "Not priced: the role says how to work with a partner, not what it will bring.",
            *_by_judgement(say, known),
        ),
    )


def _weighed(alignment: pd.DataFrame, say: Phrases) -> str:
    """What the roles rest on, and how many readings contradict each other."""
    known = alignment[alignment["portfolio_role"] != "unknown"]
    wrong = float((1 - known["role_probability"]).sum())
    against = int(known["contradiction"].notna().sum())
    said = f"By their own chances about {say.count(round(wrong))} of these roles are wrong."
    return said + (f" At {say.counted(against)} what its people say and what its books say cannot both be right." if against else "")


def _by_judgement(say: Phrases, known: pd.DataFrame) -> tuple[str, ...]:
    """How many roles rest on nothing but a partner manager's word."""
    number = judged.used(known)
    said = f"The role of {say.counted(number)} is their partner manager's judgement; nothing on record confirms it."
    return (said,) if number else ()


def only_us(portfolio: Portfolio, alignment: pd.DataFrame) -> Finding | None:
    """Partners that say they carry only us and yet buy little of what they sell."""
    against = alignment["reason"].fillna("").str.contains(ONLY_US, regex=False).to_numpy()
    if against.sum() < 3:
        return None
    say = Phrases.of(portfolio)
    claimed = portfolio.partners["vendor_count"].to_numpy(dtype=float) == 1
    n, of = int(against.sum()), int((claimed & (portfolio.per_partner().to_numpy() > 0)).sum())
    middle = alignment.loc[against, "share_of_wallet"].median()
    return Finding(
        id="know.alignment.only_us:portfolio:" + portfolio.name,
        practice="know",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=f"{say.count(n)} of {say.counted(of)} said to carry only us buy little of what they sell",
        statement=(
            f"{say.count(n)} of the {say.counted(of, 'buying partner')} with a single vendor on record bought less than a fifth of their "
            f"own turnover from us, half of them less than {say.share(middle)}. The record is wrong, or they sell something else."
        ),
        value=Amount(float(n), unit="partners", period=last_year(portfolio)),
        worth=Amount(None, unit=portfolio.currency, period="a year"),
        confidence=confidence(basis="estimated", n=of, decides=True),
        action=Action(
            what="Ask each what else it sells and correct the record",
            who="partner managers",
            by="within 60 days",
            measure="number of vendors and turnover confirmed for each",
        ),
        evidence=("know_alignment reason=carries only us",),
        inputs=("partners", "sales"),
        caveats=("Not priced until the record is put right.",),
    )
