"""Every stand-in and default an assessment rests on, what it moves, and who agreed to it."""
