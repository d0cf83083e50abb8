"""Figures as functions of tables: each returns a Picture, an SVG for a page and one for a phone, with its finding in words.

Drawn by `Canvas` without any state outside the call, so safe in threads and in forked children.
"""

from prmkit.charts.balance import balance
from prmkit.charts.flows import flows
from prmkit.charts.lines import lines, small_multiples, sparkline
from prmkit.charts.map import place_map
from prmkit.charts.markets import markets
from prmkit.charts.picture import Picture
from prmkit.charts.points import funnel, quantile_dots, whale
from prmkit.charts.rows import bars, dot_interval, practice_bars
from prmkit.charts.waterfall import waterfall

__all__ = [
    "Picture",
    "balance",
    "bars",
    "dot_interval",
    "flows",
    "funnel",
    "lines",
    "markets",
    "place_map",
    "practice_bars",
    "quantile_dots",
    "small_multiples",
    "sparkline",
    "waterfall",
    "whale",
]
