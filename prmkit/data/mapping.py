"""From a file's headers to canonical columns: as the settings say, else by name; never by guess."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from prmkit.data.faults import FaultLog
from prmkit.data.staging import Wanted
from prmkit.engagement.faults import nearest, shown

_NOT_WORD = re.compile(r"[\W_]+")
_SHOWN_HEADERS = 12
_SHORTEST_PART = 4
_LONGEST_HEADER = 200
_MOST_COMPARED = 2_000
MOST_HEADERS = 20_000
"""More columns than a workbook can have; a file with more has lost its line ends, or was made to be a nuisance."""


def plain(header: str) -> str:
    """A header without case, spaces and punctuation: `Partner ID` and `partner_id` are the same."""
    return _NOT_WORD.sub("", header.casefold())


def near(name: str, known: Iterable[str]) -> str:
    """The known name most like `name` (spelling set aside), else one that holds it or is held by it, or nothing.

    Only the first names of many are compared, and no name that is longer than a name would be.
    """
    candidates = [other for other in islice(known, _MOST_COMPARED) if len(other) <= _LONGEST_HEADER]
    by_plain = {plain(other): other for other in candidates if plain(other)}
    wanted = plain(name[:_LONGEST_HEADER])
    found = nearest(wanted, by_plain)
    if not found:
        found = tuple(
            other for other in by_plain if min(len(wanted), len(other)) >= _SHORTEST_PART and (wanted in other or other in wanted)
        )
    return by_plain[found[0]] if found else ""


def header_row(records: Sequence[Sequence[str]], wanted: Wanted) -> int:
    """Which of the first records holds the headers: the first with every required one, else the first with most known ones."""
    matched = [columns_in(record, wanted) for record in records]
    for position, found in enumerate(matched):
        if wanted.needed <= found:
            return position
    most = max((len(found) for found in matched), default=0)
    if most:
        return next(position for position, found in enumerate(matched) if len(found) == most)
    return next((position for position, record in enumerate(records) if any(cell.strip() for cell in record)), 0)


def columns_in(record: Sequence[str], wanted: Wanted) -> set[str]:
    """The wanted columns that have a header among the cells of a record."""
    cells = {plain(cell) for cell in record}
    return {column.name for column in wanted.columns if any(plain(way) in cells for way in wanted.ways(column))}


def choose(wanted: Wanted, headers: Sequence[str], log: FaultLog, *, file: str, row: int) -> dict[str, int] | None:
    """Column -> position of its header. None, with every reason in `log`, where the file cannot be used."""
    if len(headers) > MOST_HEADERS:
        log.add("too_wide", table=wanted.table, file=file, row=row, words={"found": f"{len(headers):,}", "most": f"{MOST_HEADERS:,}"})
        return None
    places: dict[str, list[int]] = {}
    for position, header in enumerate(headers):
        if plain(header):
            places.setdefault(plain(header), []).append(position)
    chosen: dict[str, int] = {}
    complete = True
    for column in wanted.columns:
        if column.name in wanted.places:
            chosen[column.name] = wanted.places[column.name]
            continue
        ways = (_exact(way, headers) or places.get(plain(way), []) for way in wanted.ways(column))
        found = next((there for there in ways if there), [])
        if len(found) > 1:
            log.add("duplicate_header", table=wanted.table, file=file, row=row, column=column.name, value=headers[found[0]])
            complete = False
        elif found:
            chosen[column.name] = found[0]
        elif column.name in wanted.needed:
            _missing(wanted, column.name, headers, log, file=file, row=row)
            complete = False
    if wanted.whole:
        _unused(wanted, headers, set(chosen.values()), places, log, file=file, row=row)
    return chosen if complete else None


def _exact(header: str, headers: Sequence[str]) -> list[int]:
    return [position for position, other in enumerate(headers) if other.strip() == header.strip()]


def _missing(wanted: Wanted, name: str, headers: Sequence[str], log: FaultLog, *, file: str, row: int) -> None:
    header = wanted.headers.get(name, name)
    close = near(header, headers)
    hint = f" The nearest header is '{shown(close)}'." if close else ""
    there = ", ".join(shown(other) for other in headers[:_SHOWN_HEADERS] if other.strip()) or "nothing"
    more = f" and {len(headers) - _SHOWN_HEADERS} more" if len(headers) > _SHOWN_HEADERS else ""
    code = "preset_header_missing" if not wanted.whole else "mapped_column_missing" if name in wanted.headers else "column_missing"
    words = {"header": shown(header), "hint": hint, "headers": there + more, "near": shown(close) or "the header in the file"}
    log.add(code, table=wanted.table, file=file, row=row, column=name, words=words)


def _unused(
    wanted: Wanted, headers: Sequence[str], used: set[int], places: dict[str, list[int]], log: FaultLog, *, file: str, row: int
) -> None:
    taken = {plain(headers[position]) for position in used} | {plain(way) for column in wanted.columns for way in wanted.ways(column)}
    unread = [header for position, header in enumerate(headers) if position not in used and plain(header)]
    twice = [header for header in dict.fromkeys(unread) if len(places[plain(header)]) > 1 and plain(header) not in taken]
    if twice:
        more = f" and {len(twice) - _SHOWN_HEADERS} more" if len(twice) > _SHOWN_HEADERS else ""
        words = {"headers": ", ".join(map(shown, twice[:_SHOWN_HEADERS])) + more}
        log.add("header_repeated", table=wanted.table, file=file, row=row, value=twice[0], count=len(twice), words=words)
    known = [column.name for column in wanted.columns if column.name not in wanted.headers]
    free = [name for name in known if plain(name) not in places]
    repeated = set(twice)
    unknown = list(dict.fromkeys(header for header in unread if plain(header) not in taken and header not in repeated))
    if unknown:
        listed = [
            f"{shown(header)} (near {close})" if (close := near(header, free)) else shown(header) for header in unknown[:_SHOWN_HEADERS]
        ]
        more = f" and {len(unknown) - _SHOWN_HEADERS} more" if len(unknown) > _SHOWN_HEADERS else ""
        words = {"headers": ", ".join(listed) + more}
        log.add("columns_unknown", table=wanted.table, file=file, row=row, value=unread[0], count=len(unknown), words=words)
