"""Whether partners fall into segments, how many, and by what: needs, buying behaviour or both, chosen by a written rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.group_count import Count, GroupCount, group_count, over_chance
from prmkit.estimators.mixture import Mixture, fit_mixture
from prmkit.estimators.partition import Gap, outcome_gap
from prmkit.practices.know.segments.segment_blocks import Block, behaviour_block, both_blocks, growth_since, needs_block
from prmkit.practices.survey import voices

Array = NDArray[Any]

ENOUGH = 100
"""Partners from which segments can be discovered."""
FEWEST = 30
"""Answers from which partners are sorted by them at all, into a number of groups that is fixed."""
PART = 0.5
"""Part of the partners that bought in the 12 months (of all, where none did) that has to have answered for needs to lead."""
MOST = 2 / 3
"""The same, where the number of groups is fixed and they are no clearer than chance."""
FIXED = ((60, 3), (FEWEST, 2))
_CLUE = 1.645
_HALF = 6

_WHY = {
    "over_chance": "made-up data without groups look grouped as well",
    "stability": "other draws of the same partners are grouped differently",
    "overlap": "one group does not come back in other draws",
    "smallest": "the smallest group is too small",
    "between": "the groups shade into each other",
    "gap": "the groups did not grow differently afterwards",
}
_COLUMNS = {
    "basis": "str",
    "k": "int64",
    **dict.fromkeys(
        ("bic", "stability", "smallest_share", "outcome_gap", "outcome_low", "outcome_high", "over_chance", "between"), "float64"
    ),
    "partners": "int64",
    "chosen": "bool",
    "why": "str",
}


@dataclass(frozen=True)
class Candidate:
    """One way of sorting partners, judged."""

    block: Block
    judged: GroupCount

    @property
    def real(self) -> bool:
        """Whether there is more than one group."""
        return self.judged.chosen > 1


@dataclass(frozen=True)
class Choice:
    """What came of all candidates. block, found: what leads, None where size x momentum stays. discovered: not a fixed number of groups.

    stability: (k,) overlap of each group with itself in bootstrap refits. table: rows of know_segment_choice. why: in words.
    """

    block: Block | None
    found: Mixture | None
    discovered: bool
    stability: Array
    table: pd.DataFrame
    why: str


def choose(portfolio: Portfolio, rng: np.random.Generator) -> Choice:
    """Needs where enough partners answered and they fall into groups; else behaviour, else both together; else none.

    Behaviour counts only where groups grew differently in the six months after; needs may differ where growth does not.
    """
    since = growth_since(portfolio)
    needs, behaviour = needs_block(portfolio, voices(portfolio)), behaviour_block(portfolio)
    tried: list[Candidate] = []
    heard = _heard(portfolio, needs)
    wide = heard >= PART
    if needs and len(needs) >= ENOUGH:
        tried.append(Candidate(needs, group_count(needs.x, rng, outcome=since[needs.place])))
    if behaviour and len(behaviour) >= ENOUGH:
        tried.append(Candidate(behaviour, group_count(behaviour.x, rng, gap=_later(portfolio, since, rng), gap_decides=True)))
    if needs and behaviour and len(tried) == 2 and not any(one.real for one in tried):
        both = both_blocks(needs, behaviour)
        if len(both) >= ENOUGH:
            tried.append(Candidate(both, group_count(both.x, rng, outcome=since[both.place])))
    real = [one for one in tried if one.real and (wide or one.block.name != "needs")]
    if real:
        return _discovered(real[0], tried)
    if needs and FEWEST <= len(needs) < ENOUGH and wide:
        fixed = _fixed(needs, tried, rng, heard)
        if fixed is not None:
            return fixed
    return Choice(None, None, False, np.empty(0), _table(tried, None), _why_none(needs, behaviour, tried))


def _later(portfolio: Portfolio, since: Array, rng: np.random.Generator) -> Any:
    """How the gap of behaviour is measured: the same number of groups by behaviour half a year ago, and growth since then."""
    before = behaviour_block(portfolio, _HALF) if portfolio.history_months >= 18 else None

    def gap(k: int, found: Mixture) -> Gap:
        if before is None or len(before) < ENOUGH:
            return Gap(float("nan"), float("nan"), float("nan"))
        sample = before.x[rng.permutation(len(before))[:2_000]]
        labels = fit_mixture(sample, k, rng, starts=4).chances(before.x).argmax(axis=1)
        return outcome_gap(labels, k, since[before.place], rng)

    return gap


def _discovered(one: Candidate, tried: list[Candidate]) -> Choice:
    best = one.judged.best
    said = {"needs": "by what partners say they need", "behaviour": "by how they buy", "both": "by needs and buying together"}
    why = f"discovered {said[one.block.name]}: {best.k} groups stand up to every test"
    return Choice(one.block, best.found, True, best.overlap, _table(tried, one), why)


def _heard(portfolio: Portfolio, needs: Block | None) -> float:
    """Part of the partners that bought in the 12 months, of all where none did, whose needs are known."""
    bought = portfolio.per_partner().to_numpy() > 0
    those = bought if bought.any() else np.ones(len(bought), dtype=bool)
    told = np.zeros(len(bought), dtype=bool)
    told[needs.place if needs is not None else []] = True
    return float(told[those].mean()) if those.any() else 0.0


def _fixed(needs: Block, tried: list[Candidate], rng: np.random.Generator, heard: float) -> Choice | None:
    """With few answers: a fixed number of groups, and whether they are clearer than groups in data without any.

    None where they are not, and fewer than MOST of the partners were `heard`: size and momentum then say more of more partners.
    """
    k = next(k for fewest, k in FIXED if len(needs) >= fewest)
    clear = over_chance(needs.x, k, rng)[k - 2] >= _CLUE
    if not clear and heard < MOST:
        return None
    clue = "clearer" if clear else "no clearer"
    found = fit_mixture(needs.x, k, rng, starts=20)
    why = (
        f"{k} groups of what {len(needs)} partners say they need, their number fixed for want of {ENOUGH} answers; "
        f"{clue} than chance alone would make them"
    )
    return Choice(needs, found, False, np.full(k, np.nan), _table(tried, None), why)


def _why_none(needs: Block | None, behaviour: Block | None, tried: list[Candidate]) -> str:
    if tried:
        looked = " or ".join({"needs": "what they need", "behaviour": "how they buy", "both": "both"}[one.block.name] for one in tried)
        return f"partners do not fall into clear groups by {looked}"
    if needs and len(needs) >= FEWEST:
        return f"{len(needs)} answers are too few to tell groups by what partners need, and leave out too many that buy"
    n = max(len(needs or ()), len(behaviour or ()))
    return f"groups cannot be told from {n} partners; {ENOUGH} are needed that answered, or bought for half a year or longer"


def _table(tried: list[Candidate], leading: Candidate | None) -> pd.DataFrame:
    rows = [_row(one, count, one is leading) for one in tried for count in one.judged.counts]
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)


def _row(one: Candidate, count: Count, leads: bool) -> list[Any]:
    best = count.k == one.judged.chosen
    if best:
        why = "the best description of those that nothing speaks against" if count.k > 1 else "no larger number stands up: no groups"
        why += "" if leads or count.k == 1 else "; another way of sorting leads"
    elif count.failing:
        why = "; ".join(_WHY[name] for name in count.failing)
    else:
        why = "one group describes partners worse" if count.k == 1 else "describes partners worse (BIC)"
    gap = count.gap
    numbers = (count.found.bic, count.stability, count.smallest, gap.value, gap.low, gap.high, count.over_chance, count.between)
    return [one.block.name, count.k, *numbers, len(one.block), best and leads, why]
