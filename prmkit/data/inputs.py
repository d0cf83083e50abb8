"""The bytes behind an engagement's data: a fingerprint of them, and whether they change while they are read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from prmkit.data.faults import FaultLog
from prmkit.data.sources import Origin, discover
from prmkit.data.warehouse_query import given
from prmkit.engagement import Engagement

_PIECE = 1 << 20


def fingerprint(engagement: Engagement) -> str:
    """A hash over the bytes of every input file and the tables they make; equal data, equal fingerprint.

    Of lines that stay in a warehouse: their count, sums and newest date, asked of it.
    """
    digests: dict[Path, str] = {}
    whole = hashlib.sha256()
    for origin in discover(engagement, FaultLog()):
        whole.update(f"{origin.table}\0{origin.settings.sql or ''}\0".encode())
        if origin.settings.params:
            whole.update(given(origin.settings.params).encode())
        if origin.settings.aggregate:
            from prmkit.data.warehouse_opening import figures

            whole.update(figures(origin, engagement.as_of).encode())
        for path in origin.all_files:
            if path not in digests:
                digests[path] = _digest(path)
            whole.update(digests[path].encode())
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
