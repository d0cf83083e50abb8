"""What people say of findings: kept apart from what is computed, so that `out/` may go and every run shows it."""
