"""What of the partner survey could not be worked out, and what to ask."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.know.voices.respondents import panel
from prmkit.practices.result import NotComputed

ASKS = "surveys (need:<name>:importance, need:<name>:satisfaction, driver:<name>, nps)"


def nobody_asked(portfolio: Portfolio) -> bool:
    """Whether no partner of the client was asked anything in the last two years."""
    return panel(portfolio).heard.responses.empty


def not_computed(portfolio: Portfolio, tables: Mapping[str, pd.DataFrame]) -> list[NotComputed]:
    """Tables and columns of what partners want that are empty."""
    absent = "no partner survey" if nobody_asked(portfolio) else "the partner survey has no question on needs or drivers"
    missing = []
    if tables["drivers"].empty:
        missing.append(NotComputed("drivers", None, absent, ASKS))
    elif tables["drivers"]["share_explained"].isna().all():
        missing.append(NotComputed("drivers", "share_explained", _why(tables["drivers"]), "surveys (nps, more respondents)"))
    if tables["respondents"].empty:
        silent = "no partner survey" if nobody_asked(portfolio) else "no answer of this portfolio carries a partner"
        missing.append(NotComputed("respondents", None, silent, "surveys (partner_id)"))
    if tables["scales"].empty:
        few = "no partner survey" if nobody_asked(portfolio) else "fewer than two questions of a kind, or fewer than eight answers"
        missing.append(NotComputed("scales", None, few, ASKS))
    if tables["partner_360"]["main_need"].isna().all():
        unheard = "no partner survey" if nobody_asked(portfolio) else "no need stands out clearly for any partner"
        missing.append(NotComputed("partner_360", "main_need", unheard, "surveys (need:<name>:importance), estimates (held_back)"))
    return missing


def _why(drivers: pd.DataFrame) -> str:
    said = drivers["reason"].dropna()
    return str(said.iloc[0]) if len(said) else "too few answers"
