"""Two tiers: partners under contract on the one hand, the resellers behind a distributor on the other."""
