"""What a dated action added: sales seen against the sales that the same cases would have made without it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.stats import norm

from prmkit.estimators.bootstrap import LEVEL, bayesian_weights, interval, left_out_weights, stretch
from prmkit.estimators.imputation import UntreatedEffects, untreated_effects
from prmkit.estimators.treated_cells import Array, Mask, Panel, Ratio, action_panel, excess, predicted, seen_over_expected

TREATED_FLOOR = 15
PRE_FLOOR = 6
EARLY = 3
AFTER = 3
RELIABLE = 2.5
_OPEN = 0.5


@dataclass(frozen=True, slots=True)
class DatedEffect:
    """The effect of a dated action on the cases that took it, or the reason why it cannot be told.

    effect: average proportional change over the cells in which the action was on.
    baseline: (cases,) untreated expectation summed over the cells that are on and inside `window`;
      baseline_draws: (cases, draws). Zero for cases without such a cell.
    over: whether fifteen cases or more are seen for the three months after the action ended.
    given_back: part of the gain lost in those months, 0 to 1; None where it is not over or the gain itself is not clear.
    placebo, pretrend_p: "effect" in the three months before the action and how easily chance alone makes one as large.
    donut: months before the action left out, because sales were already moving.
    smallest_seen: the smallest true effect that so much data would show reliably (2.5 standard errors).
    treated: cases the effect rests on; compared: cases that lent an untreated month to compare with.
    """

    identifiable: bool
    reason: str
    effect: Ratio | None = None
    placebo: Ratio | None = None
    pretrend_p: float | None = None
    over: bool = False
    given_back: Ratio | None = None
    baseline: Array = field(default_factory=lambda: np.empty(0), repr=False)
    baseline_draws: Array = field(default_factory=lambda: np.empty((0, 0)), repr=False)
    donut: int = 0
    smallest_seen: float | None = None
    treated: int = 0
    compared: int = 0


def imputation_did(
    outcome: Array, on: Mask, seen: Mask | None = None, window: Mask | None = None, *, seed: int, draws: int = 400
) -> DatedEffect:
    """Estimate what a dated action changed, on the cases that took it, by Poisson imputation.

    Case and month effects are fitted on untreated cells alone (never treated, or not yet), which
    predicts what treated cells would have sold; the effect is all that was seen over all that was
    predicted, less one. Intervals come from a Bayesian bootstrap over cases. A placebo moves the date
    three months early: where it fires, the three months before the action are left out, the placebo
    is tried again earlier, and the answer is refused if it fires again. The effect's draws are spread
    out where leaving out single cases shows that a few of them carry the answer.

    Parameters
    ----------
    outcome: (cases, months), oldest month first.
    on: (cases, months), True while the action is on; months after its end count as neither treated nor untreated.
    seen: (cases, months), False where the case was not there yet; default all True.
    window: (months,), which months `baseline` is summed over; default all.

    Refused (identifiable False, with the reason) with fewer than 15 treated cases that have six months
    before and sold in them, without untreated cases to compare with in at least half of the treated
    months, when the fit does not converge, and when the placebo cannot be passed.

    Borusyak, Jaravel and Spiess, Review of Economic Studies 2024;91:3253-3285; Wooldridge,
    Econometrics Journal 2023;26:C31-C66.
    """
    panel = action_panel(outcome, on, seen)
    plain = panel.untreated(0)
    fit = untreated_effects(panel.outcome, plain)
    use, reason = _usable(panel, plain, fit)
    treated = int(use.any(axis=1).sum())
    if reason:
        return DatedEffect(False, reason, treated=treated)
    weights = bayesian_weights(len(outcome), draws, seed)
    placebo, donut, reason = _placebos(panel, weights)
    if reason:
        return DatedEffect(False, reason, placebo=placebo, pretrend_p=_chance(placebo), treated=treated)
    untreated = panel.untreated(donut)
    drawn = untreated_effects(panel.outcome, untreated, weights, fit.month[0])
    point = untreated_effects(panel.outcome, untreated, None, fit.month[0])
    if not (point.converged and drawn.converged):
        return DatedEffect(False, "The comparison months do not hang together well enough to predict from.", treated=treated)
    effect = _widened(seen_over_expected(panel.outcome, use, point, drawn, weights), panel.outcome, use, untreated, point)
    inside = use if window is None else use & window
    after, ended = _afterwards(panel, use, point)
    over = int(ended.sum()) >= TREATED_FLOOR
    return DatedEffect(
        True,
        "",
        effect=effect,
        placebo=placebo,
        pretrend_p=_chance(placebo),
        over=over,
        given_back=_given_back(panel.outcome, use & ended[:, None], after & ended[:, None], point, drawn, weights) if over else None,
        baseline=predicted(inside, point)[:, 0],
        baseline_draws=predicted(inside, drawn),
        donut=donut,
        smallest_seen=float(np.expm1(RELIABLE * effect.error)),
        treated=treated,
        compared=int(untreated[:, use.any(axis=0)].any(axis=1).sum()),
    )


def _usable(panel: Panel, untreated: Mask, fit: UntreatedEffects) -> tuple[Mask, str]:
    """Cells the effect can rest on, and why not where there are too few."""
    ready = (untreated.sum(axis=1) >= PRE_FLOOR) & (fit.case[:, 0] > 0)
    known = np.isfinite(fit.month[0]) & (untreated.sum(axis=0) >= TREATED_FLOOR)
    mine = panel.on & ready[:, None]
    use = mine & known
    took, fit_for = int(panel.on.any(axis=1).sum()), int(mine.any(axis=1).sum())
    if took < TREATED_FLOOR:
        return use, f"Only {took} took part; {TREATED_FLOOR} are the least to tell an effect from chance."
    if fit_for < TREATED_FLOOR:
        return (
            use,
            f"Only {fit_for} of the {took} that took part had sales in {PRE_FLOOR} months or more before it; {TREATED_FLOOR} are needed.",
        )
    if use.sum() < _OPEN * mine.sum():
        return use, "It was on for nearly everyone at the same time: there is nobody left to compare with."
    if not fit.converged:
        return use, "The comparison months do not hang together well enough to predict from."
    return use, ""


def _placebos(panel: Panel, weights: Array) -> tuple[Ratio | None, int, str]:
    """The placebo that passed and the donut it passed with, or the reason for refusing."""
    placebo = None
    for donut in (0, EARLY):
        span = panel.span(-donut - EARLY, -donut) if donut else panel.span(-EARLY, 0)
        untreated = panel.untreated(donut + EARLY)
        drawn = untreated_effects(panel.outcome, untreated, weights)
        point = untreated_effects(panel.outcome, untreated, None)
        cells = span & (untreated.sum(axis=1) >= EARLY)[:, None] & (point.case[:, :1] > 0) & np.isfinite(point.month[0])
        if cells.any(axis=1).sum() < TREATED_FLOOR or not drawn.converged:
            return placebo, donut, "There is too little before it to check that sales were not already moving."
        placebo = seen_over_expected(panel.outcome, cells, point, drawn, weights)
        p = _chance(placebo)
        if p is not None and p >= 1 - LEVEL:
            return placebo, donut, ""
    return placebo, EARLY, "Sales were already moving before it began, three and six months ahead: cause and choice cannot be told apart."


def _widened(effect: Ratio, outcome: Array, use: Mask, untreated: Mask, point: UntreatedEffects) -> Ratio:
    """The effect with its draws spread out as far as leaving out cases asks for."""
    weights = left_out_weights(len(outcome))
    left_out = seen_over_expected(outcome, use, point, untreated_effects(outcome, untreated, weights, point.month[0]), weights)
    if effect.value <= -1 or (effect.draws <= -1).any() or (left_out.draws <= -1).any():
        return effect
    centre, logs = np.log1p(effect.value), np.log1p(effect.draws)
    draws = np.expm1(centre + stretch(logs, np.log1p(left_out.draws)) * (logs - centre))
    return Ratio(effect.value, *interval(draws), draws)


def _chance(placebo: Ratio | None) -> float | None:
    """Two-sided p of a placebo, on the log scale."""
    if placebo is None or not np.isfinite(placebo.error) or placebo.error == 0 or placebo.value <= -1:
        return None
    return float(2 * norm.sf(abs(np.log1p(placebo.value)) / placebo.error))


def _afterwards(panel: Panel, use: Mask, point: UntreatedEffects) -> tuple[Mask, Mask]:
    """Cells of the three months after the action, and the cases seen for all three."""
    months = panel.outcome.shape[1]
    last = np.where(panel.on.any(axis=1), months - 1 - panel.on[:, ::-1].argmax(axis=1), months)
    ahead = np.arange(months) - last[:, None]
    after = panel.seen & (ahead >= 1) & (ahead <= AFTER) & np.isfinite(point.month[0])
    return after, (after.sum(axis=1) == AFTER) & use.any(axis=1)


def _given_back(
    outcome: Array, during: Mask, after: Mask, point: UntreatedEffects, drawn: UntreatedEffects, weights: Array
) -> Ratio | None:
    """Loss in the three months after the end, as part of the gain before it; None where the gain is not clear."""
    gain, gains = excess(outcome, during, point, drawn, weights)
    loss, losses = excess(outcome, after, point, drawn, weights)
    if gain <= 0 or (gains <= 0).mean() > (1 - LEVEL) / 2:
        return None
    draws = np.clip(-losses / np.where(gains > 0, gains, np.inf), 0.0, 1.0)
    return Ratio(float(np.clip(-loss / gain, 0.0, 1.0)), *interval(draws), draws)
