"""One row a partner: who it is to us, what we put in, what comes back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.practices.gross_margin import gross_margin, monthly_margin
from prmkit.practices.incentive_spend import incentive_spend
from prmkit.practices.know.main_need import main_need
from prmkit.practices.know.segments import segmentation
from prmkit.practices.prune.cost_to_serve import cost_to_serve

Array = NDArray[Any]

STAND_IN = "invested is incentives paid plus support cost; a discount on the invoice is part of it and already off the output"
_Z = 1.645


def partner_360(portfolio: Portfolio, segments: pd.DataFrame, alignment: pd.DataFrame) -> pd.DataFrame:
    """partner_id, segment, portfolio_role, main_need (null where none is clear), invested, output, output_per_unit, low, high, performing.

    invested: incentives and support of the 12 months, null where neither is on record. output: gross
    margin of the 12 months, or revenue where no cost is known (`output_is`). low and high: range of
    output_per_unit, or of output where nothing was invested, given how much of a year is luck.

    performing, by rule: a margin whose whole range is below zero is "no"; a margin whose range per unit
    invested lies above 1 is "yes", below 1 "no"; above zero with nothing invested is "yes"; all else is "cannot_tell".
    """
    invested = _invested(portfolio)
    output, error, is_margin = _output(portfolio)
    some = invested > 0
    unit = np.where(some, invested, 1.0)
    low, high = (output - _Z * error) / unit, (output + _Z * error) / unit
    free = invested == 0
    no = is_margin & ((high < 0) | (some & (high < 1)))
    yes = is_margin & ((some & (low > 1)) | (free & (low > 0)))
    return pd.DataFrame(
        {
            "partner_id": portfolio.partners["partner_id"],
            "segment": segments["segment"].to_numpy(),
            "portfolio_role": alignment["portfolio_role"].to_numpy(),
            "main_need": main_need(portfolio)["main_need"],
            "invested": invested,
            "output": output,
            "output_per_unit": np.where(some, output / unit, np.nan),
            "low": low,
            "high": high,
            "performing": np.select([no, yes], ["no", "yes"], default="cannot_tell"),
            "output_is": np.where(is_margin, "gross margin", "revenue"),
            "reason": _reason(is_margin, invested, output, no | yes),
        }
    )


def _invested(portfolio: Portfolio) -> Array:
    whole = portfolio.whole
    if not (whole.has("incentives") or whole.has("support")):
        return np.full(len(portfolio.partners), np.nan)
    spend = incentive_spend(portfolio)
    return (spend["on_invoice"] + spend["off_invoice"] + cost_to_serve(portfolio)["cost_to_serve"]).to_numpy()


def _output(portfolio: Portfolio) -> tuple[Array, Array, Array]:
    """Output, its standard error, and whether it is margin (else revenue)."""
    year = gross_margin(portfolio)
    is_margin = year["gross_margin"].notna().to_numpy()
    output = np.where(is_margin, year["gross_margin"], year["revenue"])
    monthly = monthly_margin(portfolio)
    squares = (
        monthly.assign(margin=monthly["margin"] ** 2, revenue=monthly["revenue"] ** 2).groupby("partner_id")[["margin", "revenue"]].sum()
    )
    mine = squares.reindex(portfolio.partners["partner_id"], fill_value=0.0)
    share = segmentation(portfolio).noise.share_of_squares
    return output, np.sqrt(share * np.where(is_margin, mine["margin"], mine["revenue"])), is_margin


def _reason(is_margin: Array, invested: Array, output: Array, told: Array) -> pd.Series:
    reason = np.select(
        [told, (output == 0) & ~(invested > 0), ~is_margin, ~np.isfinite(invested)],
        [
            "",
            "nothing bought and nothing put in during the 12 months",
            "no cost on its lines: output is revenue, which says nothing of profit",
            "neither incentives nor support are on record",
        ],
        default="the range holds the point at which the answer would change",
    )
    return pd.Series(reason, dtype="str").replace("", None)
