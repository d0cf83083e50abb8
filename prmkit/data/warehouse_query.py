"""A query as the settings give it: one statement that only reads, its parameters bound and never written into it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from prmkit.engagement import SourceSettings

if TYPE_CHECKING:
    from sqlalchemy import TextClause

_QUIET = re.compile(
    r"""\b[eE]'(?:\\.|''|[^'\\])*' | '(?:[^']|'')*' | "(?:[^"]|"")*" | `[^`]*` | --[^\n]* | /\*.*?\*/ | \$(\w*)\$.*?\$\1\$""",
    re.DOTALL | re.VERBOSE,
)
_PARAMETER = re.compile(r"(?<![:\w\\]):(\w+)(?!:)")
_ESCAPED = re.compile(r"\\(:[\w$]*)(?![:\w$])")
_READS = re.compile(r"[\s(]*(select|with)\b", re.IGNORECASE)
_WRITES = re.compile(r"\b(insert|update|delete|merge|into|drop|alter|create|truncate|grant|revoke|call|exec|execute|lock)\b", re.IGNORECASE)


class Trouble(Exception):
    """What kept a warehouse from answering: the code of a fault, the value it names and the words it brings along."""

    def __init__(self, code: str, value: str = "", **words: str) -> None:
        self.code, self.value, self.words = code, value, words
        super().__init__(code)


def prepared(settings: SourceSettings, as_of: dt.date | None) -> TextClause:
    """The query ready to run, its parameters bound. Raises Trouble where it is no single reading statement or lacks a parameter."""
    from sqlalchemy import bindparam, text

    said = _Pieces((settings.sql or "").strip().rstrip(";").rstrip())
    if ";" in said.loud or not _READS.match(said.loud):
        raise Trouble("warehouse_not_one_select")
    known: dict[str, object] = {**({"as_of": as_of} if as_of else {}), **settings.params}
    for name in said.names:
        if name not in known:
            there = ", ".join(known) or "none"
            raise Trouble("warehouse_parameter_missing", name, known=there)
    return text(said.bindable() + "\n").bindparams(*(bindparam(name, known[name]) for name in said.names))


def writing_word(settings: SourceSettings) -> str:
    """A word outside quotes that writes, for warehouses that cannot be told to refuse it; empty where there is none."""
    found = _WRITES.search(_Pieces(settings.sql or "").loud)
    return found.group(0) if found else ""


class _Pieces:
    """A query in pieces: what is quoted or a comment, and the rest."""

    def __init__(self, query: str) -> None:
        self._pieces: list[tuple[bool, str]] = []
        at = 0
        for quiet in _QUIET.finditer(query):
            self._pieces += [(False, query[at : quiet.start()]), (True, quiet.group(0))]
            at = quiet.end()
        self._pieces.append((False, query[at:]))

    @property
    def loud(self) -> str:
        """The query without what is quoted and without comments."""
        return "".join(" " if quiet else piece for quiet, piece in self._pieces)

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters, each once."""
        return tuple(dict.fromkeys(name for quiet, piece in self._pieces if not quiet for name in _PARAMETER.findall(piece)))

    def bindable(self) -> str:
        """The query with colons escaped wherever they introduce no parameter."""
        return "".join(_literally(piece) if quiet else piece for quiet, piece in self._pieces)


def _literally(piece: str) -> str:
    return _PARAMETER.sub(r"\\:\1", _ESCAPED.sub(r"\\\\\1", piece))


def given(params: Mapping[str, object]) -> str:
    """Parameters as a fingerprint takes them in."""
    return "\0".join(f"{name}={value!r}" for name, value in sorted(params.items()))
