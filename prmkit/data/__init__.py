"""From a client's raw files to checked canonical tables, and from those to portfolios."""
