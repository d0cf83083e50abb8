"""Made-up partner programmes whose truth is known, to see how near an estimator comes to it."""

from prmkit.simulate.history import make_state
from prmkit.simulate.programme import Programme, simulate
from prmkit.simulate.worlds import WORLDS, World

__all__ = ["WORLDS", "Programme", "World", "make_state", "simulate"]
