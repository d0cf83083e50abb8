"""`prmkit check`: load, map and validate; every fault at once, and which answers the data can carry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from rich.text import Text

from prmkit.check_view import clean, fault_table, show
from prmkit.data.client import Client, Source
from prmkit.data.identity.matches import accept_all, write_matches
from prmkit.data.identity.questions import Matches
from prmkit.data.portfolio import open_portfolio
from prmkit.data.proposals import Proposal
from prmkit.data.readiness import readiness, unlocks, warnings
from prmkit.data.reconciliation import reconcile
from prmkit.engagement import FILE, Engagement, EngagementFaults, load_engagement
from prmkit.errors import DataFaults, Fault, PrmkitError
from prmkit.proposing import look
from prmkit.publish.check_page import write_check_page
from prmkit.publish.check_page.asked import to_confirm
from prmkit.publish.matches_page import write_matches_page

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["CheckReport", "check", "fault_table", "run", "show"]


@dataclass(frozen=True)
class CheckReport:
    """What a check found.

    faults: of the settings, the data, the portfolios and the sales as a whole. sources: table -> where it
    came from, its rows and dates. readiness, unlocks and reconciliation as in prmkit.data, None where the data could not be
    loaded. accept: whether proposals were to be taken as they are. client and locale: as the settings have them, where
    they can be read. as_of: the day that the data are seen from, where they could be loaded. proposals: how exports are read,
    decided or open. matches: what stands in matches.csv to be confirmed, and accepted: how many of them were taken just now.
    """

    folder: Path
    faults: tuple[Fault, ...]
    sources: Mapping[str, Source] = field(default_factory=dict)
    readiness: pd.DataFrame | None = None
    unlocks: pd.DataFrame | None = None
    reconciliation: pd.DataFrame | None = None
    accept: bool = False
    client: str = ""
    locale: str = "en_GB"
    as_of: pd.Timestamp | None = None
    proposals: tuple[Proposal, ...] = ()

    @property
    def open_proposals(self) -> tuple[Proposal, ...]:
        """The proposals that nobody has decided yet."""
        return tuple(one for one in self.proposals if not one.decision)

    matches: Matches | None = None
    accepted: int = 0

    @property
    def exit_code(self) -> int:
        """0 without errors, 2 with; warnings stop nothing."""
        return 2 if any(fault.severity == "error" for fault in self.faults) else 0


def check(folder: Path, accept: bool = False) -> CheckReport:
    """Check an engagement folder; nothing in it is changed but the cache in out/ and what is proposed: proposals.yaml, matches.csv.

    Data are read as if every open proposal were agreed to; with `accept` they are, and matches are from the next run on. Faults of
    settings and data are returned, not raised. PrmkitError when there is no engagement there, or proposals.yaml cannot be used.
    """
    folder = Path(folder)
    try:
        engagement = load_engagement(folder)
    except EngagementFaults as error:
        return CheckReport(folder, error.faults, accept=accept)
    begun = CheckReport(folder, (), accept=accept, client=engagement.client, locale=engagement.locale)
    try:
        seen = look(engagement, engagement.folder / "out" / ".check", accept=accept)
    except DataFaults as error:
        return replace(begun, faults=error.faults)
    inspection, begun = seen.inspection, replace(begun, proposals=seen.proposals)
    matches, taken = _matches(engagement, inspection.matches, accept)
    begun = replace(begun, matches=matches, accepted=taken)
    client = inspection.client
    if client is None:
        return replace(begun, faults=inspection.faults, sources=inspection.sources)
    faults = (*inspection.faults, *_portfolio_faults(client))
    if any(fault.code == "portfolio" and fault.column == "portfolios.all" for fault in faults):
        return replace(begun, faults=faults, sources=inspection.sources)
    whole = open_portfolio(client)
    ready = readiness(client)
    return replace(
        begun,
        faults=(*faults, *(Fault("unusual", "warning", "sales", "", 0, "", "", said, "") for said in warnings(whole))),
        sources=inspection.sources,
        readiness=ready,
        unlocks=unlocks(ready),
        reconciliation=reconcile(whole),
        as_of=whole.as_of,
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
    """Check a folder, show what was found, leave it as a page, and return the exit code."""
    report = check(folder, accept)
    show(report, console)
    page = write_check_page(report, to_confirm(report.open_proposals))
    console.print(Text(clean(f"The same as a page: {page}")), soft_wrap=True)
    return report.exit_code
