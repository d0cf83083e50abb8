"""How much of each market is reached, and where the next partners should be."""
