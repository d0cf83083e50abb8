"""What is usual for each case, learnt from all partners' cases, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.expected_count import expected_count
from prmkit.estimators.lift import FEWEST
from prmkit.estimators.logistic import fit_logistic
from prmkit.practices.know.strengths.cases import Array, Cases, dummies, log_above_zero, scaled

Codes = NDArray[np.int64]

_ALIKE = 0.05
"""How much two cases of one partner are taken to be alike when the usual is learnt, so that a partner with a thousand does not set it."""
_PULL, _ENOUGH_TO_LEARN = 1.0, 40_000


@dataclass(frozen=True)
class Usual:
    """level: (cases,) log odds, a level, or an expected count. doubt: (partners,) variance of the mean level of a partner's own cases."""

    level: Array
    doubt: Array


def usual_of(portfolio: Portfolio, cases: Cases, unit: Codes, count: Codes) -> Usual | None:
    """Learn what is usual; None where it does not come out. unit: (cases,) places of partners, -1 for none. count: (partners,) of cases."""
    size = len(unit)
    often = np.where(unit >= 0, count[unit], 1)
    design = np.column_stack([np.ones(size), *(cases.context or {}).values(), *_kind(portfolio, unit)])
    weight = 1 / (1 + _ALIKE * (often - 1))
    if cases.kind == "count":
        varied = np.r_[True, np.ptp(design[:, 1:], axis=0) > 0]
        fit = expected_count(cases.value, design[:, varied], design[:, varied])
        return None if fit is None else Usual(np.maximum(fit.expected, 1e-6), np.zeros(len(count)))
    learnt = slice(None, None, -(-size // _ENOUGH_TO_LEARN))
    few, value, part = design[learnt], cases.value[learnt], weight[learnt]
    pull = np.r_[0.0, np.full(design.shape[1] - 1, _PULL)]
    if cases.kind == "share":
        if not 0 < float(np.average(value, weights=part)) < 1:
            return None
        odds = fit_logistic(few, value, pull, part)
        if not odds.converged:
            return None
        level, information, apart = odds.linear(design), odds.information, value - odds.probability(few)
    else:
        weighted = few * part[:, None]
        information = weighted.T @ few + np.diag(pull + 1e-9)
        level = design @ np.linalg.solve(information, weighted.T @ value)
        apart = value - level[learnt]
    covariance = _covariance(few * (part * apart)[:, None], information, unit[learnt], len(count))
    return Usual(level, _doubt(design, covariance, unit, count))


def _covariance(scores: Array, information: Array, unit: Codes, units: int) -> Array:
    """Of the coefficients, cases of one partner taken together (White 1980, Liang and Zeger 1986)."""
    own, bread = unit >= 0, np.linalg.pinv(information, hermitian=True)
    summed = _sums(scores[own], unit[own], units)
    alone = scores[~own]
    made: Array = bread @ (summed.T @ summed + alone.T @ alone) @ bread
    return made


def _doubt(design: Array, covariance: Array, unit: Codes, count: Codes) -> Array:
    own = unit >= 0
    mean = _sums(design[own], unit[own], len(count)) / np.maximum(count, 1)[:, None]
    made: Array = np.einsum("ij,jk,ik->i", mean, covariance, mean)
    return made


def _sums(rows: Array, unit: Codes, units: int) -> Array:
    return np.stack([np.bincount(unit, rows[:, column], minlength=units) for column in range(rows.shape[1])], axis=1)


def _kind(portfolio: Portfolio, unit: Codes) -> list[Array]:
    """Type and size of the partner of each case; types of fewer than twenty partners with cases are taken together."""
    partners = portfolio.partners
    here = np.unique(unit[unit >= 0])
    told = dummies(partners["partner_type"].iloc[here].fillna("unknown"), "type", FEWEST)
    size = scaled(log_above_zero(partners["employees"].iloc[here]), "size")
    made = []
    for column in (*told.values(), *size.values()):
        full = np.zeros(len(partners) + 1)
        full[here] = column
        made.append(full[unit])
    return made
