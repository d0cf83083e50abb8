"""How well a file's headers fit an export whose headers a preset knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from prmkit.data.mapping import plain
from prmkit.data.presets import PRESETS, Preset
from prmkit.data.recognition.peek import Peek

_FIRST_RECORDS = 60
FEWEST = 4
"""Headers that a file must share with an export, so that an id and a name do not make one."""
RIVAL = 0.8
"""Another preset that knows this share of the headers which the best one knows is a rival: a person has to say."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A file taken for one export of a preset.

    position: of the header among the first records. headers: canonical header -> as the file writes it. known: how many headers
    the preset reads of this export. rivals: titles of other presets' exports that fit about as well.
    """

    path: Path
    preset: str
    export: str
    title: str
    position: int
    headers: Mapping[str, str]
    known: int
    rivals: tuple[str, ...] = ()

    @property
    def sure(self) -> float:
        """0..1: nearly certain where nothing else fits, since all telling headers are there; half that sure with a rival."""
        share = len(self.headers) / self.known
        return round((0.5 if self.rivals else 0.9) + 0.1 * share, 2)


def best_fit(seen: Peek) -> Fit | None:
    """The export that most of a file's headers belong to, of those all of whose telling headers it has; None where there is none."""
    presets = [PRESETS.get(name) for name in PRESETS]
    found = [fit for preset in presets for name in preset.exports if (fit := _fit(seen, preset, name))]
    if not found:
        return None
    best = max(found, key=lambda fit: (len(fit.headers), -fit.known))
    rivals = tuple(fit.title for fit in found if fit.preset != best.preset and len(fit.headers) >= RIVAL * len(best.headers))
    return Fit(best.path, best.preset, best.export, best.title, best.position, best.headers, best.known, rivals)


def _fit(seen: Peek, preset: Preset, name: str) -> Fit | None:
    export, spellings = preset.exports[name], _spellings(preset.name, name)
    best: tuple[int, dict[str, str]] = (0, {})
    for position, record in enumerate(seen.records[:_FIRST_RECORDS]):
        there = {plain(cell): cell for cell in reversed(record) if plain(cell)}
        matched = {header: there[found] for header, ways in spellings.items() if (found := next((w for w in ways if w in there), ""))}
        if len(matched) > len(best[1]):
            best = position, matched
    position, matched = best
    if len(matched) < min(FEWEST, len(spellings)) or not _has(matched, spellings, export.told_by):
        return None
    row = {plain(cell) for cell in seen.records[position]}
    if any(way in row for header in export.not_with for way in spellings.get(header, (plain(header),))):
        return None
    return Fit(seen.path, preset.name, name, export.title, position, matched, len(spellings))


def _has(matched: Mapping[str, str], spellings: Mapping[str, tuple[str, ...]], told_by: Iterable[str]) -> bool:
    return all(header in matched for header in told_by if header in spellings) and all(header in spellings for header in told_by)


@cache
def _spellings(preset: str, export: str) -> Mapping[str, tuple[str, ...]]:
    """Every header that some table reads of an export, and the ways it may be written, without case and punctuation."""
    known = PRESETS.get(preset)
    also = known.exports[export].also
    headers = {header: None for made in known.tables.values() if export in made.files for header in made.headers(export)}
    return {header: tuple(dict.fromkeys(plain(way) for way in (header, *also.get(header, ())))) for header in headers}
