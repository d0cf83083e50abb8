"""Whether a partner's role is another than a year ago, and the chance that this is more than luck."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import log_expit, ndtr

from prmkit.data import calendar
from prmkit.data.portfolio import Portfolio
from prmkit.estimators.share_readings import GRID, inside
from prmkit.practices.know.standing.wallet import Books, level_and_spread, raw_luck, turnover_then

Array = NDArray[Any]

ROLES = ("primary", "core", "add_on")
TURNOVER_GROWTH_DOUBT = 0.1
"""A turnover for which no earlier value is on record may have changed by this much in a year: standard deviation of its log."""
_LOGS: Array = log_expit(GRID)
_TWO_YEARS = 24


def moves(
    portfolio: Portfolio, books: Books, chances: Array, stated_error: float, role: Array, bounds: tuple[float, float], call: float
) -> pd.DataFrame:
    """role_before, moved ("up", "down", "same", "unknown"), moved_chance, moved_reason; in the order of the partners.

    chances (n, grid): of today's share. stated_error: of turnover as stated.
    The change of the log share in a year is what sales, less turnover where its history tells,
    changed; of that the luck of two years is taken out, drawn towards the usual change by how much luck there is. A turnover that is
    stated wrongly is taken to be wrong alike in both years. `moved` is the direction with a chance of at least `call`.
    """
    before = portfolio.per_partner(first=12).to_numpy()
    first = portfolio.orders.groupby("partner_id")["month"].max().reindex(portfolio.partners["partner_id"]).to_numpy(dtype=float)
    joined = (portfolio.partners["joined_on"] <= calendar.month_end(portfolio.as_of, _TWO_YEARS)).to_numpy(dtype=bool)
    throughout = (first >= _TWO_YEARS - 1) | (joined & (portfolio.history_months >= _TWO_YEARS))
    both = (books.bought > 0) & (before > 0) & throughout
    judged = both & (role != "unknown")
    joint = np.full((3, 3, len(role)), np.nan)
    if judged.any():
        joint[:, :, judged] = _joint(portfolio, books, before, both, chances, stated_error, judged, bounds)
    total = np.where(judged, np.nansum(joint, axis=(0, 1)), 1.0)
    up = (joint[0, 1] + joint[0, 2] + joint[1, 2]) / total
    down = (joint[1, 0] + joint[2, 0] + joint[2, 1]) / total
    now = np.array([ROLES.index(one) if one in ROLES else 0 for one in role])
    likely = joint[now, :, np.arange(len(role))]
    place = np.arange(3)
    higher, lower = place < now[:, None], place > now[:, None]
    moved = np.select([~judged, down >= call, up >= call, 1 - up - down >= call], ["unknown", "down", "up", "same"], "unknown")
    origin = np.select(
        [moved == "down", moved == "up", moved == "same"],
        [_best(likely, higher), _best(likely, lower), np.array(role, dtype=object)],
        "unknown",
    )
    chance = np.select([moved == "down", moved == "up", moved == "same"], [down, up, 1 - up - down], np.nan)
    why = np.select(
        [role == "unknown", ~both, moved == "unknown"],
        ["its role is not known", "not on record throughout both years", "the evidence favours neither a move nor none"],
        "",
    )
    return pd.DataFrame(
        {
            "role_before": pd.Series(origin, dtype="str"),
            "moved": pd.Series(moved, dtype="str"),
            "moved_chance": chance,
            "moved_reason": pd.Series(why, dtype="str").replace("", None),
        }
    )


def table(alignment: pd.DataFrame) -> pd.DataFrame:
    """from_role, to_role, partners, revenue (12 months): of partners that bought in the 12 months."""
    buying = alignment[alignment["revenue_12m"] > 0]
    sums = buying.groupby(["role_before", "portfolio_role"], as_index=False).agg(
        partners=("partner_id", "size"), revenue=("revenue_12m", "sum")
    )
    return sums.rename(columns={"role_before": "from_role", "portfolio_role": "to_role"})


def _best(likely: Array, allowed: Array) -> Array:
    made: Array = np.array(ROLES, dtype=object)[np.where(allowed, np.nan_to_num(likely), -1.0).argmax(axis=1)]
    return made


def _joint(
    portfolio: Portfolio,
    books: Books,
    before: Array,
    both: Array,
    chances: Array,
    stated_error: float,
    judged: Array,
    bounds: tuple[float, float],
) -> Array:
    """Chance of role now (first axis) and before (second) of the judged partners: (3, 3, judged)."""
    late, early = raw_luck(portfolio, 0), raw_luck(portfolio, 12)
    turnover = portfolio.partners["annual_revenue"].astype("float64").to_numpy()
    past = turnover_then(portfolio, calendar.month_end(portfolio.as_of, 12))
    grown = np.where((turnover > 0) & np.isfinite(past), np.log(np.where(turnover > 0, turnover, 1.0) / np.nan_to_num(past, nan=1.0)), 0.0)
    doubt = np.where((turnover > 0) & np.isfinite(past), 0.0, TURNOVER_GROWTH_DOUBT**2)
    change = np.log(np.where(both, books.bought, 1.0)) - np.log(np.where(both, before, 1.0)) + (late - early) / 2 - grown
    usual, spread = level_and_spread(change[both], (late + early + doubt)[both]) if both.sum() >= 10 else (0.0, 0.25)
    # given today's share, the part of this year's surprise that is no error of turnover is luck, and is known to that extent
    known = books.known[judged]
    seen = np.log(np.where(known, books.low[judged] * books.high[judged], 1.0)) / 2 + late[judged] / 2
    part = np.where(known, stated_error**2 / (stated_error**2 + late[judged]), 1.0)[:, None]
    lucky = np.where(known[:, None], (1 - part) * (seen[:, None] - _LOGS), 0.0)
    variance = (part * late[judged][:, None]) + (early + doubt)[judged][:, None]
    kept = spread / (spread + variance)
    mean = usual + kept * (change[judged][:, None] - lucky - usual)
    error = np.sqrt(np.maximum(kept * variance, 1e-6))
    core, primary = np.log(bounds)
    # share before = share now - change: below a bound where the change is above now - bound
    above = np.stack([ndtr((_LOGS - bound - mean) / error) for bound in (primary, core)])
    then = np.stack([above[0], above[1] - above[0], 1 - above[1]])
    at = [inside(bound) for bound in (bounds[1], bounds[0])]
    now = [at[0], at[1] - at[0], 1 - at[1]]
    return np.stack([np.stack([(chances[judged] * then[role]) @ held for role in range(3)]) for held in now])
