"""The client's channel, estimated once on all its partners and seen by every portfolio."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.estimators.channel import Assumed, Channel, assume, fit_channel, too_thin
from prmkit.estimators.local import Local, learn_local
from prmkit.estimators.predictive import Outlook, outlook
from prmkit.estimators.rolling import Panel, Trial, roll, taught
from prmkit.practices.reach.count.goal import target
from prmkit.practices.reach.forecast.history import Activated, History, activated, history
from prmkit.practices.reach.territories import NONE, home

LATER_MONTHS = 3
_DRAWS_EACH = 10


@dataclass(frozen=True)
class ReachFit:
    """What the whole client's history says; channel is None where `reason` says what it lacks.

    estimated: the channel before the engagement's own numbers took the place of estimates; told: those
    numbers in words. trials: the forecast made again at earlier dates, which taught how far it strays.
    local: how far one territory strays from the whole.
    """

    partner_id: pd.Index
    channel: Channel | None
    estimated: Channel | None
    activated: Activated
    told: tuple[str, ...]
    reason: str
    trials: tuple[Trial, ...] = ()
    local: Local | None = None

    def rows(self, portfolio: Portfolio) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Where the partners of a portfolio are."""
        found = self.partner_id.get_indexer(pd.Index(portfolio.partners["partner_id"]))
        return found[found >= 0].astype(np.int64)


@reads("reach")
def fit_reach(whole: Portfolio) -> ReachFit:
    """Estimate the channel on the whole client. Use it through `portfolio.fitted(fit_reach)`."""
    past, share = history(whole), activated(whole)
    reason = too_thin(past.revenue) if past.revenue.shape[1] else "there are no partner sales"
    if reason:
        return ReachFit(past.partner_id, None, None, share, (), reason)
    signed, seed = _signed(past), whole.settings.seed
    channel = fit_channel(past.revenue, signed, share.activation, gone=past.gone, seed=seed)
    trials = tuple(roll(Panel(past.revenue, signed, past.ended), seed))
    channel = replace(channel, growth=taught(channel.growth, trials, past.revenue.shape[1]))
    assumed, told = _assumed(whole)
    return ReachFit(
        past.partner_id, assume(channel, assumed), channel, share, told, "", trials, learn_local(_places(whole, past.partner_id), trials)
    )


@reads("reach", "goal.by")
def outlooks(whole: Portfolio) -> list[Outlook]:
    """Present partners over the goal's 12 months, and over the 12 months that end three months later."""
    fit, aim = whole.fitted(fit_reach), target(whole)
    if fit.channel is None:
        return []
    return outlook(fit.channel, [aim.window, aim.later(LATER_MONTHS).window], whole.settings.seed, _DRAWS_EACH, fit.local)


def _places(whole: Portfolio, partner_id: pd.Index) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    codes, _ = pd.factorize(home(whole).reindex(partner_id).replace(NONE, None), sort=True)
    return codes.astype(np.int64)


def _signed(past: History) -> np.ndarray[tuple[int], np.dtype[np.float64]] | None:
    return past.signed if np.isfinite(past.signed).any() else None


def _assumed(whole: Portfolio) -> tuple[Assumed, tuple[str, ...]]:
    own = whole.settings.reach
    given = {name: own.get(name) for name in ("ramp_months", "activation", "attrition")}
    numbers = {name: float(value) for name, value in given.items() if isinstance(value, int | float)}
    return Assumed(**numbers), tuple(f"{name} is the engagement's own, {value:g}, not estimated" for name, value in numbers.items())
