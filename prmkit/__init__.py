"""prmkit: five best practices of partner relationship management, worked out on a company's own data.

Importing the package loads none of pandas, statsmodels, matplotlib or papermill: each is
imported by the module that needs it.
"""

__version__ = "0.1.0"
