"""What coverage says: the territory with most to win, and those barely reached."""

from __future__ import annotations

from typing import Any

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.phrases import Phrases
from prmkit.practices.reach.market.claim import claim, money_a_year
from prmkit.practices.reach.market.coverage import estimated
from prmkit.practices.reach.pricing import pricing
from prmkit.practices.result import Action, Amount, Finding

_BARELY = 0.9
_MATTERS = 0.01
_NAMED = 3
_REALISTIC = ("realistic_white_space", "realistic_low", "realistic_high")


def white_space(portfolio: Portfolio, rows: pd.DataFrame | None) -> Finding | None:
    """The territory with the largest realistic white space, where that is more than a hundredth of what it sells."""
    if rows is None or rows["realistic_white_space"].isna().all():
        return None
    row = rows.sort_values("realistic_white_space", ascending=False, kind="stable").iloc[0]
    if row["realistic_white_space"] <= _MATTERS * max(row["revenue"], 1.0):
        return None
    say, rate = Phrases.of(portfolio), pricing(portfolio)
    amount = money_a_year(row, _REALISTIC, portfolio.currency)
    known = int(rows["realistic_white_space"].notna().sum())
    whole = rows["realistic_white_space"].sum()
    return claim(
        portfolio,
        "coverage.white_space",
        ("territory", str(row["territory"])),
        f"{row['territory']} has most to win: {say.money(amount.amount)} a year if it sold as the better territories do",
        f"{_how_much(say, row)} Territories of its size in the better quarter sell more; made up to that, it would bring "
        f"{say.interval(amount)} more. All {known} territories together: {say.money(whole)}.{_spreadsheet(say, row)}",
        amount,
        rate.worth(amount),
        basis="estimated" if estimated(portfolio) else "measured",
        n=known,
        decides=bool(row["realistic_low"] > 0),
        action=Action(
            what=f"Ask what the better territories do that {row['territory']} does not, and plan its partners from there",
            who="channel director",
            by="at the next territory review",
            measure="its share of the market against that of the better quarter",
        ),
        evidence=("reach_coverage",),
        inputs=("territories", "sales"),
        caveats=(rate.said, market_said(portfolio), "What others reach is not proof that it can be reached here."),
    )


def _how_much(say: Phrases, row: Any) -> str:
    if "usual_penetration" in row and pd.notna(row["usual_penetration"]):
        return (
            f"{row['territory']} sells {say.share(row['penetration'])} of its market; in a usual year "
            f"{say.share(row['usual_penetration'])} is likely, {say.share(row['penetration_low'])} to {say.share(row['penetration_high'])}."
        )
    return f"{row['territory']} sells less to an end customer than others do."


def _spreadsheet(say: Phrases, row: Any) -> str:
    if pd.isna(row["white_space"]):
        return ""
    return (
        f" The spreadsheet's white space, potential less revenue, is {say.money(row['white_space'])} there: no territory sells all of it."
    )


def market_said(portfolio: Portfolio) -> str:
    if estimated(portfolio):
        return "The market of some territories is worked out from their end customers, not stated."
    return "The market's size is taken as stated in the list of territories."


def barely_reached(portfolio: Portfolio, rows: pd.DataFrame | None) -> Finding | None:
    """Territories that surely sell less than half of what the better quarter does."""
    if rows is None:
        return None
    low = rows[rows["barely_reached_probability"] >= _BARELY].sort_values("realistic_white_space", ascending=False, kind="stable")
    if low.empty:
        return None
    say, rate, known = Phrases.of(portfolio), pricing(portfolio), int(rows["barely_reached_probability"].notna().sum())
    amount = money_a_year(low[list(_REALISTIC)].sum(), _REALISTIC, portfolio.currency)
    names = ", ".join(low["territory"].head(_NAMED)) + (f" and {len(low) - _NAMED} more" if len(low) > _NAMED else "")
    return claim(
        portfolio,
        "coverage.barely_reached",
        ("portfolio", portfolio.name),
        f"{say.counted(len(low), 'territory', 'territories')} of {say.count(known)} {'is' if len(low) == 1 else 'are'} barely reached",
        f"{names}: sales are less than half of what the better territories of that size reach, with a chance of nine in ten or more. "
        f"Made up, they would bring {say.interval(amount)}.",
        Amount(float(len(low)), unit="territories"),
        rate.worth(amount),
        basis="estimated" if estimated(portfolio) else "measured",
        n=known,
        decides=True,
        action=Action(
            what="Decide for each whether it is to be covered at all, and by whom: partners, direct, or not",
            who="channel director",
            by="within a quarter",
            measure="territories below half of the better quarter",
        ),
        evidence=("reach_coverage",),
        inputs=("territories", "sales"),
        caveats=(rate.said, market_said(portfolio), "The sum of ranges is wider than the range of the sum."),
    )
