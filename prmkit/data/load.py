"""From an engagement's raw files to a checked Client."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from prmkit.data import typed
from prmkit.data.checks import check_tables
from prmkit.data.client import Client, Source
from prmkit.data.conventions import conventions, settle
from prmkit.data.engine import Engine, engine, identifier
from prmkit.data.faults import FaultLog
from prmkit.data.fileset import Fileset
from prmkit.data.lines import Lines, write_lines
from prmkit.data.rates import converted
from prmkit.data.schemas import dtype, validate
from prmkit.data.sources import Origin, discover, label
from prmkit.data.staging import Staged
from prmkit.data.tables import Column, Table, tables
from prmkit.data.units import Unit, open_unit
from prmkit.data.warehouse import query_label
from prmkit.engagement import Engagement
from prmkit.errors import DataFaults, Fault, PrmkitError

_PIECE = 1 << 20


@dataclass(frozen=True)
class Inspection:
    """All that could be found out about an engagement's data, faults or not.

    client: None where there are no partners or no sales through them. sources: canonical table ->
    where it came from. tables: as in Client, of everything that could be read.
    """

    client: Client | None
    faults: tuple[Fault, ...]
    sources: Mapping[str, Source]
    tables: Mapping[str, pd.DataFrame]


def load(engagement: Engagement, cache: Path, *, strict: bool = True) -> Client:
    """The client of an engagement, its sales lines written to `cache`/sales.parquet.

    Raises DataFaults with everything found, errors and warnings, when anything is an error. With
    `strict=False` rows and values with errors are left out instead and stand in the client's faults;
    DataFaults is raised only where no client can be made at all.
    """
    found = inspect(engagement, cache)
    errors = any(fault.severity == "error" for fault in found.faults)
    if found.client is None or (strict and errors):
        raise DataFaults(found.faults)
    return found.client


def inspect(engagement: Engagement, cache: Path) -> Inspection:
    """Read and check everything, whatever is wrong with it: what `prmkit check` shows."""
    log = FaultLog()
    origins = discover(engagement, log)
    before = _stamps(origins)
    try:
        with engine(cache) as opened:
            present = _read(opened, engagement, origins, log)
            check_tables(opened, engagement, present, log, today=dt.date.today())
            lines = write_lines(opened, engagement, present, present["sales"], cache, log) if "sales" in present else None
            frames = {name: _frame(opened, tables()[name], engagement, files, log) for name, files in present.items() if name != "sales"}
    except (duckdb.IOException, duckdb.OutOfMemoryException, OSError) as error:
        reason = str(error).partition("\n")[0]
        do = "Make room on the disk, or give the machine more memory; nothing was changed."
        raise PrmkitError(f"The data could not be worked on: {reason}", where=str(cache), do=do, exit_code=1) from None
    for path, stamp in _stamps(origins).items():
        if before[path] != stamp:
            log.add("file_changed", file=label(engagement, path))
    sources = {name: _source(name, engagement, origins, frames.get(name), lines) for name in present if name in frames or lines}
    client = None
    if lines is not None and lines.last_partner_sale is not None and "partners" in frames:
        client = Client(
            engagement=engagement,
            tables=frames,
            sales=lines.path,
            channels=lines.channels,
            last_partner_sale=lines.last_partner_sale,
            sources=sources,
            faults=log.faults,
            fingerprint=fingerprint(engagement),
        )
    return Inspection(client=client, faults=log.faults, sources=sources, tables=frames)


def fingerprint(engagement: Engagement) -> str:
    """A hash over the bytes of every input file and the tables they make; equal data, equal fingerprint."""
    digests: dict[Path, str] = {}
    whole = hashlib.sha256()
    for origin in discover(engagement, FaultLog()):
        whole.update(f"{origin.table}\0{origin.settings.sql or ''}\0".encode())
        for path in origin.all_files:
            if path not in digests:
                digests[path] = _digest(path)
            whole.update(digests[path].encode())
    return whole.hexdigest()


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
    except OSError:
        return "unreadable"
    return digest.hexdigest()


def _stamps(origins: Iterable[Origin]) -> Mapping[Path, tuple[int, int]]:
    """Size and time of every input file, to notice one that is written to meanwhile."""
    stats = {path: path.stat() for origin in origins for path in origin.all_files}
    return {path: (stat.st_size, stat.st_mtime_ns) for path, stat in stats.items()}


def _read(opened: Engine, engagement: Engagement, origins: Iterable[Origin], log: FaultLog) -> dict[str, Mapping[int, str]]:
    """Type every origin's rows into the engine: canonical table -> {unit: file}, of the tables that could be read."""
    fileset = Fileset(opened, engagement, list(origins), log)
    present: dict[str, dict[int, str]] = {}
    for origin in origins:
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
        for made in found:
            typed.insert(opened, made, log)
            files[made.unit.number] = made.unit.file
    return dict(present)


def _open(opened: Engine, table: Table, staged: Staged, origin: Origin, number: int, log: FaultLog) -> Unit:
    by_preset = origin.made.values if origin.made else {}
    values = {name: {**by_preset.get(name, {}), **origin.settings.values.get(name, {})} for name in {*by_preset, *origin.settings.values}}
    return open_unit(opened, table, staged, values, number, log)


def _frame(opened: Engine, table: Table, engagement: Engagement, files: Mapping[int, str], log: FaultLog) -> pd.DataFrame:
    """A typed table as pandas holds it: every canonical column, in the order of the files, checked against its schema."""
    source, _ = converted(opened, table, engagement, files, log)
    columns = ", ".join(_selected(column) for column in table.columns)
    frame = opened.connection.execute(f"SELECT {columns} FROM {source} ORDER BY _unit = -1, _unit, _row").df()
    frame = frame.astype({column.name: dtype(column) for column in table.columns})
    validate(table.name, frame, next(iter(files.values()), ""), log)
    return frame


def _selected(column: Column) -> str:
    name = identifier(column.name)
    return f"CAST({name} AS DOUBLE) AS {name}" if column.kind in {"number", "integer"} else name


def _source(name: str, engagement: Engagement, origins: Iterable[Origin], frame: pd.DataFrame | None, lines: Lines | None) -> Source:
    own = [origin for origin in origins if origin.table == name]
    paths = (label(engagement, path) for origin in own for path in origin.all_files)
    queries = (query_label(origin.settings) for origin in own if origin.settings.sql)
    preset = next((origin.preset.name for origin in own if origin.preset), "")
    if frame is None:
        assert lines is not None
        rows, first, last = lines.rows, lines.first, lines.last
    else:
        rows, (first, last) = len(frame), _span(tables()[name], frame)
    return Source(table=name, files=tuple(dict.fromkeys([*paths, *queries])), rows=rows, first=first, last=last, preset=preset)


def _span(table: Table, frame: pd.DataFrame) -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
    """First and last date of a table's main date: the first that every row needs, else the first there is."""
    dates = [column for column in table.columns if column.kind == "date"]
    main = next((column for column in dates if column.required), dates[0] if dates else None)
    if main is None or frame[main.name].isna().all():
        return None, None
    return frame[main.name].min(), frame[main.name].max()
