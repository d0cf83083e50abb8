"""What else brings the goal nearer than signing partners, and mixes of it."""
