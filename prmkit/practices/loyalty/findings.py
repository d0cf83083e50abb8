"""What loyalty has to say, in findings."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from prmkit.data import calendar
from prmkit.data.portfolio import Portfolio
from prmkit.estimators.landmark import Forecast, Landmark, Total, expected_total
from prmkit.practices.aligned import aligned
from prmkit.practices.confidence import confidence
from prmkit.practices.loyalty.acts import acts_findings
from prmkit.practices.loyalty.backtest import NAIVE_DAYS, fit_backtest
from prmkit.practices.loyalty.risk import fit_risk
from prmkit.practices.result import Action, Amount, Finding
from prmkit.publish.words import count, counted, day, money, share

MOST_PARTNERS = 5
_LIKELY = 0.3


def findings(portfolio: Portfolio, tables: Mapping[str, pd.DataFrame]) -> tuple[Finding, ...]:
    """Who is about to go silent and what they carry, what the 90-day rule misses, who is silent already, and our own acts."""
    made: list[Finding] = []
    fit = portfolio.fitted(fit_risk)
    if fit.model is not None and fit.forecast is not None and tables["risk"]["active"].any():
        made += _going_silent(portfolio, tables["risk"], fit.model, fit.forecast)
        made += _partners(portfolio, tables["risk"], fit.model)
    made += _rule(portfolio)
    made += _silent_already(portfolio, tables["risk"])
    return (*made, *acts_findings(portfolio, tables))


def _total(portfolio: Portfolio, rows: pd.DataFrame, column: str) -> Total:
    """Expected sum of a column over the partners that will go silent, those with a slow rhythm of their own left out."""
    fit = portfolio.fitted(fit_risk)
    assert fit.forecast is not None
    value = rows.set_index("partner_id")[column].where(~rows.set_index("partner_id")["own_rhythm"], 0.0)
    ids = fit.past.partner_id.iloc[fit.now.partner]
    rng = np.random.default_rng([portfolio.settings.seed, 43])
    return expected_total(fit.forecast, aligned(value, ids).fillna(0.0).to_numpy(dtype=float), rng)


def _going_silent(portfolio: Portfolio, risk: pd.DataFrame, model: Landmark, ahead: Forecast) -> list[Finding]:
    active = risk[risk["active"]].assign(one=1.0)
    slow = int(active["own_rhythm"].sum())
    number, revenue = _total(portfolio, active, "one"), _total(portfolio, active, "revenue_12m")
    locale, currency = portfolio.settings.locale, portfolio.currency
    until = calendar_after(portfolio)
    events = counted(round(number.expected), "partner")
    known = active["margin_12m"].notna().mean() > 0.5
    margin = _total(portfolio, active, "margin_12m")
    caveats = [f"{counted(slow, 'partner')} with a usual gap longer than four months left out."] if slow else []
    worth = (
        Amount(margin.expected, margin.low, margin.high, currency, "a year")
        if known and margin.expected > 0
        else Amount(None, unit=currency)
    )
    if not known:
        caveats.append("Margin is not known, so the loss is not priced.")
    elif margin.expected <= 0:
        caveats.append("These partners are served at or below cost: at today's prices their silence costs no margin.")
    rule = int((active["silent_days"] > NAIVE_DAYS).sum())
    return [
        Finding(
            id=f"loyalty.risk.going_silent:portfolio:{portfolio.name}",
            practice="loyalty",
            subject_kind="portfolio",
            subject_id=portfolio.name,
            title=f"{events} of {count(len(active), locale)} active are expected to go silent by {day(until, locale)}; "
            f"they bring {money(revenue.expected, currency, locale)} a year",
            statement=f"Nine times in ten between {count(number.low, locale)} and {count(number.high, locale)} partners will have "
            f"no net sales in the six months to {day(until, locale)}. "
            f"The rule 'no order in {NAIVE_DAYS} days' names {count(rule, locale)} today.",
            value=Amount(number.expected, number.low, number.high, "partners", "next 6 months"),
            worth=worth,
            confidence=confidence(
                basis="measured", n=model.events, decides=number.low >= 1, warnings=int(model.pooled) + int(model.period_sd > 1)
            ),
            action=Action(
                what="Call the partners at the top of the risk list, most money first, and ask what changed",
                who="partner managers",
                by="within four weeks",
                measure="net sales of the called partners in the next six months, against those not called",
            ),
            evidence=("loyalty_risk", "loyalty_backtest"),
            inputs=("sales", "partners"),
            caveats=tuple(caveats),
        )
    ]


def _partners(portfolio: Portfolio, risk: pd.DataFrame, model: Landmark) -> list[Finding]:
    active = risk[risk["active"] & ~risk["own_rhythm"]]
    if model.pooled or active.empty:
        return []
    bar = max(_LIKELY, float(active["p_dormant_6m"].mean()))
    stake = active["margin_at_risk"].where(active["margin_at_risk"] > 0)
    telling = (active["p_dormant_6m"] >= bar) & (active["revenue_12m"] >= active["revenue_12m"].median())
    listed = active.assign(stake=stake.fillna(0.0))[telling]
    listed = listed.sort_values(["stake", "revenue_at_risk", "partner_id"], ascending=[False, False, True]).head(MOST_PARTNERS)
    names = portfolio.partners.set_index("partner_id")["name"]
    return [_partner(portfolio, row, str(names[row["partner_id"]]), bar, model) for _, row in listed.iterrows()]


def _partner(portfolio: Portfolio, row: pd.Series, name: str, bar: float, model: Landmark) -> Finding:
    locale, currency = portfolio.settings.locale, portfolio.currency
    drivers = [str(word) for word in (row["first_driver"], row["second_driver"]) if isinstance(word, str)]
    margin = row["margin_12m"]
    priced = pd.notna(margin) and margin > 0
    low, high = row["p_low"], row["p_high"]
    worth = Amount(row["p_dormant_6m"] * margin, low * margin, high * margin, currency, "a year") if priced else Amount(None, unit=currency)
    return Finding(
        id=f"loyalty.risk.going_silent:partner:{row['partner_id']}",
        practice="loyalty",
        subject_kind="partner",
        subject_id=str(row["partner_id"]),
        title=f"{name}: a {share(row['p_dormant_6m'], locale)} chance of no sales in the next six months, "
        f"with {money(row['revenue_12m'], currency, locale)} of revenue a year",
        statement=f"Between {share(low, locale)} and {share(high, locale)}, nine times in ten. "
        + (f"What lifts it: {' and '.join(drivers)}." if drivers else "No single thing lifts it above the average partner."),
        value=Amount(float(row["p_dormant_6m"]), float(low), float(high), "fraction", "next 6 months"),
        worth=worth,
        confidence=confidence(basis="measured", n=model.events, decides=bool(low > bar / 2), warnings=int(model.period_sd > 1)),
        action=Action(
            "Visit and agree the next order or hear why there is none", "its partner manager", "within two weeks", "an order within 60 days"
        ),
        evidence=(f"loyalty_risk: {row['partner_id']}",),
        inputs=("sales",),
        caveats=() if priced else ("It is served at or below cost, or its margin is not known: the loss is not priced.",),
    )


def _rule(portfolio: Portfolio) -> list[Finding]:
    """What the 90-day rule would have caught half a year ago, beside the model's list of the same length."""
    rows = portfolio.fitted(fit_backtest).rows
    rows = rows[rows["partner_id"].isin(portfolio.partners["partner_id"])]
    dormant = int(rows["dormant"].sum()) if len(rows) else 0
    if not dormant or rows["p"].isna().all():
        return []
    locale = portfolio.settings.locale
    ranked = rows.sort_values(["p", "partner_id"], ascending=[False, True])
    named = rows["recency_days"] > NAIVE_DAYS
    caught = int((named & rows["dormant"]).sum())
    ours = int(ranked["dormant"].head(dormant).sum())
    plain = rows.sort_values(["recency_days", "partner_id"], ascending=[False, True])
    theirs = int(plain["dormant"].head(dormant).sum())
    gain = (ours - theirs) / dormant
    return [
        Finding(
            id=f"loyalty.backtest.rule:portfolio:{portfolio.name}",
            practice="loyalty",
            subject_kind="portfolio",
            subject_id=portfolio.name,
            title=f"The {NAIVE_DAYS}-day rule caught {count(caught, locale)} of the {count(dormant, locale)} partners that went silent "
            "in the last six months",
            statement=f"Six months ago it named {counted(int(named.sum()), 'partner')}. A list of {count(dormant, locale)} names by "
            f"days of silence held {count(theirs, locale)} of them, the risk list of that day {count(ours, locale)}. The forecast was "
            f"{count(rows['p'].sum(), locale)} partners.",
            value=Amount(gain, None, None, "fraction", "6 months"),
            worth=Amount(None, unit=portfolio.currency),
            confidence=confidence(basis="measured", n=dormant, decides=ours != theirs),
            action=Action(
                "Replace the 90-day list by the risk list" if ours > theirs else "Keep the list by days of silence beside the risk list",
                "head of channel",
                "next monthly review",
                "share of partners gone silent that were on the list",
            ),
            evidence=("loyalty_backtest",),
            inputs=("sales",),
            caveats=("One look back; the next one may differ.",),
        )
    ]


def _silent_already(portfolio: Portfolio, risk: pd.DataFrame) -> list[Finding]:
    gone = risk[~risk["active"] & risk["silent_days"].notna()]
    if gone.empty:
        return []
    brought = portfolio.per_partner("revenue", 6, 12)
    revenue = float(brought.reindex(gone["partner_id"]).sum())
    likely = int((gone["probability_alive"] > 0.5).sum())
    known = gone["probability_alive"].notna().any()
    locale, currency = portfolio.settings.locale, portfolio.currency
    tail = f" {count(likely, locale)} of them are more likely than not still with us, by their own rhythm." if known else ""
    return [
        Finding(
            id=f"loyalty.risk.silent_already:portfolio:{portfolio.name}",
            practice="loyalty",
            subject_kind="portfolio",
            subject_id=portfolio.name,
            title=f"{counted(len(gone), 'partner', locale=locale)} have been silent for six months or more; they brought "
            f"{money(revenue, currency, locale)} in the year before",
            statement=f"They bought before and have no net sales in the six months to {day(portfolio.as_of, locale)}.{tail}",
            value=Amount(float(len(gone)), None, None, "partners", f"at {portfolio.as_of.date()}"),
            worth=Amount(None, unit=currency),
            confidence=confidence(basis="measured", n=len(gone), decides=True),
            action=Action(
                "Sort them into win back, let go and close the account",
                "partner managers",
                "within a quarter",
                "accounts with a decision on record",
            ),
            evidence=("loyalty_risk",),
            inputs=("sales",),
            caveats=("How much could be won back is not known from sales alone, so it is not priced.",),
        )
    ]


def calendar_after(portfolio: Portfolio) -> pd.Timestamp:
    """The day six months after as_of; a month's end where as_of is one."""
    return calendar.month_end(portfolio.as_of, -6)
