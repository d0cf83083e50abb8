"""Exports whose headers prmkit knows: one YAML file a system, read into a checked model and found by name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from ruamel.yaml import YAML

from prmkit.data.identity.hints import hint_columns
from prmkit.data.tables import tables
from prmkit.errors import PrmkitError, unknown_name
from prmkit.registry import Registry

FOLDER = Path(__file__).parent


class Export(BaseModel):
    """A raw file of a system, as a person knows it.

    title: what people call it. also: header -> other spellings that the export may use. told_by: headers, any spelling, all of
    which a file must have to be taken for this export. not_with: headers that speak against it. links: header -> (another export
    of the preset, headers in it): where the header is missing, a column whose values stand there is proposed in its place.
    wide: every other column holds answers to a question of its own; SQL sees the file long, one row an answer, with
    `question` (the header), `place` (the column's position) and `answer` beside the headers it names.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    also: dict[str, list[str]] = {}
    told_by: list[str]
    not_with: list[str] = []
    links: dict[str, tuple[str, list[str]]] = {}
    wide: bool = False


class PresetTable(BaseModel):
    """How one canonical table is made.

    files: raw file (its name without ending) -> the headers it must have; `optional` names those that
    may be missing, read as empty then. A name that ends on * stands for all files whose names begin so, read one after the other.
    sometimes: raw file -> headers that it may lack, read as empty then. select: SQL on these files, each a table of text with `_row`.
    columns: instead of select, canonical column -> header, of a single file. values: canonical column
    -> {word in the export: canonical word}. stand_in: what is said where the table is made from something that is not quite it;
    such a table is only ever proposed. fallback: used only where no other export makes the table. A SELECT that hands on `_file`
    has numbers and dates of each file read as that file writes them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    files: dict[str, list[str]] = {}
    optional: list[str] = []
    sometimes: dict[str, list[str]] = {}
    select: str = ""
    columns: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    stand_in: str = ""
    fallback: bool = False

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.select) == bool(self.columns):
            raise ValueError("give either select or columns")
        if self.columns and len(self.files) > 1:
            raise ValueError("columns map the headers of a single file; use select for several")
        if self.select and not self.files:
            raise ValueError("select needs the files it reads")
        for where, named in (("optional", self.optional), ("sometimes", self.sometimes)):
            if unknown := set(named) - set(self.files):
                raise ValueError(f"{where} names files that are not listed: {', '.join(sorted(unknown))}")
        if self.sometimes and not self.select:
            raise ValueError("sometimes goes with select; headers of columns may be missing anyway")
        return self

    def headers(self, file: str) -> list[str]:
        """The headers of a raw file that are read, those it may lack last."""
        return [*self.files[file], *self.sometimes.get(file, ())]


class Preset(BaseModel):
    """A system's exports: settings that suit them, and the canonical tables they make."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    engagement: dict[str, Any] = {}
    exports: dict[str, Export] = {}
    tables: dict[str, PresetTable]

    @model_validator(mode="after")
    def _canonical(self) -> Self:
        for name, made in self.tables.items():
            if name not in tables():
                raise ValueError(unknown_name("canonical table", name, tables()))
            known = {column.name for column in (*tables()[name].readable, *hint_columns(tables()[name]))}
            for column in (*made.columns, *made.values):
                if column not in known:
                    raise ValueError(unknown_name(f"column of {name}", column, known))
        return self


def read_preset(file: Path) -> Preset:
    """The preset in a YAML file; PrmkitError that says what is wrong with it."""
    with file.open(encoding="utf-8") as stream:
        given: Mapping[str, Any] = YAML(typ="safe").load(stream)
    try:
        return Preset.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise PrmkitError(f"The preset cannot be used: {first['msg']}.", where=f"{file.name}, {place}") from None


PRESETS: Registry[Preset] = Registry("preset")
for _file in sorted(FOLDER.glob("*.yaml")):
    PRESETS.add(_file.stem, read_preset(_file))
