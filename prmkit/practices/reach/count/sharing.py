"""How far recruits share the market with the partners present: the client's own number, what was measured, or what is usual."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.capacity import Recruits
from prmkit.estimators.channel import Channel
from prmkit.estimators.predictive import Window
from prmkit.estimators.recruitment import Pace, sharing
from prmkit.estimators.saturation import PRIOR_MEAN, PRIOR_SPREAD, Elasticity
from prmkit.practices.reach.crowding.growing import elasticity
from prmkit.practices.reach.territories import active

Array = NDArray[np.float64]

_LEAST = 0.3
_CONTRADICTS = 3.0
_SURER = 0.5


@dataclass(frozen=True, slots=True)
class Shared:
    """Elasticity of revenue to partners as the plan uses it, as draws (D,), and where it comes from: told, measured, usual or unknown."""

    draws: Array
    basis: str

    @property
    def said(self) -> str:
        """Where it comes from, in a sentence."""
        low, high = np.quantile(self.draws, [0.05, 0.95])
        ends = f"{self.draws.mean():.2f} ({low:.2f} to {high:.2f})"
        if self.basis == "told":
            return f"How far partners share a market is the engagement's own: one per cent more partners bring {ends} per cent more."
        if self.basis == "unknown":
            return "Recruits are taken to find buyers of their own: without territories nothing says who shares a market with whom."
        if self.basis == "measured":
            return (
                f"Recruits share the market with today's partners: one per cent more partners bring {ends} per cent more, as measured here."
            )
        return (
            f"How far recruits take sales from the partners present could not be measured here: it is taken as usual, one per cent more "
            f"partners bringing {ends} per cent more."
        )


def shared(portfolio: Portfolio, draws: int) -> Shared:
    """The client's own number, else what territories tell where it is surer than the usual 0.85 give or take 0.1, else that; never above 1.

    1 where no partner's territory is known: nothing then says who shares a market with whom.
    """
    told = portfolio.settings.reach.get("elasticity")
    if isinstance(told, int | float):
        return Shared(np.full(draws, float(told)), "told")
    if portfolio.whole.partners["territory"].isna().all():
        return Shared(np.ones(draws), "unknown")
    mean, error, weight = PRIOR_MEAN, PRIOR_SPREAD, 0.0
    found = portfolio.fitted(elasticity)
    if not isinstance(found, str):
        mean, error, weight = _drawn(found)
    z = np.random.default_rng([portfolio.settings.seed, 8]).standard_normal(draws)
    return Shared(np.clip(mean + error * z, _LEAST, 1.0), "measured" if weight >= _SURER else "usual")


def _drawn(found: Elasticity) -> tuple[float, float, float]:
    """Mean, error and weight of the data: drawn to the usual by precision where they are the surer of the two, else the usual alone.

    Elasticities measured on few noisy territories run low, and a fifth more or less of it moves the count by half. What contradicts the
    usual beyond three errors stands by itself.
    """
    told = np.isfinite(found.data) and np.isfinite(found.data_error)
    mean, error = (found.data, found.data_error) if told else (found.estimate, found.error)
    if abs(mean - PRIOR_MEAN) > _CONTRADICTS * float(np.hypot(error, PRIOR_SPREAD)):
        return found.estimate, found.error, 1.0
    data, usual = 1 / max(error, 1e-9) ** 2, 1 / PRIOR_SPREAD**2
    weight = data / (data + usual)
    if weight < _SURER:
        return PRIOR_MEAN, PRIOR_SPREAD, 0.0
    return weight * mean + (1 - weight) * PRIOR_MEAN, float(1 / np.sqrt(data + usual)), weight


def share_market(
    portfolio: Portfolio, recruits: Recruits, channel: Channel, window: Window, takes: Array, pace: Pace | None = None
) -> Recruits:
    """Recruits that share the market with the partners of this portfolio, who sell `takes` (D,) in the window without them."""
    found, when = shared(portfolio, len(recruits.mean)), sharing(channel, window, takes, pace)
    if not (found.draws < 1).any():
        return replace(recruits, sharing=when)
    crowding = (max(float(active(portfolio).sum()), 1.0), float(channel.activated.mean()), found.draws)
    return replace(recruits, crowding=crowding, sharing=when)
