"""How partners earn with us."""
