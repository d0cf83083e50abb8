"""What sets a partner apart: what it claims, and what the records say of it beside its like."""
