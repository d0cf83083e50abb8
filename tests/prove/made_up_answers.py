"""Answers for the tests of runs: a little that is said of a made-up programme, and what is true of it; importable by other processes."""

from __future__ import annotations

import numpy as np

from prmkit.prove.case import Case
from prmkit.prove.score import Answer, Claims, Estimates, Outcome, Stakes


def active(case: Case) -> Outcome | None:
    """Revenue of each partner, said with a third more or less, from what the practice tables and the portfolio hold."""
    assert case.results["know"].practice == "know"
    truth = case.known("expected_revenue")
    bought = case.portfolio.per_partner().to_numpy(dtype=float)
    tool = np.where(case.selling(), bought, np.nan)
    told = Estimates.of(
        truth, tool, tool * 2 / 3, tool * 4 / 3, naive=bought, limit=truth, limit_low=truth, limit_high=truth + 1, scale=1000.0
    )
    claimed = int((bought > 0).sum())
    return Outcome(told, Stakes(float(np.nansum(tool)), 0.0, float(truth.sum())), Claims(claimed, claimed // 2, 0.5, 0, 0))


def fails_in_the_second(case: Case) -> Outcome | None:
    """An answer whose judging goes wrong in one world, and that does not arise in another."""
    if case.seed == 2:
        raise ZeroDivisionError("nothing to divide by")
    return None if case.seed == 3 else Outcome(stakes=Stakes(1.0, 0.0, 2.0))


def warns(case: Case) -> Outcome | None:
    """An answer that warns: as good as wrong."""
    return Outcome(Estimates.single(0.0, np.log(np.zeros(1))[0]))


ACTIVE = Answer("know.active", "know", "What does a partner | sell?", "partner", "the books", "told the *truth*", active)
BREAKS = Answer("know.breaks", "know", "Does it break?", "whole", "none", "none", fails_in_the_second)
WARNS = Answer("know.warns", "know", "Does it warn?", "whole", "none", "none", warns)
