"""Which column of an export names the partner, where the system has no field for it: found by its values."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from prmkit.data.identity.names import salesforce_short
from prmkit.data.mapping import plain
from prmkit.data.presets import PRESETS
from prmkit.data.proposals import Proposal, written
from prmkit.data.recognition.fit import Fit
from prmkit.data.recognition.peek import MANY, Peek, peek
from prmkit.data.recognition.samples import samples

LEAST_JOINED = 0.6
_FEWEST = 3
_HINT = re.compile(r"partner|resell|dealer|channel|distribut|fachh", re.IGNORECASE)


def links(folder: Path, fits: Sequence[Fit], seen: Mapping[Path, Peek]) -> list[Proposal]:
    """For each export whose preset says what a header links to, and that lacks the header: the column whose values join best."""
    found = []
    for fit in fits:
        export = PRESETS.get(fit.preset).exports[fit.export]
        for header, (target, keys) in export.links.items():
            others = [other for other in fits if other.preset == fit.preset and other.export == target]
            if header not in fit.headers and others:
                known = {value for other in others for value in _values(other, peek(other.path, MANY), keys)}
                best = _best(fit, seen[fit.path], known)
                if best:
                    found.append(_proposal(folder, fit, header, *best, target=others[0], seen=seen[fit.path]))
    return found


def _values(fit: Fit, seen: Peek, keys: Collection[str]) -> set[str]:
    row = seen.records[fit.position]
    places = [row.index(fit.headers[key]) for key in keys if key in fit.headers]
    return {_key(record[place]) for record in seen.below(fit.position) for place in places if place < len(record) and record[place].strip()}


def _best(fit: Fit, seen: Peek, known: Collection[str]) -> tuple[str, float] | None:
    """The column that no table reads yet whose filled values are known most often."""
    used = set(fit.headers.values())
    scores = []
    for place, header in enumerate(seen.records[fit.position]):
        if header in used or not plain(header):
            continue
        values = [_key(record[place]) for record in seen.below(fit.position) if place < len(record) and record[place].strip()]
        joined = sum(value in known for value in values)
        if joined >= _FEWEST and joined / len(values) >= LEAST_JOINED:
            scores.append((_HINT.search(header) is not None, joined / len(values), joined, header))
    best = max(scores, default=None)
    return (best[3], best[1]) if best else None


def _key(text: str) -> str:
    """An id or a name as it is compared: without capitals and punctuation, a long Salesforce id as its short form."""
    return plain(salesforce_short(text) or text)


def _proposal(folder: Path, fit: Fit, header: str, column: str, share: float, *, target: Fit, seen: Peek) -> Proposal:
    made = PRESETS.get(fit.preset)
    table = next(name for name, table in made.tables.items() if fit.export in table.files)
    return Proposal(
        table=table,
        what=f"'{column}' in {fit.path.name} names the partner",
        why=f"{share:.0%} of its values stand in {target.path.name} ({target.title})",
        sure=round(0.5 + 0.45 * share, 2),
        preset=fit.preset,
        files={fit.export: (written(folder, fit.path),)},
        headers={fit.export: {header: column}},
        samples=samples(seen, fit.position, [column]),
    )
