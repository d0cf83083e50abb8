"""Who works whose customers, and what that costs."""
