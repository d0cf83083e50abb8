"""How many partners of which type to sign where, at least cost for the goal."""
