"""Mathematics of reach: how many partners the goal needs, where, and what would change the answer."""

from prmkit.publish.exhibits.reach import calendar, collisions, crowding, crowding_checks, levers, market, plan, steps

__all__ = ["calendar", "collisions", "crowding", "crowding_checks", "levers", "market", "plan", "steps"]
