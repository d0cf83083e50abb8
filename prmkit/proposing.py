"""Looking at an engagement's exports as they would be read, and keeping what a person is asked about them in proposals.yaml."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from prmkit.data import discovery, load
from prmkit.data.proposals import FILE, Proposal, accepted, as_text
from prmkit.data.recognition.wording import word_proposals
from prmkit.engagement import Engagement
from prmkit.errors import Fault
from prmkit.results import replacing


@dataclass(frozen=True)
class Look:
    """An engagement's data as they would be if every open proposal were agreed to, and all proposals, decided or open."""

    inspection: load.Inspection
    proposals: tuple[Proposal, ...]

    @property
    def open(self) -> tuple[Proposal, ...]:
        """Those that nobody has decided yet."""
        return tuple(one for one in self.proposals if not one.decision)


def look(engagement: Engagement, cache: Path, *, accept: bool = False) -> Look:
    """Read and check everything with open proposals taken as they are, and write proposals.yaml; with `accept` they are agreed to."""
    asked = _kept(engagement, discovery.proposals(engagement), accept=accept)
    seen = load.inspect(engagement, cache, asked if asked else None)
    words = word_proposals(seen.unknown_words, asked)
    if words:
        asked = _kept(engagement, (*asked, *words), accept=accept)
        seen = load.inspect(engagement, cache, asked)
    return Look(replace(seen, faults=_spoken_once(seen.faults, asked)), asked)


def _kept(engagement: Engagement, asked: Sequence[Proposal], *, accept: bool) -> tuple[Proposal, ...]:
    decided = accepted(asked) if accept else tuple(asked)
    write(engagement.folder, decided)
    return decided


def _spoken_once(faults: Sequence[Fault], asked: Sequence[Proposal]) -> tuple[Fault, ...]:
    """Faults without the note that a file was recognised where a person is asked about it anyway."""
    files = {path for one in asked if not one.decision for paths in one.files.values() for path in paths}
    return tuple(fault for fault in faults if fault.code != "recognised" or fault.file not in files)


def write(folder: Path, proposals: Sequence[Proposal]) -> None:
    """Leave proposals.yaml, whole and only where it changes; where nothing was ever asked there is none."""
    file, text = folder / FILE, as_text(proposals)
    if not proposals and not file.exists():
        return
    if file.exists() and file.read_text(encoding="utf-8") == text:
        return
    with replacing(file) as draft:
        draft.write_text(text, encoding="utf-8")
