"""What each incentive programme cost, and what it added where that can be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.bootstrap import interval
from prmkit.estimators.imputation_did import DatedEffect
from prmkit.practices.enable.assignment import earned_by_the_sale, given, programme_name
from prmkit.practices.enable.panel import DatedAction, baseline, dated_effects, sales_panel
from prmkit.practices.incentive_spend import counted
from prmkit.practices.margin_rate import margin_rate

_NOT_OVER = "What is given back after it ends cannot be seen yet, so that no return is stated."
_UNCLEAR = "No lift is clear, so that none can be given back: the return is stated before that."
_NO_SALES = "None of these partners was in it in the 12 months."


@dataclass(frozen=True)
class IncentiveEffects:
    """Effects by programme, fitted on the whole client; rows of their baselines are `partner_ids`."""

    partner_ids: pd.Index
    effects: dict[str, DatedEffect]


def incentives(portfolio: Portfolio) -> pd.DataFrame | None:
    """One row a programme (programme/scheme): spend, effect, lift, roi with ranges, or why they cannot be told.

    spend: paid in the 12 months to as_of. effect and pretrend_p: of the whole client. lift: effect x
    what the partners of this portfolio would have sold in the months it was on. roi: (lift x
    (1 - pull_forward_share) x gross margin - spend) / spend; null while the months after it are not seen, or where
    spend or gross margin are not known. None without incentives.
    """
    rows = portfolio.tables.get("incentives")
    if rows is None or rows.empty:
        return None
    names = sorted(programme_name(rows).unique())
    paid = counted(portfolio)
    spend = paid["amount"].groupby(programme_name(paid)).sum() if len(paid) else pd.Series(dtype="float64")
    found = portfolio.fitted(_fit)
    chosen = found.partner_ids.isin(portfolio.partners["partner_id"])
    rate = margin_rate(portfolio).rate
    return pd.DataFrame([_row(name, float(spend.get(name, 0.0)), found.effects[name], chosen, rate) for name in names])


def _fit(portfolio: Portfolio) -> IncentiveEffects:
    rows = portfolio.tables["incentives"]
    names = programme_name(rows)
    panel = sales_panel(portfolio)
    effects: dict[str, DatedEffect] = {}
    actions: dict[str, DatedAction] = {}
    for name in sorted(names.unique()):
        mine = given(rows[names == name])
        reason = earned_by_the_sale(mine) if len(mine) else "Nothing was granted."
        if reason:
            effects[name] = DatedEffect(False, reason)
            continue
        actions[name] = panel.action(mine["partner_id"], mine["starts_on"], mine["ends_on"])
    return IncentiveEffects(panel.partner_ids, effects | dated_effects(panel, actions, portfolio.settings.seed))


def _row(name: str, spend: float, found: DatedEffect, chosen: NDArray[Any], rate: float | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "programme": name,
        "spend": spend,
        "pretrend_p": found.pretrend_p,
        "identifiable": found.identifiable,
        "reason": found.reason or None,
        "treated": found.treated,
        "smallest_seen": found.smallest_seen,
    }
    if found.effect is None:
        return row
    effect = found.effect
    row |= {"effect": effect.value, "effect_low": effect.low, "effect_high": effect.high, "donut": found.donut}
    expected, draws = baseline(found, chosen)
    if expected <= 0:
        return row | {"reason": _NO_SALES}
    lift, lifts = effect.value * expected, effect.draws * draws
    low, high = interval(lifts)
    row |= {"lift": lift, "lift_low": low, "lift_high": high}
    if not found.over:
        return row | {"reason": _NOT_OVER}
    if rate is None or spend <= 0:
        return row | {
            "reason": "No return is stated: " + ("nothing was paid in the 12 months." if spend <= 0 else "the gross margin is not known.")
        }
    back = found.given_back
    kept, keeps = (1 - back.value, 1 - back.draws) if back else (1.0, np.ones_like(lifts))
    low, high = interval((lifts * keeps * rate - spend) / spend)
    row |= {"roi": (lift * kept * rate - spend) / spend, "roi_low": low, "roi_high": high}
    return row | ({"pull_forward_share": back.value} if back else {"reason": _UNCLEAR})
