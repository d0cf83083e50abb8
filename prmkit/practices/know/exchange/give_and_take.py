"""What every partner of the client receives and returns in 12 months, and how sure it is that it returns more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from prmkit.data.portfolio import Portfolio
from prmkit.practices.cost_to_serve import cost_to_serve
from prmkit.practices.fair import FairDraws, TooThin, fit_fair
from prmkit.practices.gross_margin import gross_margin, monthly_margin
from prmkit.practices.incentive_spend import incentive_spend

Array = NDArray[Any]

STRETCH = 1.35
"""How much wider than its draws a chance is read, on the normal scale: tails of any model are too sure (measured in the card)."""
OWN_MONTHS = 10
"""Buying months from which a partner's own year says enough where there are too few partners to compare it with."""
_Z = 1.645


@dataclass(frozen=True)
class GiveAndTake:
    """Both sides of every partner of the client, in partner order.

    rows: partner_id, incentives, on_invoice, support, invested (null where nothing of the kind is on record), output, output_is,
    output_before (12 months earlier), both_years, expected, low, high (of the expected output), chance (that the expected output
    exceeds what is invested), months, reason (why there is no chance), not_counted. draws: (n, d) of the expected output, None where
    there are none.
    """

    rows: pd.DataFrame
    draws: NDArray[np.float32] | None
    thin: str


def give_and_take(portfolio: Portfolio) -> GiveAndTake:
    """Fitted on the whole client, once."""
    return portfolio.fitted(_fit)


def _fit(portfolio: Portfolio) -> GiveAndTake:
    rows = _books(portfolio)
    fair = portfolio.fitted(fit_fair)
    if isinstance(fair, TooThin):
        return GiveAndTake(_alone(portfolio, rows, fair.reason), None, fair.reason)
    draws = fair.margin + rows["on_invoice"].to_numpy(dtype=np.float32)[:, None]
    draws[~rows["costed"].to_numpy()] = np.nan
    return GiveAndTake(_with_luck_out(rows, draws, fair), draws, "")


def _books(portfolio: Portfolio) -> pd.DataFrame:
    """Both sides as the books have them."""
    spend, served = incentive_spend(portfolio), cost_to_serve(portfolio)
    year, before = gross_margin(portfolio), gross_margin(portfolio, first=12)
    costed = year["gross_margin"].notna()
    recorded = {name: portfolio.has(name) for name in ("incentives", "support")}
    incentives = spend["on_invoice"] + spend["off_invoice"]
    oldest = portfolio.orders.groupby("partner_id")["month"].max().reindex(portfolio.partners["partner_id"]).to_numpy(dtype=float)
    return pd.DataFrame(
        {
            "partner_id": portfolio.partners["partner_id"],
            "incentives": incentives if recorded["incentives"] else np.nan,
            "on_invoice": spend["on_invoice"],
            "support": served["cost_to_serve"] if recorded["support"] else np.nan,
            "invested": incentives + served["cost_to_serve"] if any(recorded.values()) else np.nan,
            # a discount on the invoice is already off the margin: it is put back, so that it counts once
            "output": np.where(costed, year["gross_margin"] + spend["on_invoice"], year["revenue"]),
            "output_is": np.where(costed, "gross margin", "revenue"),
            "output_before": np.where(costed, before["gross_margin"], before["revenue"]),
            "revenue": year["revenue"],
            "revenue_before": before["revenue"],
            "both_years": (oldest >= 23) & (portfolio.history_months >= 24),
            "costed": costed,
            "not_counted": _not_counted(recorded, served["missing"].to_numpy()),
        }
    )


def _not_counted(recorded: dict[str, bool], unserved: Array) -> pd.Series:
    """What is not in `invested`, in words."""
    incentives = "" if recorded["incentives"] else "incentives: none on record"
    time = "our time: none on record"
    both = "; ".join(part for part in (incentives, time) if part)
    return pd.Series(np.where(unserved, both, incentives), dtype="str").replace("", None)


def _with_luck_out(rows: pd.DataFrame, draws: NDArray[np.float32], fair: FairDraws) -> pd.DataFrame:
    invested = rows["invested"].to_numpy(dtype=float)
    low, high = np.quantile(draws, [0.05, 0.95], axis=1)
    share = (draws > invested[:, None].astype(np.float32)).mean(axis=1)
    least = 0.5 / draws.shape[1]
    chance = ndtr(ndtri(np.clip(share, least, 1 - least)) / STRETCH)
    known = rows["costed"].to_numpy() & np.isfinite(invested)
    mean = draws.mean(axis=1, dtype=float)
    return rows.assign(
        expected=mean,
        low=np.minimum(low, mean),
        high=np.maximum(high, mean),
        chance=np.where(known, chance, np.nan),
        months=fair.months,
        reason=_unknown(rows, np.full(len(rows), "")),
    )


def _alone(portfolio: Portfolio, rows: pd.DataFrame, thin: str) -> pd.DataFrame:
    """Too few partners to learn luck from: a partner's own year, as if its orders came at random, where it bought in ten months of it."""
    monthly = monthly_margin(portfolio)
    squares = monthly.assign(square=monthly["margin"] ** 2, bought=monthly["revenue"] > 0).groupby("partner_id")[["square", "bought"]].sum()
    mine = squares.reindex(rows["partner_id"], fill_value=0)
    error = np.sqrt(mine["square"].to_numpy(dtype=float))
    enough = rows["costed"].to_numpy() & (mine["bought"].to_numpy(dtype=float) >= OWN_MONTHS)
    output, invested = rows["output"].to_numpy(dtype=float), rows["invested"].to_numpy(dtype=float)
    error = np.where(enough, error, np.nan)
    distance = (output - invested) / np.where(error > 0, error, np.nan)
    return rows.assign(
        expected=np.where(enough, output, np.nan),
        low=output - _Z * error,
        high=output + _Z * error,
        chance=ndtr(distance / STRETCH),
        months=np.nan,
        reason=_unknown(rows, np.where(enough, "", thin)),
    )


def _unknown(rows: pd.DataFrame, thin: Array) -> pd.Series:
    idle = (rows["output"] == 0) & ~(rows["invested"] > 0)
    reason = np.select(
        [idle, ~rows["costed"], rows["invested"].isna()],
        [
            "nothing bought and nothing put in during the 12 months",
            "no cost on its lines: output is revenue, which says nothing of profit",
            "neither incentives nor support are on record",
        ],
        default=thin.astype(object),
    )
    return pd.Series(reason, dtype="str").replace("", None)
