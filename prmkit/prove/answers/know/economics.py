"""What partners are said to earn with us, and in how many hours, against what they truly do."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.prove.case import Case
from prmkit.prove.score import Answer, Array, Claims, Estimates, Outcome
from prmkit.simulate.records.business import make_business
from prmkit.simulate.records.earnings import make_earnings, sellers
from prmkit.simulate.records.support import HOURLY_COST
from prmkit.simulate.state import AS_OF, Mask

HOURS = 1_600.0
SETTLED = 18
"""Months since joining after which a partner's year is a whole one, and what it sells us has its usual level."""
_EARNED = ("rebate", "spiff")


def hours_on_line(case: Case) -> Outcome | None:
    """Log of the hours that a partner's salespeople give our line in a year: all its sellers, at our true share of its business."""
    rows, given = case.by_partner("know", "economics"), _given(case)
    if not given.any():
        return None
    tool, low, high = (_log(rows[name].to_numpy(dtype=float))[given] for name in ("hours_on_line", "hours_low", "hours_high"))
    heads, vendors = (case.stated(name).to_numpy(dtype=float) for name in ("sales_headcount", "vendor_count"))
    known = case.stated("sales_headcount").notna() | case.stated("employees").notna()
    told = case.stated("annual_revenue").notna() | case.truth.partners["partner_id"].isin(_telling(case))
    should = (known & told).to_numpy()
    naive = _log(heads * HOURS / np.where(vendors >= 1, vendors, np.nan))
    return Outcome(Estimates.of(_log(true_hours(case))[given], tool, low, high, naive=naive[given], should=should[given]))


def profit_per_rep_hour(case: Case) -> Outcome | None:
    """What an hour of a partner's salespeople truly earns it in an expected year, of partners that state their share of services."""
    rows = case.by_partner("know", "economics")
    truth, serviced = true_profit(case) / true_hours(case), case.stated("services_share").notna().to_numpy()
    attach = _attach(case)
    given = _given(case) & serviced & np.isfinite(attach) & np.isfinite(truth)
    if not given.any():
        return None
    names = ("profit_per_rep_hour", "profit_per_rep_hour_low", "profit_per_rep_hour_high")
    tool, low, high = (rows[name].to_numpy(dtype=float)[given] for name in names)
    heads, naive = case.stated("sales_headcount").to_numpy(dtype=float), _by_the_books(case)
    scale = float(np.median(np.abs(truth[given]))) or 1.0
    return Outcome(Estimates.of(truth[given], tool, low, high, naive=naive[given], should=np.isfinite(heads[given]), scale=scale))


def earns_little(case: Case) -> Outcome | None:
    """Partners said to earn less by the hour than others of their kind, against the true middle of those; the rule reads its own books."""
    rows, given = case.by_partner("know", "economics"), _given(case) & case.stated("services_share").notna().to_numpy()
    truth, naive = true_profit(case) / true_hours(case), _by_the_books(case)
    given &= np.isfinite(truth) & np.isfinite(_attach(case))
    kind = case.stated("partner_type").fillna("unknown").where(given)
    low = truth < pd.Series(truth).groupby(kind).transform("median").to_numpy()
    called = (rows["against_kind"] == "below").to_numpy() & given
    guessed = (naive < pd.Series(naive).groupby(kind).transform("median").to_numpy()) & given
    looked = int(given.sum())
    if not looked:
        return None
    stated = 0.05 if called.any() else np.nan
    false, naive_false = int((called & ~low).sum()), int((guessed & ~low).sum())
    return Outcome(claims=Claims(int(called.sum()), false, stated, int(guessed.sum()), naive_false, looked=looked, naive_looked=looked))


def true_hours(case: Case) -> Array:
    """Hours a year that all sellers of each partner give our line, (n,)."""
    business = make_business(case.state)
    made: Array = sellers(business.employees.astype(np.float64)) * business.share_of_wallet * HOURS
    return made


def true_profit(case: Case) -> Array:
    """What each partner earns with us in an expected year, (n,): its true habits, luck of volume taken out, money and costs as booked."""
    habits, rate = make_earnings(case.state), _paid_rate(case)
    sold = case.known("expected_revenue") * (1 - habits.passed_on * (1 - rate)) / rate
    services = sold * np.nan_to_num(_attach(case)) * habits.around * habits.services_margin
    made: Array = sold - case.known("expected_revenue") + services + _booked(case) - _solved(case) * habits.cases
    return made


def _by_the_books(case: Case) -> Array:
    """The discount off list of what each partner bought, over all hours of its salespeople."""
    made: Array = case.bought() * (1 / _paid_rate(case) - 1) / (case.stated("sales_headcount").to_numpy(dtype=float) * HOURS)
    return made


def _given(case: Case) -> Mask:
    made: Mask = case.selling() & (case.bought() > 0) & (case.state.network.joined <= case.state.months - SETTLED)
    return made


def _log(values: Array) -> Array:
    return np.log(np.where(values > 0, values, np.nan))


def _telling(case: Case) -> pd.Series:
    """Partners with a salesperson that says how much of its time goes to us."""
    people = case.programme.tables["people"]
    return people.loc[people["sells_us_share"].notna() & people["active_to"].isna(), "partner_id"]


def _year(case: Case, table: str, column: str) -> pd.DataFrame:
    rows = case.programme.tables[table]
    return rows[(rows[column] > AS_OF - pd.DateOffset(months=12)) & (rows[column] <= AS_OF)]


def _sum(case: Case, values: pd.Series, owner: pd.Series) -> Array:
    ids = pd.Index(case.truth.partners["partner_id"])
    return values.groupby(owner).sum().reindex(ids, fill_value=0.0).to_numpy(dtype=float)


def _paid_rate(case: Case) -> Array:
    """Paid / list price of what each partner sold in the year; nan where it sold nothing."""
    sales = _year(case, "sales", "date")
    sales = sales[sales["channel"] == "sell_through"]
    paid, listed = (_sum(case, sales[name], sales["partner_id"]) for name in ("revenue", "list_amount"))
    return np.where((listed > 0) & (paid > 0), paid / np.where(listed > 0, listed, 1.0), np.nan)


def _attach(case: Case) -> Array:
    services = case.stated("services_share").to_numpy(dtype=float)
    return np.where(services < 0.95, services / (1 - np.minimum(services, 0.95)), np.nan)


def _booked(case: Case) -> Array:
    """Rebates and spiffs paid, less fees and hours of courses."""
    paid, taken = _year(case, "incentives", "paid_on"), _year(case, "trainings", "completed_on")
    paid = paid[(paid["status"] == "paid") & paid["programme"].isin(_EARNED)]
    cost = taken["hours"].fillna(0.0) * HOURLY_COST + taken["cost"].fillna(0.0)
    return _sum(case, paid["amount"], paid["partner_id"]) - _sum(case, cost, taken["partner_id"])


def _solved(case: Case) -> Array:
    """What customers' cases cost each partner at our own engineers' hours a case."""
    tickets, support = _year(case, "tickets", "opened_on"), _year(case, "support", "month")
    weight = tickets["handled_by"].map({"partner": 1.0, "both": 0.5, "vendor": 0.0}).astype("float64")
    own = tickets["partner_id"].notna()
    hours = float(support.loc[support["kind"] == "technical", "hours"].sum())
    ours = float((1 - weight[own]).sum())
    return _sum(case, weight[own], tickets.loc[own, "partner_id"]) * (hours / ours if ours else 0.0) * HOURLY_COST


ECONOMICS_ANSWERS = (
    Answer(
        "know.hours_on_line",
        "know",
        "How many hours do a partner's salespeople give our line?",
        "partner, on the log scale",
        "its salespeople over the vendors it carries",
        "not worked out",
        hours_on_line,
    ),
    Answer(
        "know.profit_per_rep_hour",
        "know",
        "What does an hour of a partner's salespeople earn it with us?",
        "partner",
        "discount off list of what it bought, over all hours of its salespeople",
        "not worked out",
        profit_per_rep_hour,
    ),
    Answer(
        "know.earns_little",
        "know",
        "Who earns less by the hour with us than others of its kind?",
        "partner",
        "discount off list over all hours of its salespeople, below the middle of its kind",
        "not worked out",
        earns_little,
    ),
)
