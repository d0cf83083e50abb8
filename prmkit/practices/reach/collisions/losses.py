"""Whether customers that two partners work at one time are lost more often than those that one partner works."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from prmkit.estimators.absorbed import absorbed_regression
from prmkit.estimators.bootstrap import LEVEL
from prmkit.estimators.price_erosion import BUYERS, CONTESTED
from prmkit.practices.reach.collisions.encounters import MOST_RIVALS
from prmkit.practices.reach.collisions.erosion import list_amounts

_LEFT = 0.02
_ONE_OR_TWO = "whether what two partners won and lost at one customer was one project or two decides the answer, and is not on record"


@dataclass(frozen=True)
class Losses:
    """Points of the share lost to outsiders for one partner more, its standard error and degrees of freedom, and how often one is lost.

    contested: episodes with two partners or more. plain: the difference of the two shares as they stand.
    """

    slope: float
    error: float
    freedom: int
    contested: int
    plain: float

    @property
    def interval(self) -> tuple[float, float]:
        """The ends of the slope's interval."""
        reach = float(stats.t.ppf((1 + LEVEL) / 2, self.freedom) * self.error)
        return self.slope - reach, self.slope + reach


def episodes(deals: pd.DataFrame) -> pd.DataFrame:
    """One row for each time that a customer was worked without a break: customer_id, territory, partner_id (the first), ended, size,
    partners, ours, lost (the part of its decided deals that went to outsiders; null where none was decided), and left (the same, but
    none where any of its deals was won).

    deals: began, ended and the canonical columns, in order of customer and beginning. A deal that went to another partner, or to our own
    people, is lost to nobody outside; nor is one without a reason while another of the episode was won.
    """
    rows = deals.assign(end=deals["ended"].astype("int64"))
    reach = rows.groupby("customer_id")["end"].cummax().groupby(rows["customer_id"]).shift()
    number = (reach.isna() | (rows["began"].astype("int64") > reach)).cumsum().rename("episode")
    won = (rows["outcome"] == "won").groupby(number).transform("any")
    inside = rows["lost_to"].isin(["direct", "other_partner"]) | (rows["lost_to"].isna() & won)
    decided = (rows["outcome"] == "won") | ((rows["outcome"] == "lost") & ~inside)
    partner = rows["partner_id"].notna()
    # no episode is without a partner: our own deals count towards it only beside one
    parts = {
        "customer_id": rows["customer_id"].groupby(number).first(),
        "territory": rows["territory"].where(partner).groupby(number).first(),
        "partner_id": rows["partner_id"].groupby(number).first(),
        "ended": rows["ended"].groupby(number).max(),
        "size": list_amounts(rows).where(partner).groupby(number).max(),
        "partners": rows["house"].groupby(number).nunique(),
        "ours": (~partner).groupby(number).any(),
        "lost": (rows["outcome"] == "lost").where(decided & partner).astype(float).groupby(number).mean(),
        "won": (rows["outcome"] == "won").groupby(number).any(),
    }
    made = pd.DataFrame(parts).reset_index(drop=True)
    made["left"] = made["lost"].where(made["lost"].isna() | ~made["won"], 0.0)
    return made[made["partners"] > 0].drop(columns="won")


def losses(made: pd.DataFrame) -> Losses | str:
    """How much more of what two partners work is lost, or in words why it cannot be told. made: `episodes`.

    A deal lost beside one that was won is lost, if it was another project, or is not, if it was the same one: where the two readings
    differ by more than luck, nothing is said.
    """
    rows = made[made["lost"].notna() & (made["size"] > 0)]
    more = (rows["partners"] - 1).clip(upper=MOST_RIVALS).to_numpy(dtype=float)
    contested = more > 0
    few = int(contested.sum())
    if few < CONTESTED or rows.loc[contested, "customer_id"].nunique() < BUYERS or (~contested).sum() < CONTESTED:
        return f"{few} decided contests of two partners or more are on record: at least {CONTESTED} of {BUYERS} customers are needed"
    lost = rows["lost"].to_numpy(dtype=float)
    if np.ptp(lost) < 1e-9:
        return "all decided deals ended alike"
    size = np.log(rows["size"].to_numpy(dtype=float))
    size = (size - size.mean()) / max(float(size.std()), 1e-9)
    quarter = (rows["ended"].dt.year * 4 + rows["ended"].dt.quarter).to_numpy(dtype=np.int64)
    codes = [np.asarray(pd.factorize(rows[name])[0], dtype=np.int64) for name in ("partner_id", "territory", "customer_id")]
    columns = np.column_stack([more, rows["ours"].to_numpy(dtype=float), size, size**2])
    left = rows["left"].to_numpy(dtype=float)
    try:
        fit, whole = (absorbed_regression(each, columns, [codes[0], codes[1], quarter], codes[2], jackknife=True) for each in (lost, left))
    except ValueError as said:
        return str(said)
    error = float(np.sqrt(fit.covariance[0, 0])) if fit.covariance[0, 0] > 0 else np.nan
    if not np.isfinite(error) or fit.within[0] < _LEFT:
        return "which customers two partners work hangs so closely on partner, place and time that its effect cannot be told apart"
    found = Losses(float(fit.slope[0]), error, fit.freedom, few, float(lost[contested].mean() - lost[~contested].mean()))
    low, high = found.interval
    if not low <= whole.slope[0] <= high:
        return _ONE_OR_TWO
    return found
