"""Page three of a partner report: what the claims rest on, and what would change the verdict."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
from markupsafe import Markup

from prmkit.practices.result import Finding, columns, contract
from prmkit.publish import titles, verdicts, words
from prmkit.publish.disclosure import PARTNER_MAY_READ, PartnerView
from prmkit.publish.front.unanswered import sentence
from prmkit.publish.page import Format, table_html

_MONEY = re.compile(r"(^|_)(revenue|margin|cost|spend|amount|goal|contribution|discount)(_|$)")
_DEFINITIONS = {
    True: {
        "Fair contribution": "What it is expected to bring in 12 months after incentives and cost to serve, with luck taken out.",
        "Risk of silence": "The chance of no net sale in the six months after the as-of date.",
        "Range": "Nine times in ten the truth lies in it.",
        "Middle half": "A quarter of the peers lie below the band and a quarter above it.",
    },
    False: {
        "Revenue": "Net of discounts and returns, by date of sale.",
        "Orders": "Orders with a value above zero.",
        "Middle half": "A quarter of the peers lie below the band and a quarter above it; the group, its size and the band are rounded.",
    },
}

# What a table is called where all its rows are of one partner.
_TITLES = {
    "enable_compliance": "What the tier asks",
    "enable_training": "Training",
    "enable_support_link": "Support cost",
    "know_alignment": "Our place in its business",
    "know_differentiation": "Whether its claimed strength shows",
    "know_economics": "How it earns",
    "know_engagement": "Engagement",
    "know_fit": "Product families",
    "know_partner_360": "What it receives and returns",
    "know_segments": "Segment",
    "know_segment_probabilities": "How sure the segment is",
    "loyalty_index": "Attitude and behaviour",
    "loyalty_renewals": "Renewals",
    "loyalty_risk": "Risk of silence",
    "loyalty_service": "Service",
    "loyalty_undermined_partners": "Our own acts that touched it",
    "partner_goals": "Goals",
    "prune_consistency": "Whether partners like it are treated alike",
    "prune_decisions": "Grow, keep, fix or part ways",
    "prune_performers": "The time it gets",
    "prune_scorecard": "What it brings and costs",
    "prune_whale": "Its place among all partners",
}


def evidence(view: PartnerView) -> Markup:
    """The findings with their caveats, the partner's own rows, and what the words mean."""
    parts = [_verdict(view), _findings(view), _tables(view), _gaps(view), _words(view)]
    title = "What this rests on" if view.internal else "Your own records behind the figures"
    return Markup('<section class="partner-evidence"><h2>{}</h2>{}</section>').format(title, Markup("").join(parts))


def _verdict(view: PartnerView) -> Markup:
    """For a proposed parting: what would change it."""
    row = view.row("prune_decisions")
    if row.get("decision") != "exit":
        return Markup("")
    money = {name: row.get(f"value_{name}") for name in ("keep", "fix", "exit")}
    known = {name: value for name, value in money.items() if value is not None}
    locale, currency = str(view.facts["locale"]), str(view.facts["currency"])
    other = [
        f"if {name} were worth more than {words.money(known['exit'], currency, locale)}" for name in ("keep", "fix") if "exit" in known
    ]
    change = f"It would change {' or '.join(other)}. " if other else ""
    return Markup("<h3>What would change the verdict</h3><p>{}</p>").format(
        f"{change}It should not be acted on before the partner was heard: a cost booked to the wrong partner, a large deal about to close "
        "or revenue that counts elsewhere would each turn it."
    )


def _findings(view: PartnerView) -> Markup:
    if not view.findings:
        return Markup("")
    rows = Markup("").join(_finding(finding, str(view.facts["locale"])) for finding in view.findings)
    return Markup('<h3>{} about this partner</h3><ul class="findings">{}</ul>').format(words.counted(len(view.findings), "finding"), rows)


def _finding(finding: Finding, locale: str) -> Markup:
    worth = f"Worth {words.interval(finding.worth, locale)}" if finding.worth.amount is not None else "Not priced"
    rests = f"Rests on {', '.join(words.plain(place) for place in finding.evidence)}." if finding.evidence else ""
    caveats = " ".join(sentence(caveat) for caveat in finding.caveats)
    return Markup('<li><p class="claim">{}</p><p>{}</p><p class="sure">{}, {} confidence. {} {}</p>{}</li>').format(
        words.plain(finding.title),
        words.plain(finding.statement),
        worth,
        finding.confidence,
        rests,
        caveats,
        verdicts.note(finding, locale),
    )


def _tables(view: PartnerView) -> Markup:
    """Every results table that has rows of this partner: those of one row side by side, the longer ones below."""
    known = {name: _told(frame) for name, frame in view.tables.items() if len(frame) and _known(name)}
    short = Markup("").join(_facts(name, frame, view) for name, frame in known.items() if len(frame) == 1)
    long = Markup("").join(_rows(name, frame, view) for name, frame in known.items() if len(frame) > 1)
    return (Markup('<div class="own">{}</div>').format(short) if short else Markup("")) + long


def _known(name: str) -> bool:
    practice, _, table = name.partition("_")
    return (practice in contract() and table in contract()[practice]) or name in PARTNER_MAY_READ


def _told(frame: pd.DataFrame) -> pd.DataFrame:
    """The columns that say something of the partner."""
    return frame.loc[:, [bool((frame[column].notna() & (frame[column].astype("str") != "")).any()) for column in frame]]


def _facts(name: str, frame: pd.DataFrame, view: PartnerView) -> Markup:
    rows = Markup("").join(
        Markup("<dt>{}</dt><dd>{}</dd>").format(style.title, style.words(frame[column].iloc[0]))
        for column, style in _formats(name, frame, view).items()
    )
    return Markup('<div><h3>{}</h3><dl class="facts">{}</dl></div>').format(_called(name), rows)


def _rows(name: str, frame: pd.DataFrame, view: PartnerView) -> Markup:
    return Markup("<h3>{}</h3>{}").format(
        _called(name), table_html(frame, _formats(name, frame, view), "", _called(name), locale=str(view.facts["locale"]))
    )


def _called(name: str) -> str:
    return _TITLES.get(name) or titles.result_title(name)


def _formats(name: str, frame: pd.DataFrame, view: PartnerView) -> dict[str, Format]:
    """How the columns read: by their type in the contract, those beyond it by what is in them."""
    practice, _, table = name.partition("_")
    known = columns(practice, table) if practice in contract() and table in contract()[practice] else {}
    return {str(column): _format(str(column), known.get(str(column), _kind(str(column), frame[column])), view) for column in frame.columns}


def _kind(column: str, values: pd.Series[Any]) -> str:
    if pd.api.types.is_bool_dtype(values):
        return "boolean"
    if pd.api.types.is_datetime64_any_dtype(values):
        return "date"
    if not pd.api.types.is_numeric_dtype(values):
        return "string"
    return "currency" if _MONEY.search(column) else "number"


def _format(column: str, kind: str, view: PartnerView) -> Format:
    title, locale = titles.plain(column), str(view.facts["locale"])
    if kind == "currency":
        return Format.money(title, str(view.facts["currency"]), locale)
    if kind == "boolean":
        return Format.yes_no(title)
    makers = {"fraction": Format.share, "integer": Format.count, "number": Format.number, "hours": Format.number, "date": Format.day}
    if kind in makers:
        return makers[kind](title, locale)
    return Format.text(title, {word.strip(): titles.plain(word.strip()).lower() for word in kind.split("|")} if "|" in kind else None)


def _gaps(view: PartnerView) -> Markup:
    if not view.not_computed:
        return Markup("")
    rows = Markup("").join(
        Markup("<li>{}: {}</li>").format(titles.result_title(item.table), sentence(item.reason))
        for item in view.not_computed
        if item.column is None
    )
    return Markup("<details><summary>What the data could not tell</summary><ul>{}</ul></details>").format(rows) if rows else Markup("")


def _words(view: PartnerView) -> Markup:
    rows = Markup("").join(Markup("<dt>{}</dt><dd>{}</dd>").format(*pair) for pair in _DEFINITIONS[view.internal].items())
    return Markup('<h3>What the words mean</h3><dl class="facts">{}</dl>').format(rows)
