"""partners/index.html: every partner's reports, what became of each, and the way to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from prmkit.publish import words
from prmkit.publish.front.links import relative
from prmkit.publish.page import document
from prmkit.results import Results

_SCRIPT = (Path(__file__).parent / "partner_index.js").read_text(encoding="utf-8")
_EDITIONS = {"internal": "Internal edition", "partner": "Partner edition"}


@dataclass(frozen=True, slots=True)
class ReportEntry:
    """One report: whose, which edition, "ok" or "failed" and why, and where it is (relative to the index)."""

    partner_id: str
    name: str
    slug: str
    edition: str
    status: str
    reason: str
    href: str


def partner_index(results: Results, reports: Sequence[ReportEntry]) -> str:
    """The index as a page: one row a partner, by name; it can be searched and sorted, and read without script."""
    run, locale = results.run, str(results.run["locale"])
    by_partner: dict[str, dict[str, ReportEntry]] = {}
    for entry in sorted(reports, key=lambda entry: (entry.name.casefold(), entry.partner_id)):
        by_partner.setdefault(entry.partner_id, {})[entry.edition] = entry
    present = {entry.edition for entry in reports}
    editions = [edition for edition in _EDITIONS if edition in present] + sorted(present - set(_EDITIONS))
    portfolio = "all partners" if run["portfolio"] == "all" else words.plain(run["portfolio"])
    kicker = f"{words.plain(run['client'])} · {portfolio} · as of {words.day(run['as_of'], locale)}"
    title = _title(reports, len(by_partner), locale)
    body = Markup('<p class="kicker">{}</p>\n<h1>{}</h1>\n<p><a href="../index.html">To the front page</a></p>\n{}').format(
        kicker, title, _table(by_partner, editions) if by_partner else ""
    )
    return document(
        f"Partner reports: {words.plain(run['client'])}",
        body,
        locale=locale,
        description=title,
        script=_SCRIPT if by_partner else "",
        footer=Markup("<p>{}</p>").format(
            f"Internal to {words.plain(run['client'])}: this list names every partner. Do not send it to one."
        ),
    )


def _title(reports: Sequence[ReportEntry], partners: int, locale: str) -> str:
    if not reports:
        return "No partner report has been made yet"
    failed = Counter(entry.status for entry in reports)["failed"]
    made = f"{words.counted(len(reports) - failed, 'report', locale=locale)} for {words.counted(partners, 'partner', locale=locale)}"
    return f"{made}; {words.count(failed, locale)} failed" if failed else f"{made}, none failed"


def _table(by_partner: Mapping[str, Mapping[str, ReportEntry]], editions: Sequence[str]) -> Markup:
    heads = ["Partner", "Id", *(_EDITIONS.get(edition, words.plain(edition)) for edition in editions)]
    rows = [_row(entries, editions) for entries in by_partner.values()]
    return Markup(
        '<div><div class="region" role="region" tabindex="0" aria-label="Partner reports"><table class="data" id="partners">'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div></div>"
    ).format(Markup("").join(Markup('<th scope="col">{}</th>').format(head) for head in heads), Markup("").join(rows))


def _row(entries: Mapping[str, ReportEntry], editions: Sequence[str]) -> Markup:
    first = next(iter(entries.values()))
    cells = Markup("").join(Markup("<td>{}</td>").format(_cell(entries.get(edition))) for edition in editions)
    return Markup('<tr><th scope="row"><bdi>{}</bdi></th><td>{}</td>{}</tr>').format(
        words.plain(first.name), words.plain(first.partner_id), cells
    )


def _cell(entry: ReportEntry | None) -> Markup:
    if entry is None:
        return Markup('<span class="unknown">not asked for</span>')
    if entry.status == "ok" and relative(entry.href):
        return Markup('<a href="{}">Open</a>').format(entry.href)
    reason = words.plain(entry.reason) or "the cause is not known"
    return Markup('<span class="status bad">failed</span> {}').format(reason)
