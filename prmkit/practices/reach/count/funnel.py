"""The recruitment funnel: how many prospects have to be approached for one to sign and sell, how long it takes, what it costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.estimators.stages import Passed, drawn_shares, passed
from prmkit.practices.result import NotComputed

Array = NDArray[np.float64]

ENOUGH = 20
_ENOUGH_SIGNED = 10
RIPE_MONTHS = 12
STAGES = (("qualified", "contacted"), ("signed", "qualified"), ("first_sale", "signed"), ("signed", "contacted"))
_ON = {"contacted": "contacted_on", "qualified": "qualified_on", "signed": "signed_on", "first_sale": "first_sale_on"}
_MONTH_DAYS = 365.25 / 12
_GROUPS = ("territory", "partner_type")
_COLUMNS = ("group", "name", "stage", "of_stage", "cases", "passed", "share", "share_low", "share_high", "months", "open")


@dataclass(frozen=True, slots=True)
class Conversion:
    """Share of contacted prospects that sign, as a beta distribution (None where the engagement named it), and where it comes from.

    months: median months from first contact to signing; nan where not known. cost: of one signing, the failed ones paid for; nan.
    """

    share: float
    seen: Passed | None
    basis: str
    months: float
    cost: float

    @property
    def ends(self) -> tuple[float, float]:
        """90% interval of the share; both ends the share itself where the engagement named it."""
        return (self.share, self.share) if self.seen is None else self.seen.ends


@reads("reach")
def signing_rate(whole: Portfolio) -> Conversion | None:
    """Share of contacted prospects that signed: the engagement's own, else of those contacted a year or more ago; None if too few."""
    rows = prospects(whole)
    months = float("nan") if rows is None else _median_wait(rows, "contacted", "signed")
    cost = float("nan") if rows is None else cost_of_signing(rows)
    told = whole.settings.reach.get("conversion")
    if isinstance(told, int | float) and told > 0:
        return Conversion(float(told), None, "the engagement's own number", months, cost)
    if rows is None:
        return None
    ripe = rows[rows["ripe"] & rows["contacted"].notna()]
    signed = int(ripe["signed"].notna().sum())
    if len(ripe) < ENOUGH or not signed:
        return None
    seen = passed(signed, len(ripe))
    return Conversion(signed / len(ripe), seen, f"prospects contacted {RIPE_MONTHS} months ago or earlier", months, cost)


def prospects(whole: Portfolio) -> pd.DataFrame | None:
    """The recruits table as stages: contacted, qualified, signed, first_sale, lost (dates), ripe, territory, partner_type, cost.

    None without one. A stage that was skipped counts as passed on the day of a later one. ripe: contacted (signed, where that is all
    that is known) long enough ago for its fate to be known.
    """
    recruits = whole.tables.get("recruits")
    if recruits is None or recruits.empty:
        return None
    dates = pd.DataFrame({stage: recruits[column].where(recruits[column] <= whole.as_of) for stage, column in _ON.items()})
    first_sale = whole.orders[whole.orders["revenue"] > 0].groupby("partner_id")["first_on"].min()
    sold = recruits["partner_id"].map(first_sale)
    dates["first_sale"] = dates["first_sale"].fillna(sold.where(dates["signed"].notna()))
    dates["signed"] = dates["signed"].fillna(dates["first_sale"])
    dates["qualified"] = dates["qualified"].fillna(dates["signed"])
    ripe = dates["contacted"].fillna(dates["signed"]) <= whole.as_of - pd.DateOffset(months=RIPE_MONTHS)
    lost = recruits["lost_on"].where(recruits["lost_on"] <= whole.as_of)
    cost = recruits["cost"].where(recruits["cost"] >= 0)
    return dates.assign(ripe=ripe, lost=lost, cost=cost, territory=recruits["territory"], partner_type=recruits["partner_type"])


def cost_of_signing(rows: pd.DataFrame) -> float:
    """What all ripe prospects cost over those that signed: the failures have to be paid for too; nan where costs are hardly known."""
    ripe = rows[rows["ripe"]]
    signed = int(ripe["signed"].notna().sum())
    if signed < _ENOUGH_SIGNED or ripe["cost"].notna().mean() < 0.5:
        return float("nan")
    return float(ripe["cost"].mean() * len(ripe) / signed)


@reads("reach")
def funnel(portfolio: Portfolio) -> tuple[pd.DataFrame | None, list[NotComputed]]:
    """reach_funnel: for all prospects, then by territory and partner type, the share that passes each stage, with its median wait.

    Of the whole client, since who has not signed belongs to no view. Only prospects ripe for the stage count: those that reached the
    stage before it at least 12 months ago. Groups are drawn towards all as far as they are alike. The last stage of each, contacted to
    signed, is the whole way.
    """
    rows = prospects(portfolio.whole)
    if rows is None:
        return None, [NotComputed("funnel", None, "there is no record of prospects contacted", "recruits")]
    dated = portfolio.whole.tables["recruits"]["qualified_on"].notna().any()
    tables = [_stage(portfolio, rows, stage, before) for stage, before in STAGES if dated or "qualified" not in (stage, before)]
    made = pd.concat(tables, ignore_index=True) if any(len(one) for one in tables) else pd.DataFrame(columns=list(_COLUMNS))
    if made.empty:
        why = f"fewer than {ENOUGH} prospects of the record are old enough to know what became of them"
        return None, [NotComputed("funnel", None, why, "recruits")]
    missing = []
    cost = cost_of_signing(rows)
    if np.isfinite(cost):
        whole_way = (made["stage"] == "signed") & (made["of_stage"] == "contacted") & (made["group"] == "all")
        made.loc[whole_way, "cost"] = cost
    else:
        made["cost"] = np.nan
        missing.append(
            NotComputed("funnel", "cost", "what prospects cost is known of fewer than half of them, or too few signed", "recruits")
        )
    order = {"all": 0, "territory": 1, "partner_type": 2}
    return made.sort_values(by="group", key=lambda group: group.map(order), kind="stable").reset_index(drop=True), missing


def _stage(portfolio: Portfolio, rows: pd.DataFrame, stage: str, before: str) -> pd.DataFrame:
    """One stage for all and for every group with a case; no rows where fewer than 20 prospects are ripe for it."""
    ripe = rows[rows[before].notna() & (rows[before] <= portfolio.as_of - pd.DateOffset(months=RIPE_MONTHS))]
    if len(ripe) < ENOUGH:
        return pd.DataFrame(columns=list(_COLUMNS))
    through = ripe[stage].notna()
    waiting = int((rows[before].notna() & rows[stage].isna() & rows["lost"].isna()).sum())
    whole = passed(int(through.sum()), len(ripe))
    lines = [_line("all", "all", stage, before, len(ripe), int(through.sum()), whole, ripe, waiting)]
    for group in _GROUPS:
        names = ripe[group].dropna().unique()
        if len(names) < 2:
            continue
        counts = through.groupby(ripe[group]).agg(["sum", "size"])
        drawn = drawn_shares(counts["sum"].to_numpy(dtype=float), counts["size"].to_numpy(dtype=float))
        for (name, (won, cases)), share in zip(counts.iterrows(), drawn, strict=True):
            lines.append(_line(group, str(name), stage, before, int(cases), int(won), share, ripe[ripe[group] == name], None))
    return pd.DataFrame(lines)


def _line(
    group: str, name: str, stage: str, before: str, cases: int, won: int, share: Passed, ripe: pd.DataFrame, waiting: int | None
) -> dict[str, object]:
    low, high = share.ends
    mean = won / cases if group == "all" else share.mean
    months = _median_wait(ripe, before, stage)
    return dict(zip(_COLUMNS, (group, name, stage, before, cases, won, mean, low, high, months, waiting), strict=True))


def _median_wait(rows: pd.DataFrame, before: str, stage: str) -> float:
    """Median months between two stages, of prospects that passed both; nan below five."""
    days = (rows[stage] - rows[before]).dt.days.dropna()
    days = days[days >= 0]
    return float(days.median() / _MONTH_DAYS) if len(days) >= 5 else float("nan")
