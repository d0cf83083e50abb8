"""Too many, about right, room for more, or not to be told: by what being wrong would cost."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Verdict = Literal["too_many", "about_right", "room_for_more", "cannot_tell"]

WRONG, WRONG_TO_END = 0.2, 0.1
CLOSE = 0.1


def verdicts(margin: Array, cost: float | None) -> list[Verdict]:
    """One word for each territory from draws (d, territories) of the next partner's margin a year, and a partner's cost a year.

    Let gain be margin less cost. Saying "room for more" loses the mean of its negative part, saying "too many" that of its positive part.
    Neither part worth a tenth of the cost: about right, whichever way it is. Else a word is said where its wrong part is at most a fifth of
    both for room, a tenth for too many, since ending partners is dearer to undo. Else it cannot be told, as without margin or cost.
    """
    if cost is None:
        return ["cannot_tell"] * margin.shape[1]
    gain = margin - cost
    more, less = np.maximum(gain, 0.0).mean(axis=0), np.maximum(-gain, 0.0).mean(axis=0)
    return [_word(float(up), float(down), cost) for up, down in zip(more, less, strict=True)]


def _word(more: float, less: float, cost: float) -> Verdict:
    if not np.isfinite(more + less):
        return "cannot_tell"
    if max(more, less) <= CLOSE * cost:
        return "about_right"
    if less <= WRONG * (more + less):
        return "room_for_more"
    return "too_many" if more <= WRONG_TO_END * (more + less) else "cannot_tell"
