"""What the first year of something new brings: heavy-tailed sums, learnt from few cases of each kind and from all kinds together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prmkit.estimators.bootstrap import bayesian_weights

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

ENOUGH = 10
_PULL = 1.0


@dataclass(frozen=True)
class FirstYear:
    """Expected first-year sums, as draws: usual (d, k) log of the sum of each kind at the centre of the inputs, slopes (d, p), lift (d,).

    Row 0 is the fit itself, the rest its Bayesian bootstrap over groups. lift turns the usual sum into the mean one: it makes the
    cases' sums add up. centre (p,) of the inputs. between, within: standard deviations of the log between kinds and between cases.
    cases: (k,) how many cases each kind has.
    """

    usual: Array
    slopes: Array
    lift: Array
    centre: Array
    between: float
    within: float
    cases: Codes

    def expected(self, inputs: Array, kind: Codes, chosen: Codes | slice = slice(None)) -> Array:
        """Expected sums (m, draws) of cases with inputs (m, p) of kinds (m,), for the `chosen` draws."""
        log = self.usual[chosen][:, kind] + self.slopes[chosen] @ (inputs - self.centre).T
        made: Array = np.exp(log.T) * self.lift[chosen]
        return made


def fit_first_year(
    total: Array, inputs: Array, kind: Codes, kinds: int, group: Codes, *, draws: int = 200, seed: int = 1
) -> FirstYear | None:
    """Learn first-year sums from cases.

    total: (m,) sums, above zero. inputs: (m, p), such as the log of the buyer's size. kind: (m,) codes 0 ... kinds - 1, such as product
    families. group: (m,) codes of whom cases belong to. The log of a sum is its kind's usual log plus slopes times inputs plus noise;
    usual logs of kinds are normal around their mean, so that kinds with few cases are drawn to it (Efron and Morris 1975), slopes are
    drawn mildly to zero. The exponential of a mean log is less than the mean: `lift` is the ratio of the sum seen to the sum of
    exponentials (Duan's smearing 1983, weighted by size). None with fewer than ten cases.
    """
    if len(total) < ENOUGH:
        return None
    y = np.log(total)
    centre = inputs.mean(axis=0)
    x = inputs - centre
    codes = np.unique(group, return_inverse=True)[1]
    weight = np.vstack([np.ones(len(y)), bayesian_weights(int(codes.max()) + 1, draws, seed)[:, codes]])
    member = np.zeros((len(y), kinds))
    member[np.arange(len(y)), kind] = 1.0
    cases = member.sum(axis=0).astype(np.int64)
    slopes, within = _slopes(y, x, member, weight)
    usual, between = _usual(y - slopes @ x.T, member, weight, within, np.random.default_rng([seed, 1]))
    fitted = np.exp(np.take_along_axis(usual, np.broadcast_to(kind, (len(weight), len(kind))), axis=1) + slopes @ x.T)
    lift = (weight @ total) / (weight * fitted).sum(axis=1)
    return FirstYear(usual, slopes, lift, centre, between, within, cases)


def _slopes(y: Array, x: Array, member: Array, weight: Array) -> tuple[Array, float]:
    """Slopes within kinds (draws, p), and the standard deviation of the log within them."""
    held = np.maximum(weight @ member, 1e-12)
    of = member.argmax(axis=1)

    def within(values: Array) -> Array:
        """`values` (m,) less the weighted mean of its kind, (draws, m)."""
        return values - np.take_along_axis((weight * values) @ member / held, np.broadcast_to(of, weight.shape), axis=1)

    own, inputs = within(y), np.stack([within(x[:, column]) for column in range(x.shape[1])], axis=2)
    cross = np.einsum("dm,dmp,dmq->dpq", weight, inputs, inputs, optimize=True) + _PULL * np.eye(x.shape[1])
    slopes: Array = np.linalg.solve(cross, np.einsum("dm,dmp,dm->dp", weight, inputs, own, optimize=True)[..., None])[..., 0]
    left = own[0] - inputs[0] @ slopes[0]
    freedom = max(len(y) - int((member.sum(axis=0) > 0).sum()) - x.shape[1], 1)
    return slopes, float(np.sqrt(np.sum(left**2) / freedom))


def _usual(y: Array, member: Array, weight: Array, within: float, rng: np.random.Generator) -> tuple[Array, float]:
    """Usual logs of the kinds (draws, k), drawn to their mean, and how much kinds differ (DerSimonian and Laird 1986); y: (draws, m)."""
    n = weight @ member
    mean = (weight * y) @ member / np.maximum(n, 1e-12)
    seen = n[0] > 0
    precision = n[0, seen] / max(within**2, 1e-12)
    middle = np.sum(precision * mean[0, seen]) / precision.sum()
    excess = float(np.sum(precision * (mean[0, seen] - middle) ** 2)) - (seen.sum() - 1)
    scale = float(precision.sum() - np.sum(precision**2) / precision.sum())
    between = float(np.sqrt(max(excess / scale, 0.0))) if scale > 0 else 0.0
    spread = between**2 + within**2 / np.maximum(n[:, seen], 1e-12)
    centre = np.sum(mean[:, seen] / spread, axis=1) / np.sum(1 / spread, axis=1)
    kept = between**2 / (between**2 + within**2 / np.maximum(n, 1e-12)) if between > 0 else np.zeros(n.shape)
    kept = np.where(n > 0, kept, 0.0)
    usual: Array = centre[:, None] + kept * (np.where(n > 0, mean, 0.0) - centre[:, None])
    # the weights carry the luck in a kind's own cases; where between the kinds it lies is left open by as much as was not kept
    scores = rng.standard_normal(usual.shape)
    scores[0] = 0.0
    return usual + scores * between * (1 - kept[0]), between
