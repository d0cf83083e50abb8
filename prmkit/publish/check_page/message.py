"""The one sentence of the check: what to mend, and how much can be answered."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from markupsafe import Markup

from prmkit.publish import words
from prmkit.publish.check_page.answers import counts
from prmkit.publish.check_page.faults import ordered, place
from prmkit.publish.check_page.section import visible

if TYPE_CHECKING:
    from prmkit.check import CheckReport

FIRST = 3


def title(report: CheckReport, locale: str) -> str:
    """ "Three things to mend before an assessment; 14 of 31 answers can be given"."""
    errors = sum(fault.severity == "error" for fault in report.faults)
    others = len(report.faults) - errors
    if errors:
        said = f"{_things(errors, locale)} to mend before an assessment"
    elif others:
        said = f"Nothing stops an assessment; {_things(others, locale).lower()} to look at"
    else:
        said = "Nothing is wrong with the data"
    ready = report.readiness
    if ready is None or ready.empty:
        return f"{said}; what can be answered is not known until then" if errors else said
    return f"{said}; {words.count(counts(ready)['ready'], locale)} of {words.counted(len(ready), 'answer', locale=locale)} can be given"


def lead(report: CheckReport) -> Markup:
    """What to do first: the first errors by name, or the next command."""
    errors = [fault for fault in ordered(report.faults) if fault.severity == "error"]
    if not errors:
        look = Markup(' <a href="#faults">What to look at</a> does not stop it.') if report.faults else Markup("")
        return Markup('<p class="lead">Go on with <code>{}</code>.{}</p>').format(command("assess", report), look)
    rows = Markup("").join(
        Markup("<li><strong>{}</strong> {} <span class='note'>{}</span></li>").format(
            visible(fault.why, 200), visible(fault.do, 200), place(fault)
        )
        for fault in errors[:FIRST]
    )
    rest = len(errors) - FIRST
    more = f"All {len(errors):,} stand in the table of faults" if rest > 0 else "All faults in one table"
    return Markup('<ol class="first">{}</ol><p><a href="#faults">{}</a></p>').format(rows, more)


def closing(report: CheckReport) -> Markup:
    """How to go on: the command to run next."""
    if report.exit_code:
        said, then = "Mend and check again", command("check", report)
        note = "An assessment is refused until nothing is left to mend; what is only to be looked at does not stop it."
    else:
        said, then = "Go on with the assessment", command("assess", report)
        note = "Its front page is written to out/all/index.html in the engagement folder."
    return Markup('<section id="on"><h2>{}</h2><pre><code>{}</code></pre><p class="note">{}</p></section>').format(said, then, note)


def command(verb: str, report: CheckReport) -> str:
    """A command on this engagement's folder, as it can be pasted into a shell."""
    return f"prmkit {verb} {shlex.quote(visible(report.folder, 4000))}"


def _things(count: int, locale: str) -> str:
    return f"{words.spelled(count, locale).capitalize()} {'thing' if count == 1 else 'things'}"
