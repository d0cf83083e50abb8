"""Where one more partner mostly shares what the others have: what the next one adds, against what it costs, and how many pay."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.saturation import best_count
from prmkit.practices.reach.crowding.growing import measured
from prmkit.practices.reach.crowding.next_partner import NextPartner, averages, next_partner
from prmkit.practices.reach.crowding.partner_cost import PartnerCost, partner_cost
from prmkit.practices.reach.crowding.verdict import verdicts
from prmkit.practices.reach.pricing import NEXT_TO_NOTHING
from prmkit.practices.result import NotComputed

Array = NDArray[np.float64]

_ENDS = (0.05, 0.95)
_FAR = 5.0
_TOLD = ("elasticity", "next_partner_revenue", "next_partner_margin", "best_count", "over_distributed_probability")


def saturation(portfolio: Portfolio) -> tuple[pd.DataFrame | None, list[NotComputed]]:
    """reach_saturation for the territories of this portfolio, measured on the whole client's partners and quarters.

    A territory counts with all its partners, whichever of them the portfolio selects. Where the elasticity fails its tests the averages
    stand alone, and no verdict is given.
    """
    fit = portfolio.fitted(measured)
    if fit.reason and fit.slope is None:
        return None, [NotComputed("saturation", None, fit.reason, "sales")]
    rows = portfolio.fitted(table)
    own = rows[rows["territory"].isin(set(portfolio.partners["territory"].dropna()))].reset_index(drop=True)
    if own.empty:
        return None, [NotComputed("saturation", None, "none of this portfolio's territories had active partners and revenue", "sales")]
    return own, _missing(own, portfolio)


def table(whole: Portfolio) -> pd.DataFrame:
    """reach_saturation for every territory of the client."""
    cost, rows, found = whole.fitted(partner_cost), whole.fitted(averages), whole.fitted(next_partner)
    rate = rows["margin_rate"].to_numpy(dtype=float)
    average = rows["average_revenue"].to_numpy(dtype=float)
    made = pd.DataFrame(
        {
            "territory": rows.index.astype("str"),
            "partners": rows["partners"].to_numpy(dtype=float),
            "average_revenue": average,
            "average_margin": average * rate,
            "partner_cost": cost.amount if cost.amount is not None else np.nan,
            "cost_basis": cost.basis,
            "spreadsheet": _spreadsheet(average * rate, cost),
            "verdict": "cannot_tell",
            "pooled": pd.Series(pd.NA, index=range(len(rows)), dtype="boolean"),
        }
    )
    return made if found is None else _told(made, found, rate, cost, whole)


def _told(made: pd.DataFrame, found: NextPartner, rate: Array, cost: PartnerCost, whole: Portfolio) -> pd.DataFrame:
    territories, fit = found.territories, whole.fitted(measured).elasticity
    beta, fair = territories["elasticity"].to_numpy(dtype=float), territories["fair_revenue"].to_numpy(dtype=float)
    made = made.assign(
        elasticity=beta,
        elasticity_low=territories["elasticity_low"].to_numpy(dtype=float),
        elasticity_high=territories["elasticity_high"].to_numpy(dtype=float),
        data_weight=fit.data_weight if fit is not None else np.nan,
        pooled=territories["pooled"].astype("boolean").to_numpy(),
        next_partner_revenue=beta * fair,
        next_partner_margin=beta * fair * rate,
        verdict=_words(found, rate, cost),
    )
    made[["next_partner_revenue_low", "next_partner_revenue_high"]] = np.quantile(found.revenue, _ENDS, axis=0).T
    made[["next_partner_margin_low", "next_partner_margin_high"]] = np.quantile(found.margin, _ENDS, axis=0).T
    if cost.amount is None:
        return made
    over = np.where(np.isnan(rate), np.nan, (found.margin < cost.amount).mean(axis=0))
    made["over_distributed_probability"] = over
    made[["break_even_margin", "break_even_low", "break_even_high"]] = _break_even(found, beta * fair, cost.amount)
    made[["best_count", "best_count_low", "best_count_high"]] = _best(made, found, rate, cost.amount)
    return made.assign(**_stakes(found))


def _words(found: NextPartner, rate: Array, cost: PartnerCost) -> list[str]:
    """Verdicts; "too many" is not said of fewer than eight partners, nor anything where sales leave next to no margin."""
    said = verdicts(np.where(rate < NEXT_TO_NOTHING, np.nan, found.margin), cost.amount)
    few = found.territories["pooled"].to_numpy(dtype=bool)
    return ["cannot_tell" if thin and word == "too_many" else word for word, thin in zip(said, few, strict=True)]


def _spreadsheet(average: Array, cost: PartnerCost) -> list[str | None]:
    """What the average says: add wherever a partner's average margin is above its cost."""
    if cost.amount is None:
        return [None] * len(average)
    return [None if np.isnan(value) else "add" if value > cost.amount else "stop" for value in average]


def _break_even(found: NextPartner, revenue: Array, cost: float) -> Array:
    """The gross margin, a share of revenue, above which the next partner pays: with its 90% interval."""
    ends = np.quantile(cost / found.revenue, _ENDS, axis=0)
    return np.column_stack([cost / revenue, ends[0], ends[1]])


def _best(made: pd.DataFrame, found: NextPartner, rate: Array, cost: float) -> Array:
    """N* with its interval where the elasticity's interval stays below 1 and revenue leaves a margin; an end more than five times away from
    today's number is not told, and then no single number either."""
    units = made["partners"].to_numpy(dtype=float)
    below = (made["elasticity_high"].to_numpy(dtype=float) < 1) & (np.nan_to_num(rate) > 0)
    answer = np.full((len(made), 3), np.nan)
    for one in np.flatnonzero(below):
        logs = np.log(np.maximum(found.margin[:, one], 1e-9) / cost) / (1 - np.minimum(found.beta[:, one], 0.999))
        low, high = units[one] * np.exp(np.clip(np.quantile(logs, _ENDS), -50, 50))
        answer[one, 1:] = low if low > units[one] / _FAR else np.nan, high if high < units[one] * _FAR else np.nan
        if np.isfinite(answer[one, 1:]).all():
            point, average = float(made["elasticity"].iloc[one]), float(found.territories["fair_revenue"].iloc[one])
            answer[one, 0] = best_count(average * units[one] ** (1 - point), point, float(rate[one]), cost)
    return answer


def _stakes(found: NextPartner) -> dict[str, Array]:
    """Money a year won by fewer partners, a quarter fewer at most, and by more: means over the draws, with 90% intervals."""
    fewer = found.best < found.territories["partners"].to_numpy(dtype=float)
    made: dict[str, Array] = {}
    for name, chosen in (("saved_by_fewer", fewer), ("won_by_more", ~fewer)):
        money = np.where(np.isnan(found.worth), np.nan, np.where(chosen, found.worth, 0.0))
        low, high = np.quantile(money, _ENDS, axis=0)
        made |= {name: money.mean(axis=0), f"{name}_low": low, f"{name}_high": high}
    return made


def _missing(rows: pd.DataFrame, portfolio: Portfolio) -> list[NotComputed]:
    fit, cost = portfolio.fitted(measured), portfolio.fitted(partner_cost)
    made: list[NotComputed] = []
    if fit.reason:
        return [NotComputed("saturation", column, f"cannot be told: {fit.reason}", "sales") for column in _TOLD]
    bare = rows["average_margin"].isna()
    if bare.any():
        many = "" if bare.all() else f" in {int(bare.sum())} of {len(rows)} territories"
        why = f"most sales lines carry no cost{many} and no gross margin is named; break_even_margin says above which margin it pays"
        made.append(NotComputed("saturation", "next_partner_margin", why, "sales"))
    poor = (rows["average_margin"] < NEXT_TO_NOTHING * rows["average_revenue"]).to_numpy()
    if poor.any():
        why = f"sales left next to no gross margin in {int(poor.sum())} of {len(rows)} territories: there prices come before numbers"
        made.append(NotComputed("saturation", "verdict", why, "sales"))
    if cost.amount is None:
        why = "what one more partner costs a year is not known: set economics.partner_cost, or give cost to serve in `support`"
        columns = ("over_distributed_probability", "best_count", "break_even_margin")
        return made + [NotComputed("saturation", column, why, "engagement.yaml") for column in columns]
    open_end = (rows["elasticity_high"] >= 1).to_numpy()
    if open_end.any():
        where = "everywhere" if open_end.all() else f"in {int(open_end.sum())} of {len(rows)} territories"
        why = f"the elasticity may be 1 {where} (its interval reaches {rows['elasticity_high'].max():.2f}): then there is no best number"
        made.append(NotComputed("saturation", "best_count", why, "sales"))
    far = rows["best_count"].isna().to_numpy() & ~open_end & (rows["average_margin"] > 0).to_numpy()
    if far.any():
        why = f"in {int(far.sum())} of {len(rows)} territories the interval reaches beyond five times today's number: too far to tell"
        made.append(NotComputed("saturation", "best_count", why, "sales"))
    return made
