"""The words that systems use for canonical ones; the preset `simulated` maps them back."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

PARTNER_TYPES = {
    "var": "Value-Added Reseller",
    "msp": "Managed Service Provider",
    "si": "System Integrator",
    "isv": "Independent Software Vendor",
    "referral": "Referral Partner",
}
SOURCES = {"partner": "Partner Referral", "vendor": "Vendor Marketing", "influenced": "Partner Influenced"}
STAGES = {"open": "Proposal", "won": "Closed Won", "lost": "Closed Lost"}
LOST_TO = {"competitor": "Lost to Competitor", "direct": "Sold by Our Direct Sales"}
FUNDS = {"mdf": "MDF", "coop": "Co-op"}
PAYMENTS = {"spiff": "SPIFF"}
PRIORITIES = {"medium": "Normal", "critical": "Urgent"}
CHANNELS = {"direct": "10 Direct", "sell_in": "20 Distribution"}
RATES = {"average": "Monthly average", "plan": "Plan"}
YES_NO, TICKED = {True: "Yes", False: "No"}, {True: "1", False: "0"}
REGISTRATION = {True: "Approved", False: "Rejected"}


def spoken(column: pd.Series, words: Mapping[str, str] | None = None) -> pd.Series:
    """A column of canonical words as a system shows them: as `words` says, else in plain letters (`co_sold`: Co sold)."""
    known = words or {}
    shown = {word: known.get(word, word.replace("_", " ").capitalize()) for word in column.dropna().unique()}
    return column.map(shown).astype("str")


def flagged(column: pd.Series, words: Mapping[bool, str]) -> pd.Series:
    """A column of yes and no in the words of a system; empty where it is not known."""
    made = pd.Series(pd.NA, index=column.index, dtype="str")
    known = column.notna()
    made[known] = column[known].astype(bool).map(words)
    return made
