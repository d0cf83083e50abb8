"""What each partner receives and what it returns."""
