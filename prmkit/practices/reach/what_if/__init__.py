"""What if an input of the plan were another: every input with its estimate and range, and the answer that a change of it makes."""

from prmkit.practices.reach.what_if.answer import Answer
from prmkit.practices.reach.what_if.asked import Input, WrongInputs, checked
from prmkit.practices.reach.what_if.inputs import inputs
from prmkit.practices.reach.what_if.tables import what_if
from prmkit.practices.reach.what_if.world import WhatIf

__all__ = ["Answer", "Input", "WhatIf", "WrongInputs", "checked", "inputs", "what_if"]
