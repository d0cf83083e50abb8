"""Would the model have been right? Fitted on what was known six months ago, against the six months since."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.estimators import calibration
from prmkit.estimators.landmark import Forecast, Landmark, forecast
from prmkit.practices.loyalty.risk import fit_snapshots, seasonal, snapshot_months
from prmkit.practices.loyalty.snapshots import WINDOW, History, Snapshot, history, snapshot, went_dormant

NAIVE_DAYS = 90
TOP = 0.1


@dataclass(frozen=True)
class Backtest:
    """Forecast made as of six months ago and what came: rows with partner_id, p, recency_days, dormant, revenue_before, revenue_after.

    ahead: the forecast behind p, in the order of rows.
    """

    rows: pd.DataFrame
    model: Landmark | None
    ahead: Forecast | None


def fit_backtest(portfolio: Portfolio) -> Backtest:
    """Refit on snapshots whose six months had ended by then, and forecast (pass the whole client: portfolio.fitted does)."""
    past = history(portfolio)
    seen = snapshot(past, WINDOW)
    model = fit_snapshots(past, snapshot_months(past.depth, 2 * WINDOW), portfolio.settings.seed)
    return _forecast(past, seen, model, portfolio.settings.seed)


def _forecast(past: History, seen: Snapshot, model: Landmark | None, seed: int) -> Backtest:
    rows = pd.DataFrame(
        {
            "partner_id": past.partner_id.iloc[seen.partner].to_numpy(),
            "recency_days": seen.known["recency_days"].to_numpy(),
            "revenue_before": seen.known["revenue_6m"].to_numpy(),
            "revenue_12m": seen.known["revenue_12m"].to_numpy(),
            "revenue_after": past.sold(0, WINDOW)[seen.partner],
            "dormant": went_dormant(past, WINDOW, seen.partner),
        }
    )
    if model is None:
        return Backtest(rows.assign(p=np.nan), None, None)
    ahead = forecast(model, seasonal(seen, past.depth), np.random.default_rng([seed, 42]))
    return Backtest(rows.assign(p=ahead.probability), model, ahead)


def backtest_table(portfolio: Portfolio) -> pd.DataFrame:
    """loyalty_backtest of a portfolio, with a column that says what each measure compares; without rows when nothing was fitted.

    naive is the spreadsheet rule: no order in 90 days means gone; its ranking is the days of silence.
    """
    rows = portfolio.fitted(fit_backtest).rows
    rows = rows[rows["partner_id"].isin(portfolio.partners["partner_id"])]
    if rows.empty or rows["p"].isna().all():
        return pd.DataFrame()
    p, silent = rows["p"].to_numpy(), rows["recency_days"].to_numpy()
    dormant = rows["dormant"].to_numpy(dtype=bool)
    flag = (silent > NAIVE_DAYS).astype(float)
    before, after = rows["revenue_before"].to_numpy(), rows["revenue_after"].to_numpy()
    lost = np.where(dormant, before, 0.0)
    kept = np.divide(after, before, out=np.zeros(len(rows)), where=before > 0)
    measures = (
        ("auc", calibration.auc(p, dormant), calibration.auc(silent, dormant), "who goes silent; naive ranks by days since the last order"),
        (
            "brier",
            calibration.brier(p, dormant),
            calibration.brier(flag, dormant),
            "squared error of the chance; naive says gone after 90 days without an order",
        ),
        (
            "expected_events",
            float(p.sum()),
            float(flag.sum()),
            "partners expected to go silent; naive counts those without an order in 90 days",
        ),
        ("observed_events", float(dormant.sum()), float(dormant.sum()), "partners that went silent"),
        (
            "rank_correlation",
            calibration.rank_correlation(p, -kept),
            calibration.rank_correlation(silent, -kept),
            "risk against the share of revenue lost in the six months after",
        ),
        (
            "money",
            calibration.captured(p, lost),
            calibration.captured(silent, lost),
            "share of the revenue gone silent that the tenth with the highest risk held; naive lists the longest silent",
        ),
    )
    return pd.DataFrame(
        [{"measure": name, "model": model, "naive": naive, "n": len(rows), "compares": text} for name, model, naive, text in measures]
    )
