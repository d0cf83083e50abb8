"""From an engagement's raw files to a checked Client."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pandas as pd

from prmkit.data import typed
from prmkit.data.checks import check_tables
from prmkit.data.client import Client, Source
from prmkit.data.conventions import conventions, settle
from prmkit.data.discovery import discover
from prmkit.data.engine import Engine, engine
from prmkit.data.faults import FaultLog
from prmkit.data.fileset import Fileset
from prmkit.data.frames import frame, span
from prmkit.data.identity.hints import keep_hints
from prmkit.data.identity.merging import apply_matches, join_ids
from prmkit.data.identity.questions import Matches, propose
from prmkit.data.inputs import fingerprint, stamps
from prmkit.data.lines import FILE, Lines, write_lines
from prmkit.data.oddities import check_oddities
from prmkit.data.orphans import ADDED
from prmkit.data.proposals import Proposal
from prmkit.data.sources import Origin, label
from prmkit.data.staging import Staged
from prmkit.data.tables import Table, tables
from prmkit.data.units import Unit, open_unit
from prmkit.data.warehouse import query_label
from prmkit.engagement import Engagement
from prmkit.errors import DataFaults, Fault, PrmkitError

if TYPE_CHECKING:
    from prmkit.data.warehouse_lines import WarehouseLines

__all__ = ["Inspection", "fingerprint", "inspect", "load", "one_table"]


@dataclass(frozen=True)
class Inspection:
    """All that could be found out about an engagement's data, faults or not.

    client: None where there are no partners or no sales through them. sources: canonical table ->
    where it came from. tables: as in Client, of everything that could be read. unknown_words: (table, column) -> words of the
    exports that are none of the column's. matches: which references and rows may be one partner or customer, to be confirmed
    in matches.csv.
    """

    client: Client | None
    faults: tuple[Fault, ...]
    sources: Mapping[str, Source]
    tables: Mapping[str, pd.DataFrame]
    unknown_words: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    matches: Matches | None = None


def load(engagement: Engagement, cache: Path, *, strict: bool = True) -> Client:
    """The client of an engagement, its sales lines written to `cache`/sales.parquet.

    Raises DataFaults with everything found, errors and warnings, when anything is an error; `cache`
    is then left as it was. With `strict=False` rows and values with errors are left out instead and
    stand in the client's faults; DataFaults is raised only where no client can be made at all.
    """
    found = _examine(engagement, cache, strict=strict)
    if found.client is None:
        raise DataFaults(found.faults)
    return found.client


def inspect(engagement: Engagement, cache: Path, assumed: Sequence[Proposal] | None = None) -> Inspection:
    """Read and check everything, whatever is wrong with it: what `prmkit check` shows; `assumed` as in `discover`."""
    return _examine(engagement, cache, strict=False, assumed=assumed, asking=True)


def one_table(engagement: Engagement, cache: Path, name: str) -> pd.DataFrame | None:
    """One canonical table, sales apart, as far as it can be read, without a look at the others; None where it is not there."""
    log = FaultLog()
    origins = [origin for origin in discover(engagement, log) if origin.table == name]
    with _room(cache), engine(cache) as opened:
        files = _read(opened, engagement, origins, log).get(name)
        return frame(opened, tables()[name], engagement, files, log) if files else None


def _examine(
    engagement: Engagement, cache: Path, *, strict: bool, assumed: Sequence[Proposal] | None = None, asking: bool = False
) -> Inspection:
    """With `strict` there is no client where anything is an error; `asking` what may be matched takes time of its own."""
    log = FaultLog()
    origins = discover(engagement, log, assumed)
    before = stamps(origins)
    lines: Lines | None = None
    client: Client | None = None
    with _room(cache), engine(cache) as opened:
        present = _read(opened, engagement, origins, log)
        join_ids(opened, present, log)
        matches = propose(opened, engagement, present) if asking else None
        apply_matches(opened, engagement, present, log)
        kept = _kept_away(opened, engagement, origins, present, log)
        check_tables(opened, engagement, present, log, today=dt.date.today())
        check_oddities(opened, engagement, present, log, today=dt.date.today())
        if "sales" in present:
            lines = write_lines(opened, engagement, present, present["sales"], log)
        frames = {name: frame(opened, tables()[name], engagement, files, log) for name, files in present.items() if name != "sales"}
        _note_changes(engagement, origins, before, log)
        sources = {name: _source(opened, name, engagement, origins, frames.get(name), lines) for name in present}
        if kept is not None:
            sources["sales"] = Source("sales", (query_label(engagement.sources["sales"][0]),), kept.lines, kept.first, kept.last)
        last_sale = kept.last_partner_sale if kept else lines.last_partner_sale if lines else None
        stopped = strict and log.has_errors()
        if last_sale is not None and "partners" in frames and not stopped:
            client = Client(
                engagement=engagement,
                tables=frames,
                sales=lines.kept_in(cache) if lines else _nothing_in(cache),
                channels=lines.channels if lines else kept.channels if kept else {},
                last_partner_sale=last_sale,
                warehouse=kept,
                sources=sources,
                faults=log.faults,
                fingerprint=fingerprint(engagement),
            )
    return Inspection(client, log.faults, sources, frames, log.texts("unknown_word"), matches)


def _kept_away(
    opened: Engine, engagement: Engagement, origins: Sequence[Origin], present: Mapping[str, Mapping[int, str]], log: FaultLog
) -> WarehouseLines | None:
    """The sales lines that stay in the warehouse, where the settings say so."""
    for origin in origins:
        if origin.settings.aggregate:
            from prmkit.data.warehouse_opening import open_lines

            return open_lines(opened, engagement, origin, present, log, today=dt.date.today())
    return None


def _nothing_in(cache: Path) -> Path:
    """Where the lines would lie; those of an earlier load go."""
    (cache / FILE).unlink(missing_ok=True)
    return cache / FILE


@contextmanager
def _room(cache: Path) -> Iterator[None]:
    """Says plainly when the disk or the memory does not suffice."""
    try:
        yield
    except (duckdb.IOException, duckdb.OutOfMemoryException, OSError) as error:
        reason = str(error).partition("\n")[0]
        do = "Make room on the disk, or give the machine more memory; nothing was changed."
        raise PrmkitError(f"The data could not be worked on: {reason}", where=str(cache), do=do, exit_code=1) from None


def _read(opened: Engine, engagement: Engagement, origins: Sequence[Origin], log: FaultLog) -> dict[str, Mapping[int, str]]:
    """Type every origin's rows into the engine: canonical table -> {unit: file}, of the tables that could be read."""
    fileset = Fileset(opened, engagement, origins, log)
    present: dict[str, dict[int, str]] = {}
    for origin in origins:
        if origin.settings.aggregate:
            continue
        staged = fileset.stage(origin)
        if not staged:
            continue
        table = tables()[origin.table]
        if origin.table not in present:
            typed.create(opened, table)
        files = present.setdefault(origin.table, {})
        units = [_open(opened, table, one, origin, len(files) + number, log) for number, one in enumerate(staged)]
        found = [conventions(opened, unit, log) for unit in units]
        settle(found, engagement, log)
        for one in staged:
            keep_hints(opened, table, one)
        for made in found:
            typed.insert(opened, made, log)
            files[made.unit.number] = made.unit.file
    return dict(present)


def _open(opened: Engine, table: Table, staged: Staged, origin: Origin, number: int, log: FaultLog) -> Unit:
    by_preset = origin.made.values if origin.made else {}
    values = {name: {**by_preset.get(name, {}), **origin.settings.values.get(name, {})} for name in {*by_preset, *origin.settings.values}}
    return open_unit(opened, table, staged, values, number, log)


def _note_changes(engagement: Engagement, origins: Sequence[Origin], before: Mapping[Path, tuple[int, int]], log: FaultLog) -> None:
    for path, stamp in stamps(origins).items():
        if before[path] != stamp:
            log.add("file_changed", file=label(engagement, path))


def _source(
    opened: Engine, name: str, engagement: Engagement, origins: Sequence[Origin], made: pd.DataFrame | None, lines: Lines | None
) -> Source:
    own = [origin for origin in origins if origin.table == name]
    files = [label(engagement, path) for origin in own for path in origin.all_files]
    queries = [query_label(origin.settings) for origin in own if origin.settings.sql]
    preset = next((origin.preset.name for origin in own if origin.preset), "")
    rows = int(opened.row(f"SELECT count(*) FROM {typed.typed_table(name)} WHERE _unit <> {ADDED}")[0])
    first, last = span(tables()[name], made) if made is not None else (lines.first, lines.last) if lines else (None, None)
    return Source(table=name, files=tuple(dict.fromkeys([*files, *queries])), rows=rows, first=first, last=last, preset=preset)
