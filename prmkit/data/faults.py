"""Faults as they are met: counted, grouped and said in the words of the fault book."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from prmkit.data.fault_book import FAULTS
from prmkit.engagement.faults import shown
from prmkit.errors import Fault, Severity

_ROWS_NAMED = 3
_VALUES_NAMED = 10
_LONGEST_WORDS = 1_000


@dataclass
class _Entry:
    """Occurrences of one fault in one column of one table, while they are being counted."""

    code: str
    severity: Severity
    table: str
    file: str
    row: int
    column: str
    value: str
    count: int
    words: Mapping[str, str]
    rows: list[int] = field(default_factory=list)
    files: dict[str, None] = field(default_factory=dict)
    values: dict[str, None] = field(default_factory=dict)

    def as_fault(self) -> Fault:
        kind = FAULTS[self.code]
        words = {"column": self.column, "value": self.value, "table": self.table, "n": f"{self.count:,}", **self.words}
        words["others"] = self._others()
        words["rows"] = "1 row" if self.count == 1 else f"{self.count:,} rows"
        why = kind.why.format_map(words) + self._elsewhere()
        return Fault(
            self.code, self.severity, self.table, self.file, self.row, self.column, self.value, why, kind.do.format_map(words), self.count
        )

    def _others(self) -> str:
        named = [f"'{other}'" for other in self.values][1 : _VALUES_NAMED + 1]
        more = len(self.values) - 1 - len(named)
        return f" So with {', '.join(named)}" + (f" and {more:,} more." if more > 0 else ".") if named else ""

    def _elsewhere(self) -> str:
        if len(self.files) > 1:
            return f" In {len(self.files)} files."
        others = [row for row in self.rows if row != self.row][: _ROWS_NAMED - 1]
        if not self.row or not others:
            return ""
        more = self.count - 1 - len(others)
        named = f" Also row{'s' if len(others) > 1 else ''} {', '.join(map(str, others))}"
        return named + (f" and {more:,} more." if more > 0 else ".")


def _short(words: Mapping[str, str]) -> Mapping[str, str]:
    """Words as a fault may say them: on one line and no longer than a person reads, whatever the data hold."""
    made = {}
    for name, word in words.items():
        cut = word if len(word) <= _LONGEST_WORDS else word[: _LONGEST_WORDS - 1] + "…"
        made[name] = "".join(letter if letter.isprintable() else " " for letter in cut)
    return made


class FaultLog:
    """Collects faults: the same fault in the same column of the same table is one, counted, its first rows named."""

    def __init__(self) -> None:
        self._entries: dict[tuple[str, ...], _Entry] = {}

    def add(
        self,
        code: str,
        *,
        table: str = "",
        file: str = "",
        row: int = 0,
        column: str = "",
        value: str | None = "",
        count: int = 1,
        rows: Iterable[int] = (),
        severity: Severity | None = None,
        detail: str = "",
        words: Mapping[str, str] | None = None,
    ) -> None:
        """Note `count` occurrences in `rows`, the first of which is `row` where none is given; rows that are 0 have no place.

        `detail` keeps apart what would otherwise be counted together.
        """
        placed = [int(number) for number in rows if number] or ([row] if row else [])
        row = row or (placed[0] if placed else 0)
        key = (code, table, column, detail, FAULTS[code].apart and file)
        entry = self._entries.get(key)
        if entry is None:
            entry = _Entry(code, severity or FAULTS[code].severity, table, file, row, column, shown(value or ""), 0, _short(words or {}))
            self._entries[key] = entry
        entry.count += count
        if severity == "error":
            entry.severity = "error"
        entry.files.setdefault(file)
        if value:
            entry.values.setdefault(shown(value))
        if file == entry.file and len(entry.rows) < _ROWS_NAMED:
            entry.rows += [other for other in placed if other not in entry.rows]

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Everything noted: errors first, tables as they were met, rows as they stand in the file."""
        found = [entry.as_fault() for entry in self._entries.values()]
        met = {fault.table: place for place, fault in reversed(list(enumerate(found)))}
        return tuple(sorted(found, key=lambda fault: (fault.severity == "warning", met[fault.table], fault.file, fault.row)))

    def texts(self, code: str) -> dict[tuple[str, str], tuple[str, ...]]:
        """The different values met with one fault: (table, column) -> values, those too long to be shown whole left out."""
        found: dict[tuple[str, str], dict[str, None]] = {}
        for entry in self._entries.values():
            if entry.code == code:
                found.setdefault((entry.table, entry.column), {}).update(dict.fromkeys(entry.values))
        return {place: tuple(value for value in values if not value.endswith("…")) for place, values in found.items()}

    def has_errors(self, table: str | None = None, column: str | None = None) -> bool:
        """Whether any error was noted, of one table or column if given."""
        return any(
            entry.severity == "error" and table in (None, entry.table) and column in (None, entry.column)
            for entry in self._entries.values()
        )

    def has(self, code: str, table: str, column: str) -> bool:
        """Whether a fault was noted for a column of a table."""
        return any((entry.code, entry.table, entry.column) == (code, table, column) for entry in self._entries.values())
