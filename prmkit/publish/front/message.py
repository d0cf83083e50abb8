"""The one sentence: what this programme should do next and what it is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from prmkit.publish import titles, words
from prmkit.publish.front.unanswered import gaps, sentence, with_rows
from prmkit.publish.headline import Headline, Line
from prmkit.results import Results

RANGE = "Nine times in ten the truth lies in the range."
_MEASURES = {
    "sell_in": "sell-in (what partners bought from us)",
    "sell_through": "sell-through (what partners sold on)",
    "sell_out": "sell-out (what reached the end customer)",
    "direct": "direct sales",
}


@dataclass(frozen=True, slots=True)
class Message:
    """kicker: whose numbers and of when. sentence: the next step and its worth. why: what it rests on."""

    kicker: str
    sentence: str
    why: str

    def html(self) -> Markup:
        """The top of the page."""
        return Markup('<div class="message"><p class="kicker">{}</p>\n<h1>{}</h1>\n<p class="lead">{}</p></div>').format(
            self.kicker, self.sentence, self.why
        )


def message(results: Results, lines: Headline) -> Message:
    """The message of a portfolio: its surest large finding's first step; honest where nothing has a price."""
    run, locale = results.run, str(results.run["locale"])
    portfolio = "all partners" if run["portfolio"] == "all" else words.plain(run["portfolio"])
    kicker = f"{words.plain(run['client'])} · {portfolio} · as of {words.day(run['as_of'], locale)}"
    names = dict(zip(results.partners["partner_id"], results.partners["name"].fillna(""), strict=True))
    next_step = leading(lines)
    if next_step is not None:
        return Message(kicker, _sentence(next_step, names, locale), _why(next_step, locale))
    if lines.unpriced:
        line = lines.unpriced[0]
        why = f"{sentence(line.lead.title)} No finding of this portfolio can be priced yet. {_first_export(results)}"
        return Message(kicker, f"{_step(line, names)}; nothing here has a price yet", why.strip())
    why = _first_export(results) or "The data were read and checked; they show nothing that calls for a step."
    return Message(kicker, "The data show no finding yet", why)


def leading(lines: Headline) -> Line | None:
    """The largest priced line that is not of low confidence; the largest of all where every one is."""
    agreed = [line for line in lines.priced if line.lead.status != "disputed"] or list(lines.priced)
    sure = [line for line in agreed if line.lead.confidence != "low"]
    return next(iter(sure or agreed), None)


def measure_words(measure: str) -> str:
    """What a channel is called and what it counts."""
    return _MEASURES.get(measure, titles.plain(measure))


def _sentence(line: Line, names: Mapping[str, str], locale: str) -> str:
    return f"{_step(line, names)}: worth {words.interval(line.worth, locale)}"


def _step(line: Line, names: Mapping[str, str]) -> str:
    """The first step in words; of partners, where: the largest by name, the others by number."""
    said = words.plain(line.lead.action.what).rstrip(".")
    if line.lead.subject_kind != "partner":
        return said
    name, more = words.plain(names.get(line.lead.subject_id, line.lead.subject_id)), len(line.members) - 1
    others = words.counted(more, "other partner") if more else ""
    if name in said:
        return f"{said}, likewise at {others}" if others else said
    return f"{said}, at {' and '.join(filter(None, (name, others)))}"


def _why(line: Line, locale: str) -> str:
    sure = {"high": "The confidence is high.", "medium": "The confidence is medium.", "low": "The confidence is low: check it first."}
    return f"{sentence(line.lead.title)} {RANGE} {sure[line.lead.confidence]}"


def _first_export(results: Results) -> str:
    first = next(iter(gaps(results.not_computed, with_rows(results))), None)
    return f"{first.export} would answer {words.counted(first.alone, 'question')} more." if first and first.alone else ""
