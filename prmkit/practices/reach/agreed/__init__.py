"""What was agreed with partners, held against what the plan would do."""
