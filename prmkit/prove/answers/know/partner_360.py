"""Whether a partner returns what it receives, as called, against what is true."""

from __future__ import annotations

import numpy as np

from prmkit.prove.case import Case
from prmkit.prove.score import Answer, Array, Claims, Outcome

EVEN = 0.01


def performing(case: Case) -> Outcome | None:
    """Whether a partner returns what is put into it: calls that are wrong, against the books read as they stand.

    Where it truly returns just that, give or take a hundredth, either call is wrong. Stated is what the calls themselves say: one less
    the chance of each.
    """
    rows = case.by_partner("know", "partner_360")
    invested = _invested(case)
    known = rows["invested"].notna().to_numpy() & case.selling() & (invested > 0)
    margin = case.known("expected_margin")
    good, bad = margin > invested * (1 + EVEN), margin < invested * (1 - EVEN)
    called = rows["performing"].to_numpy(dtype=object)
    made = (called != "cannot_tell") & known
    wrong = made & np.where(called == "yes", ~good, ~bad)
    books = rows["output"].to_numpy(dtype=float) > rows["invested"].to_numpy(dtype=float)
    misread = known & np.where(books, ~good, ~bad)
    count = int(known.sum())
    chance = rows["probability"].to_numpy(dtype=float)
    doubt = np.where(called == "yes", 1 - chance, chance)
    stated = float(doubt[made].mean()) if made.any() else np.nan
    return Outcome(claims=Claims(int(made.sum()), int(wrong.sum()), stated, count, int(misread.sum()), looked=count, naive_looked=count))


def _invested(case: Case) -> Array:
    made: Array = case.known("incentives") + case.known("cost_to_serve")
    return made


PARTNER_360_ANSWERS = (
    Answer(
        "know.performing",
        "know",
        "Does a partner return what is put into it?",
        "partner",
        "margin above money spent, in the books",
        "not worked out",
        performing,
    ),
)
