"""What partners' own books on our line say that someone should act on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.confidence import confidence
from prmkit.practices.know.earning.partner_profit import books
from prmkit.practices.phrases import Phrases, last_year
from prmkit.practices.result import Action, Amount, Finding

FEWEST, FEW_BOUGHT = 10, 3
BY_CHANCE = 0.05
"""Which part of partners that are all alike would fall below the others' rate by chance, at most."""
MOST = 0.5
_INPUTS = ("sales", "partners")


def economics_findings(portfolio: Portfolio, rows: pd.DataFrame) -> list[Finding | None]:
    """Where partners earn little with us, where our money is most of it, and what services are worth; `rows`: know_economics."""
    return [_below_alternative(portfolio, rows), _below_kind(portfolio, rows), _bought(portfolio, rows), _services(portfolio, rows)]


def _unpriced(portfolio: Portfolio) -> Amount:
    return Amount(None, unit=portfolio.currency, period="a year")


def _below_alternative(portfolio: Portfolio, rows: pd.DataFrame) -> Finding | None:
    """Partners whose salespeople clearly earn less with us than on all they sell."""
    known, bad = rows[rows["hour_index"].notna()], rows[rows["worth_their_while"] == "no"]
    if len(known) < FEWEST or len(bad) <= 2 * BY_CHANCE * len(known):
        return None
    say, paid = Phrases.of(portfolio), known["paid"].sum()
    middle = float(bad["hour_index"].median())
    return Finding(
        id="know.economics.below_alternative:portfolio:" + portfolio.name,
        practice="know",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=f"At {say.count(len(bad))} of {say.counted(len(known))} an hour spent on our line earns less than on all they sell",
        statement=(
            f"Half of the {say.count(len(bad))} earn at most {say.share(middle)} with us of what an hour of their salespeople earns "
            f"on average. They brought {say.share(bad['paid'].sum() / paid)} of what these partners bought."
        ),
        value=Amount(float(len(bad)), unit="partners", period=last_year(portfolio)),
        worth=_unpriced(portfolio),
        confidence=confidence(basis="estimated", n=len(known), decides=True),
        action=Action(
            what="Show the largest their own books with us and ask what would make an hour worth it: margin, services or less effort",
            who="partner managers",
            by="next business review",
            measure="the range of their hour index no longer lies below one",
        ),
        evidence=("know_economics worth_their_while=no",),
        inputs=(*_INPUTS, "people"),
        caveats=(
            "What they earn on all they sell is their turnover at the margin the engagement names for partners.",
            "Not priced: what they would sell if it paid them better is not known.",
        ),
    )


def _below_kind(portfolio: Portfolio, rows: pd.DataFrame) -> Finding | None:
    """Partners whose salespeople clearly earn less by the hour with us than those of other partners of their kind."""
    known, bad = rows[rows["against_kind"] != "cannot_tell"], rows[rows["against_kind"] == "below"]
    if len(known) < FEWEST or len(bad) <= 2 * BY_CHANCE * len(known):
        return None
    say = Phrases.of(portfolio)
    theirs, others = float(bad["profit_per_rep_hour"].median()), float(bad["kind_profit_per_rep_hour"].median())
    part = bad["paid"].sum() / known["paid"].sum()
    return Finding(
        id="know.economics.below_kind:portfolio:" + portfolio.name,
        practice="know",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=f"{say.count(len(bad))} of {say.counted(len(known))} earn clearly less by the hour with us than others of their kind",
        statement=(
            f"Half of them earn at most {say.money(theirs)} for an hour that their salespeople give our line, where the middle one of "
            f"their kind earns {say.money(others)}. They brought {say.share(part)} of what these partners bought."
        ),
        value=Amount(float(len(bad)), unit="partners", period=last_year(portfolio)),
        worth=_unpriced(portfolio),
        confidence=confidence(basis="estimated", n=len(known), decides=True),
        action=Action(
            what="Start with those that give us the most hours: bundles and orders without help save hours, services add profit",
            who="partner managers",
            by="within 90 days",
            measure="what an hour of theirs earns with us, a year on",
        ),
        evidence=("know_economics against_kind=below",),
        inputs=(*_INPUTS, "people"),
        caveats=(
            f"Of partners that are all alike up to {say.share(BY_CHANCE)} would be named by chance.",
            "Not priced: what they would sell if it paid them better is not known.",
        ),
    )


def _bought(portfolio: Portfolio, rows: pd.DataFrame) -> Finding | None:
    """Partners that earn with us mostly what we pay them: rebates, bonuses and special discounts."""
    known = rows[rows["bought_share"].notna() & (rows["incentives_earned"] + rows["invoice_discounts"] > 0)]
    bad = known[known["bought_share_low"] > MOST]
    if len(bad) < FEW_BOUGHT:
        return None
    say = Phrases.of(portfolio)
    money = float((bad["incentives_earned"] + bad["invoice_discounts"]).sum())
    return Finding(
        id="know.economics.bought:portfolio:" + portfolio.name,
        practice="know",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=f"At {say.counted(len(bad))} most of what they earn with us is what we pay them for selling",
        statement=(
            f"{say.money(money)} of rebates, bonuses and special discounts are more than half of what these partners earn with us, "
            f"even at the upper end of the range; {say.counted(len(known))} got any."
        ),
        value=Amount(money, unit=portfolio.currency, period=last_year(portfolio)),
        worth=_unpriced(portfolio),
        confidence=confidence(basis="estimated", n=len(known), decides=True),
        action=Action(
            what="Before the next round of payments, look at each: would it sell without, and what else could it earn with us",
            who="channel director",
            by="before the next payment",
            measure="share of what they earn with us that is not paid by us",
        ),
        evidence=("know_economics bought_share_low above one half",),
        inputs=(*_INPUTS, "incentives"),
        caveats=("Not priced: what they would sell without the money is for the practice of incentives to say.", _FUNDS),
    )


_FUNDS = "Money for marketing (mdf, coop) is left out: it is spent on campaigns."


def _services(portfolio: Portfolio, rows: pd.DataFrame) -> Finding | None:
    """What services sold around our line are worth to partners."""
    some = (rows["services_profit"].notna() & (rows["gross_profit"] > 0) & (rows["paid"] > 0)).to_numpy()
    if some.sum() < FEWEST:
        return None
    say, found = Phrases.of(portfolio), books(portfolio)
    money, total = float(rows.loc[some, "services_profit"].sum()), float(rows.loc[some, "gross_profit"].sum())
    drawn = found.services[some].sum(axis=0) / found.profit[some].sum(axis=0)
    # sums of the same lines differ in the last digit by the order they were added in
    low, high = (round(float(end), 12) for end in np.quantile(drawn, (0.05, 0.95)))
    part = round(min(max(money / total, low), high), 12)
    share = Amount(part, low, high, "fraction", last_year(portfolio))
    goods = float(rows.loc[some, "paid"].sum())
    without = int((rows.loc[some, "attach_rate"] < rows.loc[some, "attach_rate"].median() / 2).sum())
    title = f"Services around our line bring {say.share(part)} of what partners earn with us"
    return Finding(
        id="know.economics.services:portfolio:" + portfolio.name,
        practice="know",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=title + (", more than reselling it" if low > MOST else ""),
        statement=(
            f"Of what {say.counted(int(some.sum()))} earn with us, {say.interval(share)}, comes from services of their own: "
            f"{say.money(money / goods * 100)} for every {say.money(100)} of goods they bought. "
            f"{say.count(without)} of them sell less than half of the usual services around their goods."
        ),
        value=share,
        worth=_unpriced(portfolio),
        confidence=confidence(basis="estimated", n=int(some.sum()), decides=low > MOST or high < MOST),
        action=Action(
            what=f"Take the {say.counted(without)} that sell few services through certification and a services offer built around our line",
            who="partner enablement",
            by="next quarter",
            measure="their share of services, and what an hour of theirs earns with us",
        ),
        evidence=("know_economics", "know_earning_models"),
        inputs=_INPUTS,
        caveats=(
            "Services are taken to sell around our line as around their other lines, at the margin on services the engagement names.",
            "Not priced: services are the partner's profit, not ours.",
        ),
    )
