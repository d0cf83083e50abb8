"""The bytes behind an engagement's data: a fingerprint of them, and whether they change while they are read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from prmkit.data.discovery import discover
from prmkit.data.faults import FaultLog
from prmkit.data.identity.decisions import digest
from prmkit.data.sources import Origin
from prmkit.engagement import Engagement

_PIECE = 1 << 20


def fingerprint(engagement: Engagement) -> str:
    """A hash over the bytes of every input file, the tables they make and confirmed matches; equal data, equal fingerprint.

    Of lines that stay in a warehouse: their count, sums and newest date, asked of it.
    """
    digests: dict[Path, str] = {}
    whole = hashlib.sha256()
    for origin in discover(engagement, FaultLog()):
        read_as = f"{origin.preset.name if origin.preset else ''}\0{origin.settings.model_dump_json()}\0{sorted(origin.spelled.items())}"
        whole.update(f"{origin.table}\0{read_as}\0".encode())
        if origin.settings.aggregate:
            from prmkit.data.warehouse_opening import figures

            whole.update(figures(origin, engagement.as_of).encode())
        for path in origin.all_files:
            if path not in digests:
                digests[path] = _digest(path)
            whole.update(digests[path].encode())
    whole.update(digest(engagement.folder).encode())
    return whole.hexdigest()


def stamps(origins: Iterable[Origin]) -> Mapping[Path, tuple[int, int]]:
    """Size and time of every input file, to notice one that is written to meanwhile; zeros where it is gone."""
    made = {}
    for path in (path for origin in origins for path in origin.all_files):
        try:
            stat = path.stat()
            made[path] = stat.st_size, stat.st_mtime_ns
        except OSError:
            made[path] = 0, 0
    return made


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
    except OSError:
        return "unreadable"
    return digest.hexdigest()
