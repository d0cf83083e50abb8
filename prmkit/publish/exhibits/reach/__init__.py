"""Mathematics of reach: how many partners the goal needs, where, and what would change the answer."""

from prmkit.publish.exhibits.reach import backtest, calendar, collisions, crowding, levers, market, plan, steps

__all__ = ["backtest", "calendar", "collisions", "crowding", "levers", "market", "plan", "steps"]
