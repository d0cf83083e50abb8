"""Some values of a file's columns, for a person to see what is meant."""

from __future__ import annotations

from collections.abc import Iterable

from prmkit.data.recognition.peek import Peek

_SHOWN, _LONGEST = 3, 40


def samples(seen: Peek, position: int, headers: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Header -> the first three different values below it, cut to 40 letters."""
    row = seen.records[position] if seen.records else ()
    found: dict[str, tuple[str, ...]] = {}
    for header in headers:
        if header in row:
            place = row.index(header)
            values = (record[place].strip() for record in seen.below(position) if place < len(record))
            found[header] = tuple(dict.fromkeys(value[:_LONGEST] for value in values if value))[:_SHOWN]
    return found
