"""Speed and memory, measured as ratios and stages in one run. See README.md."""
