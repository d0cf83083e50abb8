"""What exhibits are built with: the facts of a run, tables by the contract, and rows ready to draw."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pandas as pd
from markupsafe import Markup

from prmkit import charts
from prmkit.charts.frames import first_of
from prmkit.charts.scale import finite
from prmkit.practices.result import Amount, columns
from prmkit.publish import titles, words
from prmkit.publish.exhibit import NOT_YET, Exhibit
from prmkit.publish.front.unanswered import export_of
from prmkit.publish.table import Format, table_html
from prmkit.registry import Registry
from prmkit.results import Results

EXHIBITS: Registry[Callable[[Results], Exhibit]] = Registry("exhibit")
ROWS = 10


@dataclass(frozen=True)
class Facts:
    """What every exhibit of one run says in the same way: currency, locale, names, period."""

    currency: str
    locale: str
    as_of: str
    names: Mapping[str, str]

    @classmethod
    def of(cls, results: Results) -> Facts:
        """The facts of a run."""
        partners = results.partners
        names = (
            dict(zip(partners["partner_id"], partners["name"].fillna(partners["partner_id"]), strict=True)) if "name" in partners else {}
        )
        return cls(results.run["currency"], results.run["locale"], results.run["as_of"], names)

    @property
    def year(self) -> str:
        """The twelve months that most results speak of."""
        return f"12 months to {words.day(self.as_of, self.locale)}"

    def money(self, value: Any) -> str:
        """Money in prose."""
        return words.money(value, self.currency, self.locale)

    def amount(self, row: Any, value: str, low: str, high: str, *, unit: str = "", period: str = "") -> str:
        """A value of a row for the middle of a sentence, its range in brackets: "34% (31% to 38%)"."""
        amount, bottom, top = (finite(getattr(row, name, None)) for name in (value, low, high))
        said = words.interval(Amount(amount, bottom, top, unit or self.currency, period), self.locale)
        head, comma, spread = said.rpartition(", ")
        return f"{head} ({spread})" if comma else said

    def share(self, value: Any) -> str:
        """A fraction in prose."""
        return words.share(value, self.locale)

    def count(self, value: Any, one: str = "", many: str = "") -> str:
        """A count, with its noun if given."""
        return words.counted(value, one, many, self.locale) if one else words.count(value, self.locale)

    def name(self, partner_id: Any) -> str:
        """What a partner is called; its id where no name is known."""
        return words.plain(self.names.get(partner_id, partner_id))


def formats(
    practice: str, table: str, facts: Facts, only: Sequence[str] = (), beside: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Format]:
    """How the columns of a results table read, by their type in the contract, or in `beside` for columns that stand beside it; a partner's
    name comes before its id."""
    contract = {**columns(practice, table), **beside}
    shown: dict[str, Format] = {}
    for column in only or contract:
        if column == "partner_id":
            shown["partner_name"] = Format.text("Partner")
        shown[column] = format_of(column, contract.get(column) or _beyond(column), facts)
    return shown


def _beyond(column: str) -> str:
    """The type word of a column that the contract does not name, by how it is called."""
    if column.startswith("chance") or column.endswith("_chance_less"):
        return "fraction"
    return "number" if column.endswith(("_seen", "_expected")) else "string"


def format_of(column: str, word: str, facts: Facts) -> Format:
    """How one column reads, by its type word in the contract."""
    title = "Partner id" if column == "partner_id" else titles.plain(column)
    if word == "currency":
        return Format.money(title, facts.currency, facts.locale)
    makers = {"fraction": Format.share, "integer": Format.count, "number": Format.number, "hours": Format.number, "date": Format.day}
    if word in makers:
        return makers[word](title, facts.locale)
    if word == "boolean":
        return Format.yes_no(title)
    return Format.text(title, {part.strip(): titles.plain(part.strip()).lower() for part in word.split("|")} if "|" in word else None)


def rows_html(
    results: Results,
    practice: str,
    table: str,
    frame: pd.DataFrame,
    label: str,
    only: Sequence[str] = (),
    beside: Mapping[str, str] = MappingProxyType({}),
) -> Markup:
    """Rows of a results table as HTML, names beside ids; `label` is what they show, unlike any other on the page."""
    facts = Facts.of(results)
    if "partner_id" in frame:
        frame = frame.assign(partner_name=frame["partner_id"].map(facts.name))
    key = f"{practice}_{table}"
    known = {column for column in frame if only or not len(frame) or frame[column].notna().any()}
    shown = {column: style for column, style in formats(practice, table, facts, only, beside).items() if column in known}
    return table_html(frame, shown, titles.result_title(key), f"Table: {label}", locale=facts.locale, whole=f"results/{key}.parquet")


def caption(results: Results, practice: str, table: str, n: str, period: str = "") -> str:
    """n, period and source in one line."""
    when = period or Facts.of(results).year
    return f"{n}, {when}. Source: results/{practice}_{table}.parquet."


def reasons(results: Results, practice: str, table: str, column: str | None = None) -> tuple[str, ...]:
    """Why a table, or a column of it, is not there, and what would unlock it: as the practice says, else as its rows say."""
    key = f"{practice}_{table}"
    found = [item for item in results.not_computed if item.table == key and (column is None or item.column in {None, column})]
    found = found or [item for item in results.not_computed if item.table == key]
    said = [f"{_sentence(item.reason)} {unlock(item.needs)}".strip() for item in found]
    frame = results.table(practice, table)
    if not said and "reason" in frame:
        said = [_sentence(reason) for reason in frame["reason"].dropna().unique()[:3] if reason]
    return tuple(dict.fromkeys(said)) or ("The data of this portfolio hold nothing for it.",)


def _sentence(text: str) -> str:
    said = words.plain(text).rstrip(".")
    return f"{said[:1].upper()}{said[1:]}."


def unlock(needs: str) -> str:
    """What would make an answer possible, in words."""
    return f"What would answer it: {export_of(needs)}." if needs else ""


def missing(results: Results, practice: str, table: str, column: str | None = None) -> Exhibit:
    """In the place of an exhibit that cannot be made: what is missing, in words."""
    title = titles.result_title(f"{practice}_{table}")
    frame = results.table(practice, table)
    rows = rows_html(results, practice, table, frame, title) if len(frame) else Markup("")
    return Exhibit(f"{title}{NOT_YET}", None, rows, "", missing=reasons(results, practice, table, column))


@dataclass(frozen=True)
class Ranking:
    """Ten rows of a results table as a picture: which column names a row, which are drawn, and in what order.

    seen: a column drawn as an open ring beside the dot, such as what was observed beside what was expected.
    total: the name of a row that holds all others and is not drawn beside them.
    """

    practice: str
    table: str
    label: str
    value: str
    low: str = ""
    high: str = ""
    seen: str = ""
    by: str = ""
    ascending: bool = False
    unit: str = ""
    axis: str = ""
    shown: tuple[str, ...] = ()
    accent_first: bool = False
    reference: float | None = None
    reference_name: str = ""
    total: str = ""

    def rows(self, results: Results) -> pd.DataFrame:
        """All rows with a value, in the order they are shown."""
        frame = results.table(self.practice, self.table)
        frame = frame[frame[self.value].notna()]
        order = [self.by or self.value, self.label]
        return frame.sort_values(order, ascending=[self.ascending, True], kind="stable").reset_index(drop=True)

    def picture(self, results: Results, alt: str) -> charts.Picture:
        """The first ten rows drawn: dots with intervals where there are intervals, else bars."""
        facts, rows = Facts.of(results), self.rows(results)
        parts = rows[rows[self.label] != self.total]
        head = (parts if len(parts) else rows).head(ROWS)
        named = head[self.label].map(facts.name if self.label == "partner_id" else words.plain)
        drawn = pd.DataFrame({"label": named, "value": head[self.value]})
        said: dict[str, Any] = {
            "alt": alt,
            "unit": self.unit or facts.currency,
            "axis": self.axis.replace("{currency}", facts.currency),
            "locale": facts.locale,
            "accent": [str(named.iloc[0])] if self.accent_first else [],
        }
        if not self.low:
            return charts.bars(drawn, **said)
        drawn = drawn.assign(low=head[self.low], high=head[self.high])
        if self.seen:
            drawn = drawn.assign(seen=head[self.seen])
        return charts.dot_interval(drawn, reference=self.reference, reference_name=self.reference_name, **said)

    def exhibit(
        self, results: Results, title: Callable[[Any, pd.DataFrame, Facts], str], noun: tuple[str, str], *, period: str = "", note: str = ""
    ) -> Exhibit:
        """The whole exhibit: `title` makes the message from the first row and all rows; `noun` is what a row is, one and many."""
        rows, facts = self.rows(results), Facts.of(results)
        if rows.empty:
            return missing(results, self.practice, self.table, self.value)
        message = title(first_of(rows), rows, facts)
        picture = self.picture(results, message) if rows[self.value].any() else None
        table = rows_html(results, self.practice, self.table, rows, message, self.shown)
        return Exhibit(
            message,
            picture,
            table,
            caption(results, self.practice, self.table, facts.count(len(rows), *noun), period),
            note,
        )


def tally(
    results: Results,
    practice: str,
    table: str,
    column: str,
    title: Callable[[Mapping[str, int], Facts], str],
    *,
    said: Mapping[str, str],
    noun: tuple[str, str] = ("partner", "partners"),
    accent: str = "",
    shown: Sequence[str] = (),
    by: str = "",
    note: str = "",
) -> Exhibit:
    """How many rows have each word of a column, as bars, most first; `said` gives the words a person reads.

    by: the column the rows of the table are sorted by, largest first.
    """
    frame, facts = results.table(practice, table), Facts.of(results)
    counts = {str(word): int(number) for word, number in frame[column].value_counts().items()}
    if not counts:
        return missing(results, practice, table, column)
    message = title(counts, facts)
    drawn = pd.DataFrame({"label": [said.get(word, word) for word in counts], "value": list(counts.values())})
    drawn = drawn.sort_values(["value", "label"], ascending=[False, True], kind="stable")
    picture = charts.bars(
        drawn, alt=f"{message}.", unit="", axis=noun[1], locale=facts.locale, accent=[said.get(accent, accent)] if accent else []
    )
    rows = frame.sort_values(by, ascending=False, kind="stable") if by else frame
    n = facts.count(sum(counts.values()), *noun)
    return Exhibit(message, picture, rows_html(results, practice, table, rows, message, shown), caption(results, practice, table, n), note)
