"""The ways to the customer and what each leaves."""
