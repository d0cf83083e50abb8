"""Where our own time goes: manager load, what performers get, what freed time could do, even-handedness."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.aligned import aligned
from prmkit.practices.prune.scorecard import fit_scorecard

TOP_DECILE = 0.1


def manager_load(portfolio: Portfolio, scorecard: pd.DataFrame) -> pd.DataFrame:
    """prune_manager_load: one row a partner manager; empty where no partner has one.

    hours and their shares are null without support hours; loss makers are partners with a chance above
    0.9 to lie below the hurdle, the top decile is the client's by fair contribution. partner_share_on_loss_makers
    counts partners and needs no hours. margin is gross margin, in currency.
    """
    manager = portfolio.partners["partner_manager"]
    if manager.isna().all():
        return pd.DataFrame()
    rows = scorecard.assign(partner_manager=manager.to_numpy())
    rows = rows.assign(loser=rows["p_below_hurdle"] > 0.9, top=top_decile(portfolio, rows), spent=rows["support_hours"])
    rows = rows.assign(spent_on_losers=rows["spent"].where(rows["loser"], 0.0), spent_on_top=rows["spent"].where(rows["top"], 0.0))
    grouped = rows.dropna(subset="partner_manager").groupby("partner_manager")
    hours = grouped["spent"].sum(min_count=1)
    margin = grouped["gross_margin"].sum(min_count=1)
    table = pd.DataFrame(
        {
            "partners": grouped.size(),
            "hours": hours,
            "share_on_loss_makers": grouped["spent_on_losers"].sum() / hours,
            "share_on_top_decile": grouped["spent_on_top"].sum() / hours,
            "margin_per_hour": margin / hours,
            "margin": margin,
            "loss_makers": grouped["loser"].sum(),
            "partner_share_on_loss_makers": grouped["loser"].mean(),
        }
    )
    return table.replace([np.inf, -np.inf], np.nan).reset_index()


def top_decile(portfolio: Portfolio, rows: pd.DataFrame) -> pd.Series:
    """Whether each partner is among the tenth of the whole client with the highest fair contribution."""
    everyone = portfolio.fitted(fit_scorecard).rows["fair_contribution"]
    if everyone.notna().sum() == 0:
        return pd.Series(False, index=rows.index)
    return rows["fair_contribution"] >= everyone.quantile(1 - TOP_DECILE)


def performers(portfolio: Portfolio, scorecard: pd.DataFrame, risk: pd.DataFrame) -> pd.DataFrame:
    """prune_performers: the client's top tenth by fair contribution, what care they get and what rides on them.

    hours_at_equal_return: the hours a performer would get were all support hours of the client spread by
    fair contribution (positive part); null without support hours. margin_exposed: chance of going silent
    times gross margin, null where there is none.
    """
    rows = scorecard[top_decile(portfolio, scorecard)]
    if rows.empty:
        return pd.DataFrame()
    everyone = portfolio.fitted(fit_scorecard).rows
    hours, gain = float(everyone["support_hours"].sum()), float(everyone["fair_contribution"].clip(lower=0).sum())
    equal = rows["fair_contribution"].clip(lower=0) / gain * hours if hours > 0 and gain > 0 else np.nan
    p = aligned(risk.set_index("partner_id")["p_dormant_6m"], rows["partner_id"])
    return pd.DataFrame(
        {
            "partner_id": rows["partner_id"],
            "hours_got": rows["support_hours"],
            "hours_at_equal_return": equal,
            "p_dormant_6m": p,
            "margin_exposed": p * rows["gross_margin"],
            "fair_contribution": rows["fair_contribution"],
        }
    ).sort_values(["fair_contribution", "partner_id"], ascending=[False, True])


def consistency(scorecard: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    """prune_consistency: for every partner to fix or part ways with, how many are kept with the same or a worse fair contribution.

    explained_by names what the kept ones have that it has not: a gate, or a margin rate and cost to serve
    that a fix cannot better. Empty where every judged partner is kept.
    """
    rows = decisions.merge(scorecard[["partner_id", "fair_contribution"]], on="partner_id")
    asked = rows[rows["decision"].isin(["fix", "exit"])]
    kept = rows[rows["decision"].isin(["keep", "grow"])].dropna(subset="fair_contribution")
    if asked.empty:
        return pd.DataFrame()
    levels = np.sort(kept["fair_contribution"].to_numpy(dtype=float))
    same_or_worse = np.searchsorted(levels, asked["fair_contribution"].to_numpy(dtype=float), side="right")
    gated = np.sort(kept.loc[kept["gates"] != "", "fair_contribution"].to_numpy(dtype=float))
    by_gate = np.searchsorted(gated, asked["fair_contribution"].to_numpy(dtype=float), side="right")
    explained = [
        "" if not n else f"{gates} of them by a gate, the rest because no fix or exit is worth more"
        for n, gates in zip(same_or_worse, by_gate, strict=True)
    ]
    return pd.DataFrame(
        {
            "partner_id": asked["partner_id"],
            "criterion": np.where(asked["decision"] == "exit", "fair contribution: part ways", "fair contribution: fix"),
            "kept_with_same_or_worse": same_or_worse,
            "explained_by": explained,
        }
    )
