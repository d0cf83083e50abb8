"""The data request: a workbook that asks a client for exports, its partner managers for judgements, and its partners for answers."""

from prmkit.request.command import rewrite, write_new

__all__ = ["rewrite", "write_new"]
