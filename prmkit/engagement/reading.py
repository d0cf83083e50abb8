"""engagement.yaml as text: read as YAML 1.2 into plain values, with the line and column of every key.

The settings are data and nothing else: tags, anchors, aliases and second documents are refused,
and so is a file too large or too deeply nested to be settings. A word stands for what it says:
NO is Norway, 1_600 is a number, 2026-09-30 a day, and under `portfolios` and `sources` everything
is text as written (007 keeps its zeros).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML, events
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

from prmkit.engagement.faults import SettingFault, shown

Path = tuple[str | int, ...]
Place = tuple[int, int]

LARGEST = 1_000_000
DEEPEST = 12
MOST = 50_000
MOST_FAULTS = 200
"""How many faults of one kind are worth listing; a person mends the first ones and looks again."""
TEXT_SECTIONS = frozenset({"client", "currency", "locale", "measure", "rates", "data", "sources", "portfolios", "store_env"})

_NO_TEXT = re.compile("[\ud800-\udfff]")
_INTEGER = re.compile(r"[-+]?[0-9][0-9_]*")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9][0-9_]*(\.[0-9_]*)?)([eE][-+]?[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TYPED_OF_SOURCES = frozenset({"params", "timeout_seconds", "aggregate"})
_WORDS: dict[str, bool] = {"true": True, "false": False}
_SPECIAL = {".inf": float("inf"), "+.inf": float("inf"), "-.inf": float("-inf"), ".nan": float("nan")}


class Unreadable(Exception):
    """The text is not YAML that settings can be read from; `fault` says where and why."""

    def __init__(self, fault: SettingFault) -> None:
        self.fault = fault
        super().__init__(fault.why)


@dataclass
class Document:
    """Plain values, where each key and list item stands, and keys that are given twice."""

    data: Any = None
    places: dict[Path, Place] = field(default_factory=dict)
    faults: list[SettingFault] = field(default_factory=list)

    def place(self, path: Path) -> Place:
        """Where `path` stands in the text, or the nearest thing around it that does; (0, 0) for an empty file."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (0, 0))


def dotted(path: Path) -> str:
    """A path as a person writes it: sources.sales[1].path."""
    written = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return written.lstrip(".")


def read(text: str) -> Document:
    """Read YAML 1.2 text; Unreadable when it cannot be read any further."""
    if len(text) > LARGEST:
        raise Unreadable(SettingFault("", 0, 0, "", "The file is too large to be settings.", f"Keep it below {LARGEST:,} characters."))
    document = Document()
    try:
        stream = _Stream(text)
        first = next(stream)
        if not isinstance(first, events.StreamEndEvent):
            _document_start(first)
            document.data = _value(stream, next(stream), (), document)
            next(stream)
            _nothing_more(next(stream))
    except MarkedYAMLError as error:
        raise Unreadable(_syntax(error)) from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        why = "There is a character that YAML does not allow."
        raise Unreadable(SettingFault("", line, 1, "", why, "Delete it or write it anew.")) from None
    except YAMLError as error:
        raise Unreadable(SettingFault("", 0, 0, "", f"The file cannot be read as YAML: {shown(error)}.", "")) from None
    return document


class _Stream(Iterator[Any]):
    """The parser's events, the opening of the stream left out."""

    def __init__(self, text: str) -> None:
        self._events = iter(YAML(typ="safe", pure=True).parse(text))
        next(self._events)

    def __next__(self) -> Any:
        return next(self._events)


def _stop(event: Any, why: str, do: str, path: Path = ()) -> Unreadable:
    mark = event.start_mark
    return Unreadable(SettingFault(dotted(path), mark.line + 1, mark.column + 1, "", why, do))


def _document_start(event: Any) -> None:
    version = getattr(event, "version", None)
    if version is not None and tuple(version) != (1, 2):
        raise _stop(event, "The file asks to be read as another YAML than 1.2.", "Delete the line that starts with %YAML.")


def _nothing_more(event: Any) -> None:
    if not isinstance(event, events.StreamEndEvent):
        raise _stop(event, "A second document starts here; settings are one.", "Delete the line of three dashes and what follows it.")


def _value(stream: _Stream, event: Any, path: Path, document: Document) -> Any:
    document.places.setdefault(path, (event.start_mark.line + 1, event.start_mark.column + 1))
    if isinstance(event, events.AliasEvent) or event.anchor is not None:
        raise _stop(event, "Anchors and aliases (& and *) are not read here.", "Write the value out where it is needed.", path)
    if event.tag is not None:
        raise _stop(event, f"The tag {shown(event.tag)} is not read here.", "Delete it; quote the value if it is to be text.", path)
    if len(path) > DEEPEST:
        raise _stop(event, "The settings are nested too deeply.", "Settings need no more than six levels.", path)
    if len(document.places) > MOST:
        raise _stop(event, f"The file holds more than {MOST:,} values: too many to be settings.", "Move data into the data folder.", path)
    if isinstance(event, events.MappingStartEvent):
        return _mapping(stream, path, document)
    if isinstance(event, events.SequenceStartEvent):
        return _sequence(stream, path, document)
    return _scalar(event, path)


def _mapping(stream: _Stream, path: Path, document: Document) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for event in stream:
        if isinstance(event, events.MappingEndEvent):
            break
        if not isinstance(event, events.ScalarEvent) or event.anchor is not None or event.tag is not None:
            raise _stop(event, "A key has to be one word or number.", "Write it as `key: value`.", path)
        _check_text(event, path)
        key, mark = event.value, event.start_mark
        below = (*path, key)
        if key in made:
            why = f"'{shown(key)}' is given twice; the first is on line {document.places[below][0]}."
            document.faults.append(SettingFault(dotted(below), mark.line + 1, mark.column + 1, "", why, "Keep one of them."))
            if len(document.faults) > MOST_FAULTS:
                raise _stop(event, f"More than {MOST_FAULTS} keys are given twice.", "Keep one of each.", path)
            _value(stream, next(stream), below, Document())
            continue
        document.places[below] = (mark.line + 1, mark.column + 1)
        made[key] = _value(stream, next(stream), below, document)
    return made


def _sequence(stream: _Stream, path: Path, document: Document) -> list[Any]:
    made: list[Any] = []
    for event in stream:
        if isinstance(event, events.SequenceEndEvent):
            break
        made.append(_value(stream, event, (*path, len(made)), document))
    return made


def _check_text(event: Any, path: Path) -> None:
    if _NO_TEXT.search(event.value):
        raise _stop(event, "There is a character that is no text (half of one).", "Delete it or write it anew.", path)


def _scalar(event: Any, path: Path) -> Any:
    _check_text(event, path)
    text: str = event.value
    if event.style is not None:
        return text
    if text in {"", "~"} or text.casefold() == "null":
        return None
    if path and path[0] in TEXT_SECTIONS and not _is_typed(path):
        return text
    return _plain(text)


def _is_typed(path: Path) -> bool:
    """Whether a value under sources is more than text."""
    named = [part for part in path if isinstance(part, str)]
    return named[0] == "sources" and len(named) > 2 and named[2] in _TYPED_OF_SOURCES


def _plain(text: str) -> Any:
    """An unquoted word as YAML 1.2 reads it, underscores between digits allowed."""
    if len(text) <= 40:
        if text.casefold() in _WORDS and text in {text.lower(), text.upper(), text.capitalize()}:
            return _WORDS[text.casefold()]
        if _INTEGER.fullmatch(text):
            return int(text.replace("_", "").lstrip("+"))
        if _NUMBER.fullmatch(text):
            return float(text.replace("_", ""))
        if text.casefold() in _SPECIAL:
            return _SPECIAL[text.casefold()]
        if _DAY.fullmatch(text):
            try:
                return dt.date.fromisoformat(text)
            except ValueError:
                return text
    return text


def _syntax(error: MarkedYAMLError) -> SettingFault:
    """A parser's complaint in words that say what to change."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    problem = str(error.problem or error.context or "")
    if "'\\t'" in problem:
        why, do = "A tab stands where YAML wants spaces.", "Replace it with spaces."
    elif "mapping values are not allowed" in problem:
        why, do = "A second colon on the line, or a line indented too far.", "Quote a value that holds a colon, and line the keys up."
    elif "quoted scalar" in str(error.context):
        why, do = "A quotation mark is opened and never closed.", "Close it at the end of the value."
    elif "flow" in str(error.context):
        why, do = "A bracket or brace is opened and not closed, or a comma is missing.", "Close it, and put commas between what is inside."
    elif "incompatible YAML" in problem:
        why, do = "The file asks to be read as another YAML than 1.2.", "Delete the line that starts with %YAML."
    elif "cannot start any token" in problem:
        why, do = (
            f"A value cannot start with this character ({shown(problem.partition('character ')[2].split(' ')[0])}).",
            "Put quotes around it.",
        )
    else:
        why, do = f"The line does not fit what stands above it ({shown(problem)}).", "Check its indentation, its colon and its quotes."
    return SettingFault("", line, column, "", why, do)
