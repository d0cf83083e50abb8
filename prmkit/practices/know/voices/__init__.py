"""What partners say, and what is said of them."""
