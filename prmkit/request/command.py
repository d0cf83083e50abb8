"""`prmkit new` writes a request for everything; `prmkit request` writes it again for what is still missing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from prmkit.check import CheckReport, check
from prmkit.engagement import Engagement, load_engagement
from prmkit.request.book import FILE, Line, Request, new_request, write_request
from prmkit.request.earlier import Noted, noted
from prmkit.request.exports import asked
from prmkit.request.exports_sheet import HERE
from prmkit.request.managed import managed_partners
from prmkit.request.waves import asked_next, waves
from prmkit.results import replacing

_ASK_AGAIN = "Here, but still without: "


def write_new(engagement: Engagement) -> list[Path]:
    """Write the request of a new engagement into its folder; one that is there is left alone. What was written is returned."""
    path = engagement.folder / FILE
    if path.exists():
        return []
    with replacing(path) as draft:
        write_request(new_request(engagement.client, managed_partners(engagement)), draft)
    return [path]


def rewrite(folder: Path) -> list[Path]:
    """Write the request again for what is still missing: the request, then the earlier one under the name it is kept by, if there was one.

    PrmkitError where there is no engagement. Status, date and remark that were noted in the earlier one stay.
    """
    engagement = load_engagement(folder)
    path = engagement.folder / FILE
    lines = still_missing(check(folder), noted(path) if path.is_file() else {})
    with replacing(path) as draft:
        write_request(Request(engagement.client, lines, managed_partners(engagement)), draft)
        kept = _set_aside(path) if path.exists() else None
    return [path, kept] if kept else [path]


def still_missing(report: CheckReport, before: Mapping[str, Noted]) -> tuple[Line, ...]:
    """Every export, those still missing first: waves as what is here already leaves them; what is here is marked so."""
    exports = asked().exports
    have = [table for table in exports if table in report.sources]
    lacking = _lacking(report.unlocks if report.readiness is not None else asked_next(have))
    wave = {**waves(list(exports), have, report.readiness), **dict.fromkeys(have, 0)}
    return tuple(_line(table, number, before.get(table, Noted()), lacking.get(table, "")) for table, number in wave.items())


def _lacking(unlocks: pd.DataFrame | None) -> dict[str, str]:
    """Table -> the columns in it that would make more answers possible."""
    return {} if unlocks is None else dict(zip(unlocks["export"], unlocks["columns"], strict=True))


def _line(table: str, wave: int, before: Noted, lacking: str) -> Line:
    export = asked().exports[table]
    if wave:
        status = "" if before.status == HERE else before.status
        return Line(export, wave, status, before.date, before.remark)
    own = "" if before.remark.startswith(_ASK_AGAIN) else before.remark
    return Line(export, 0, HERE, before.date, own or (f"{_ASK_AGAIN}{lacking}" if lacking else ""))


def _set_aside(path: Path) -> Path:
    """Keep what is there under the next free name, since people may have written into it."""
    number = 1
    while (kept := path.with_name(f"{path.stem}_{number}{path.suffix}")).exists():
        number += 1
    path.replace(kept)
    return kept
