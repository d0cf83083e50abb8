"""matches.html: what a person is asked to confirm in matches.csv, by revenue, both sides beside each other."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup

from prmkit.data.identity.decisions import FILE
from prmkit.data.identity.questions import ENOUGH, EVIDENCE, Matches
from prmkit.engagement import Engagement
from prmkit.publish import words
from prmkit.publish.page import document
from prmkit.results import replacing

PAGE = "matches.html"
_MOST = 300
_LABELS = {
    "domain": "Domain",
    "postal_code": "Postal code",
    "country": "Country",
    "territory": "Territory",
    "external_ids": "Ids in other systems",
}
_CSS = """
.question{border-top:1px solid var(--rule);padding:24px 0 8px;max-width:720px}
.question h3{font-size:var(--size-3);line-height:1.25;margin:0 0 4px;overflow-wrap:anywhere}
.question p{margin:4px 0;overflow-wrap:anywhere}
.sides{border-collapse:collapse;width:100%;table-layout:fixed;margin:12px 0;font-size:var(--size-2)}
.sides th,.sides td{padding:4px 8px 4px 0;text-align:left;vertical-align:top;font-weight:400}
.sides th,.sides td{overflow-wrap:anywhere;border-top:1px solid var(--rule)}
.sides thead th,.sides tbody th{color:var(--muted);font-size:var(--size-1)}
.sides tbody th{width:28%}
.sides .unknown{color:var(--muted)}
h2+.question{margin-top:16px}
"""


def write_matches_page(engagement: Engagement, matches: Matches) -> None:
    """Write the page into the engagement's folder; an old one goes where there is nothing more to ask."""
    path = engagement.folder / PAGE
    if matches.questions.empty:
        path.unlink(missing_ok=True)
        return
    with replacing(path) as draft:
        draft.write_text(
            matches_page(matches, client=engagement.client, currency=engagement.currency, locale=engagement.locale), encoding="utf-8"
        )


def matches_page(matches: Matches, *, client: str, currency: str, locale: str = "en_GB") -> str:
    """The whole page as text: open questions by revenue, at most 300 of them, and how far they are from 95% of it."""
    questions = matches.questions
    waiting = questions[questions["decision"] == ""]
    shown = waiting.head(_MOST)
    title = _title(waiting, locale)
    parts = [_question(row, currency, locale) for _, row in shown.iterrows()]
    rest = len(waiting) - len(shown)
    body = Markup(
        '<p class="kicker">{client} · partners and customers across exports</p>\n<h1>{title}</h1>\n'
        '<p class="lead">Write yes or no into the column “decision” of {file}, beside this page, and run prmkit check again. '
        "Nothing is merged before. What is left empty stays apart.</p>\n"
        "<h2>How far it is to {enough}</h2>\n{progress}\n{heading}{parts}{rest}"
    ).format(
        client=words.plain(client),
        title=title,
        file=FILE,
        enough=words.share(ENOUGH, locale),
        progress=_progress(matches, waiting, locale),
        heading=Markup("<h2>Questions, most revenue first</h2>\n") if parts else "",
        parts=Markup("\n").join(parts),
        rest=Markup("<p>{} more stand in {}.</p>").format(words.count(rest, locale), FILE) if rest else "",
    )
    footer = Markup("<p>Internal to {}: this page names partners and customers. Do not send it to one.</p>").format(words.plain(client))
    return document(f"Matches: {words.plain(client)}", body, locale=locale, description=title, footer=footer, extra_css=_CSS)


def _title(waiting: pd.DataFrame, locale: str) -> str:
    if waiting.empty:
        return "Every match has been decided"
    needed = int((waiting["may_wait"] == "").sum())
    asked = words.counted(len(waiting), "match", "matches", locale=locale)
    if not needed:
        return f"{asked} to confirm, none of them needed: {words.share(ENOUGH, locale)} of revenue is settled without"
    return f"{asked} to confirm; after the first {words.count(needed, locale)}, {words.share(ENOUGH, locale)} of revenue is settled"


def _progress(matches: Matches, waiting: pd.DataFrame, locale: str) -> Markup:
    items = []
    for kind, covered in matches.covered.items():
        some = waiting[waiting["kind"] == kind]
        needed = int((some["may_wait"] == "").sum())
        said = f"{words.share(covered, locale)} of revenue by {kind} hangs on no question"
        if len(some):
            asked, enough = words.counted(len(some), "question", locale=locale), words.share(ENOUGH, locale)
            said += f"; {asked} open, {words.count(needed, locale)} of them needed for {enough}"
        unmatched = matches.unmatched.get(kind, 0)
        if unmatched:
            said += f"; {words.counted(unmatched, 'reference', locale=locale)} with nobody to propose"
        items.append(Markup("<li>{}.</li>").format(said))
    return Markup("<ul>{}</ul>").format(Markup("").join(items))


def _question(row: pd.Series[Any], currency: str, locale: str) -> Markup:
    known = _known(row["given_name"], row["given"])
    asks = {
        "reference": f"Does {known} mean the {row['kind']} {_known(row['proposed_name'], row['proposed'])}?",
        "duplicate": f"Is {known} the same {row['kind']} as {_known(row['proposed_name'], row['proposed'])}?",
    }
    named = f"Named in {words.plain(row['tables'])}, {words.counted(int(row['rows']), 'row', locale=locale)}. " if row["tables"] else ""
    wait = " May wait: the questions above settle enough." if row["may_wait"] else ""
    stake = f"{named}At stake: {words.money(row['revenue'], currency, locale)}.{wait}"
    return Markup(
        '<section class="question"><h3>{ask}</h3>\n<p>{sure} sure: {why}.</p>\n<p class="note">{stake}</p>\n'
        '<table class="sides"><thead><tr><td></td><th scope="col">Given</th>'
        '<th scope="col">Proposed</th></tr></thead><tbody>{rows}</tbody></table></section>'
    ).format(
        ask=words.plain(asks[row["question"]]),
        sure=words.share(row["sure"], locale),
        why=words.plain(row["why"]),
        stake=stake,
        rows=_sides(row),
    )


def _sides(row: pd.Series[Any]) -> Markup:
    lines = [("Name", row["given_name"], row["proposed_name"]), ("Id", row["given"], row["proposed"])]
    lines += [(_LABELS[about], row[f"given_{about}"], row[f"proposed_{about}"]) for about in EVIDENCE]
    cells = '<tr><th scope="row">{}</th><td>{}</td><td>{}</td></tr>'
    return Markup("").join(Markup(cells).format(label, _cell(given), _cell(other)) for label, given, other in lines if given or other)


def _cell(text: Any) -> Markup:
    return Markup("<bdi>{}</bdi>").format(words.plain(str(text))) if text else Markup('<span class="unknown">not given</span>')


def _known(name: Any, text: Any) -> str:
    return f"{name} ({text})" if name and name != text else str(text)
