"""What is said to set partners apart, against what truly does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import special

from prmkit.practices.know.strengths.cases import Cases
from prmkit.practices.know.strengths.compare import ENOUGH, MAKERS, compared
from prmkit.practices.know.strengths.usual import usual_of
from prmkit.prove.answers.know.true_deals import win_chance
from prmkit.prove.case import Case
from prmkit.prove.score import Answer, Claims, Estimates, Outcome
from prmkit.simulate.state import Array, Whole

TRIFLE = 0.002
"""A lift up to which a partner is truly no better than its like."""
_CSAT_A_STEP = -0.8
_NOTHING = ("vertical_mix", "sales_cycle", "low_price", "net_price")
"""Measures in which all partners are truly alike."""


def claims(case: Case) -> Outcome | None:
    """Claims said to show: how many have no truth in them, beside raw averages above the average of all."""
    return _said(case, claimed=True)


def strengths(case: Case) -> Outcome | None:
    """Everything said to set a partner apart, claimed or not."""
    return _said(case, claimed=False)


def win_lift(case: Case) -> Outcome | None:
    """The lift of partners' win rates."""
    return _lifts(case, "win_rate")


def response_lift(case: Case) -> Outcome | None:
    """The hours to a first answer that partners save."""
    return _lifts(case, "response_time")


def true_lift(case: Case, name: str) -> pd.Series | None:
    """partner_id -> true lift in a measure: the same comparison, with what is to be expected of each case in place of what came.

    None where the measure is not worked out, or its truth is not known.
    """
    found, cases = compared(case.portfolio)[name], MAKERS[name](case.portfolio)
    if found.missing or cases is None or name not in _TRUTHS:
        return None
    ids, count = pd.Index(case.portfolio.partners["partner_id"]), found.rows["cases"].to_numpy()
    if name in _NOTHING:
        return pd.Series(0.0, index=ids)
    true = _TRUTHS[name](case, cases)
    unit = ids.get_indexer(cases.partner_id.astype(object).where(cases.partner_id.notna() & np.isfinite(true), None))
    good = np.isfinite(true)
    kept = replace(
        cases,
        partner_id=cases.partner_id[good],
        value=true[good],
        context={key: column[good] for key, column in (cases.context or {}).items()},
    )
    learnt = usual_of(case.portfolio, kept, unit[good], count)
    if learnt is None:
        return None
    usual = learnt.level
    unit, own = unit[good], unit[good] >= 0
    many = np.maximum(np.bincount(unit[own], minlength=len(ids)), 1)
    if cases.kind == "share":
        seen, like = (np.bincount(unit[own], values[own], minlength=len(ids)) for values in (kept.value, special.expit(usual)))
        lift = np.divide(seen, like, out=np.ones(len(ids)), where=like > 0) - 1
    else:
        apart = np.bincount(unit[own], cases.better * (kept.value - usual)[own], minlength=len(ids)) / many
        lift = np.expm1(apart) if cases.better > 0 else -np.expm1(-apart)
        lift = apart / abs(float(cases.value.mean())) if cases.kind == "level" else lift
    return pd.Series(np.where(np.bincount(unit[own], minlength=len(ids)) > 0, lift, np.nan), index=ids)


def _place(case: Case, ids: pd.Series) -> Whole:
    made: Whole = pd.Index(case.truth.partners["partner_id"]).get_indexer(ids.astype(object).where(ids.notna(), None))
    return made


def _chance(case: Case, cases: Cases) -> Array:
    rows = case.portfolio.tables["deals"].loc[cases.partner_id.index]
    return win_chance(case, _place(case, rows["partner_id"]), rows["amount"].to_numpy(dtype=float))


def _of_service(step: float) -> Callable[[Case, Cases], Array]:
    def expected(case: Case, cases: Cases) -> Array:
        place = _place(case, cases.partner_id)
        return np.where(place >= 0, step * case.state.network.service[place], np.nan)

    return expected


def _size(case: Case, cases: Cases) -> Array:
    place = _place(case, cases.partner_id)
    return np.where(place >= 0, case.state.network.log_size[place], np.nan)


_TRUTHS: dict[str, Callable[[Case, Cases], Array]] = {
    "win_rate": _chance,
    "vertical_win_rate": _chance,
    "deal_size": _size,
    "csat": _of_service(_CSAT_A_STEP),
    "response_time": _of_service(1.0),
    **dict.fromkeys(_NOTHING, _of_service(0.0)),
}


def _said(case: Case, *, claimed: bool) -> Outcome | None:
    table = case.table("know", "differentiation")
    shown = table[(table["verdict"] == "shown") & (~table["found"].astype(bool) | (not claimed))]
    rows = table[~table["found"].astype(bool) & (table["cases"] >= ENOUGH)]
    made = false = naive_made = naive_false = looked = 0
    stated = []
    for name in _TRUTHS:
        truth, found = true_lift(case, name), compared(case.portfolio)[name]
        if truth is None:
            continue
        lift = found.rows["lift"].notna() & truth.notna()
        asked = set(rows.loc[rows["measure"] == name, "partner_id"]) if claimed else set(lift.index)
        able = lift & lift.index.isin(list(asked))
        bare = able & _above_average(case, name)
        mine = shown[(shown["measure"] == name) & shown["partner_id"].isin(able.index[able])]
        empty = truth <= TRIFLE
        looked += int(able.sum())
        naive_made, naive_false = naive_made + int(bare.sum()), naive_false + int((bare & empty).sum())
        hits = mine["partner_id"].drop_duplicates()
        made, false = made + len(hits), false + int(hits.isin(empty.index[empty]).sum())
        stated += mine["chance_none"].tolist()
    if not looked:
        return None
    said = float(np.mean(stated)) if stated else np.nan
    return Outcome(claims=Claims(made, false, said, naive_made, naive_false, looked=looked, naive_looked=looked))


def _above_average(case: Case, name: str) -> pd.Series:
    """The rule of a spreadsheet: a partner's raw mean is better than that of all."""
    seen = compared(case.portfolio)[name].rows["seen"]
    cases = MAKERS[name](case.portfolio)
    sign = 1 if cases is None else cases.better
    return sign * seen > sign * seen.mean()


def _lifts(case: Case, name: str) -> Outcome | None:
    """Lifts with their intervals; where all partners are equal the truth is one number, and how often it is covered says nothing."""
    if case.world.equal:
        return None
    truth, found = true_lift(case, name), compared(case.portfolio)[name].rows
    cases = MAKERS[name](case.portfolio)
    if truth is None or cases is None:
        return None
    given = (found["lift"].notna() & truth.notna()).to_numpy()
    raw = found["seen"] / found["seen"].mean() - 1
    columns = (truth, found["lift"], found["lift_low"], found["lift_high"], cases.better * raw)
    true, value, low, high, naive = (column.to_numpy(dtype=float)[given] for column in columns)
    return Outcome(Estimates.of(true, value, low, high, naive=naive)) if given.any() else None


DIFFERENTIATION_ANSWERS = (
    Answer(
        "know.claims",
        "know",
        "Do the strengths that partners claim show?",
        "claim and measure",
        "a raw average above the average of all partners",
        "not worked out",
        claims,
    ),
    Answer(
        "know.strengths",
        "know",
        "What sets each partner apart, claimed or not?",
        "partner and measure",
        "a raw average above the average of all partners",
        "not worked out",
        strengths,
    ),
    Answer(
        "know.win_lift",
        "know",
        "By how much does a partner win more often than its like?",
        "partner",
        "raw win rate over the average, less one",
        "not worked out",
        win_lift,
    ),
    Answer(
        "know.response_lift",
        "know",
        "How much sooner than its like does a partner answer?",
        "partner",
        "raw hours under the average",
        "not worked out",
        response_lift,
    ),
)
