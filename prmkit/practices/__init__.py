"""The five practices: pure functions of a Portfolio, found by name.

A new practice is one module with a function `assess(portfolio) -> PracticeResult`, added here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from prmkit.registry import Registry

if TYPE_CHECKING:
    from prmkit.data.portfolio import Portfolio
    from prmkit.practices.result import PracticeResult


@dataclass(frozen=True, slots=True)
class Practice:
    """A practice: its name, the white paper's question in plain words, its playbook, its module."""

    name: str
    title: str
    question: str
    playbook: str
    module: str

    def assess(self, portfolio: Portfolio) -> PracticeResult:
        """Answer for one portfolio; the module is imported on first use."""
        function: Callable[[Portfolio], PracticeResult] = import_module(self.module).assess
        return function(portfolio)


PRACTICES: Registry[Practice] = Registry("practice")

for _practice in (
    Practice(
        "know",
        "Know your partners",
        "Who are our partners, how do they earn, and where do we stand in their business?",
        "1_know_your_partners",
        "prmkit.practices.know",
    ),
    Practice(
        "reach",
        "Mathematics of reach",
        "How many partners does the goal really need, where, and where are there too many?",
        "2_mathematics_of_reach",
        "prmkit.practices.reach",
    ),
    Practice(
        "enable",
        "Training and incentives",
        "What training and incentives does the channel need, and what do they truly add?",
        "3_training_and_incentives",
        "prmkit.practices.enable",
    ),
    Practice(
        "loyalty",
        "Partner loyalty",
        "Who is about to leave, and what did our own acts have to do with it?",
        "4_partner_loyalty",
        "prmkit.practices.loyalty",
    ),
    Practice(
        "prune",
        "Under-performers",
        "Who costs more than they bring, luck allowed for, and what is better: fix or part ways?",
        "5_prune_under_performers",
        "prmkit.practices.prune",
    ),
):
    PRACTICES.add(_practice.name, _practice)
