"""From the goal to a number of partners: how many, where, when, and what the number hangs on."""
