"""What is said of what partners bring and of whom to part with, against what they truly bring."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from prmkit.practices.prune.gates import gates
from prmkit.prove.case import Case
from prmkit.prove.limit.contribution import expected_margin
from prmkit.prove.score import Answer, Array, Claims, Estimates, Mask, Outcome, Stakes

SURE = 0.9
ROUNDING = 1.0
"""Currency a year by which books in cents, kept month by month, may differ from what is true."""
_DRAWS = 400


def fair_contribution(case: Case) -> Outcome | None:
    """Expected contribution of the last 12 months of every partner that ever bought."""
    given = _bought(case)
    if not given.any():
        return None
    truth = case.known("fair_contribution")[given]
    rows = case.by_partner("prune", "scorecard")[given]
    drawn = _drawn(case)[given]
    low, high = np.quantile(drawn, [0.05, 0.95], axis=1)
    mean = drawn.mean(axis=1)
    return Outcome(
        Estimates.of(
            truth,
            rows["fair_contribution"].to_numpy(dtype=float),
            rows["fair_low"].to_numpy(dtype=float),
            rows["fair_high"].to_numpy(dtype=float),
            naive=rows["contribution"].to_numpy(dtype=float),
            limit=mean,
            # a skewed expectation can lie outside the middle nine tenths of its draws
            limit_low=np.minimum(low, mean) - ROUNDING,
            limit_high=np.maximum(high, mean) + ROUNDING,
            scale=max(float(case.known("expected_margin")[given].mean()), ROUNDING),
        )
    )


def below_hurdle(case: Case) -> Outcome | None:
    """Chance that a partner truly lies below the hurdle, and the list of those of which that is nearly sure."""
    rows = case.by_partner("prune", "scorecard")
    chance = rows["p_below_hurdle"].to_numpy(dtype=float)
    given = _bought(case) & np.isfinite(chance)
    if not given.any():
        return None
    hurdle = _hurdle(case) - ROUNDING
    truth, chance = (case.known("fair_contribution") < hurdle)[given], chance[given]
    naive = (rows["contribution"].to_numpy(dtype=float) < hurdle)[given]
    told = (_drawn(case) < hurdle[:, None]).mean(axis=1)[given]
    stakes = Stakes(*(-float(np.mean((said - truth) ** 2)) for said in (chance, naive.astype(float), told)))
    return Outcome(stakes=_at_stake(case, stakes), claims=_listed(chance > SURE, naive, truth, 1 - chance))


def let_go(case: Case) -> Outcome | None:
    """What it is worth a year to part with those marked for it: what they cost more than they bring. Of partners free to be let go."""
    rows = case.by_partner("prune", "decisions")
    decision = rows["decision"].fillna("not_judged").to_numpy(dtype=object)
    # a gate stands in the way of the spreadsheet and of the limit as much as in ours
    given = _bought(case) & np.isin(decision, ("grow", "keep", "fix", "exit")) & ~_gated(case)
    if not given.any():
        return None
    brings, hurdle = case.known("fair_contribution"), _hurdle(case)
    books = case.by_partner("prune", "scorecard")["contribution"].to_numpy(dtype=float) < hurdle - ROUNDING
    told = _drawn(case).mean(axis=1) < hurdle - ROUNDING
    gone = [chosen & given for chosen in (decision == "exit", books, told)]
    stakes = Stakes(*(-float((brings - hurdle)[chosen].sum()) for chosen in gone))
    chance = rows["p_below_hurdle"].to_numpy(dtype=float)
    claims = _listed(gone[0][given], gone[1][given], (brings < hurdle - ROUNDING)[given], 1 - chance[given])
    return Outcome(stakes=_at_stake(case, stakes), claims=claims)


def _at_stake(case: Case, stakes: Stakes) -> Stakes | None:
    """None where all partners just break even, so that nothing is won or lost by any decision."""
    return stakes if case.world.cost > 0 else None


def _listed(chosen: Mask, naive: Mask, truth: Mask, doubt: Array) -> Claims:
    return Claims(
        made=int(chosen.sum()),
        false=int((chosen & ~truth).sum()),
        stated=float(doubt[chosen].mean()) if chosen.any() else np.nan,
        naive_made=int(naive.sum()),
        naive_false=int((naive & ~truth).sum()),
        looked=len(chosen),
        naive_looked=len(naive),
    )


@lru_cache(maxsize=2)
def _drawn(case: Case) -> Array:
    """The limit's draws (n, draws) of the expected contribution, what was booked taken off."""
    booked = case.known("incentives") + case.known("cost_to_serve")
    return expected_margin(case.state, _DRAWS) - booked[:, None]


def _bought(case: Case) -> Mask:
    """Partners with an order on record (n,): of the others there is nothing to be said."""
    made: Mask = case.state.orders.counts[:, : case.state.months].sum(axis=1) > 0
    return made


def _hurdle(case: Case) -> Array:
    """What a partner has to bring (n,), for the months of the 12 that it was there."""
    there = case.by_partner("prune", "scorecard")["months_there"].fillna(12).to_numpy(dtype=float)
    made: Array = case.portfolio.settings.prune.hurdle * there / 12
    return made


def _gated(case: Case) -> Mask:
    """Partners whose exit has to wait (n,)."""
    barred = gates(case.portfolio).set_index("partner_id")["barred"]
    made: Mask = barred.reindex(case.truth.partners["partner_id"]).fillna(False).to_numpy(dtype=bool)
    return made


ANSWERS_OF_PRUNE = (
    Answer(
        "prune.fair_contribution",
        "prune",
        "What does a partner bring, once luck is taken out?",
        "partner",
        "the contribution in the books",
        "posterior of its rate, size and life, told the world's; margin rate and what was booked known",
        fair_contribution,
    ),
    Answer(
        "prune.p_below_hurdle",
        "prune",
        "Which partners truly bring less than they should?",
        "partner",
        "a contribution below the hurdle in the books",
        "share of its draws below the hurdle",
        below_hurdle,
        most_null=0.01,
        least_regret=0.5,
    ),
    Answer(
        "prune.exit",
        "prune",
        "What is it worth to part with those marked for it?",
        "whole",
        "everyone below the hurdle in the books",
        "everyone whose expected contribution lies below the hurdle",
        let_go,
        most_null=0.01,
    ),
)
