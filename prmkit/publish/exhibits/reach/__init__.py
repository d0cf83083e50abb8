"""Mathematics of reach: how many partners the goal needs, where, and what would change the answer."""

from prmkit.publish.exhibits.reach import (
    agreed,
    allocation,
    backtest,
    calendar,
    collisions,
    crowding,
    crowding_checks,
    levers,
    market,
    mixes,
    places,
    plan,
    recruiting,
    steps,
    tiers_of_trade,
    what_if,
)

__all__ = [
    "agreed",
    "allocation",
    "backtest",
    "calendar",
    "collisions",
    "crowding",
    "crowding_checks",
    "levers",
    "market",
    "mixes",
    "places",
    "plan",
    "recruiting",
    "steps",
    "tiers_of_trade",
    "what_if",
]
