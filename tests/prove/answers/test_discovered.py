"""The survey worlds of the proving ground: their limit is what it says, and the tool is judged by them."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from prmkit.estimators.partition import adjusted_rand
from prmkit.prove.answers.know.discovered import judge_crowds, judge_survey
from prmkit.prove.case import Case
from prmkit.prove.limit.needs import likeliest_group
from prmkit.prove.survey_programme import CROWDS, crowd, segmented
from prmkit.simulate.worlds import WORLDS


def case(world: str, seed: int) -> Case:
    return SimpleNamespace(world=WORLDS.get(world), seed=seed)  # type: ignore[return-value]


def test_the_limit_by_hand() -> None:
    """One answer, no style, two profiles far apart: the nearer one, and the commoner one where nothing is said."""
    answers, profiles = np.array([[1.0], [5.0], [np.nan]]), np.array([[1.5], [4.5]])
    assert likeliest_group(answers, profiles, np.array([0.4, 0.6]), 0.5, 0.0).tolist() == [0, 1, 1]


def test_the_limit_lies_near_that_of_the_published_figures() -> None:
    limits = [adjusted_rand(survey.group, survey.limit()) for survey in (segmented(400, seed) for seed in range(1, 25))]
    assert np.mean(limits) == pytest.approx(0.80, abs=0.05)


def test_survey_worlds_are_as_described() -> None:
    survey = segmented(3_000, 1)
    assert np.isnan(survey.answers).mean() == pytest.approx(0.2, abs=0.01)
    assert set(np.unique(survey.answers[np.isfinite(survey.answers)])) == {1, 2, 3, 4, 5}
    assert np.bincount(survey.group) / 3_000 == pytest.approx([0.35, 0.30, 0.20, 0.15], abs=0.03)
    assert (segmented(50, 1).answers == segmented(50, 1).answers).sum() == np.isfinite(segmented(50, 1).answers).sum()
    assert all(crowd(kind, 30, 1).answers.shape == (30, 12) for kind in CROWDS)


def test_the_tool_is_held_against_the_truth_in_one_world_only() -> None:
    assert judge_survey(case("null", 1), 60) is None
    assert judge_crowds(case("reference", 1)) is None
    small = judge_survey(case("reference", 1), 60)
    assert small is not None
    assert small.claims is not None
    assert (small.claims.made, small.claims.looked) == (0, 1)
    assert small.stakes is not None
    assert small.stakes.limit > small.stakes.tool > 0
