"""Decisions as they stand in matches.csv: what a person answered, read without trusting the file."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from prmkit.data.faults import FaultLog
from prmkit.data.identity.hints import KINDS

FILE = "matches.csv"
DECISIONS = {"": "", "yes": "yes", "y": "yes", "no": "no", "n": "no"}
QUESTIONS = ("reference", "duplicate")
_NEEDED = ("decision", "kind", "question", "given", "proposed")
_RUNS = ("=", "+", "-", "@", "\t", "\r", "'")
_CHANGED = re.compile(r"[\W\d_eE]*|(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[\W_]*\d+|(?i:true|false)")
_LARGEST = 64_000_000


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided: "yes", "no" or nothing yet ("") about one question; `cells` are all texts of its row, by header."""

    decision: str
    kind: str
    question: str
    given: str
    proposed: str
    row: int
    cells: Mapping[str, str]

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What makes it this question and no other."""
        return self.kind, self.question, self.given, self.proposed


def guarded(text: str) -> str:
    """A text as it is written: with ' in front where a spreadsheet would run it or turn it into a number or date."""
    return f"'{text}" if text and (text.startswith(_RUNS) or _CHANGED.fullmatch(text)) else text


def unguarded(text: str) -> str:
    """A text without the ' that `guarded` put in front."""
    return text[1:] if text.startswith("'") and guarded(text[1:]) == text else text


def read_decisions(folder: Path, log: FaultLog) -> list[Decision]:
    """Every row of the folder's matches.csv, decided or not; nothing where there is no file. What is wrong with it goes to `log`."""
    records = _records(folder / FILE, log)
    if not records:
        return []
    headers = [cell.strip().casefold() for cell in records[0]]
    missing = [name for name in _NEEDED if name not in headers]
    if missing:
        log.add("matches_header", file=FILE, row=1, column=missing[0], words={"missing": ", ".join(missing)})
        return []
    rows = [(number, record) for number, record in enumerate(records[1:], start=2) if any(cell.strip() for cell in record)]
    made = [_decision(dict(zip(headers, record, strict=False)), number, log) for number, record in rows]
    decisions = [one for one in made if one]
    _contradictions(decisions, log)
    return decisions


def _records(path: Path, log: FaultLog) -> list[list[str]]:
    try:
        if path.stat().st_size > _LARGEST:
            raise ValueError("it is too large")
        raw = path.read_bytes()
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        log.add("matches_unreadable", file=FILE, words={"reason": getattr(error, "strerror", None) or str(error)})
        return []
    try:
        text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    head = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    try:
        return list(csv.reader(StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        log.add("matches_unreadable", file=FILE, words={"reason": str(error)})
        return []


def _decision(cells: dict[str, str], row: int, log: FaultLog) -> Decision | None:
    texts = {name: unguarded(text.strip(" ")) for name, text in cells.items() if name}
    said = texts.get("decision", "").strip().casefold()
    allowed: dict[str, Iterable[str]] = {"decision": DECISIONS, "kind": KINDS, "question": QUESTIONS}
    for column, words in allowed.items():
        value = said if column == "decision" else texts.get(column, "")
        if value not in words:
            shown = ", ".join(word for word in words if len(word) > 1)
            log.add(
                "matches_word", file=FILE, row=row, column=column, value=texts.get(column, ""), words={"allowed": shown}, detail=str(row)
            )
            return None
    empty = next((name for name in ("given", "proposed") if not texts.get(name)), "")
    if empty:
        log.add("matches_empty", file=FILE, row=row, column=empty, detail=str(row))
        return None
    return Decision(DECISIONS[said], texts["kind"], texts["question"], texts["given"], texts["proposed"], row, texts)


def _contradictions(decisions: Sequence[Decision], log: FaultLog) -> None:
    """One thing cannot be two others, and a question cannot be answered both ways."""
    taken: dict[tuple[str, str], Decision] = {}
    answered: dict[tuple[str, str, str, str], Decision] = {}
    for one in decisions:
        first = answered.setdefault(one.key, one) if one.decision else one
        if one.decision == "yes" and first.decision == "yes":
            first = taken.setdefault((one.kind, one.given), one)
        if (first.decision, first.proposed) != (one.decision, one.proposed):
            words = {"first": str(first.row)}
            log.add("matches_contradiction", file=FILE, row=one.row, column="decision", value=one.given, words=words, detail=str(one.row))


def digest(folder: Path) -> str:
    """What changes when a decision that is applied does: confirmed questions, or the bytes of a file that cannot be read."""
    log = FaultLog()
    confirmed = sorted(one.key for one in read_decisions(folder, log) if one.decision == "yes")
    if log.has_errors():
        confirmed = [(fault.code, str(fault.row), fault.column, fault.value) for fault in log.faults]
    return hashlib.sha256(repr(confirmed).encode()).hexdigest() if confirmed else ""
