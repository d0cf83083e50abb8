"""What is odd about tables that are right in themselves: each module looks for one thing, and drops nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from prmkit.data.engine import Engine
from prmkit.data.faults import FaultLog
from prmkit.data.oddities.beginnings import check_beginnings
from prmkit.data.oddities.counted import counted_lines
from prmkit.data.oddities.currencies import check_currencies
from prmkit.data.oddities.prices import check_prices
from prmkit.data.oddities.reports import check_reports
from prmkit.data.oddities.resubmissions import check_resubmissions
from prmkit.data.oddities.snapshots import check_snapshots
from prmkit.data.oddities.swaps import check_swaps
from prmkit.data.oddities.two_tier import check_two_tier
from prmkit.engagement import Engagement

__all__ = ["check_oddities"]


def check_oddities(
    engine: Engine, engagement: Engagement, present: Mapping[str, Mapping[int, str]], log: FaultLog, *, today: dt.date
) -> None:
    """Every look at the typed tables. `present`: table -> {unit: file}, only of tables that are there. `today` ends what has happened."""
    check_currencies(engine, engagement, present, log)
    check_swaps(engine, present, log)
    if "partners" in present:
        check_snapshots(engine, present, log)
    if "sales" in present:
        until = min(engagement.as_of or today, today)
        counted = counted_lines(engine, engagement, until)
        check_resubmissions(engine, engagement, present["sales"], log)
        check_two_tier(engine, engagement, counted, present["sales"], log)
        check_reports(engine, counted, present["sales"], log)
        if "rates" in present:
            check_prices(engine, engagement, counted, present["sales"], log)
        check_beginnings(engine, present, log, until=until)
