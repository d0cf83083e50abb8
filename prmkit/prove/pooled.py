"""The scores of one answer in one named world, pooled over the programmes made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from prmkit.prove.proportion import CHANCE, Proportion, proportion
from prmkit.prove.score import Stakes
from prmkit.prove.tally import Errors, Ranges, Tally
from prmkit.simulate.chance import Chance

_RESAMPLES = 2000
# below this share of resamples in which the limit beats the spreadsheet, the regret share has no interval
_MOSTLY = 0.9


@dataclass(frozen=True, slots=True)
class Error:
    """count of estimates, in so many worlds; bias: their mean error, with the ends of its 99% interval; rmse: root of the mean square.

    nan without estimates.
    """

    count: int
    worlds: int
    bias: float
    low: float
    high: float
    rmse: float


@dataclass(frozen=True, slots=True)
class Regret:
    """share = sum(tool - naive) / sum(limit - naive) over worlds; low, high: its 90% interval; most: what it stays below with 99.5%.

    nan where the limit does not win.
    """

    share: float
    low: float
    high: float
    most: float


@dataclass(frozen=True, slots=True)
class Falsehood:
    """Claims that are false: among those made by the tool, and what it stated; among the spreadsheet's; and among all things looked at."""

    made: Proportion
    stated: float
    naive: Proportion
    looked: Proportion
    naive_looked: Proportion


@dataclass(frozen=True, slots=True)
class Score:
    """One answer in one named world.

    worlds: programmes in which the question arises. units: over all of them. tool, naive, limit: errors over the scale, on the
    units that the tool answered. coverage, limit_coverage: of 90% intervals. width_ratio: mean width over the limit's, where both
    gave one. interval_score, limit_score: means; smaller is better. rightly, wrongly, overreached: shares of the units. regret, claims:
    None where the answer has no stakes or makes no claims. seconds: of the practice, a world.
    """

    answer: str
    world: str
    worlds: int
    units: int
    tool: Error
    naive: Error
    limit: Error
    coverage: Proportion
    limit_coverage: Proportion
    width_ratio: float
    interval_score: float
    limit_score: float
    regret: Regret | None
    rightly: float
    wrongly: float
    overreached: float
    claims: Falsehood | None
    seconds: float


def pool(answer: str, world: str, tallies: Sequence[Tally], seconds: Sequence[float] = ()) -> Score:
    """The scores of one answer over worlds; `tallies` in the order of their seeds, `seconds` the run times of the practice."""
    units = sum(one.units for one in tallies)
    tool, limit = [one.ranges for one in tallies], [one.limit_ranges for one in tallies]
    return Score(
        answer=answer,
        world=world,
        worlds=len(tallies),
        units=units,
        tool=error([one.tool for one in tallies]),
        naive=error([one.naive for one in tallies]),
        limit=error([one.limit for one in tallies]),
        coverage=_coverage(tool),
        limit_coverage=_coverage(limit),
        width_ratio=_over(sum(one.both[0] for one in tallies), sum(one.both[1] for one in tallies)),
        interval_score=_over(sum(one.score for one in tool), sum(one.count for one in tool)),
        limit_score=_over(sum(one.score for one in limit), sum(one.count for one in limit)),
        regret=regret([one.stakes for one in tallies if one.stakes]),
        rightly=_over(sum(one.rightly for one in tallies), units),
        wrongly=_over(sum(one.wrongly for one in tallies), units),
        overreached=_over(sum(one.overreached for one in tallies), units),
        claims=falsehood(tallies),
        seconds=float(np.mean(seconds)) if len(seconds) else np.nan,
    )


def error(worlds: Sequence[Errors]) -> Error:
    """Bias and root mean square error over worlds, from their sums.

    bias b = sum(total) / N, N = sum(count): a ratio estimator, with the variance between the w worlds
    w / (w - 1) * sum((total - b count)^2) / N^2 and Student's t with w - 1 degrees of freedom; one world gives no interval (nan).
    """
    seen = [one for one in worlds if one.count]
    count = sum(one.count for one in seen)
    if not count:
        return Error(0, 0, np.nan, np.nan, np.nan, np.nan)
    bias = sum(one.total for one in seen) / count
    rmse = float(np.sqrt(sum(one.squares for one in seen) / count))
    if len(seen) < 2:
        return Error(count, len(seen), bias, np.nan, np.nan, rmse)
    apart = sum((one.total - bias * one.count) ** 2 for one in seen)
    spread = float(np.sqrt(len(seen) / (len(seen) - 1) * apart)) / count
    reach = float(stats.t.ppf(1 - CHANCE / 2, len(seen) - 1)) * spread
    return Error(count, len(seen), bias, bias - reach, bias + reach, rmse)


def regret(stakes: Sequence[Stakes]) -> Regret | None:
    """How much of what could be won over the spreadsheet rule the tool wins; the interval from resampling whole worlds."""
    if not stakes:
        return None
    worth = np.array([(one.tool - one.naive, one.limit - one.naive) for one in stakes])
    if not worth[:, 1].sum() > 0:
        return Regret(np.nan, np.nan, np.nan, np.nan)
    share = float(worth[:, 0].sum() / worth[:, 1].sum())
    drawn = worth[Chance("prove", "regret").integers(0, len(worth), _RESAMPLES, len(worth))].sum(axis=1)
    wins = drawn[:, 1] > 0
    if len(worth) < 2 or wins.mean() < _MOSTLY:
        return Regret(share, np.nan, np.nan, np.nan)
    low, high, most = np.quantile(drawn[wins, 0] / drawn[wins, 1], [0.05, 0.95, 1 - CHANCE / 2])
    return Regret(share, float(low), float(high), float(most))


def falsehood(tallies: Sequence[Tally]) -> Falsehood | None:
    """False claims over worlds; what the tool states is weighed by the claims it made."""
    claims = [one.claims for one in tallies if one.claims]
    if not claims:
        return None
    looking, naive_looking = [one for one in claims if one.looked], [one for one in claims if one.naive_looked]
    stating = [one for one in claims if one.made and np.isfinite(one.stated)]
    return Falsehood(
        made=proportion([one.false for one in claims], [one.made for one in claims]),
        stated=_over(sum(one.stated * one.made for one in stating), sum(one.made for one in stating)),
        naive=proportion([one.naive_false for one in claims], [one.naive_made for one in claims]),
        looked=proportion([one.false for one in looking], [one.looked for one in looking]),
        naive_looked=proportion([one.naive_false for one in naive_looking], [one.naive_looked for one in naive_looking]),
    )


def _coverage(worlds: Sequence[Ranges]) -> Proportion:
    return proportion([one.covered for one in worlds], [one.count for one in worlds])


def _over(total: float, count: float) -> float:
    return total / count if count else float("nan")
