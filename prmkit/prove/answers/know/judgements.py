"""Whether a partner said to grow truly fell by a quarter, against what it was expected to sell."""

from __future__ import annotations

import numpy as np

from prmkit.practices.know.segments.sure_change import MONTHS, STEP, sure_change
from prmkit.practices.know.voices.judgements import CLEARLY
from prmkit.prove.case import Case
from prmkit.prove.score import Answer, Claims, Outcome
from prmkit.simulate.revenue import expected_revenue


def clear_falls(case: Case) -> Outcome | None:
    """Partners told to have clearly fallen by a quarter that truly did not: by what they were expected to sell in each of the two years.

    Partners leave in every world, in the one where no act has an effect too: a claim may be true there, so `looked` is not counted.
    """
    ids = case.truth.partners["partner_id"]
    rows = sure_change(case.portfolio).reindex(ids)
    compared = rows["fell"].notna().to_numpy()
    if case.state.months < MONTHS or not compared.any():
        return None
    expected, months = expected_revenue(case.state), case.state.months
    now, before = (expected[:, end - 12 : end].sum(axis=1) for end in (months, months - 12))
    fell = now <= (1 - STEP) * before
    tool = compared & (rows["fell"] >= CLEARLY).to_numpy()
    naive = compared & (rows["now"] <= (1 - STEP) * rows["before"]).to_numpy()
    stated = float((1 - rows["fell"].to_numpy()[tool]).mean()) if tool.any() else np.nan
    claims = Claims(
        made=int(tool.sum()),
        false=int((tool & ~fell).sum()),
        stated=stated,
        naive_made=int(naive.sum()),
        naive_false=int((naive & ~fell).sum()),
    )
    return Outcome(claims=claims)


JUDGEMENTS_ANSWERS = (
    Answer(
        "know.clear_falls",
        "know",
        "Which partners truly buy a quarter less than a year ago, whatever their manager expects?",
        "partner",
        "a quarter less in the books",
        "not worked out",
        clear_falls,
    ),
)
