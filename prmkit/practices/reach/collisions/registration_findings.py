"""What deal registration asks somebody to do: our own people at registered customers, and decisions that come late."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.event_rate import event_rate
from prmkit.practices.confidence import confidence
from prmkit.practices.phrases import Phrases
from prmkit.practices.reach.collisions.collided import Encounters
from prmkit.practices.reach.collisions.contacts import OURS
from prmkit.practices.reach.collisions.registrations import registered
from prmkit.practices.reach.pricing import pricing
from prmkit.practices.reach.territories import ALL
from prmkit.practices.result import Action, Amount, Finding

_FEW, _NOTICED = 5, 0.01
_PROMISE_KEPT = 0.9
LAWYER = "Rules on who may sell to whom, on ending contracts and on prices need a lawyer before they are written to partners."


def direct_at_registered(portfolio: Portfolio, seen: Encounters) -> Finding | None:
    """Our own people at customers that partners registered."""
    ids = set(portfolio.partners["partner_id"])
    rows = registered(seen.contacts)
    rows = rows[rows["partner_id"].isin(ids)] if len(rows) else rows
    if not len(rows):
        return None
    hit = rows.index.isin(seen.hits.loc[seen.hits["other_partner_id"] == OURS, "deal"]) | (rows["lost_to"] == "direct").to_numpy(dtype=bool)
    rate = event_rate(hit, rows["customer_id"])
    if int(hit.sum()) < _FEW or rate.low <= _NOTICED:
        return None
    say, price = Phrases.of(portfolio), pricing(portfolio)
    touched = rows[hit]
    amount = float(touched["amount"].fillna(0.0).sum())
    value = Amount(rate.value, rate.low, rate.high, "fraction")
    took = int((touched["lost_to"] == "direct").sum())
    return Finding(
        id=f"reach.registrations.direct:portfolio:{portfolio.name}",
        practice="reach",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=f"Our own people work {say.share(rate.value)} of what partners register",
        statement=(
            f"At {say.counted(len(touched), 'registration')} of {say.count(len(rows))} in the 12 months our own people had a deal with the "
            f"same customer within {seen.contacts.days} days, or took it ({say.interval(value)}); {say.counted(took, 'deal')} went to us. "
            f"{say.counted(touched['partner_id'].nunique(), 'partner')} saw it happen, on deals of {say.money(amount)}."
        ),
        value=value,
        worth=Amount(None, unit=portfolio.currency, period="a year"),
        confidence=confidence(basis="measured", n=int(hit.sum()), decides=True),
        action=Action(
            what="Check registrations before a direct quote goes out, and pay our own people alike when the partner keeps the deal",
            who="head of direct sales",
            by="within 60 days",
            measure="registrations with a direct deal at the same customer",
        ),
        evidence=(f"reach_registrations territory={ALL}",),
        inputs=("deals",),
        caveats=(
            "A deal we took is revenue all the same: its cost is what partners do next, which the loyalty practice looks at.",
            *(() if price.rate is not None else (price.said,)),
            LAWYER,
        ),
    )


def slow_decisions(portfolio: Portfolio, whole: Mapping[Any, Any]) -> Finding | None:
    """Decisions on registrations that come later than promised, surely more often than one time in ten."""
    if not whole["within_high"] < _PROMISE_KEPT:
        return None
    say, promise = Phrases.of(portfolio), float(portfolio.settings.reach.get("approval_days", 0.0))
    kept = float(whole["within_promise"])
    value = Amount(kept, float(whole["within_low"]), float(whole["within_high"]), "fraction")
    return Finding(
        id=f"reach.registrations.slow:portfolio:{portfolio.name}",
        practice="reach",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=f"{say.share(1 - kept)} of registrations are decided later than promised",
        statement=(
            f"Of the registrations of the 12 months so many were decided in the {promise:g} days promised: {say.interval(value)}. "
            f"Half took {whole['approval_days']:.0f} days or fewer, one in ten more than {whole['approval_days_p90']:.0f}. While a partner "
            "waits, nobody knows whose the deal is."
        ),
        value=value,
        worth=Amount(None, unit=portfolio.currency, period="a year"),
        confidence=confidence(basis="measured", n=int(whole["decided"]), decides=True),
        action=Action(
            what="Approve by rule what needs no thought (new customer, nobody else registered) and name who decides the rest, and by when",
            who="partner operations",
            by="within 30 days",
            measure="share decided within the promise, and the slowest tenth",
        ),
        evidence=(f"reach_registrations territory={ALL}",),
        inputs=("deals",),
        caveats=("Days are counted by the calendar; dates without hours cannot tell a morning from an evening.",),
    )
