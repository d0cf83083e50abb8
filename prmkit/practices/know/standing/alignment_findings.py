"""Where our place in partners' business shrinks, where our effort does not follow it, and where it is not known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.ratio import ratio_of_sums
from prmkit.practices.confidence import confidence
from prmkit.practices.cost_to_serve import cost_to_serve
from prmkit.practices.incentive_spend import incentive_spend
from prmkit.practices.margin_rate import MarginRate
from prmkit.practices.phrases import Phrases, last_year
from prmkit.practices.result import Action, Amount, Finding
from prmkit.publish import words

_FEWEST = 3
_NAMED = 3
_ENOUGH_COSTED = 10
_UNKNOWN_MATTERS = 0.1


def alignment_findings(portfolio: Portfolio, alignment: pd.DataFrame, rate: MarginRate) -> list[Finding]:
    """At most three findings: who slides, where effort goes, whose place to ask for."""
    made = [_sliding(portfolio, alignment, rate), _effort(portfolio, alignment), _unknown(portfolio, alignment)]
    return [finding for finding in made if finding is not None]


def _sliding(portfolio: Portfolio, alignment: pd.DataFrame, rate: MarginRate) -> Finding | None:
    rows = alignment[(alignment["moved"] == "down") & (alignment["portfolio_role"] != "unknown")]
    if len(rows) < _FEWEST:
        return None
    say = Phrases.of(portfolio)
    before = rows["partner_id"].map(portfolio.per_partner(first=12))
    lost = float((before - rows["revenue_12m"]).sum())
    judged = alignment[alignment["moved"] != "unknown"]
    real = float(rows["moved_chance"].sum())
    worst = rows.assign(lost=before - rows["revenue_12m"]).sort_values("lost", ascending=False, kind="stable").head(_NAMED)
    names = portfolio.partners.set_index("partner_id")["name"].reindex(worst["partner_id"])
    ups = int((judged["moved"] == "up").sum())
    return Finding(
        id="know.alignment.sliding:portfolio:" + portfolio.name,
        practice="know",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=f"Our place shrank at {say.counted(len(rows))} in a year: {say.money(lost)} of revenue went with it",
        statement=(
            f"Of {say.counted(len(judged))} whose place we know for both years, {say.count(len(rows))} slid from main to core line or to "
            f"add-on and {say.count(ups)} rose. By the chances given, about {say.count(round(real))} of the {say.count(len(rows))} truly "
            f"moved. The largest: {', '.join(words.plain(name) for name in names)}."
        ),
        value=Amount(lost, unit=portfolio.currency, period="a year"),
        worth=rate.worth(Amount(lost, unit=portfolio.currency, period="a year")),
        confidence=confidence(basis="estimated", n=len(rows), decides=True),
        action=Action(
            what="Ask each, largest first, which vendor took the place and what it offered; win back those where the cause is ours",
            who="partner managers",
            by="within 60 days",
            measure="cause on record for each; our share of their business in the next 12 months",
        ),
        evidence=("know_alignment_moves", "know_alignment moved=down"),
        inputs=("sales", "partners"),
        caveats=(
            "Turnover for which no earlier value is on record is taken as unchanged: a partner that shrank as a whole can look like one "
            "that turned away.",
            rate.said,
        ),
    )


def _effort(portfolio: Portfolio, alignment: pd.DataFrame) -> Finding | None:
    """Support and incentives per unit of revenue at add-ons, against those at which we are primary or core."""
    if not (portfolio.has("support") or portfolio.has("incentives")):
        return None
    spend = incentive_spend(portfolio)
    cost = (spend["off_invoice"] + cost_to_serve(portfolio)["cost_to_serve"]).to_numpy()
    revenue = alignment["revenue_12m"].to_numpy()
    groups = {
        name: alignment["portfolio_role"].isin(roles).to_numpy() for name, roles in (("add", ["add_on"]), ("ours", ["primary", "core"]))
    }
    if any((held & (revenue > 0)).sum() < _ENOUGH_COSTED or cost[held].sum() <= 0 for held in groups.values()):
        return None
    seed = portfolio.settings.seed
    add, ours = (ratio_of_sums(cost[held], revenue[held], seed + at) for at, held in enumerate(groups.values()))
    if not (add.low > ours.high):
        return None
    say = Phrases.of(portfolio)
    excess = (add.value - ours.value) * float(revenue[groups["add"]].sum())
    ends = [(one - other) * float(revenue[groups["add"]].sum()) for one, other in ((add.low, ours.high), (add.high, ours.low))]
    part = float(cost[groups["add"]].sum() / (cost[groups["add"]].sum() + cost[groups["ours"]].sum()))
    brought = float(revenue[groups["add"]].sum() / (revenue[groups["add"]].sum() + revenue[groups["ours"]].sum()))
    return Finding(
        id="know.alignment.effort:portfolio:" + portfolio.name,
        practice="know",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=f"Partners where we are an add-on take {say.share(part)} of our effort and bring {say.share(brought)} of the revenue",
        statement=(
            f"Support and incentives cost {say.share(add.value)} of revenue ({say.share(add.low)} to {say.share(add.high)}) at the "
            f"{say.counted(int(groups['add'].sum()))} where we are an add-on, and {say.share(ours.value)} ({say.share(ours.low)} to "
            f"{say.share(ours.high)}) at the {say.count(int(groups['ours'].sum()))} where we are a main or core line."
        ),
        value=Amount(part, unit="fraction", period=last_year(portfolio)),
        worth=Amount(excess, ends[0], ends[1], portfolio.currency, "a year"),
        confidence=confidence(basis="estimated", n=min(add.cases, ours.cases), decides=True),
        action=Action(
            what="Serve add-on partners with bundles, short training and orders without help; move the hours to main and core lines",
            who="head of partner management",
            by="next planning round",
            measure="cost of support and incentives per unit of revenue at add-on partners falls towards that of the others",
        ),
        evidence=("know_alignment portfolio_role=add_on",),
        inputs=("support", "incentives", "sales", "partners"),
        caveats=(
            "Worth is what would be saved if add-on partners cost as much per unit of revenue as the others; part of the cost of a small "
            "partner is there whatever it buys.",
        ),
    )


def _unknown(portfolio: Portfolio, alignment: pd.DataFrame) -> Finding | None:
    """The partners with most revenue whose role nobody can tell, and the question that would."""
    rows = alignment[(alignment["portfolio_role"] == "unknown") & (alignment["revenue_12m"] > 0)]
    total = float(alignment["revenue_12m"].clip(lower=0).sum())
    share = float(rows["revenue_12m"].sum() / total) if total > 0 else 0.0
    if len(rows) < _FEWEST or share < _UNKNOWN_MATTERS:
        return None
    say = Phrases.of(portfolio)
    falling = rows.sort_values("revenue_12m", ascending=False, kind="stable")
    most = falling[np.cumsum(falling["revenue_12m"]) - falling["revenue_12m"] < 0.8 * falling["revenue_12m"].sum()]
    names = portfolio.partners.set_index("partner_id")["name"].reindex(most["partner_id"].head(_NAMED))
    return Finding(
        id="know.alignment.unknown:portfolio:" + portfolio.name,
        practice="know",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=f"For {say.share(share)} of revenue it is not known whether we are the partner's main line or an add-on",
        statement=(
            f"{say.counted(len(rows))} that bought in the 12 months have no clear role; {say.count(len(most))} of them hold four fifths of "
            f"that revenue. Begin with {', '.join(words.plain(name) for name in names)}."
        ),
        value=Amount(share, unit="fraction", period=last_year(portfolio)),
        worth=Amount(None, unit=portfolio.currency, period="a year"),
        confidence=confidence(basis="measured", n=len(rows), decides=True),
        action=Action(
            what=f"Ask the {say.count(len(most))} one question: of all that you buy in our category, how much do you buy from us?",
            who="partner managers",
            by="within 30 days",
            measure="an answer on record for each",
        ),
        evidence=("know_alignment portfolio_role=unknown",),
        inputs=("partners", "sales", "surveys"),
        caveats=("Not priced: what it unlocks is how to work with them.",),
    )
