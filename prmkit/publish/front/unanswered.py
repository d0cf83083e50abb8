"""What could not be answered, and the export that would."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from prmkit.practices.result import NotComputed
from prmkit.publish import titles, words
from prmkit.results import Results

MOST = 8


@dataclass(frozen=True, slots=True)
class Gap:
    """What one export would unlock: `tables` whole, `columns` as (table, column), `reasons` as the practices gave them.

    beside: table -> the further exports it needs, in words; only for those that this export alone does not unlock.
    """

    export: str
    tables: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]
    reasons: tuple[str, ...]
    beside: Mapping[str, str] = field(default_factory=dict)

    @property
    def alone(self) -> int:
        """How many questions this export answers without any other."""
        return len(self.tables) - len(self.beside)


def exports_of(needs: str) -> tuple[str, ...]:
    """The canonical tables that `needs` names: "surveys (nps), partners.tier" -> ("partners", "surveys")."""
    starts = [re.match(r"\w+", part.strip()) for part in re.split(r",| and | or |/", words.plain(needs))]
    return tuple(sorted({start[0] for start in starts if start and titles.export_title(start[0])}))


def export_of(needs: str) -> str:
    """What `needs` names, as people call it: "surveys (nps), partners.tier" -> "Partner list and partner survey".

    Without the name of any canonical table it is what `needs` says.
    """
    exports = exports_of(needs)
    if exports:
        first, *others = [titles.export_title(export) for export in exports]
        return _and([first, *map(lower, others)])
    said = words.plain(needs).rstrip(".")
    return "A setting in engagement.yaml" if said == "engagement.yaml" else said[:1].upper() + said[1:] or "More of the same data"


def gaps(missing: Sequence[NotComputed], has_rows: Collection[str] = ()) -> list[Gap]:
    """What is missing by the export that would unlock it, first what answers most alone.

    What needs several exports stands under the one that most of what is missing needs.
    has_rows: tables that have rows: what is missing of them is a part, whatever their entry says.
    """
    wanted = Counter(export for item in missing for export in exports_of(item.needs))
    by_export: dict[str, list[NotComputed]] = defaultdict(list)
    for item in missing:
        named = sorted(exports_of(item.needs), key=lambda export: (-wanted[export], export))
        by_export[titles.export_title(named[0]) if named else export_of(item.needs)].append(item)
    found = [_gap(export, items, has_rows) for export, items in by_export.items()]
    return sorted(found, key=lambda gap: (-gap.alone, -len(gap.tables), -len(gap.columns), gap.export))


def _gap(export: str, items: Sequence[NotComputed], has_rows: Collection[str]) -> Gap:
    whole = [item for item in items if item.column is None and item.table not in has_rows]
    others = {
        item.table: [titles.export_title(name) for name in exports_of(item.needs) if titles.export_title(name) != export] for item in whole
    }
    return Gap(
        export=export,
        tables=tuple(dict.fromkeys(item.table for item in whole)),
        columns=tuple(dict.fromkeys((item.table, item.column or "") for item in items if item not in whole)),
        reasons=tuple(dict.fromkeys(sentence(item.reason) for item in items if item.reason)),
        beside={table: _and(list(map(lower, names))) for table, names in others.items() if names},
    )


def _and(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def with_rows(results: Results) -> frozenset[str]:
    """The results tables that have rows."""
    return frozenset(name for name, frame in results.tables.items() if len(frame))


def sentence(text: str) -> str:
    """Text as a sentence: a capital first, a stop last."""
    said = words.plain(text)
    said = said[:1].upper() + said[1:]
    return said if not said or said.endswith((".", "!", "?")) else f"{said}."


def lower(name: str) -> str:
    """A name for the middle of a sentence."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


def section(results: Results) -> Markup:
    """The section as HTML."""
    found = gaps(results.not_computed, with_rows(results))
    if not found:
        return Markup('<section id="unanswered"><h2>Every question of the practices could be answered</h2></section>')
    rows = [_row(gap) for gap in found]
    head = Markup('<ul class="gaps">{}</ul>').format(Markup("\n").join(rows[:MOST]))
    rest = Markup('<details><summary>{}</summary><ul class="gaps">{}</ul></details>').format(
        f"{len(rows) - MOST} more that would answer a question", Markup("\n").join(rows[MOST:])
    )
    return Markup('<section id="unanswered"><h2>{}</h2>\n{}{}{}</section>').format(
        _title(found), head, rest if len(rows) > MOST else "", _reasons(found)
    )


def _title(found: Sequence[Gap]) -> str:
    questions = len({table for gap in found for table in gap.tables})
    if not questions:
        return "Every question has an answer; some answers are in part"
    first = found[0]
    alone = first.alone
    could = f"{words.counted(questions, 'question')} could not be answered"
    if questions == 1 or not alone:
        return could
    return f"{could}; {lower(first.export)} alone would answer {'all' if alone == questions else words.spelled(alone)}"


def _row(gap: Gap) -> Markup:
    parts = []
    if gap.tables:
        parts.append(f"Would answer: {'; '.join(_question(table, gap.beside) for table in gap.tables)}.")
    if gap.columns:
        named = [titles.result_title(table) + (f" ({titles.plain(column).lower()})" if column else "") for table, column in gap.columns]
        parts.append(f"Would complete: {'; '.join(dict.fromkeys(named))}.")
    return Markup('<li><div><p class="claim">{}</p><p class="note">{}</p></div><div>{}</div></li>').format(
        gap.export, _unlocks(gap), Markup("").join(Markup("<p>{}</p>").format(part) for part in parts)
    )


def _question(table: str, beside: Mapping[str, str]) -> str:
    return titles.result_title(table) + (f" (with {beside[table]})" if table in beside else "")


def _unlocks(gap: Gap) -> str:
    whole = words.counted(len(gap.tables), "question") if gap.tables else ""
    part = words.counted(len(gap.columns), "answer in part", "answers in part") if gap.columns else ""
    return " and ".join(filter(None, (whole, part)))


def _reasons(found: Sequence[Gap]) -> Markup:
    """Why each is missing, in the practices' own words, behind a click."""
    said = list(dict.fromkeys(reason for gap in found for reason in gap.reasons))
    if not said:
        return Markup("")
    rows = Markup("").join(Markup("<li>{}</li>").format(reason) for reason in said)
    return Markup("<details><summary>Why each is missing</summary><ul>{}</ul></details>").format(rows)
