"""A made-up survey of loyalty and its drivers, whose true shares are known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from prmkit.estimators.shapley import divide
from prmkit.prove.score import Array
from prmkit.simulate.chance import Chance
from prmkit.simulate.state import Whole

WEIGHTS = (1.0, 0.6, 0.4, 0.2, 0.0)
RELATED, EXPLAINED = 0.6, 0.6
"""Correlation of any two drivers as felt, and how much of loyalty they explain."""
_STYLE, _MISSING, _SECOND = 0.5, 1 / 12, 0.2


@dataclass(frozen=True)
class MadeSurvey:
    """Answers (n,) from 0 to 10 how likely to recommend, (n, p) from 1 to 5 on drivers and on how important five needs are; nan where
    missing; partner (n,), some with two respondents. truth: (p,) each driver's share of what the drivers as felt explain."""

    outcome: Array
    drivers: Array
    important: Array
    partner: Whole
    truth: Array


def made_survey(seed: int, respondents: int = 300, weights: tuple[float, ...] = WEIGHTS, related: float = RELATED) -> MadeSurvey:
    """Drivers as felt are normal and correlate by `related`; which of them has which weight is drawn anew by each seed.

    Answers are rounded to their scales and carry a way of answering of the respondent (standard deviation 0.5 of a step); one in twelve
    is left out; a fifth of the respondents are second ones of a partner and share half of what it feels.
    """
    chance = Chance("prove", "made survey", seed)
    count = len(weights)
    true = np.array(weights)[np.argsort(chance.uniform(count))]
    first = respondents - int(_SECOND * respondents)
    partner = np.concatenate([np.arange(first), np.arange(respondents - first)]).astype(np.int64)
    common, own = _shared(chance, partner, 1), _shared(chance, partner, count)
    felt = np.sqrt(related) * common + np.sqrt(1 - related) * own
    among = np.full((count, count), related) + (1 - related) * np.eye(count)
    spread = true @ among @ true
    noise = np.sqrt(spread * (1 - EXPLAINED) / EXPLAINED)
    loyal = (felt @ true + noise * chance.normal(respondents)) / np.sqrt(spread / EXPLAINED)
    style = _STYLE * chance.normal(respondents)[:, None]
    matrix = np.vstack([np.column_stack([among, among @ true]), np.append(among @ true, spread / EXPLAINED)])
    return MadeSurvey(
        outcome=_left_out(chance, np.clip(np.rint(6.6 + 2.2 * loyal), 0, 10)[:, None])[:, 0],
        drivers=_left_out(chance, np.clip(np.rint(3.4 + 0.9 * felt + style), 1, 5)),
        important=_left_out(chance, np.clip(np.rint(3.4 + 0.8 * chance.normal(respondents, 5) + style), 1, 5)),
        partner=partner,
        truth=divide(matrix).shares[0],
    )


def _shared(chance: Chance, partner: Whole, columns: int) -> Array:
    """Standard normal feelings (n, columns), half of their variance common to a partner."""
    ours, own = chance.normal(int(partner.max()) + 1, columns), chance.normal(len(partner), columns)
    made: Array = np.sqrt(0.5) * ours[partner] + np.sqrt(0.5) * own
    return made


def _left_out(chance: Chance, answers: Array) -> Array:
    made: Array = np.where(chance.chosen(_MISSING, *answers.shape), np.nan, answers)
    return made
