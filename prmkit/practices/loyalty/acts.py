"""Findings on our own acts: contracts taken over, acts against partners, slower service than for direct customers."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.calibration import proportion
from prmkit.practices.confidence import confidence
from prmkit.practices.result import Action, Amount, Finding
from prmkit.publish.words import count, counted, money, share

_SURE = 0.9


def acts_findings(portfolio: Portfolio, tables: Mapping[str, pd.DataFrame]) -> list[Finding]:
    """One finding a table where there is something to say."""
    return [
        *_undermined(portfolio, tables["undermined_partners"]),
        *_service(portfolio, tables["service"]),
        *_renewals(portfolio, tables["renewals"]),
    ]


def _undermined(portfolio: Portfolio, rows: pd.DataFrame) -> list[Finding]:
    if rows.empty:
        return []
    locale, currency = portfolio.settings.locale, portfolio.currency
    partners, events = rows["partner_id"].nunique(), int(rows["events"].sum())
    exposed = rows.drop_duplicates("partner_id")["margin_exposed"]
    known = bool(exposed.notna().any())
    margin = float(exposed.sum())
    value = f" with {money(margin, currency, locale)} of margin a year" if known else ""
    return [
        Finding(
            id=f"loyalty.undermined_partners.acts:portfolio:{portfolio.name}",
            practice="loyalty",
            subject_kind="portfolio",
            subject_id=portfolio.name,
            title=f"We acted against our own partners {count(events, locale)} times in 12 months, touching "
            f"{counted(partners, 'partner', locale=locale)}{value}",
            statement="Direct offers in their accounts, registrations and renewals taken, prices undercut or leads not shared, "
            "as dated in the records.",
            value=Amount(float(events), None, None, "number", "12 months"),
            worth=Amount(None, unit=currency),
            confidence=confidence(basis="measured", n=partners, decides=True),
            action=Action(
                "Name an owner for every act and make good within 30 days", "head of channel", "within four weeks", "acts per quarter"
            ),
            evidence=("loyalty_undermined_partners", "loyalty_undermining"),
            inputs=("events", "deals", "subscriptions"),
            caveats=("What the acts did to sales is not estimated; the margin is what stands exposed, not what is lost.",),
        )
    ]


def _service(portfolio: Portfolio, rows: pd.DataFrame) -> list[Finding]:
    compared = rows["worse_than_direct_probability"].dropna() if len(rows) else pd.Series(dtype="float64")
    if compared.empty:
        return []
    locale = portfolio.settings.locale
    worse = int((compared > _SURE).sum())
    return [
        Finding(
            id=f"loyalty.service.slower_than_direct:portfolio:{portfolio.name}",
            practice="loyalty",
            subject_kind="portfolio",
            subject_id=portfolio.name,
            title=f"Customers of {counted(worse, 'partner', locale=locale)} surely wait longer for a first answer "
            "than our direct customers do",
            statement=f"Of {count(len(compared), locale)} partners with enough cases to compare at equal severity; "
            f"by chance alone about {count((1 - _SURE) * len(compared), locale)} would look so.",
            value=Amount(worse / len(compared), None, None, "fraction", "12 months"),
            worth=Amount(None, unit=portfolio.currency),
            confidence=confidence(basis="measured", n=len(compared), decides=worse > 2 * (1 - _SURE) * len(compared)),
            action=Action(
                "Give partners' cases the same queue as direct ones, worst partners first",
                "head of support",
                "within a quarter",
                "hours to first answer, partner beside direct",
            ),
            evidence=("loyalty_service",),
            inputs=("tickets",),
            caveats=("Cases are compared by severity only.",),
        )
    ]


def _renewals(portfolio: Portfolio, rows: pd.DataFrame) -> list[Finding]:
    due = float(rows["due"].sum()) if len(rows) else 0.0
    if due <= 0:
        return []
    locale, currency = portfolio.settings.locale, portfolio.currency
    kept = float((rows["gross_retention"].fillna(0.0) * rows["due"]).sum()) / due
    terms = int(rows["terms"].sum())
    ends = proportion(round(kept * terms), terms)
    taken = float(rows["taken_direct"].sum())
    return [
        Finding(
            id=f"loyalty.renewals.retention:portfolio:{portfolio.name}",
            practice="loyalty",
            subject_kind="portfolio",
            subject_id=portfolio.name,
            title=f"{share(kept, locale)} of {money(due, currency, locale)} up for renewal through partners stayed; "
            f"{money(taken, currency, locale)} of it we took over ourselves",
            statement=f"{count(terms, locale)} contract terms ended in the last 12 months with a known outcome.",
            value=Amount(kept, min(ends.low, kept), max(ends.high, kept), "fraction", "12 months"),
            worth=Amount(None, unit=currency),
            confidence=confidence(basis="measured", n=terms, decides=True),
            action=Action(
                "Write down who owns a renewal, and keep to it", "head of channel", "within a quarter", "annual value taken direct"
            ),
            evidence=("loyalty_renewals",),
            inputs=("subscriptions",),
            caveats=("The margin on contracts is not recorded, so the loss is not priced.",),
        )
    ]
