"""A year ahead in which levers were pulled: what is then truly different, month by month."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from prmkit.simulate.state import AHEAD, Array, Whole


def _ones() -> Array:
    return np.ones(AHEAD)


def _zeros() -> Array:
    return np.zeros(AHEAD)


@dataclass(frozen=True)
class Changed:
    """hazard, sales (12,): factors of the chance to leave and of everybody's order rate in each month. activation, ramp (12,): by month of
    signing, what is added to the share of recruits that sell, and the part of what they lose while ramping that is not lost."""

    hazard: Array = field(default_factory=_ones)
    sales: Array = field(default_factory=_ones)
    activation: Array = field(default_factory=_zeros)
    ramp: Array = field(default_factory=_zeros)

    def ramp_of(self, share: Array, signed: Whole) -> Array:
        """The share of its mature rate that each recruit (last axis) has."""
        made: Array = 1 - (1 - share) * (1 - self.ramp[signed])
        return made


UNCHANGED = Changed()
