"""What `prmkit check` found, as one page: what to mend, what the data can answer, and every fault in one table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from prmkit import __version__
from prmkit.publish import totals, words
from prmkit.publish.check_page import answers, faults, message
from prmkit.publish.check_page.section import Section, visible
from prmkit.publish.page import TABLE_SCRIPT, document
from prmkit.publish.sources import files_table, totals_table
from prmkit.results import replacing

if TYPE_CHECKING:
    from prmkit.check import CheckReport

__all__ = ["PAGE", "Section", "check_page", "write_check_page"]

PAGE = "check.html"
_CSS = (Path(__file__).parent / "check_page.css").read_text(encoding="utf-8")


def check_page(report: CheckReport, extra: Sequence[Section] = ()) -> str:
    """The whole page as HTML that asks the network for nothing.

    In this order: what to mend and how much can be answered, what was read, the answers by practice, the exports to ask for
    next, our totals beside finance's, the sections of `extra`, every fault, how to go on. A client that could not be
    loaded has a page too: what is not known is said.
    """
    locale = report.locale
    title = message.title(report, locale)
    name = visible(report.client or Path(report.folder).name, 120)
    top = Markup('<div class="message"><p class="kicker">{}</p>\n<h1>{}</h1>\n{}</div>').format(
        f"{name} · check of the data", title, message.lead(report)
    )
    body = Markup("\n").join(
        (
            top,
            _read(report, locale),
            answers.section(report.readiness, report.unlocks, locale),
            _totals(report, locale),
            *(section.html(locale) for section in extra),
            faults.section(report.faults, locale),
            message.closing(report),
        )
    )
    return document(
        f"{name}: check of the data",
        body,
        locale=locale,
        description=title,
        script=TABLE_SCRIPT,
        footer=Markup("<p>{}</p>").format(f"Made with prmkit {__version__}. Confidential: {name}."),
        extra_css=_CSS,
    )


def write_check_page(report: CheckReport, extra: Sequence[Section] = ()) -> Path:
    """Write the page to out/check.html of the engagement, whole or not at all, and return its path."""
    path = Path(report.folder) / "out" / PAGE
    with replacing(path) as draft:
        draft.write_text(check_page(report, extra), encoding="utf-8")
    return path


def _read(report: CheckReport, locale: str) -> Markup:
    if not report.sources:
        return Markup('<section id="read"><h2>No export could be read</h2></section>')
    inputs: dict[str, dict[str, Any]] = {
        name: {"rows": source.rows, "first": source.first, "last": source.last, "files": source.files}
        for name, source in report.sources.items()
    }
    rows = sum(source.rows for source in report.sources.values())
    files = len({file for source in report.sources.values() for file in source.files})
    title = f"{words.counted(rows, 'row', locale=locale)} were read from {words.counted(files, 'file', locale=locale)}"
    return Markup('<section id="read"><h2>{}</h2>{}</section>').format(_dated(title, report, locale), files_table(inputs, locale))


def _dated(title: str, report: CheckReport, locale: str) -> str:
    sales = report.sources.get("sales")
    if sales is None or sales.first is None or sales.last is None:
        return title
    # a line with a later date, right or mistyped, is not read
    last = sales.last if report.as_of is None else min(sales.last, report.as_of)
    return f"{title}; sales run from {words.day(sales.first, locale)} to {words.day(last, locale)}"


def _totals(report: CheckReport, locale: str) -> Markup:
    frame = report.reconciliation
    if frame is None:
        return Markup("")
    heading = totals.heading(frame, locale)
    if frame.empty:
        said = Markup("<p>{}</p>").format(
            "Put finance's own figures under control_totals in engagement.yaml, such as {2025: {revenue: 41200000}}: "
            "a difference of more than 2% that nothing explains lowers the confidence of every finding."
        )
    else:
        so = totals.consequence(frame)
        said = (Markup("<p>{}</p>").format(so) if so else Markup("")) + totals_table(frame, locale)
    return Markup('<section id="totals"><h2>{}</h2>{}</section>').format(heading, said)
