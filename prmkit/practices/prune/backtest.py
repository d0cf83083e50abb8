"""Would the list have been right? The rule as of a year ago, against what partners brought in the year since."""

from __future__ import annotations

import pandas as pd

from prmkit.data import calendar
from prmkit.data.portfolio import Portfolio
from prmkit.estimators import calibration
from prmkit.practices.aligned import aligned
from prmkit.practices.prune.decisions import MOST_MISSING, TOP
from prmkit.practices.prune.scorecard import fit_scorecard


def fit_backtest(portfolio: Portfolio) -> pd.DataFrame:
    """Partners that sold in the year before last: partner_id, fair, p_below, revenue, contribution then and `came`, of the last 12 months.

    Without rows where history is shorter than two years or nothing could be fitted a year ago. Pass
    the whole client: portfolio.fitted does.
    """
    columns = ["partner_id", "fair", "p_below", "revenue", "contribution", "came"]
    if portfolio.history_months < 24:
        return pd.DataFrame(columns=columns)
    then = portfolio.at(calendar.month_end(portfolio.as_of, 12)).fitted(fit_scorecard).rows
    now = portfolio.fitted(fit_scorecard).rows.set_index("partner_id")
    came = now["contribution"]
    # costs that nobody could know a year ago are left out of what came, too
    if then.loc[then["revenue"] > 0, "cost_missing"].mean() > MOST_MISSING:
        came = came + now["cost_to_serve"]
    rows = pd.DataFrame(
        {
            "partner_id": then["partner_id"],
            "fair": then["fair_contribution"],
            "p_below": then["p_below_hurdle"],
            "revenue": then["revenue"],
            "contribution": then["contribution"],
            "came": aligned(came, then["partner_id"]).astype("float64"),
        }
    )
    return rows[(rows["revenue"] > 0)].dropna(subset=["fair", "came"]).reset_index(drop=True)


def backtest_table(portfolio: Portfolio) -> pd.DataFrame:
    """prune_backtest of a portfolio, with a column that says what each measure compares.

    naive is the spreadsheet rule: the fifth of partners with the least revenue go. money is what would
    have been saved in the year since by leaving a list of that length: minus the contribution they went on to bring.
    """
    rows = portfolio.fitted(fit_backtest)
    rows = rows[rows["partner_id"].isin(portfolio.partners["partner_id"])]
    if rows.empty:
        return pd.DataFrame()
    below = (rows["came"] < portfolio.settings.prune.hurdle).to_numpy(dtype=float)
    fair, revenue, came = (rows[name].to_numpy(dtype=float) for name in ("fair", "revenue", "came"))
    p = rows["p_below"].to_numpy(dtype=float)
    room = max(1, round(TOP * len(rows)))
    listed = bottom(rows, "revenue", room)
    flag = rows.index.isin(listed.index).astype(float)
    measures = (
        (
            "auc",
            calibration.auc(p, below),
            calibration.auc(-revenue, below),
            "who lies below the hurdle a year later; naive ranks by least revenue",
        ),
        (
            "brier",
            calibration.brier(p, below),
            calibration.brier(flag, below),
            "squared error of the chance; naive calls the fifth with least revenue",
        ),
        ("expected_events", float(p.sum()), float(flag.sum()), "partners expected below the hurdle"),
        ("observed_events", float(below.sum()), float(below.sum()), "partners below the hurdle in the year since"),
        (
            "rank_correlation",
            calibration.rank_correlation(fair, came),
            calibration.rank_correlation(revenue, came),
            "fair contribution then against contribution since; naive ranks by revenue",
        ),
        (
            "money",
            -float(bottom(rows, "fair", room)["came"].sum()),
            -float(listed["came"].sum()),
            f"contribution saved by leaving the {room} partners listed a year ago",
        ),
    )
    return pd.DataFrame(
        [{"measure": name, "model": model, "naive": naive, "n": len(rows), "compares": text} for name, model, naive, text in measures]
    )


def bottom(rows: pd.DataFrame, column: str, room: int) -> pd.DataFrame:
    """The `room` rows lowest in `column`; equal ones by partner_id."""
    return rows.sort_values([column, "partner_id"], kind="stable").head(room)
