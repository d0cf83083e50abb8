"""What partners truly earn with us: no export says it, and nothing of it stands in the records."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from prmkit.simulate.arithmetic import exp, logistic
from prmkit.simulate.chance import Chance
from prmkit.simulate.state import Array, State

_PASSED = (0.0, 0.5, 0.9)
_SERVICES = (-0.4, 0.2, 0.25)
_AROUND, _CASES = 0.3, 0.3


@dataclass(frozen=True)
class Earnings:
    """Habits of each partner (n,). passed_on: which part of its discount off list it gives its customers; services_margin: what its
    services leave; around: services around our line as a multiple of those around all its lines; cases: its hours a case as a multiple of
    ours."""

    passed_on: Array
    services_margin: Array
    around: Array
    cases: Array


def make_earnings(state: State) -> Earnings:
    """Draw the habits: level of the programme and spread between partners on the log-odds scale, from a stream of their own."""
    n, chance = state.network.size, Chance("prmkit", state.seed, "partner earnings")

    def share(level: float, common: float, own: float) -> Array:
        made: Array = logistic(level + common * chance.normal(1) + own * chance.normal(n))
        return made

    return Earnings(share(*_PASSED), share(*_SERVICES), exp(_AROUND * chance.normal(n)), exp(_CASES * chance.normal(n)))


def sellers(employees: Array) -> Array:
    """How many of a partner's people sell."""
    made: Array = np.maximum(np.rint(0.3 * employees), 1.0)
    return made
