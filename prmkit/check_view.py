"""What `prmkit check` shows: tables in a terminal, one plain line a row anywhere else; values are never read as markup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from prmkit.errors import Fault

if TYPE_CHECKING:
    import pandas as pd

    from prmkit.check import CheckReport
    from prmkit.data.proposals import Proposal

_STYLES = {"error": "bold red", "warning": "yellow"}
_LONGEST = 60


@dataclass(frozen=True)
class Grid:
    """A titled table of texts that draws itself for a terminal and as plain lines for a file or a pipe."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if not console.is_terminal:
            yield Text("\n".join(self._lines()), no_wrap=True, overflow="ignore")
            return
        table = Table(title=Text(self.title), title_justify="left", header_style="bold", expand=False)
        for name in self.head:
            table.add_column(Text(name), overflow="fold")
        for row in self.rows:
            table.add_row(*(Text(clean(cell), style=_STYLES.get(cell, "")) for cell in row))
        yield table

    def _lines(self) -> Iterator[str]:
        yield self.title
        for row in [self.head, *self.rows]:
            yield "  " + " | ".join(clean(cell).replace("\n", " ") for cell in row)


def clean(value: object) -> str:
    """A text without anything that a terminal would act on: control and direction characters are written out."""
    return "".join(letter if letter.isprintable() or letter == "\n" else f"\\u{ord(letter):04x}" for letter in str(value))


def fault_table(faults: Iterable[Fault]) -> Grid:
    """All faults, errors first, then by file and row: severity, table, place, value, why and what to do."""
    ordered = sorted(faults, key=lambda fault: (fault.severity != "error", fault.table, fault.file, fault.row, fault.column))
    errors = sum(fault.severity == "error" for fault in ordered)
    title = f"Faults: {_count(errors, 'error')}, {_count(len(ordered) - errors, 'warning')}"
    return Grid(title, ("Severity", "Table", "Where", "Value", "Why, and what to do"), [_fault_row(fault) for fault in ordered])


def _fault_row(fault: Fault) -> tuple[str, ...]:
    place = [fault.file, f"row {fault.row}" if fault.row else "", fault.column]
    many = f" ({fault.count:,} rows)" if fault.count > 1 else ""
    value = fault.value if len(fault.value) <= _LONGEST else fault.value[: _LONGEST - 1] + "…"
    why = "\n".join(part for part in (f"{fault.why}{many}", fault.do) if part)
    return fault.severity, fault.table, ", ".join(part for part in place if part), value, why


def show(report: CheckReport, console: Console) -> None:
    """Write a report to a console."""
    for block in _blocks(report):
        console.print(block, soft_wrap=not console.is_terminal)
        console.print()
    for line in _closing(report):
        console.print(Text(clean(line)), soft_wrap=True)


def _blocks(report: CheckReport) -> Iterator[Grid]:
    if report.sources:
        yield _sources(report)
    if report.open_proposals:
        yield proposal_grid(report.open_proposals)
    if report.faults:
        yield fault_table(report.faults)
    if report.reconciliation is not None and len(report.reconciliation):
        yield _reconciliation(report.reconciliation)
    if report.readiness is not None:
        yield _readiness(report.readiness)


def _sources(report: CheckReport) -> Grid:
    rows = []
    for source in report.sources.values():
        days = [str(day.date()) if day is not None else "" for day in (source.first, source.last)]
        rows.append((source.table, f"{source.rows:,}", *days, ", ".join(source.files)))
    return Grid("What was read", ("Table", "Rows", "First date", "Last date", "Files"), rows)


def _reconciliation(frame: pd.DataFrame) -> Grid:
    rows = [
        (
            str(row["period"]),
            str(row["measure"]),
            *(_number(row[name]) for name in ("ours", "theirs", "difference")),
            _word(row["explained_by"]),
        )
        for _, row in frame.iterrows()
    ]
    return Grid("Beside finance's own figures", ("Period", "Measure", "Ours", "Theirs", "Difference", "Explained by"), rows)


def _number(value: float) -> str:
    return f"{value:,.2f}".removesuffix(".00") if value == value else "not known"


def _word(value: object) -> str:
    return str(value).replace("_", " ") if isinstance(value, str) else "the same"


def _readiness(frame: pd.DataFrame) -> Grid:
    from prmkit.practices import PRACTICES

    rows = []
    for practice, tables in frame.groupby("practice", sort=False):
        names = [", ".join(tables.loc[tables["status"] == status, "table"]).replace("_", " ") for status in ("ready", "partial", "missing")]
        rows.append((PRACTICES.get(str(practice)).title, *names))
    return Grid("What the data can answer", ("Practice", "Fully", "In part", "Not yet"), rows)


def _closing(report: CheckReport) -> Iterator[str]:
    yield from _next_export(report.unlocks)
    yield from _answered(report)
    yield from _matches(report)
    if report.exit_code:
        errors = sum(fault.severity == "error" for fault in report.faults)
        verb = "has" if errors == 1 else "have"
        yield f"{_count(errors, 'error')} {verb} to be mended before an assessment can run."
    else:
        yield f"Nothing stops an assessment. Next: prmkit assess {report.folder}"


def _answered(report: CheckReport) -> Iterator[str]:
    agreed = sum(one.decision == "yes" for one in report.proposals)
    if report.accept and not report.proposals and not report.accepted:
        yield "There is nothing to accept: no mapping and no match was proposed."
    elif report.accept and report.proposals:
        yield f"{_count(agreed, 'reading')} of the exports {'is' if agreed == 1 else 'are'} agreed to; see proposals.yaml."
    elif report.open_proposals:
        yield f"What is to confirm stands in proposals.yaml. Answer there, or take all: prmkit check {report.folder} --accept"


def proposal_grid(asked: Iterable[Proposal]) -> Grid:
    """Open proposals as a table: what, how sure, why, and some values."""
    rows = [(one.what, f"{one.sure:.0%}", one.why, _samples(one)) for one in asked]
    return Grid("To confirm", ("What", "Sure", "Why", "For example"), rows)


def _samples(one: Proposal) -> str:
    return "; ".join(f"{header}: {', '.join(values)}" for header, values in one.samples.items() if values)


def _matches(report: CheckReport) -> Iterator[str]:
    """What is to be confirmed in matches.csv, or was just now."""
    waiting = report.matches.open if report.matches else 0
    if report.accepted:
        taken = "1 match was" if report.accepted == 1 else f"{report.accepted:,} matches were"
        yield f"{taken} taken as proposed in matches.csv; from the next run on they are applied."
    elif waiting and report.matches:
        needed = int(((report.matches.questions["decision"] == "") & (report.matches.questions["may_wait"] == "")).sum())
        enough = f"after the first {needed:,}, 95% of revenue is settled" if needed else "95% of revenue is settled without them"
        yield f"To confirm in matches.csv (yes or no; matches.html shows both sides): {waiting:,}; {enough}."
    for kind, count in (report.matches.unmatched if report.matches else {}).items():
        if count:
            yield f"Unmatched: {_count(count, 'reference')} to a {kind} that is not listed, with nobody to propose."


def _next_export(unlocks: pd.DataFrame | None) -> Iterator[str]:
    if unlocks is None or unlocks.empty:
        return
    settings = unlocks[unlocks["export"] == "engagement.yaml"]
    exports = unlocks[unlocks["export"] != "engagement.yaml"]
    for _, row in exports.head(1).iterrows():
        holds = f" with {row['columns']}" if row["columns"] else ""
        yield f"One more export would unlock the most: {row['export']}{holds}. It makes possible: {_tables(row['tables'])}."
    if len(exports) > 1:
        yield "After it: " + ", ".join(f"{row['export']} ({row['unlocks']})" for _, row in exports.iloc[1:].iterrows()) + "."
    for _, row in settings.iterrows():
        yield f"In engagement.yaml, {row['columns']} would make possible: {_tables(row['tables'])}."


def _tables(joined: str) -> str:
    return joined or "nothing by itself"


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"
