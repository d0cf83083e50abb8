"""What kind of business each partner is: how large, and what part of it we are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from prmkit.simulate.arithmetic import exp, logistic
from prmkit.simulate.chance import Chance
from prmkit.simulate.orders import mean_lift
from prmkit.simulate.state import Array, State, Whole

_SHARE_LEVEL, _SHARE_SPREAD = -1.6, 1.1
_HEAD_EARNS = 60_000.0
_YEAR = 12


@dataclass(frozen=True)
class Business:
    """yearly (n,): what a partner sells of ours in a year once mature, as things stand in the last 12 months, in EUR.
    share_of_wallet (n,): our true part of its turnover; 0 for those that never sell. turnover (n,): all it sells, of every vendor, in
    EUR a year.
    employees (n,).
    """

    yearly: Array
    share_of_wallet: Array
    turnover: Array
    employees: Whole


def make_business(state: State) -> Business:
    """Draw shares of wallet: many add-ons, some core lines, few primary ones; turnover follows."""
    n = state.network.size
    chance = Chance("prmkit", state.seed, "business")
    yearly = mature_sales(state)
    share = logistic(_SHARE_LEVEL + _SHARE_SPREAD * chance.normal(n))
    turnover = yearly / share
    employees = 2 + np.rint(turnover / _HEAD_EARNS * exp(0.3 * chance.normal(n))).astype(np.int64)
    return Business(yearly, np.where(state.network.sells, share, 0.0), turnover, employees)


def mature_sales(state: State) -> Array:
    """Expected yearly sales of each partner once it has ramped up (n,), in EUR.

    Months of the last year in which it is on board, ramp taken out.
    """
    network, world = state.network, state.world
    month = np.arange(state.months - _YEAR, state.months)
    age = month - network.joined[:, None]
    ramp = np.clip((age + 0.5) / world.ramp, 0.0, 1.0)
    factor = np.where(age >= 0, state.lives.factor[:, month] / np.where(age >= 0, ramp, 1.0), 0.0)
    usual = np.cumsum(factor, axis=1)[:, -1] / (age >= 0).sum(axis=1)
    made: Array = _YEAR * network.rate * exp(network.log_size) * mean_lift(world) * usual
    return made
