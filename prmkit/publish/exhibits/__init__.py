"""The exhibits: pure functions of Results, found by "<practice>.<name>".

They select rows, sort them and add up counts for display; every statistic in them is read from a results table.
A new one is a function in the module of its practice, added with `EXHIBITS.register`.
"""

from prmkit.publish.exhibits import enable, know, loyalty, prune, reach, routes
from prmkit.publish.exhibits.build import EXHIBITS

__all__ = ["EXHIBITS", "enable", "know", "loyalty", "prune", "reach", "routes"]
