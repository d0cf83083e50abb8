"""Segments that are discovered, against the groups that partners truly fall into; and how often some are found where there are none."""

from __future__ import annotations

import numpy as np

from prmkit.estimators.partition import adjusted_rand
from prmkit.practices.know.segments.segments import DISCOVERED, segmentation
from prmkit.prove.case import Case
from prmkit.prove.limit.needs import likeliest_group
from prmkit.prove.score import Answer, Array, Claims, Outcome, Stakes
from prmkit.prove.survey_programme import CROWDS, SHARES, crowd, segmented, survey_portfolio
from prmkit.simulate.records import surveys
from prmkit.simulate.state import Whole

_OF_NEEDS = np.array([0.45, 0.35, 0.2])
_NEED_SPREAD, _NEED_STYLE = 0.6, 0.5
_SIZES = (120, 400, 3_000)


def judge_survey(case: Case, partners: int) -> Outcome | None:
    """A survey of so many partners in four true segments: how alike (adjusted Rand index) the segments found are, and their number.

    Asked once a seed, beside the world `reference`. The claim is "so many segments"; false where it is more than one off four.
    """
    if case.world.name != "reference":
        return None
    survey = segmented(partners, case.seed)
    found = segmentation(survey_portfolio(survey))
    labels = _codes(found.rows["segment"].to_numpy())
    naive = _by_averages(survey.answers, len(SHARES), case.seed)
    right = Stakes(*(adjusted_rand(survey.group, one) for one in (labels, naive, survey.limit())))
    if not found.kind.startswith(DISCOVERED):
        return Outcome(stakes=right, claims=Claims(0, 0, 0.16, 0, 0, 1, 1))
    number, usual = len(found.rules), _by_silhouette(survey.answers, case.seed)
    return Outcome(stakes=right, claims=Claims(1, int(abs(number - 4) > 1), 0.16, 1, int(abs(usual - 4) > 1), 1, 1))


def judge_60(case: Case) -> Outcome | None:
    """A survey of 60 partners: too few to discover segments, so that only their sorting is judged."""
    return judge_survey(case, 60)


def judge_400(case: Case) -> Outcome | None:
    """A survey of 400 partners."""
    return judge_survey(case, 400)


def judge_3000(case: Case) -> Outcome | None:
    """A survey of 3,000 partners."""
    return judge_survey(case, 3_000)


def judge_crowds(case: Case) -> Outcome | None:
    """Surveys of partners without segments, in every way there is here: how often segments are claimed. Asked beside the world `null`."""
    if case.world.name != "null":
        return None
    kinds = [(kind, size) for kind in CROWDS for size in _SIZES[:2]] + [(CROWDS[case.seed % len(CROWDS)], _SIZES[2])]
    made = sum(segmentation(survey_portfolio(crowd(kind, size, case.seed))).kind.startswith(DISCOVERED) for kind, size in kinds)
    return Outcome(claims=Claims(made, made, float("nan"), len(kinds), len(kinds), len(kinds), len(kinds)))


def judge_behaviour(case: Case) -> Outcome | None:
    """Segments by buying where all partners are truly equal: how often they are claimed."""
    if not case.world.equal:
        return None
    found = segmentation(case.portfolio)
    tried = found.choice[found.choice["basis"].isin(["behaviour", "both"])]
    made = int(tried.loc[tried["chosen"], "k"].gt(1).any())
    looked = 1
    return Outcome(claims=Claims(made, made, float("nan"), 0, 0, looked, looked))


def judge_needs(case: Case) -> Outcome | None:
    """Partners that answered, in their true group of needs (adjusted Rand index); None where fewer than 30 did."""
    answers = case.by_partner("know", "segments")
    there = (answers["placed_by"] == "answers").to_numpy()
    given, group = _needs_answered(case), surveys.need_group(case.state)
    asked = np.isfinite(given).sum(axis=1) >= 3
    if asked.sum() < 30:
        return None
    found = np.where(there, _codes(answers["segment"].astype("object").to_numpy()), 0)
    profiles = np.array(surveys.IMPORTANCE)
    limit = likeliest_group(given[asked], profiles, _OF_NEEDS, _NEED_SPREAD, _NEED_STYLE)
    naive = _by_averages(given[asked], len(_OF_NEEDS), case.seed)
    truth = group[asked]
    return Outcome(stakes=Stakes(*(adjusted_rand(truth, one) for one in (found[asked], naive, limit))))


def _needs_answered(case: Case) -> Array:
    """What each partner of the truth last said of the importance of each need, (n, needs), nan where it did not."""
    from prmkit.practices.survey import voices

    heard = voices(case.portfolio)
    said = heard.by_partner(heard.named("need:", ":importance").reindex(columns=list(surveys.NEEDS)))
    made: Array = said.reindex(case.truth.partners["partner_id"]).round().to_numpy(dtype=float)
    return made


def _codes(names: Array) -> Whole:
    made: Whole = np.unique(names.astype(str), return_inverse=True)[1].astype(np.int64)
    return made


def _filled(answers: Array) -> Array:
    made: Array = np.where(np.isfinite(answers), answers, np.nanmean(answers, axis=0))
    return made


def _by_averages(answers: Array, k: int, seed: int) -> Whole:
    """What a spreadsheet add-in does: k-means on the answers as they are, gaps filled with the average; it is told the true number."""
    from sklearn.cluster import KMeans

    made: Whole = KMeans(k, n_init=5, random_state=seed).fit_predict(_filled(answers)).astype(np.int64)
    return made


def _by_silhouette(answers: Array, seed: int) -> int:
    """The number of groups by the best silhouette of such a k-means."""
    from sklearn.metrics import silhouette_score

    x = _filled(answers)
    scores = [silhouette_score(x, _by_averages(answers, k, seed), sample_size=min(len(x), 800), random_state=seed) for k in range(2, 8)]
    return int(np.argmax(scores)) + 2


_KMEANS = "k-means on the answers as they are, told the true number (the silhouette's number for the claim)"
_TOLD = "the likeliest by Bayes' rule, told what each segment wants and how people tick"

DISCOVERED_ANSWERS = (
    *(
        Answer(
            f"know.survey_segments_{partners}",
            "know",
            f"Which of four true segments does each of {partners:,} surveyed partners belong to, and how many segments are there?",
            "partner",
            _KMEANS,
            _TOLD,
            judge,
            least_regret=least,
        )
        for partners, judge, least in ((60, judge_60, 0.0), (400, judge_400, 0.65), (3_000, judge_3000, 0.7))
    ),
    Answer(
        "know.no_survey_segments",
        "know",
        "Are segments claimed among surveyed partners that have none?",
        "survey",
        "k-means, which always finds some",
        "none",
        judge_crowds,
        most_null=0.2,
    ),
    Answer(
        "know.no_buying_segments",
        "know",
        "Are segments by buying claimed where all partners are truly equal?",
        "programme",
        "none",
        "none",
        judge_behaviour,
        most_null=0.2,
    ),
    Answer(
        "know.need_groups",
        "know",
        "Which partners that answered truly need the same?",
        "partner",
        _KMEANS,
        _TOLD,
        judge_needs,
    ),
)
