"""What deals say of a partner: how many it wins, how large, how fast and at what price."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.practices.know.strengths.cases import (
    DEAL_MONTHS,
    Array,
    Cases,
    dummies,
    end_markets,
    log_above_zero,
    ones,
    scaled,
    since,
)
from prmkit.practices.know.strengths.claims import folded

DECIDED = ("decided deal", "decided deals")
WON = ("won deal", "won deals")
NO_CONTEST = ("no_decision", "direct")
"""A deal that nobody won, or that our own people took, is no contest the partner lost."""


def win_rate(portfolio: Portfolio) -> Cases | None:
    """Deals of the 36 months that the partner won, or lost to somebody else; withdrawn, undecided and our own are left out."""
    rows = _decided(portfolio)
    return None if rows is None else Cases(rows["partner_id"], ones(rows["outcome"] == "won"), "share", DECIDED, 1, _context(rows))


def vertical_win_rate(portfolio: Portfolio) -> Cases | None:
    """The same for deals whose customer is in the partner's own end market, beside other partners' deals in that market."""
    rows = _decided(portfolio)
    if rows is None:
        return None
    home = rows["partner_id"].map(own_market(portfolio))
    own = (home == each_folded(rows["market"])).to_numpy(dtype=bool, na_value=False)
    context = _context(rows) | {"elsewhere": (~own).astype(float)}
    # deals outside its market teach what is usual there, under a name that is no partner's
    holder = rows["partner_id"].where(own)
    return Cases(
        holder,
        ones(rows["outcome"] == "won"),
        "share",
        ("decided deal in its end market", "decided deals in its end market"),
        1,
        context,
    )


def deal_size(portfolio: Portfolio) -> Cases | None:
    """Amounts of the deals it won."""
    rows = _won(portfolio)
    rows = rows[rows["amount"] > 0] if rows is not None else None
    if rows is None or rows.empty:
        return None
    context = {name: column for name, column in _context(rows).items() if not name.startswith("amount")}
    return Cases(rows["partner_id"], log_above_zero(rows["amount"]), "log", WON, 1, context)


def sales_cycle(portfolio: Portfolio) -> Cases | None:
    """Days from opening to winning, for deals of the same amount, source and market."""
    rows = _won(portfolio)
    if rows is None:
        return None
    days = (rows["closed_on"] - rows["opened_on"]).dt.days
    rows, days = rows[days >= 0], days[days >= 0]
    return None if rows.empty else Cases(rows["partner_id"], np.log(days.to_numpy(dtype=np.float64) + 1), "log", WON, -1, _context(rows))


def net_price(portfolio: Portfolio) -> Cases | None:
    """Price of won deals as a share of list."""
    return _price(portfolio, 1)


def low_price(portfolio: Portfolio) -> Cases | None:
    """The same, where less is what was claimed."""
    return _price(portfolio, -1)


def own_market(portfolio: Portfolio) -> pd.Series:
    """partner_id -> the end market that it says it mainly sells to, in small letters without accents."""
    stated = portfolio.partners.set_index("partner_id")["vertical"].dropna()
    return each_folded(stated)


def each_folded(texts: pd.Series) -> pd.Series:
    """Texts in small letters without accents, each read once; null stays null."""
    return texts.map({text: folded(text) for text in texts.dropna().unique()}).astype("str")


def _price(portfolio: Portfolio, better: int) -> Cases | None:
    rows = _won(portfolio)
    if rows is None:
        return None
    part = 1 - rows["discount"].astype("float64") / rows["list_amount"].astype("float64").where(rows["list_amount"] > 0)
    good = part.between(0, 1)
    return (
        None
        if not good.any()
        else Cases(rows[good]["partner_id"], np.asarray(part[good], dtype=np.float64), "level", WON, better, _context(rows[good]))
    )


def _decided(portfolio: Portfolio) -> pd.DataFrame | None:
    """Deals that were won or lost to somebody, with the customer's end market; worked out once."""
    rows = portfolio.fitted(_decided_rows)
    return None if rows.empty else rows


@reads("worries", "privacy", "client")
def _decided_rows(portfolio: Portfolio) -> pd.DataFrame:
    if not portfolio.has("deals"):
        return pd.DataFrame()
    rows = since(portfolio, portfolio.tables["deals"], "closed_on", DEAL_MONTHS)
    lost = (rows["outcome"] == "lost") & ~rows["lost_to"].isin(NO_CONTEST)
    rows = rows[(rows["outcome"] == "won") | lost]
    return rows.assign(market=rows["customer_id"].map(end_markets(portfolio)))


def _won(portfolio: Portfolio) -> pd.DataFrame | None:
    rows = _decided(portfolio)
    rows = rows[rows["outcome"] == "won"] if rows is not None else None
    return None if rows is None or rows.empty else rows


def _context(rows: pd.DataFrame) -> dict[str, Array]:
    amount = scaled(log_above_zero(rows["amount"]), "amount")
    curve = {"amount squared": amount["amount"] ** 2 - 1} if "amount" in amount else {}
    registered = rows["registered_on"].notna()
    return {
        **amount,
        **curve,
        **dummies(rows["source"], "source"),
        **({"registered": ones(registered)} if 0 < registered.sum() < len(rows) else {}),
        **dummies(rows["market"], "market"),
    }
