"""The ten findings worth most on one scale of money, and those without a price after them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup

from prmkit.practices import PRACTICES
from prmkit.publish import verdicts, words
from prmkit.publish.front.links import PlaybookLink, linked, of_practice
from prmkit.publish.front.message import RANGE
from prmkit.publish.front.strip import Strips
from prmkit.publish.headline import Headline, Line
from prmkit.results import Results

MOST = 10
_ISO_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_SURE = {
    "high": ("good", "high confidence"),
    "medium": ("watch", "medium confidence"),
    "low": ("none", "low confidence"),
}


def section(results: Results, lines: Headline, playbooks: Sequence[PlaybookLink]) -> Markup:
    """The section as HTML."""
    top = lines.priced[:MOST]
    locale, currency = str(results.run["locale"]), str(results.run["currency"])
    strips = Strips([line.worth for line in top], currency, locale)
    rows = Markup("\n").join(_row(rank, line, strips, locale, playbooks) for rank, line in enumerate(top, start=1))
    priced = Markup('<div class="axis"><span class="note">Worth a year, {}</span>{}</div><ol class="worth">{}</ol>').format(
        currency, strips.axis(), rows
    )
    return Markup('<section id="findings"><h2>{title}</h2>{rule}\n{priced}\n{unpriced}</section>').format(
        title=_title(lines),
        rule=Markup('<p class="note">{}</p>').format(_rule(lines)) if lines.priced else "",
        priced=priced
        if top
        else Markup('<p class="missing">No finding has a price: the data hold no margin that one could be put on.</p>'),
        unpriced=_unpriced(lines.unpriced, locale, playbooks),
    )


def _title(lines: Headline) -> str:
    if not lines.priced:
        return "No finding can be priced yet"
    count = len(lines.priced)
    if count > MOST:
        return f"{words.counted(count, 'finding')} carry a price; these ten are worth most"
    return "One finding carries a price" if count == 1 else f"{words.spelled(count).capitalize()} findings carry a price, the largest first"


def _rule(lines: Headline) -> str:
    """What was left out and why, in words: money is counted once."""
    said = [f"Dot: expected margin at stake. Bar: its range. {RANGE} No sum of money is counted twice."]
    if lines.double:
        said.append(f"{words.counted(lines.double, 'finding')} that another one holds, or says a part of, {_were(lines.double)} left out.")
    if lines.folded:
        said.append(
            f"{words.counted(lines.folded, 'partner finding')} share a line with others of their kind; "
            "its range adds up theirs, so it is rather too wide than too narrow."
        )
    if lines.hidden:
        said.append(f"{words.counted(lines.hidden, 'finding')} that a person has hidden {_were(lines.hidden)} left out.")
    if again := verdicts.again(member for line in (*lines.priced, *lines.unpriced) for member in line.members):
        said.append(again)
    return " ".join(said)


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def _row(rank: int, line: Line, strips: Strips, locale: str, playbooks: Sequence[PlaybookLink]) -> Markup:
    return Markup(
        '<li><div class="what"><p class="claim"><span class="rank">{rank}</span> {title}</p><p>{step} {source}</p>{verdict}</div>'
        '<div class="sum">{strip}<p class="number">{worth}</p>{sure}</div></li>'
    ).format(
        rank=rank,
        title=title(line),
        step=first_step(line, locale),
        source=_source(line, playbooks),
        verdict=verdicts.paragraph(line.members, locale),
        strip=strips.strip(line.worth),
        worth=words.interval(line.worth, locale),
        sure=_confidence(line),
    )


def title(line: Line) -> str:
    """A line's claim; a folded one names the largest and counts the others."""
    said = words.plain(line.lead.title).rstrip(".")
    return f"{said}, and {words.counted(len(line.members) - 1, 'other partner')} likewise" if line.folded else said


def first_step(line: Line, locale: str) -> Markup:
    """What to do first, who, and by when."""
    action = line.lead.action
    step = words.plain(action.what).rstrip(".")
    if not step:
        return Markup("No first step is known yet.")
    who = ", ".join(part for part in (words.plain(action.who), by_when(action.by, locale)) if part)
    return Markup('<span class="kicker">First step</span> {}').format(f"{step} ({who})." if who else f"{step}.")


_DATED = ("by ", "within ", "before ", "at ", "in ", "next ", "this ", "every ", "from ")


def by_when(text: str, locale: str) -> str:
    """ "by 30 November 2026"; words of one's own stay as they are."""
    said = _ISO_DAY.sub(lambda found: words.day(found[0], locale), words.plain(text))
    return said if not said or said.startswith(_DATED) else f"by {said}"


def _source(line: Line, playbooks: Sequence[PlaybookLink]) -> Markup:
    practice = line.lead.practice
    return Markup('<span class="note">{}</span>').format(linked(PRACTICES.get(practice).title, of_practice(playbooks, practice)))


def _confidence(line: Line) -> Markup:
    shape, said = _SURE[line.lead.confidence]
    return Markup('<p class="status {}">{}</p>').format(shape, said)


def _unpriced(lines: Sequence[Line], locale: str, playbooks: Sequence[PlaybookLink]) -> Markup:
    if not lines:
        return Markup("")
    rows = [_aside(line, locale, playbooks) for line in lines]
    head = Markup('<h3>Not priced: {} without a sum of money</h3><ul class="unpriced">{}</ul>').format(
        words.counted(len(rows), "finding"), Markup("").join(rows[:MOST])
    )
    rest = Markup("").join(rows[MOST : MOST + 200])
    more = Markup('<details><summary>{} more</summary><ul class="unpriced">{}</ul></details>').format(len(rows) - MOST, rest)
    return head + more if rest else head


def _aside(line: Line, locale: str, playbooks: Sequence[PlaybookLink]) -> Markup:
    return Markup('<li><div><p class="claim">{}</p><p class="step">{}</p>{}</div><p>{}</p>{}</li>').format(
        title(line), first_step(line, locale), verdicts.paragraph(line.members, locale), _source(line, playbooks), _confidence(line)
    )
