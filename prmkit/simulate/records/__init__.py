"""What a client's systems record of a programme: every canonical table."""

from prmkit.simulate.records.assembly import Records, make_records

__all__ = ["Records", "make_records"]
