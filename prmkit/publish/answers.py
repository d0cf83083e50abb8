"""What a practice answers, in words: its headline, its findings on one scale, its first steps."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup

from prmkit import charts
from prmkit.practices.result import Finding, table_names
from prmkit.publish import verdicts, words
from prmkit.publish.exhibit import Block, Exhibit
from prmkit.publish.exhibits.build import Facts
from prmkit.publish.front.findings import by_when, first_step, title
from prmkit.publish.front.message import RANGE, leading
from prmkit.publish.headline import Headline, Line, headline
from prmkit.publish.table import Format, table_html
from prmkit.results import Results

MOST = 10
CENTRAL = ("partner_360", "segments", "concentration", "mixes", "plan", "incentives", "risk", "scorecard", "decisions")
LEADS = {
    "know": ("partner_360.not_returned", "alignment.role", "concentration.top_tenth"),
    "reach": ("mixes.reach_goal", "mixes.out_of_reach"),
}
"""Practices whose own question is not about money to be won: the findings that answer it; the first that there is leads."""
SURE = {"high": ("good", "high confidence"), "medium": ("watch", "medium confidence"), "low": ("none", "low confidence")}


def findings_of(results: Results, practice: str = "") -> tuple[Finding, ...]:
    """The findings of one practice, or of all."""
    return results.of(practice) if practice else results.findings


def answer(results: Results, practice: str = "") -> Block:
    """The one finding to lead with: its claim, its worth, and how sure it is."""
    lines = headline(findings_of(results, practice))
    line = _own(lines, practice) or leading(lines) or min(lines.unpriced, key=_rank, default=None)
    if line is None:
        said = "The data show no finding here that calls for a step. What is missing is said below."
        return Block(Markup('<p class="lead">{}</p>').format(said), said)
    claim, statement = title(line), words.plain(line.lead.statement)
    locale = str(results.run["locale"])
    worth = words.interval(line.worth, locale)
    priced = "Without a price." if line.worth.amount is None else f"Worth {worth}."
    shape, sure = SURE[line.lead.confidence]
    return Block(
        Markup('<p class="lead"><strong>{}.</strong></p><p>{}</p><p>{} <span class="status {}">{}</span></p>{}').format(
            claim, statement, priced, shape, sure, verdicts.paragraph(line.members, locale)
        ),
        f"{claim}. {statement} {priced} ({sure}) {verdicts.of_many(line.members, locale)}".rstrip(),
    )


def _own(lines: Headline, practice: str) -> Line | None:
    """The finding that answers the practice's own question, where that is not the one worth most."""
    wanted = LEADS.get(practice, ())
    own = [line for line in (*lines.priced, *lines.unpriced) if _claim(line) in wanted and line.lead.subject_kind == "portfolio"]
    return min(own, key=lambda line: wanted.index(_claim(line)), default=None)


def _claim(line: Line) -> str:
    """Table and claim of a finding's id: "partner_360.not_returned"."""
    return line.lead.id.partition(".")[2].split(":")[0]


def _rank(line: Line) -> int:
    """How near a finding is to its practice's own question: the tables that answer it first, then the others in order."""
    named = line.lead.id.split(".")[1:2]
    tables = [*CENTRAL, *table_names(line.lead.practice)]
    return tables.index(named[0]) if named and named[0] in tables else len(tables)


def findings(results: Results, practice: str = "") -> Exhibit:
    """The findings worth most on one scale of money; each with its confidence and its first step."""
    lines, locale, currency = headline(findings_of(results, practice)), str(results.run["locale"]), str(results.run["currency"])
    top = lines.priced[:MOST]
    if not top and not lines.unpriced:
        return Exhibit("No finding yet", None, Markup(""), "", missing=("Nothing in these data calls for a step.",))
    message = _message(lines)
    listed = Markup('<ol class="findings">{}</ol>').format(Markup("").join(_item(line, locale) for line in (*top, *lines.unpriced[:MOST])))
    if not top:
        return Exhibit(message, None, listed, "")
    drawn = pd.DataFrame(
        {
            "label": [title(line) for line in top],
            "value": [line.worth.amount for line in top],
            "low": [line.worth.low for line in top],
            "high": [line.worth.high for line in top],
        }
    )
    picture = charts.dot_interval(
        drawn, alt=_spoken(top, locale), unit=currency, axis=f"Worth, {currency} a year", locale=locale, accent=[title(top[0])], names=300
    )
    return Exhibit(message, picture, listed, f"{RANGE} No sum of money is counted twice.", open_table=True)


def _message(lines: Headline) -> str:
    if not lines.priced:
        return f"{words.counted(len(lines.unpriced), 'finding')}, none with a price yet"
    count = len(lines.priced)
    extra = f"; {words.count(len(lines.unpriced))} more without a price" if lines.unpriced else ""
    if count > MOST:
        return f"The ten findings worth most, of {words.count(count)} with a price{extra}"
    said = "One finding carries a price" if count == 1 else f"{words.spelled(count).capitalize()} findings carry a price"
    return f"{said}{extra}"


def _spoken(top: Sequence[Line], locale: str) -> str:
    return "Findings by worth: " + "; ".join(f"{title(line)}, {words.interval(line.worth, locale)}" for line in top[:3]) + "."


def _item(line: Line, locale: str) -> Markup:
    shape, sure = SURE[line.lead.confidence]
    return Markup('<li><p class="claim">{}</p><p>{}</p><p>{} <span class="status {}">{}</span></p><p>{}</p>{}</li>').format(
        title(line),
        words.plain(line.lead.statement),
        "Not priced." if line.worth.amount is None else f"Worth {words.interval(line.worth, locale)}.",
        shape,
        sure,
        first_step(line, locale),
        verdicts.paragraph(line.members, locale),
    )


def next_steps(results: Results, practice: str = "") -> Block:
    """All findings as actions, worth most first: what, who, by when, and how one sees that it worked."""
    lines, locale = headline(findings_of(results, practice)), str(results.run["locale"])
    members = [member for line in (*lines.priced, *lines.unpriced) for member in line.members]
    if not members:
        said = "There is no finding that calls for a step."
        return Block(Markup("<p>{}</p>").format(said), said)
    names = Facts.of(results)
    frame = pd.DataFrame([_step(member, names) for member in members])
    formats = {
        "what": Format.text("What"),
        "about": Format.text("At"),
        "who": Format.text("Who"),
        "by": Format.text("By"),
        "measure": Format.text("It worked when"),
        "worth": Format.text("Worth"),
        "why": Format.text("Because"),
        "sure": Format.text("Confidence"),
        "verdict": Format("Verdict", lambda value: value or "none yet", numeric=False),
    }
    note = f"{words.counted(len(members), 'step', locale=locale)}, worth most first; no sum of money is counted twice."
    table = table_html(
        frame, formats, note, f"First steps{f': {practice}' if practice else ''}", locale=locale, whole="results/findings.json"
    )
    return Block(table, "\n".join(f"{row['what']} ({row['who']}, {row['by']}): {row['worth']}" for row in frame.to_dict("records")))


def _step(finding: Finding, facts: Facts) -> dict[str, str]:
    action, locale = finding.action, facts.locale
    return {
        "what": words.plain(action.what) or "No step is known yet",
        "about": _about(finding, facts),
        "who": words.plain(action.who) or "To be named",
        "by": by_when(action.by, locale) or "To be set",
        "measure": words.plain(action.measure) or "To be set",
        "worth": "Not priced" if finding.worth.amount is None else words.interval(finding.worth, locale),
        "why": words.plain(finding.title),
        "sure": finding.confidence,
        "verdict": verdicts.said(finding, locale),
    }


def _about(finding: Finding, facts: Facts) -> str:
    """Whom or what a step is about, as people call it."""
    if finding.subject_kind == "portfolio":
        return "The whole portfolio"
    return facts.name(finding.subject_id) if finding.subject_kind == "partner" else words.plain(finding.subject_id)
