"""The segment a partner is placed in, against the one it truly belongs to."""

from __future__ import annotations

import numpy as np

from prmkit.practices.know.segments import segment_rules as rules
from prmkit.prove.case import Case
from prmkit.prove.limit.segments import segment_chances
from prmkit.prove.score import Answer, Estimates, Outcome, Stakes
from prmkit.simulate.revenue import expected_revenue
from prmkit.simulate.state import Mask, State, Whole


def segment_of(case: Case) -> Outcome | None:
    """Partners placed in their true segment: by what they were expected to sell in each of the two years, luck taken out."""
    rows = case.by_partner("know", "segments")
    full = set(rows["momentum"].dropna()) & {segment.name for segment in rules.FULL[1:5]}
    if not full:
        return None
    position, judged = true_segments(case.state)
    truth = np.array([segment.name for segment in rules.FULL], dtype=object)[position]
    tool, naive = (rows[name].to_numpy(dtype=object) == truth for name in ("momentum", "by_rule"))
    limit = segment_chances(case.state).argmax(axis=1) == position
    told = Estimates.single(float(tool[judged].mean()), float(rows["momentum_membership"][judged].mean()))
    return Outcome(told, Stakes(*(float(right[judged].mean()) for right in (tool, naive, limit))))


def true_segments(state: State) -> tuple[Whole, Mask]:
    """The segment of each partner by expected revenue, as its place in FULL, and of which there is anything to say (they have sold)."""
    months, expected = state.months, expected_revenue(state)
    now, then = (expected[:, max(start, 0) : max(end, 0)].sum(axis=1) for start, end in ((months - 12, months), (months - 24, months - 12)))
    sold = state.orders.counts[:, :months] > 0
    ever: Mask = np.asarray(sold.any(axis=1))
    first = np.where(ever, months - 1.0 - sold.argmax(axis=1), np.nan)[:, None]
    ratio = rules.growth(now, then, first[:, 0])[:, None]
    return rules.classify(now[:, None], ratio, first, rules.half_line(now[:, None]))[:, 0], ever


SEGMENTS_ANSWERS = (
    Answer(
        "know.segment",
        "know",
        "Which segment does a partner truly belong to, and how sure is that?",
        "partner",
        "the rule applied to the books as they stand",
        "the likeliest by its own draws of rate, size and life, told the world's",
        segment_of,
    ),
)
