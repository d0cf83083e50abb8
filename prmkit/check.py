"""`prmkit check`: load, map and validate; every fault at once, and which answers the data can carry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from prmkit.check_view import fault_table, show
from prmkit.data import load
from prmkit.data.client import Client, Source
from prmkit.data.identity.matches import accept_all, write_matches
from prmkit.data.identity.questions import Matches
from prmkit.data.portfolio import open_portfolio
from prmkit.data.readiness import readiness, unlocks, warnings
from prmkit.data.reconciliation import reconcile
from prmkit.engagement import FILE, Engagement, EngagementFaults, load_engagement
from prmkit.errors import DataFaults, Fault, PrmkitError
from prmkit.publish.matches_page import write_matches_page

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["CheckReport", "check", "fault_table", "run", "show"]


@dataclass(frozen=True)
class CheckReport:
    """What a check found.

    faults: of the settings, the data, the portfolios and the sales as a whole. sources: table -> where it
    came from, its rows and dates. readiness, unlocks and reconciliation as in prmkit.data, None where the data could not be
    loaded. accept: whether proposals were to be taken as they are. matches: what stands in matches.csv to be confirmed, and
    accepted: how many of them were taken just now.
    """

    folder: Path
    faults: tuple[Fault, ...]
    sources: Mapping[str, Source] = field(default_factory=dict)
    readiness: pd.DataFrame | None = None
    unlocks: pd.DataFrame | None = None
    reconciliation: pd.DataFrame | None = None
    accept: bool = False
    matches: Matches | None = None
    accepted: int = 0

    @property
    def exit_code(self) -> int:
        """0 without errors, 2 with; warnings stop nothing."""
        return 2 if any(fault.severity == "error" for fault in self.faults) else 0


def check(folder: Path, accept: bool = False) -> CheckReport:
    """Check an engagement folder; nothing in it is changed but the cache in out/ and what is proposed: matches.csv.

    Faults of settings and data are returned, not raised. PrmkitError when there is no engagement there. With `accept`
    all that is proposed is confirmed: it is applied from the next run on.
    """
    folder = Path(folder)
    try:
        engagement = load_engagement(folder)
        inspection = load.inspect(engagement, engagement.folder / "out" / ".check")
    except (EngagementFaults, DataFaults) as error:
        return CheckReport(folder, error.faults, accept=accept)
    matches, accepted = _matches(engagement, inspection.matches, accept)
    client = inspection.client
    if client is None:
        return CheckReport(folder, inspection.faults, inspection.sources, accept=accept, matches=matches, accepted=accepted)
    faults = (*inspection.faults, *_portfolio_faults(client))
    if any(fault.code == "portfolio" and fault.column == "portfolios.all" for fault in faults):
        return CheckReport(folder, faults, inspection.sources, accept=accept, matches=matches, accepted=accepted)
    whole = open_portfolio(client)
    ready = readiness(client)
    return CheckReport(
        folder,
        (*faults, *(Fault("unusual", "warning", "sales", "", 0, "", "", said, "") for said in warnings(whole))),
        inspection.sources,
        ready,
        unlocks(ready),
        reconcile(whole),
        accept,
        matches,
        accepted,
    )


def _matches(engagement: Engagement, matches: Matches | None, accept: bool) -> tuple[Matches | None, int]:
    """Write what may be matched beside the engagement, as a file and as a page; with `accept` all of it is confirmed."""
    if matches is None:
        return None, 0
    written = write_matches(engagement.folder, matches)
    accepted = accept_all(engagement.folder) if accept else 0
    write_matches_page(engagement, write_matches(engagement.folder, matches) if accepted else written)
    return written, accepted


def _portfolio_faults(client: Client) -> Iterator[Fault]:
    """Portfolios that cannot be opened, such as one that selects no partner."""
    for name in ("all", *client.engagement.portfolios):
        try:
            open_portfolio(client, name)
        except PrmkitError as error:
            yield Fault("portfolio", "error", "engagement", FILE, 0, f"portfolios.{name}", "", error.what, error.do)


def run(folder: Path, accept: bool, console: Console) -> int:
    """Check a folder, show what was found, and return the exit code."""
    report = check(folder, accept)
    show(report, console)
    return report.exit_code
