"""Which assumptions an assessment rests on: settings first, then what the data leave to stand-ins, then priors of the methods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from prmkit.assumptions.assumption import Assumption, Source
from prmkit.data.portfolio import Portfolio
from prmkit.data.presets import PRESETS
from prmkit.data.tables import tables as canonical
from prmkit.practices import PRACTICES
from prmkit.practices.result import PracticeResult

ALL = tuple(PRACTICES)
QUARTER = 0.25
MARGIN_POINTS = 0.05
SURE_BY = 0.1
HORIZON_MONTHS = 12
HURDLE_SHARE = 0.01
_ECONOMICS = {
    "hourly_cost": ("What one hour of our own staff costs", "an hour", ("reach", "enable", "prune")),
    "partner_cost": ("What one more partner costs", "a year", ("reach",)),
    "recruit_cost": ("What it costs to sign one partner", "a partner", ("reach",)),
}
_PARTNERS = {
    "selling_hours": ("Hours a year that a salesperson of a partner works", "hours"),
    "services_margin": ("Margin that partners make on services of their own", "share of what they charge"),
    "passed_on": ("Part of their discount off list that partners pass on to customers", "share"),
    "partner_margin": ("Margin that partners make on all they sell", "share of their revenue"),
    "partner_hourly_cost": ("What one hour of a partner's own people costs it", "an hour"),
}
"""Of partners' own books: what, unit."""
_REACH = {
    "ramp_months": ("Months from signing until a partner sells as others do", "months", ("reach", "prune")),
    "activation": ("Share of signed partners that ever sell", "share", ("reach",)),
    "attrition": ("Share of active partners lost in a year", "share", ("reach",)),
    "conversion": ("Share of contacted prospects that sign", "share", ("reach",)),
    "elasticity": ("Per cent more revenue of a territory for one per cent more partners", "per cent", ("reach",)),
    "onboarding_capacity": ("New partners that partner managers can bring up", "a month", ("reach",)),
    "budget": ("What may be spent on recruits until the goal's last day", "money", ("reach",)),
}
_STAND_INS = {
    "partners.joined_on": ("A partner without a day of joining is taken to have joined with its first sale", ALL),
    "partners.annual_revenue": ("A partner without a yearly turnover has no share of wallet", ("know",)),
    "people.sells_us_share": (
        "Selling time on our line is not known; our share of the partner's business stands in for it",
        ("know", "enable"),
    ),
    "support.cost": ("Support without a cost is priced by its hours", ("prune", "know")),
}
_NOTES = ("share_of_wallet", "resale_margin", "invested")
_FIXED = "It is no setting that could be moved: only better data settle it."


def listed(portfolio: Portfolio, answered: Mapping[str, PracticeResult]) -> tuple[Assumption, ...]:
    """Every assumption behind the practices answered, in a fixed order."""
    made = (*_settings(portfolio), *_views(portfolio), *_columns(portfolio), *_presets(portfolio), *_priors(answered))
    return tuple(assumption for assumption in made if set(assumption.practices) & set(answered))


def _settings(portfolio: Portfolio) -> Iterator[Assumption]:
    settings, currency = portfolio.settings, portfolio.currency
    margin = settings.economics.gross_margin
    if margin is not None and _bare(portfolio):
        ends = (max(margin - MARGIN_POINTS, -0.99), min(margin + MARGIN_POINTS, 1.0))
        what = "Gross margin of sales lines that carry no cost"
        yield Assumption("economics.gross_margin", what, _text(margin), "share of revenue", "setting", ALL, ends=ends)
    for key, (what, unit, practices) in _ECONOMICS.items():
        value = getattr(settings.economics, key)
        if value is not None:
            yield Assumption(
                f"economics.{key}", what, _text(value), f"{currency} {unit}", "setting", practices, ends=_quarter(float(value))
            )
    yield from _partners(settings.economics, currency)
    for key, (what, unit, practices) in _REACH.items():
        told: Any = settings.reach.get(key)
        if told is not None:
            low, high = _quarter(float(told))
            ends = (low, min(high, 1.0) if unit == "share" else high)
            yield Assumption(f"reach.{key}", what, _text(told), unit, "setting", practices, ends=ends)
    if settings.goal is not None:
        sure = settings.goal.confidence
        yield Assumption(
            "goal.confidence",
            "How sure the plan has to be to reach the goal",
            *(_text(sure), "chance", _said(settings.goal, "confidence"), ("reach",)),
            ends=(max(sure - SURE_BY, 0.05), min(sure + SURE_BY, 0.95)),
        )
        if settings.goal.by is None:
            what = "Last day of the goal: 12 months after the day seen from, as none is given"
            yield Assumption("goal.by", what, "12", "months", "default", ("reach",), fixed="It is when, not how much: give goal.by.")
    yield from _prune(portfolio)


def _partners(economics: Any, currency: str) -> Iterator[Assumption]:
    """What is assumed of how partners earn; a share stays within 0 and 1."""
    for key, (what, unit) in _PARTNERS.items():
        value = getattr(economics, key)
        if value is not None:
            low, high = _quarter(float(value))
            money = key == "partner_hourly_cost"
            ends = (low, min(high, 8784.0) if key == "selling_hours" else high if money else min(high, 1.0))
            said = f"{currency} {unit}" if money else unit
            yield Assumption(f"economics.{key}", what, _text(value), said, _said(economics, key), ("know",), ("partners",), ends=ends)
    if economics.passed_on is None:
        what = f"{_PARTNERS['passed_on'][0]}: anything from none to all"
        fixed = "Ask partners what customers paid, or set passed_on."
        yield Assumption("economics.passed_on", what, "0.5", "share", "default", ("know",), ("partners",), fixed=fixed)


def _prune(portfolio: Portfolio) -> Iterator[Assumption]:
    prune, currency = portfolio.settings.prune, portfolio.currency
    selling = portfolio.per_partner()
    selling = selling[selling > 0]
    step = max(abs(prune.hurdle) / 2, HURDLE_SHARE * float(selling.mean()) if len(selling) else 0.0)
    step = float(f"{step:.1g}")  # a range that a person would name
    what = "Contribution that a partner has to bring"
    ends = (prune.hurdle - step, prune.hurdle + step)
    source = _said(prune, "hurdle")
    yield Assumption("prune.hurdle", what, _text(prune.hurdle), f"{currency} a year", source, ("prune",), ends=ends if step else None)
    months = prune.horizon_months
    yield Assumption(
        "prune.horizon_months",
        "How far ahead keeping, fixing and parting are valued",
        *(str(months), "months", _said(prune, "horizon_months"), ("prune",)),
        ends=(max(months - HORIZON_MONTHS, 1), min(months + HORIZON_MONTHS, 120)),
    )
    yield Assumption(
        "prune.include",
        "Costs subtracted besides support",
        *(", ".join(prune.include) or "none", "costs", _said(prune, "include"), ("prune",)),
        ends=([], ["training", "tickets"]),
    )


def _views(portfolio: Portfolio) -> Iterator[Assumption]:
    settings = portfolio.settings
    if settings.measure is None and len(portfolio.client.channels) > 1:
        others = ", ".join(name for name in portfolio.client.channels if name != portfolio.measure)
        what = f"Which sales count as revenue: the channel with most of it; recorded too: {others}"
        fixed = "Another channel is another question: set measure."
        yield Assumption("measure", what, portfolio.measure, "channel", "default", ALL, ("sales",), fixed=fixed)
    if settings.as_of is None:
        what = "The day seen from: the last sale through a partner"
        fixed = "Another day is another assessment: set as_of."
        yield Assumption("as_of", what, str(portfolio.as_of.date()), "day", "default", ALL, ("sales",), fixed=fixed)
    if portfolio.has("rates"):
        what = "Which exchange rates convert other currencies"
        fixed = "It is settled at loading: set rates."
        yield Assumption("rates", what, settings.rates, "kind of rate", _said(settings, "rates"), ALL, ("sales",), fixed=fixed)
    if settings.fiscal_year_start != 1:
        what = "Month in which the fiscal year starts; it labels years"
        yield Assumption(
            "fiscal_year_start",
            what,
            str(settings.fiscal_year_start),
            "month",
            "setting",
            ("know",),
            ("sales",),
            fixed="It moves labels, never a window.",
        )


def _columns(portfolio: Portfolio) -> Iterator[Assumption]:
    for table in canonical().values():
        frame = portfolio.partners if table.name == "partners" else portfolio.tables.get(table.name)
        if frame is None or not len(frame):
            continue
        for column in table.columns:
            empty = float(frame[column.name].isna().mean()) if column.name in frame else 1.0
            if column.stand_in and empty > 0:
                name = f"{table.name}.{column.name}"
                what, practices = _STAND_INS.get(name, (f"{name} is not in the data", ALL))
                unit = "every row" if empty == 1 else f"{empty:.1%} of rows"
                yield Assumption(name, what, column.stand_in, unit, "stand_in", practices, (table.name,), fixed=_FIXED)


def _presets(portfolio: Portfolio) -> Iterator[Assumption]:
    for name, source in portfolio.client.sources.items():
        made = PRESETS.get(source.preset).tables.get(name) if source.preset else None
        said = str(getattr(made, "stand_in", "") or "")
        if said:
            yield Assumption(f"{source.preset}: {name}", said, "as exported", "table", "stand_in", ALL, (name,), fixed=_FIXED)


def _priors(answered: Mapping[str, PracticeResult]) -> Iterator[Assumption]:
    know, prune = answered.get("know"), answered.get("prune")
    if know is not None and len(know.tables.get("partner_360", ())):
        for name in _NOTES:
            said = str(know.notes[name]).replace("_", " ")
            yield Assumption(f"know.{name}", said[:1].upper() + said[1:], "as described", "method", "stand_in", ("know",), fixed=_FIXED)
    if prune is not None and len(prune.tables.get("decisions", ())):
        own = "It is written into the method, and gives way to the client's own cases."
        for key, what in (
            ("recaptured_prior", "Share of a leaving partner's revenue that other partners take over"),
            ("fix_works_prior", "Chance that fixing a partner works, until the client's own plans say better"),
        ):
            for_it, against = prune.notes[key]
            unit = f"share, as if seen in {for_it:g} of {for_it + against:g} cases"
            yield Assumption(f"prune.{key}", what, _text(for_it / (for_it + against)), unit, "prior", ("prune",), fixed=own)


def _bare(portfolio: Portfolio) -> bool:
    """Whether any line of the portfolio carries no cost."""
    return bool((portfolio.months["revenue"] - portfolio.months["costed_revenue"]).abs().gt(0.005).any())


def _said(section: Any, key: str) -> Source:
    return "setting" if key in section.model_fields_set else "default"


def _quarter(value: float) -> tuple[float, float]:
    return value * (1 - QUARTER), value * (1 + QUARTER)


def _text(value: Any) -> str:
    return f"{float(value):.10g}"
