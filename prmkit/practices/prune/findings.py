"""What pruning has to say, in findings."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.confidence import confidence
from prmkit.practices.prune.backtest import bottom, fit_backtest
from prmkit.practices.prune.decisions import MOST_MISSING, SURE, TOP
from prmkit.practices.prune.partner_findings import partner_findings
from prmkit.practices.prune.scorecard import Scorecard, cost_missing_share, fit_scorecard
from prmkit.practices.prune.values import fix_works
from prmkit.practices.result import Action, Amount, Finding
from prmkit.publish.words import count, counted, day, money, share


def findings(portfolio: Portfolio, tables: Mapping[str, pd.DataFrame]) -> tuple[Finding, ...]:
    """Loss-makers for certain, what a fix is worth, what the whale curve gives back, what bottom lists save, what costs are missing."""
    card = portfolio.fitted(fit_scorecard)
    rows, decisions = tables["scorecard"], tables["decisions"]
    made: list[Finding] = []
    if card.contribution is not None:
        made += _loss_makers(portfolio, rows, card)
        made += _fixes(portfolio, rows, decisions)
    made += _whale(portfolio, tables["whale"])
    made += _bottom_list(portfolio)
    made += _missing_costs(portfolio, rows)
    return (*made, *partner_findings(portfolio, rows, decisions))


def _year(portfolio: Portfolio) -> str:
    return f"12 months to {portfolio.as_of.date()}"


def _loss_makers(portfolio: Portfolio, rows: pd.DataFrame, card: Scorecard) -> list[Finding]:
    apparent = int((rows["contribution"] < 0).sum())
    sure = rows[rows["p_below_hurdle"] > SURE]
    if not apparent:
        return []
    assert card.contribution is not None
    locale, currency = portfolio.settings.locale, portfolio.currency
    hurdle = portfolio.settings.prune.hurdle
    wrong = float((1 - sure["p_below_hurdle"]).sum())
    at = card.rows["partner_id"].isin(sure["partner_id"]).to_numpy()
    lost = -card.contribution[at].sum(axis=0, dtype=float) if len(sure) else np.zeros(1)
    low, high = (float(end) for end in np.quantile(lost, [0.05, 0.95]))
    bar = "below zero" if not hurdle else f"below {money(hurdle, currency, locale)} a year"
    costs = cost_missing_share(portfolio) > MOST_MISSING
    worth = Amount(float(lost.mean()), low, high, currency, "a year") if len(sure) and lost.mean() > 0 else Amount(None, unit=currency)
    young = int((sure["tenure_months"] < 12).sum())
    early = f" {count(young, locale)} of them have been with us for less than a year." if young else ""
    return [
        Finding(
            id=f"prune.scorecard.loss_makers:portfolio:{portfolio.name}",
            practice="prune",
            subject_kind="portfolio",
            subject_id=portfolio.name,
            title=f"{counted(apparent, 'partner', locale=locale)} lost money in the last 12 months; "
            f"for {count(len(sure), locale)} it is more than bad luck",
            statement=f"{count(len(sure), locale)} lie {bar} with more than nine chances in ten once luck is taken out; "
            f"about {count(wrong, locale)} of those are listed wrongly. "
            f"Together they cost {money(float(lost.mean()), currency, locale)} a year.{early}",
            value=Amount(float(len(sure)), None, None, "partners", _year(portfolio)),
            worth=worth,
            confidence=confidence(basis="measured", n=len(sure), decides=low > 0, warnings=int(costs)),
            action=Action(
                "Take the listed partners one by one: price and discount first, then cost to serve, then whether to go on",
                "head of channel",
                "within a quarter",
                "fair contribution of the listed partners at the next run",
            ),
            evidence=("prune_scorecard", "prune_decisions"),
            inputs=("sales", "incentives", "support"),
            caveats=("Cost to serve is not known for most partners: more may lose money than listed.",) if costs else (),
        )
    ]


def _fixes(portfolio: Portfolio, rows: pd.DataFrame, decisions: pd.DataFrame) -> list[Finding]:
    fix = decisions[decisions["decision"] == "fix"]
    if fix.empty:
        return []
    locale, currency = portfolio.settings.locale, portfolio.currency
    own = rows[rows["partner_id"].isin(fix["partner_id"])]
    below = own[(own["gross_margin"] < 0)]
    most = float(fix["fix_gain"].sum())
    works = fix_works(portfolio)
    gain = works[0] * most
    discount = float(own["on_invoice_discount"].sum())
    told = f" {money(discount, currency, locale)} of discounts were on their invoices." if discount > 0 else ""
    sold = f"{count(len(below), locale)} of them buy below our cost" if len(below) else "at a thinner margin than like partners"
    return [
        Finding(
            id=f"prune.decisions.fix:portfolio:{portfolio.name}",
            practice="prune",
            subject_kind="portfolio",
            subject_id=portfolio.name,
            title=f"{counted(len(fix), 'partner', locale=locale)} should be fixed before anything else: {sold}",
            statement=f"At the margin rate and cost to serve of like partners they would bring {money(most, currency, locale)} more "
            f"a year; with the chance that fixing works, about {money(gain, currency, locale)}.{told}",
            value=Amount(float(len(fix)), None, None, "partners", _year(portfolio)),
            worth=Amount(gain, works[1] * most, works[2] * most, currency, "a year"),
            confidence=confidence(basis="estimated", n=len(fix), decides=True),
            action=Action(
                "Agree a price or discount plan with each, with an end date and a margin to reach",
                "partner managers",
                "within a quarter",
                "gross margin rate of these partners six months on",
            ),
            evidence=("prune_decisions", "prune_scorecard"),
            inputs=("sales", "incentives", "support", "plans"),
            caveats=("How often fixing works is an assumption of three in ten until ten improvement plans have ended.",),
        )
    ]


def _whale(portfolio: Portfolio, whale: pd.DataFrame) -> list[Finding]:
    if whale.empty or not (whale["contribution"] > 0).any():
        return []
    locale, currency = portfolio.settings.locale, portfolio.currency
    peak = float(whale["cumulative_contribution"].max())
    ranks = int((whale["contribution"] > 0).sum())
    total = float(whale["cumulative_contribution"].iloc[-1])
    given = peak - total
    if given <= 0:
        return []
    losing = int((whale["contribution"] < 0).sum())
    part = share(given / peak, locale) if given < 10 * peak else "many times"
    return [
        Finding(
            id=f"prune.whale.give_back:portfolio:{portfolio.name}",
            practice="prune",
            subject_kind="portfolio",
            subject_id=portfolio.name,
            title=f"{counted(ranks, 'partner', locale=locale)} bring {money(peak, currency, locale)}; "
            f"{counted(losing, 'partner', locale=locale)} give {part} of it back",
            statement=f"Summed from the best partner to the worst, contribution peaks at {money(peak, currency, locale)} and ends at "
            f"{money(total, currency, locale)}. Part of the fall is luck, which the fair contributions take out.",
            value=Amount(given, None, None, currency, _year(portfolio)),
            worth=Amount(None, unit=currency),
            confidence=confidence(basis="measured", n=losing, decides=True),
            action=Action("Start at the steep end of the curve", "head of channel", "within a quarter", "share of the peak given back"),
            evidence=("prune_whale", "prune_scorecard"),
            inputs=("sales", "incentives", "support"),
            caveats=("Priced in the findings on loss-makers and on fixing, so not again here.",),
        )
    ]


def _bottom_list(portfolio: Portfolio) -> list[Finding]:
    rows = portfolio.fitted(fit_backtest)
    rows = rows[rows["partner_id"].isin(portfolio.partners["partner_id"])]
    if len(rows) < 10:
        return []
    locale, currency = portfolio.settings.locale, portfolio.currency
    room = max(1, round(TOP * len(rows)))
    plain, ours = (-float(bottom(rows, column, room)["came"].sum()) for column in ("revenue", "fair"))
    lost = -float(rows["came"].clip(upper=0).sum())
    better = ours > plain
    return [
        Finding(
            id=f"prune.backtest.bottom_list:portfolio:{portfolio.name}",
            practice="prune",
            subject_kind="portfolio",
            subject_id=portfolio.name,
            title=f"Leaving the fifth with the least revenue a year ago would have {_saved(plain, currency, locale)}; "
            f"the list by fair contribution {_saved(ours, currency, locale, short=True)}",
            statement=f"Both lists name {counted(room, 'partner', locale=locale)} of {count(len(rows), locale)} as they stood on "
            f"{day(portfolio.as_of - pd.DateOffset(years=1), locale)}. "
            f"In the year since, loss-makers lost {money(lost, currency, locale)} in all.",
            value=Amount(ours - plain, None, None, currency, _year(portfolio)),
            worth=Amount(None, unit=currency),
            confidence=confidence(basis="measured", n=room, decides=better),
            action=Action(
                "Stop pruning by least revenue" if better else "Check what changed in a year before trusting either list",
                "head of channel",
                "next programme review",
                "contribution of the listed partners a year later",
            ),
            evidence=("prune_backtest",),
            inputs=("sales", "incentives", "support"),
            caveats=("One look back; savings count what the partners went on to bring, not what others would have taken over.",),
        )
    ]


def _saved(amount: float, currency: str, locale: str, *, short: bool = False) -> str:
    said = money(abs(amount), currency, locale)
    if amount < 0:
        return f"would have cost {said}" if short else f"cost {said}"
    return f"would have saved {said}" if short else f"saved {said}"


def _missing_costs(portfolio: Portfolio, rows: pd.DataFrame) -> list[Finding]:
    missing = cost_missing_share(portfolio)
    if missing <= MOST_MISSING or not (rows["revenue"] > 0).any():
        return []
    locale, currency = portfolio.settings.locale, portfolio.currency
    spare = rows.loc[rows["revenue"] > 0, "break_even_cost_to_serve"].dropna()
    already = (
        f" {count((spare < 0).sum(), locale)} of {count(len(spare), locale)} do not pay their way even before it." if len(spare) else ""
    )
    return [
        Finding(
            id=f"prune.scorecard.cost_to_serve_missing:portfolio:{portfolio.name}",
            practice="prune",
            subject_kind="portfolio",
            subject_id=portfolio.name,
            title=f"Cost to serve is not recorded for {share(missing, locale)} of selling partners, so no one is proposed for exit",
            statement=f"What each may cost before it stops paying its way stands in its row instead.{already}",
            value=Amount(missing, None, None, "fraction", _year(portfolio)),
            worth=Amount(None, unit=currency),
            confidence=confidence(basis="measured", n=int((rows["revenue"] > 0).sum()), decides=True),
            action=Action(
                "Log account management and technical hours by partner",
                "channel operations",
                "from next month",
                "share of partners with hours",
            ),
            evidence=("prune_scorecard",),
            inputs=("support",),
            caveats=("Contribution here is before cost to serve.",),
        )
    ]
