"""From files whose names say nothing to where each canonical table comes from: taken where it is certain, proposed where it is not."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from prmkit.data.mapping import plain
from prmkit.data.presets import PRESETS, PresetTable
from prmkit.data.proposals import Proposal, written
from prmkit.data.recognition.columns import guess
from prmkit.data.recognition.fit import Fit, best_fit
from prmkit.data.recognition.links import links
from prmkit.data.recognition.peek import Peek, peek
from prmkit.data.recognition.samples import samples
from prmkit.data.tables import tables

CERTAIN = 0.9
FEW_FILES = 4


@dataclass(frozen=True, slots=True)
class Making:
    """A canonical table as a preset makes it of recognised files: raw file's name -> files."""

    table: str
    preset: str
    raw: Mapping[str, tuple[Path, ...]]
    sure: float
    why: str
    stand_in: str = ""


@dataclass(frozen=True, slots=True)
class Recognition:
    """taken: what is certain. proposals: what a person is asked. known: file -> the title of the export that it is."""

    taken: tuple[Making, ...]
    proposals: tuple[Proposal, ...]
    known: Mapping[Path, str]


def recognise(folder: Path, files: Sequence[Path], named: Mapping[str, Path], given: Collection[str]) -> Recognition:
    """What the `files` of an engagement folder are.

    named: tables with a file of their name, which is asked about where it lacks a column that the table needs.
    given: tables that need nothing more, since settings or an earlier answer make them.
    """
    seen = {path: peek(path) for path in (*files, *named.values())}
    unfit = {table: path for table, path in named.items() if table not in given and not _has_needed(table, seen[path])}
    closed = {*given, *(table for table in named if table not in unfit)}
    fits = [fit for path in (*files, *unfit.values()) if (fit := best_fit(seen[path]))]
    makers = _makers(fits, closed)
    taken = [found[0] for found in makers.values() if len(found) == 1 and found[0].sure >= CERTAIN and not found[0].stand_in]
    asked = [_asked(folder, making, fits, seen) for found in makers.values() for making in found if making not in taken]
    asked += links(folder, fits, seen)
    open_tables = [table for table in tables() if table not in closed and table not in makers]
    fitted = {fit.path for fit in fits}
    for path in (*files, *unfit.values()):
        own = [table for table, other in unfit.items() if other == path and table not in makers]
        if path not in fitted and (made := guess(seen[path], own or open_tables)):
            what = f"{path.name} holds {made.table}"
            why = "; ".join(f"'{header}' may be {name} ({made.sureness[name]:.0%})" for name, header in made.headers.items())
            shown = samples(seen[path], made.position, made.headers.values())
            where = {"": (written(folder, path),)}
            asked.append(Proposal(made.table, what, why, made.sure, files=where, columns=dict(made.headers), samples=shown))
    return Recognition(tuple(taken), tuple(asked), {fit.path: fit.title for fit in fits})


def _has_needed(table: str, seen: Peek) -> bool:
    """Whether a file named after a table can be read as it is; one that cannot be looked into is left to its reader."""
    needed = {plain(name) for name in tables()[table].required_names}
    return not seen.records or any(needed <= {plain(cell) for cell in record} for record in seen.records[:60])


def _makers(fits: Sequence[Fit], closed: Collection[str]) -> dict[str, list[Making]]:
    """Table -> the presets that can make it; what is only a stand-in counts where nothing else makes the table."""
    found: dict[str, list[Making]] = {}
    for name in dict.fromkeys(fit.preset for fit in fits):
        own = [fit for fit in fits if fit.preset == name]
        for table, made in PRESETS.get(name).tables.items():
            making = _making(table, name, made, own) if table not in closed else None
            if making:
                found.setdefault(table, []).append(making)
    return {table: _best(makings) for table, makings in sorted(found.items(), key=_in_order)}


def _best(makings: list[Making]) -> list[Making]:
    """The makings that count: those of a list of its own, else those drawn from lines, else stand-ins."""
    ranks = [2 if making.stand_in else PRESETS.get(making.preset).tables[making.table].fallback for making in makings]
    return [making for making, rank in zip(makings, ranks, strict=True) if rank == min(ranks)]


def _in_order(item: tuple[str, list[Making]]) -> int:
    return list(tables()).index(item[0])


def _making(table: str, preset: str, made: PresetTable, fits: Sequence[Fit]) -> Making | None:
    usable = [fit for fit in fits if fit.export in made.files and set(made.files[fit.export]) <= set(fit.headers)]
    raw = {name: tuple(fit.path for fit in usable if fit.export == name) for name in made.files}
    if not usable or any(not paths for name, paths in raw.items() if name not in made.optional):
        return None
    used = [fit for fit in usable if fit.path in raw[fit.export]]
    why = "; ".join(_said(title, [fit for fit in used if fit.title == title]) for title in dict.fromkeys(fit.title for fit in used))
    return Making(table, preset, raw, min(fit.sure for fit in used), why, made.stand_in)


def _said(title: str, fits: Sequence[Fit]) -> str:
    known = f"{fits[0].path.name} has {len(fits[0].headers)} headers" if len(fits) == 1 else f"{len(fits)} files have the headers"
    rivals = dict.fromkeys(rival for fit in fits for rival in fit.rivals)
    return f"{known} of {title}" + (f", but also fit{'s' if len(fits) == 1 else ''} {' and '.join(rivals)}" if rivals else "")


def _named(paths: Sequence[Path]) -> str:
    """Files by name, the first two where they are many."""
    names = [path.name for path in paths]
    return " and ".join(names) if len(names) <= FEW_FILES else f"{', '.join(names[:2])} and {len(names) - 2} more files"


def _asked(folder: Path, making: Making, fits: Sequence[Fit], seen: Mapping[Path, Peek]) -> Proposal:
    used = [fit for fit in fits if any(fit.path in paths for paths in making.raw.values())]
    shown: dict[str, tuple[str, ...]] = {}
    for fit in used:
        shown |= samples(seen[fit.path], fit.position, list(fit.headers.values())[:5])
    what = f"{_named([fit.path for fit in used])} make{'s' if len(used) == 1 else ''} {making.table}"
    why = f"{making.stand_in} ({making.why})" if making.stand_in else making.why
    files = {name: tuple(written(folder, path) for path in paths) for name, paths in making.raw.items() if paths}
    return Proposal(making.table, what, why, min(making.sure, 0.8) if making.stand_in else making.sure, making.preset, files, samples=shown)
