"""What coverage and places say that someone should act on."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.reach.market.coverage_findings import barely_reached, white_space
from prmkit.practices.reach.market.place_findings import next_place, without_partner
from prmkit.practices.result import Finding


def market_findings(portfolio: Portfolio, tables: Mapping[str, pd.DataFrame]) -> tuple[Finding, ...]:
    """The territory with most to win, those barely reached, the next place for a partner, customers where there is no partner."""
    made = [
        white_space(portfolio, tables.get("coverage")),
        barely_reached(portfolio, tables.get("coverage")),
        next_place(portfolio, tables.get("sites")),
        without_partner(portfolio, tables.get("areas")),
    ]
    return tuple(finding for finding in made if finding is not None)
