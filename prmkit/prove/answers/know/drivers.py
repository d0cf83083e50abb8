"""What is said to drive loyalty, and what each partner is said to need, against what is true."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from prmkit.estimators.driver_shares import FEWEST, DriverShares, driver_shares
from prmkit.estimators.opportunity import without_style
from prmkit.estimators.shapley import divide
from prmkit.practices.know.voices.main_need import CALL, main_need
from prmkit.practices.know.voices.respondents import panel
from prmkit.prove.case import Case
from prmkit.prove.made_survey import MadeSurvey, made_survey
from prmkit.prove.score import Answer, Array, Claims, Estimates, Outcome, Stakes
from prmkit.simulate.records.surveys import DRIVERS, IMPORTANCE, NEEDS, WEIGHTS, attitude, need_group
from prmkit.simulate.state import Whole

_SURVEYS = 5
_MADE = "reference"
_CONTENT, _OWN = 0.6, 0.7
_LUCK, _STYLE = 0.6**2 + 1 / 12, 0.5**2
_SURE = 0.05


def driver_shares_of(case: Case) -> Outcome | None:
    """The share of each driver, and which are said to matter, against drivers as felt; one of them has no weight at all."""
    rows = case.table("know", "drivers")
    rows = rows[rows["kind"] == "driver"].set_index("driver").reindex(list(DRIVERS)) if len(rows) else pd.DataFrame()
    if rows.empty:
        return None
    truth, plain = true_shares(case), _correlations(case)
    value, low, high = (rows[name].to_numpy(dtype=float) for name in ("share_explained", "share_low", "share_high"))
    matters = (rows["matters"] == "yes").to_numpy()
    none = np.array(WEIGHTS) == 0
    surely = plain[1] < _SURE
    naive = np.abs(plain[0]) / np.abs(plain[0]).sum()
    return Outcome(
        Estimates.of(truth, value, low, high, naive=naive, should=rows["respondents"].to_numpy(dtype=float) >= FEWEST),
        claims=Claims(
            made=int(matters.sum()),
            false=int((matters & none).sum()),
            stated=_SURE / len(DRIVERS) if matters.any() else np.nan,
            naive_made=int(surely.sum()),
            naive_false=int((surely & none).sum()),
        ),
    )


def true_shares(case: Case) -> Array:
    """How what the drivers as felt explain divides, among all partners that could have been asked."""
    there = panel(case.portfolio).groups.set_index("partner_id")["there"]
    here = there.reindex(pd.Index(case.truth.partners["partner_id"])).fillna(False).to_numpy(dtype=bool)
    varies = float(attitude(case.state)[here].var())
    among = _CONTENT**2 * varies + _OWN**2 * np.eye(len(WEIGHTS))
    weights = np.array(WEIGHTS)
    matrix = np.vstack([np.column_stack([among, among @ weights]), np.append(among @ weights, weights @ among @ weights + 1.0)])
    made: Array = divide(matrix).shares[0]
    return made


def _correlations(case: Case) -> tuple[Array, Array]:
    """Plain correlation of each driver with the recommendation over all answers, and its p-value."""
    scores = panel(case.portfolio).heard.scores
    found = []
    for name in DRIVERS:
        both = scores[[f"driver:{name}", "nps"]].dropna()
        usable = len(both) > 2 and bool((both.nunique() > 1).all())
        found.append(tuple(stats.pearsonr(*both.to_numpy().T)) if usable else (0.0, 1.0))
    made = np.array(found)
    return made[:, 0], made[:, 1]


def driver_order(case: Case) -> Outcome | None:
    """How well the order of drivers is told in surveys made up for it: rank correlation with the truth; and the ranges of shares."""
    if case.world.name != _MADE:
        return None
    tool, naive, told = [], [], []
    for survey in _surveys(case):
        found = _fitted(survey)
        tool.append(_order(found.share, survey.truth))
        naive.append(_order(_coefficients(survey), survey.truth))
        told.append((survey.truth, found.share, found.low, found.high))
    columns = [np.concatenate(column) for column in zip(*told, strict=True)]
    return Outcome(Estimates.of(*columns), Stakes(float(np.mean(tool)), float(np.mean(naive)), 1.0))


def top_driver(case: Case) -> Outcome | None:
    """Whether the driver that explains most is found in surveys made up for it; claims are those at least as likely as not."""
    if case.world.name != _MADE:
        return None
    rows = []
    for survey in _surveys(case):
        found, best = _fitted(survey), int(survey.truth.argmax())
        rows.append((found.share.argmax() == best, _coefficients(survey).argmax() == best, found.top[found.share.argmax()]))
    hit, naive, stated = np.array(rows, dtype=float).T
    sure = stated >= CALL
    claims = Claims(
        made=int(sure.sum()),
        false=int((sure & (hit == 0)).sum()),
        stated=float(1 - stated[sure].mean()) if sure.any() else np.nan,
        naive_made=len(naive),
        naive_false=int((naive == 0).sum()),
    )
    return Outcome(stakes=Stakes(float(hit.mean()), float(naive.mean()), 1.0), claims=claims)


def _surveys(case: Case) -> list[MadeSurvey]:
    return [made_survey(case.seed * _SURVEYS + number) for number in range(_SURVEYS)]


def _fitted(survey: MadeSurvey) -> DriverShares:
    level = without_style(survey.important, np.ones(len(survey.important)))[1]
    found = driver_shares(survey.outcome, survey.drivers, beside=level[:, None], cluster=survey.partner)
    assert found is not None
    return found


def _coefficients(survey: MadeSurvey) -> Array:
    """Regression coefficients of the complete answers."""
    whole = np.isfinite(survey.outcome) & np.isfinite(survey.drivers).all(axis=1)
    columns = np.column_stack([np.ones(int(whole.sum())), survey.drivers[whole]])
    made: Array = np.asarray(np.linalg.lstsq(columns, survey.outcome[whole], rcond=None)[0][1:], dtype=np.float64)
    return made


def _order(said: Array, truth: Array) -> float:
    return float(stats.spearmanr(said, truth).statistic)


def need_called(case: Case) -> Outcome | None:
    """The need that stands out for each partner that answered: called rightly less called wrongly; not called counts nothing."""
    found = panel(case.portfolio)
    ids = pd.Index(case.truth.partners["partner_id"])
    needs = found.heard.by_partner(found.heard.named("need:", ":importance").reindex(columns=list(NEEDS)))
    own = needs.reindex(ids).to_numpy(dtype=float)
    given = np.isfinite(own).sum(axis=1) >= 2
    if not given.any():
        return None
    truth: Whole = np.array(IMPORTANCE).argmax(axis=1)[need_group(case.state)][given]
    table = main_need(case.portfolio).set_index("partner_id").reindex(ids)[given]
    said = pd.Index(NEEDS).get_indexer(pd.Index(table["main_need"].fillna("")))
    naive = np.nan_to_num(own[given], nan=-1.0).argmax(axis=1)
    limit, surely = _limit(own[given])
    called = said >= 0
    chance = table["chance"].to_numpy(dtype=float)
    claims = Claims(
        made=int(called.sum()),
        false=int((called & (said != truth)).sum()),
        stated=float(1 - np.nanmean(chance[called])) if called.any() else np.nan,
        naive_made=len(naive),
        naive_false=int((naive != truth).sum()),
    )
    sure = np.where(surely >= CALL, limit, -1)
    return Outcome(stakes=Stakes(_balance(said, truth), _balance(naive, truth), _balance(sure, truth)), claims=claims)


def _limit(own: Array) -> tuple[Whole, Array]:
    """The likeliest group's need and how likely, told the groups and how answers vary."""
    means, known = np.array(IMPORTANCE), np.isfinite(own)
    weight = np.tile(np.log([0.45, 0.35, 0.2]), (len(own), 1))
    patterns, which = np.unique(known, axis=0, return_inverse=True)
    for place, seen in enumerate(patterns):
        mine = which.ravel() == place
        spread = _STYLE + _LUCK * np.eye(int(seen.sum()))
        apart = own[mine][:, None, seen] - means[None, :, seen]
        weight[mine] -= 0.5 * np.einsum("ngi,ij,ngj->ng", apart, np.linalg.inv(spread), apart)
    chance = np.exp(weight - weight.max(axis=1, keepdims=True))
    chance /= chance.sum(axis=1, keepdims=True)
    return means.argmax(axis=1)[chance.argmax(axis=1)], chance.max(axis=1)


def _balance(said: Whole, truth: Whole) -> float:
    return float(np.where(said < 0, 0.0, np.where(said == truth, 1.0, -1.0)).mean())


DRIVERS_ANSWERS = (
    Answer(
        "know.driver_shares",
        "know",
        "What part of loyalty goes with each driver?",
        "driver",
        "plain correlations, each over their sum",
        "not worked out",
        driver_shares_of,
    ),
    Answer(
        "know.driver_order",
        "know",
        "In which order do drivers matter, in made-up surveys of 300 whose drivers correlate by 0.6?",
        "driver",
        "regression coefficients",
        "the same on 100,000 answers, which is the true order",
        driver_order,
    ),
    Answer(
        "know.top_driver",
        "know",
        "Which driver matters most, in the same made-up surveys?",
        "survey",
        "the largest regression coefficient",
        "the same on 100,000 answers, which is always right",
        top_driver,
    ),
    Answer(
        "know.main_need",
        "know",
        "Which need stands out for a partner that answered?",
        "partner",
        "the need it marked highest",
        "told the groups of needs and how answers vary",
        need_called,
    ),
)
