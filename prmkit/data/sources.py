"""Which files a canonical table comes from: those named after it, or those that engagement.yaml names."""

from __future__ import annotations

import glob
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from prmkit.data.faults import FaultLog
from prmkit.data.forms.form import Form
from prmkit.data.mapping import near
from prmkit.data.presets import PRESETS, Preset, PresetTable
from prmkit.data.recognition.fit import best_fit
from prmkit.data.recognition.peek import peek
from prmkit.engagement import Engagement, SourceSettings

_TEXT = (".csv", ".tsv", ".txt")
READABLE = (*_TEXT, *(f"{suffix}.gz" for suffix in _TEXT), ".parquet", ".xlsx", ".xlsm")
FAMILIAR = (".xls", ".xlsb", ".ods", ".zip", ".json", ".numbers", ".gz", ".csv", ".db", ".sav")
NOTES = (".md", ".rst", ".pdf", ".docx", ".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where rows of one canonical table come from, all read in one way.

    files: to be appended; empty for a query or for a preset that makes the table from several raw
    files, which `raw` names (raw file's name -> files). spelled: raw file -> {header that the preset reads: header in the file}.
    form: the form that people filled in, where the files are of one.
    """

    table: str
    files: tuple[Path, ...] = ()
    settings: SourceSettings = field(default_factory=lambda: SourceSettings(path="."))
    preset: Preset | None = None
    raw: Mapping[str, tuple[Path, ...]] = field(default_factory=dict)
    spelled: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    form: Form | None = None

    @property
    def made(self) -> PresetTable | None:
        """How the preset makes the table."""
        return self.preset.tables[self.table] if self.preset else None

    def also(self, raw: str) -> Mapping[str, tuple[str, ...]]:
        """Header -> other spellings that the preset knows, of one of its raw files."""
        exports = self.preset.exports if self.preset else {}
        return {header: tuple(ways) for header, ways in exports[raw].also.items()} if raw in exports else {}

    @property
    def all_files(self) -> tuple[Path, ...]:
        """Every file whose bytes matter."""
        return (*self.files, *(path for paths in self.raw.values() for path in paths))


def suffix_of(path: Path) -> str:
    """The ending that says how to read a file: `.csv.gz`, not `.gz`."""
    name = path.name.casefold()
    return next((suffix for suffix in sorted(READABLE, key=len, reverse=True) if name.endswith(suffix)), path.suffix.casefold())


def stem_of(path: Path) -> str:
    """A file's name without its ending, in small letters."""
    return path.name.casefold().removesuffix(suffix_of(path))


def is_called(path: Path, name: str) -> bool:
    """Whether a preset's raw file `name` is this file; a name that ends on * stands for all files whose names begin so."""
    wanted = name.casefold()
    return stem_of(path).startswith(wanted[:-1]) if wanted.endswith("*") else stem_of(path) == wanted


def label(engagement: Engagement, path: Path) -> str:
    """A file as faults and sources name it: from the engagement folder; bytes of its name that are no letters are written out."""
    try:
        name = path.relative_to(engagement.folder).as_posix()
    except ValueError:
        name = str(path)
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def files_in(folder: Path) -> list[Path]:
    """The files that lie in a folder, hidden ones and those that a program has open left out; none where there is no folder."""
    if not _is(folder, Path.is_dir):
        return []
    return sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith((".", "~$")))


def _is(place: Path, kind: Callable[[Path], bool]) -> bool:
    """Whether a place is of a kind; a name that no disk can hold is of none."""
    try:
        return kind(place)
    except (OSError, ValueError):
        return False


def named_after(engagement: Engagement, table: str, lying: Iterable[Path], log: FaultLog) -> list[Origin]:
    """The one file that is named after a table; two of them are a fault."""
    named = [path for path in lying if suffix_of(path) in READABLE and stem_of(path) == table]
    if len(named) > 1:
        words = {"files": ", ".join(path.name for path in named)}
        log.add("two_files", table=table, file=label(engagement, named[0]), words=words)
        return []
    return [Origin(table, files=tuple(named))] if named else []


def from_settings(engagement: Engagement, table: str, settings: SourceSettings, log: FaultLog) -> Origin | None:
    preset = None
    if settings.preset is not None:
        if settings.preset not in PRESETS:
            close = near(settings.preset, PRESETS)
            words = {"hint": f" Did you mean '{close}'?" if close else "", "known": ", ".join(PRESETS)}
            log.add("preset_unknown", table=table, file="engagement.yaml", value=settings.preset, words=words, detail=settings.preset)
            return None
        preset = PRESETS.get(settings.preset)
        if table not in preset.tables:
            log.add("preset_no_table", table=table, words={"preset": preset.name, "tables": ", ".join(preset.tables)})
            return None
    if settings.sql is not None:
        return Origin(table, settings=settings, preset=preset)
    given = engagement.data if settings.path is None else settings.path
    place = engagement.folder / given
    if _is(place, Path.is_dir):
        return _in_folder(engagement, table, settings, preset, place, log)
    files = [place] if _is(place, Path.is_file) else _matching(engagement, given)
    if not files:
        close = near(Path(given).name, [path.name for path in files_in(place.parent)])
        hint = f" Did you mean {close}?" if close else ""
        log.add("no_match", table=table, file="engagement.yaml", value=given, words={"hint": hint}, detail=given)
        return None
    wrong = [path for path in files if suffix_of(path) not in READABLE]
    for path in wrong:
        log.add("unreadable_format", table=table, file=label(engagement, path), words={"suffix": path.suffix or "without an ending"})
    if wrong:
        return None
    return _of_files(engagement, table, settings, preset, files, log)


def _matching(engagement: Engagement, pattern: str) -> list[Path]:
    """The files that a pattern means. `**` follows no links, which may lead round in a circle; hidden files are not meant."""
    parts = Path(pattern).parts
    fixed = next((place for place, part in enumerate(parts) if glob.has_magic(part)), len(parts))
    base = engagement.folder.joinpath(*parts[:fixed])
    try:
        matched = sorted(base.glob(str(Path(*parts[fixed:])))) if fixed < len(parts) else []
    except (OSError, ValueError, RecursionError):
        return []
    seen = (path for path in matched if not any(part.startswith((".", "~$")) for part in path.relative_to(base).parts))
    return [path for path in seen if _is(path, Path.is_file)]


def _in_folder(
    engagement: Engagement, table: str, settings: SourceSettings, preset: Preset | None, folder: Path, log: FaultLog
) -> Origin | None:
    if preset is None:
        log.add("folder_without_preset", table=table, file="engagement.yaml", value=settings.path or engagement.data)
        return None
    made = preset.tables[table]
    lying = [path for path in files_in(folder) if suffix_of(path) in READABLE]
    raw: dict[str, tuple[Path, ...]] = {}
    complete = bool(made.files)
    for name in made.files:
        there = tuple(path for path in lying if is_called(path, name))
        if len(there) > 1 and not name.endswith("*"):
            words = {"files": ", ".join(path.name for path in there)}
            log.add("two_files", table=table, file=label(engagement, there[0]), words=words, detail=name)
        elif there or name in made.optional:
            raw[name] = there
        else:
            close = near(name, [stem_of(path) for path in lying])
            words = {"preset": preset.name, "folder": label(engagement, folder), "hint": f" The nearest is {close}." if close else ""}
            log.add("preset_file_missing", table=table, file=label(engagement, folder), value=name, words=words, detail=name)
        complete = complete and name in raw
    if not made.files:
        log.add("folder_without_preset", table=table, file="engagement.yaml", value=settings.path or engagement.data)
    elif complete and not any(raw.values()):
        words = {"preset": preset.name, "folder": label(engagement, folder), "hint": ""}
        names = " or ".join(made.files)
        log.add("preset_file_missing", table=table, file=label(engagement, folder), value=names, words=words, detail=names)
        complete = False
    if not complete:
        return None
    if made.columns:
        return Origin(table, files=next(iter(raw.values())), settings=settings, preset=preset)
    return Origin(table, settings=settings, preset=preset, raw=raw)


def _of_files(
    engagement: Engagement, table: str, settings: SourceSettings, preset: Preset | None, files: list[Path], log: FaultLog
) -> Origin | None:
    made = preset.tables[table] if preset else None
    if preset is None or made is None or made.columns:
        return Origin(table, files=tuple(files), settings=settings, preset=preset)
    if len(made.files) == 1:
        return Origin(table, settings=settings, preset=preset, raw={next(iter(made.files)): tuple(files)})
    told = {path: fit.export for path in files if (fit := best_fit(peek(path))) and fit.preset == preset.name}
    raw = {name: tuple(path for path in files if is_called(path, name) or told.get(path) == name) for name in made.files}
    if any(raw.values()) and all(raw[name] or name in made.optional for name in made.files):
        return Origin(table, settings=settings, preset=preset, raw=raw)
    words = {"preset": preset.name, "files": ", ".join(made.files)}
    log.add("preset_needs_folder", table=table, file="engagement.yaml", value=settings.path, words=words)
    return None
