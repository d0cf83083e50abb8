"""The five practices: position, strength of the evidence, one message each, and the way to its playbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from prmkit import charts
from prmkit.charts.canvas import Canvas
from prmkit.practices import PRACTICES
from prmkit.practices.result import table_names
from prmkit.publish import words
from prmkit.publish.front.links import PlaybookLink, linked, of_practice
from prmkit.publish.front.unanswered import sentence, with_rows
from prmkit.publish.headline import Headline
from prmkit.results import Results


@dataclass(frozen=True, slots=True)
class Evidence:
    """How many of a practice's result tables the data could carry; `asked` is False where it was not run."""

    computed: int
    tables: int
    asked: bool

    @property
    def share(self) -> float:
        """Computed tables as a fraction of all."""
        return self.computed / self.tables if self.tables else 0.0


def evidence(results: Results, practice: str) -> Evidence:
    """The evidence behind a practice: a table that lacks some of it counts as computed."""
    names = table_names(practice)
    missing = {item.table for item in results.not_computed if item.column is None} - with_rows(results)
    asked = practice in results.run["practices"]
    computed = sum(f"{practice}_{name}" not in missing for name in names) if asked else 0
    return Evidence(computed, len(names), asked)


def section(results: Results, lines: Headline, playbooks: Sequence[PlaybookLink]) -> Markup:
    """The section as HTML."""
    rows = Markup("\n").join(_row(results, lines, name, of_practice(playbooks, name)) for name in PRACTICES)
    return Markup(
        '<section id="practices"><h2>{title}</h2>\n<ul class="practices">{rows}</ul>\n{position}'
        '<p class="note">The bar is the share of a practice\'s questions that the data could carry, not how good the practice is.</p>'
        "</section>"
    ).format(title=_title(results), rows=rows, position=_position(results))


def _title(results: Results) -> str:
    found = {name: evidence(results, name) for name in PRACTICES}
    asked = {name: one for name, one in found.items() if one.asked}
    computed, tables = sum(one.computed for one in asked.values()), sum(one.tables for one in asked.values())
    if not tables:
        return "None of the five practices was assessed"
    thin = min(asked, key=lambda name: asked[name].share)
    if computed == tables:
        return f"The data carry all {tables} questions of the practices"
    return f"The data carry {computed} of {tables} questions; the thinnest evidence is for {PRACTICES.get(thin).title.lower()}"


def _row(results: Results, lines: Headline, name: str, link: PlaybookLink | None) -> Markup:
    practice = PRACTICES.get(name)
    found = evidence(results, name)
    failed = (
        Markup('<p class="status bad">Its playbook failed: {}</p>').format(words.plain(link.note)) if _failed(link) and link else Markup("")
    )
    return Markup(
        '<li><div class="name"><h3>{title}</h3><p class="note">{question}</p></div><div class="says"><p>{message}</p>{failed}</div>'
        '<div class="strength">{bar}<p class="note">{words}</p></div></li>'
    ).format(
        title=linked(practice.title, link),
        question=practice.question,
        message=_message(results, lines, name),
        failed=failed,
        bar=_bar(found) if found.asked else "",
        words=f"{found.computed} of {found.tables} questions" if found.asked else "not part of this run",
    )


def _failed(link: PlaybookLink | None) -> bool:
    return link is not None and link.status == "failed"


def _message(results: Results, lines: Headline, practice: str) -> str:
    """The practice's largest finding about the whole portfolio, else its largest; where it has none, why."""
    own = [line.lead for line in (*lines.priced, *lines.unpriced) if line.lead.practice == practice]
    if own:
        return words.plain(next((finding for finding in own if finding.subject_kind == "portfolio"), own[0]).title)
    missing = [item for item in results.not_computed if item.table.startswith(f"{practice}_")]
    if practice not in results.run["practices"]:
        return "Not assessed in this run."
    return f"No finding. {sentence(missing[0].reason)}" if missing else "No finding: nothing here calls for a step."


def _bar(found: Evidence) -> Markup:
    """One bar from none to all."""
    canvas = Canvas(160, 12)
    canvas.box(0.5, 0.5, 159, 11, "white", "context")
    canvas.box(0, 0, 160 * found.share, 12, "accent")
    return Markup(canvas.svg(f"Evidence for {found.computed} of {found.tables} questions"))


def _position(results: Results) -> Markup:
    """Where each practice stands by people's answers and the data, once there are answers."""
    scores = results.table("assessment", "scores")
    known = scores.set_index("practice")["evidenced"].dropna() if len(scores) else pd.Series(dtype="float64")
    if known.empty:
        return Markup(
            '<p class="missing">No position is shown: nobody has answered the questions about how the programme works today. '
            "The answers would place each practice from 0 to 5.</p>"
        )
    names = list(PRACTICES)
    rows = pd.DataFrame({"label": [PRACTICES.get(name).title for name in names], "now": [known.get(name) for name in names]})
    rows = rows.assign(last=None, target=None)
    said = ", ".join(f"{PRACTICES.get(name).title} {words.number(known.get(name), str(results.run['locale']))}" for name in names)
    return charts.practice_bars(rows, alt=f"Position now, from 0 to 5: {said}.", locale=str(results.run["locale"])).html()
