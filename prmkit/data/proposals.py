"""proposals.yaml: what prmkit takes files, headers and words for, until a person says yes or no."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from prmkit.data.tables import tables
from prmkit.engagement.loading import quoted
from prmkit.engagement.reading import LARGEST, Unreadable, read
from prmkit.errors import PrmkitError, unknown_name

FILE = "proposals.yaml"
Decision = Literal["", "yes", "no"]
_HEADING = """\
# What prmkit takes the exports for, where their headers or words leave a doubt. Nothing here is used before somebody says so.
# Write yes or no behind each `decision`, and correct columns or values where they are wrong; or take all: prmkit check DIR --accept
# What stands under sources in engagement.yaml goes before anything here. `sure` is between 0 and 1.
"""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One reading that a person is asked about.

    A source makes `table` from `files` by `preset` (raw file of the preset -> paths from the engagement folder) or from the one
    file under "" by `columns` (canonical column -> header). A link says under which header of a preset's raw file the partner
    stands: `headers` (raw file -> {header: header in the file}). Words say what the words of a column mean: `values`.
    samples: header or column -> some values.
    """

    table: str
    what: str
    why: str
    sure: float
    preset: str = ""
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    samples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    decision: Decision = ""

    @property
    def id(self) -> str:
        """The same for the same question, whatever was answered or corrected."""
        asked = [self.table, self.preset, {raw: sorted(paths) for raw, paths in self.files.items()}]
        asked += [{raw: sorted(names) for raw, names in self.headers.items()}, {name: sorted(words) for name, words in self.values.items()}]
        return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:10]

    @property
    def is_source(self) -> bool:
        """Whether it says where a table comes from."""
        return bool(self.files) and not self.headers


def _decided(given: Any) -> Any:
    if given is None:
        return ""
    if isinstance(given, bool):
        return "yes" if given else "no"
    return str(given).strip().casefold()


class _Written(BaseModel):
    """A proposal as it stands in the file."""

    model_config = ConfigDict(extra="forbid")

    id: str
    table: str
    what: str = ""
    why: str = ""
    sure: float = 0.0
    preset: str = ""
    files: dict[str, tuple[str, ...]] = {}
    columns: dict[str, str] = {}
    headers: dict[str, dict[str, str]] = {}
    values: dict[str, dict[str, str]] = {}
    samples: dict[str, tuple[str, ...]] = {}
    decision: Annotated[Decision, BeforeValidator(_decided)] = ""


def read_proposals(folder: Path) -> tuple[Proposal, ...]:
    """The proposals of an engagement folder as they stand there; none where there is no file. PrmkitError says where it cannot be read."""
    file = folder / FILE
    if not file.is_file():
        return ()
    try:
        text = file.read_text(encoding="utf-8-sig") if file.stat().st_size <= LARGEST else None
    except (OSError, UnicodeDecodeError):
        text = None
    if text is None:
        raise _broken(file, "it is too large or no UTF-8 text")
    try:
        document = read(text)
    except Unreadable as unreadable:
        raise _broken(file, unreadable.fault.why, unreadable.fault.line) from None
    given = document.data.get("proposals") if isinstance(document.data, dict) else document.data
    if given is None:
        return ()
    if not isinstance(given, list):
        raise _broken(file, "there is no list of proposals in it")
    return tuple(_proposal(file, number, one, document.place(("proposals", number))[0]) for number, one in enumerate(given))


def _proposal(file: Path, number: int, given: Any, line: int) -> Proposal:
    try:
        written = _Written.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        do = "Write yes or no behind `decision`." if place == "decision" else ""
        raise _broken(file, f"proposal {number + 1}, {place}: {first['msg']}", line, do) from None
    if written.table not in tables():
        raise _broken(file, unknown_name("canonical table", written.table, tables()), line)
    known = {column.name for column in tables()[written.table].readable}
    for name in (*written.columns, *written.values):
        if name not in known:
            raise _broken(file, unknown_name(f"column of {written.table}", name, known), line)
    return Proposal(**{name: value for name, value in written.model_dump().items() if name != "id"})


def _broken(file: Path, why: str, line: int = 0, do: str = "") -> PrmkitError:
    where = f"{file.name}, line {line}" if line else file.name
    return PrmkitError(
        f"{file.name} cannot be used: {why.rstrip('.')}.", where=where, do=do or f"Correct it, or delete {file.name}: it is made anew."
    )


def written(folder: Path, path: Path) -> str:
    """A file as a proposal names it: from the engagement folder."""
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)


def merged(kept: Iterable[Proposal], found: Iterable[Proposal]) -> tuple[Proposal, ...]:
    """What was decided before, as it was corrected, and what is open now; the surest of the open ones last, so that doubts come first."""
    decided = {one.id: one for one in kept if one.decision}
    fresh = [one for one in found if one.id not in decided]
    return (*decided.values(), *sorted(fresh, key=lambda one: (one.sure, one.table, one.id)))


def accepted(proposals: Iterable[Proposal]) -> tuple[Proposal, ...]:
    """Every open proposal taken; those refused stay refused."""
    return tuple(one if one.decision else replace(one, decision="yes") for one in proposals)


def as_text(proposals: Sequence[Proposal]) -> str:
    """The file's text."""
    return _HEADING + "proposals:" + ("".join(_item(one) for one in proposals) if proposals else " []") + "\n"


def _item(one: Proposal) -> str:
    lines = [f"- id: {quoted(one.id)}", f"  table: {one.table}", f"  what: {quoted(one.what)}", f"  why: {quoted(one.why)}"]
    lines.append(f"  sure: {one.sure:g}")
    if one.preset:
        lines.append(f"  preset: {quoted(one.preset)}")
    for name in ("files", "columns", "headers", "values", "samples"):
        given = getattr(one, name)
        if given:
            lines.append(f"  {name}:")
            lines += [f"    {quoted(str(key))}: {_flow(value)}" for key, value in given.items()]
    return "\n" + "\n".join([*lines, f"  decision: {one.decision}".rstrip()])


def _flow(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{quoted(str(key))}: {_flow(below)}" for key, below in value.items()) + "}"
    if isinstance(value, str):
        return quoted(value)
    assert isinstance(value, Sequence)
    return "[" + ", ".join(quoted(str(part)) for part in value) + "]"
