"""One row a partner: who it is to us, what we put in, what comes back, and whether it returns what it receives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.practices.know.exchange.give_and_take import give_and_take
from prmkit.practices.know.voices.main_need import main_need

Array = NDArray[Any]

STAND_IN = (
    "invested is incentives paid plus support cost; a discount on the invoice is part of it and is put back into the output, which is "
    "gross margin before such discounts"
)
SURE_YES = 0.90
SURE_NO = 0.95
"""A partner is said not to pay only where that is surer still: the claim does harm where it is wrong."""
CLOSE = "the range holds the point at which the answer would change"


def partner_360(portfolio: Portfolio, segments: pd.DataFrame, alignment: pd.DataFrame) -> pd.DataFrame:
    """partner_id, segment, portfolio_role, main_need (null where none is clear), invested, output, output_per_unit, low, high, performing,
    and beside them
    incentives, support, expected_output, probability, growth, output_is, not_counted, reason.

    invested: incentives and support of the 12 months, null where neither is on record. output: gross margin of the 12 months before
    discounts on the invoice (which stand in `invested`), or revenue where no cost is known (`output_is`). output_per_unit: as in the
    books. low, high: 90% range of what was to be expected per unit, luck taken out (`expected_output`), or of the expected output
    itself where nothing was invested. growth: revenue over the 12 months before, of partners there throughout both.

    performing, by rule: "yes" where the chance that the expected output exceeds what is invested (`probability`) is 0.90 or more, "no"
    where it is 0.05 or less, else "cannot_tell". Nothing bought and nothing put in is never judged.
    """
    whole = give_and_take(portfolio).rows
    rows = whole.iloc[pd.Index(whole["partner_id"]).get_indexer(portfolio.partners["partner_id"])].reset_index(drop=True)
    invested, output = rows["invested"].to_numpy(dtype=float), rows["output"].to_numpy(dtype=float)
    chance = np.where(rows["reason"].isna(), rows["chance"], np.nan)
    some = invested > 0
    unit = np.where(some, invested, 1.0)
    performing = np.select([chance >= SURE_YES, chance <= 1 - SURE_NO], ["yes", "no"], default="cannot_tell")
    before = rows["revenue_before"].to_numpy(dtype=float)
    grown = rows["both_years"].to_numpy() & (before > 0)
    return pd.DataFrame(
        {
            "partner_id": portfolio.partners["partner_id"],
            "segment": segments["segment"].to_numpy(),
            "portfolio_role": alignment["portfolio_role"].to_numpy(),
            "main_need": main_need(portfolio)["main_need"].to_numpy(),
            "invested": invested,
            "output": output,
            "output_per_unit": np.where(some, output / unit, np.nan),
            "low": rows["low"].to_numpy() / unit,
            "high": rows["high"].to_numpy() / unit,
            "performing": performing,
            "incentives": rows["incentives"].to_numpy(),
            "support": rows["support"].to_numpy(),
            "expected_output": rows["expected"].to_numpy(),
            "probability": chance,
            "growth": np.where(grown, rows["revenue"] / np.where(grown, before, 1.0) - 1, np.nan),
            "output_is": rows["output_is"].to_numpy(),
            "not_counted": rows["not_counted"].to_numpy(),
            "reason": rows["reason"].where(rows["reason"].notna() | (performing != "cannot_tell"), CLOSE).to_numpy(),
        }
    )
