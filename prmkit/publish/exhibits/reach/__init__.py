"""Mathematics of reach: how many partners the goal needs, where, and what would change the answer."""

from prmkit.publish.exhibits.reach import calendar, collisions, crowding, levers, market, mixes, plan, steps

__all__ = ["calendar", "collisions", "crowding", "levers", "market", "mixes", "plan", "steps"]
