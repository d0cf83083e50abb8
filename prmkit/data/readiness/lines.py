"""What the client's sales lines through partners hold: filled shares, revenue by partner and by product, first and last date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from prmkit.data import calendar
from prmkit.data.client import Client


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of every channel that name a partner, up to as_of.

    filled: column -> share of revenue, in absolute amounts so that returns count, on lines that have it
    filled. by_partner: net revenue. by_product: revenue in absolute amounts. months: from the first sale to
    the last, a part of a month counted as one.
    """

    filled: Mapping[str, float]
    by_partner: pd.Series[Any]
    by_product: pd.Series[Any]
    months: int


def read_lines(client: Client) -> Lines:
    """Read a client's lines in one pass a figure; a client without any has empty series and 0 months."""
    held = client.lines.held(client.engagement.as_of)
    shares = {name: part / held.total if held.total else 0.0 for name, part in held.filled.items()}
    if held.first is None or held.last is None:
        return Lines(shares, held.by_partner, held.by_product, 0)
    months = int(calendar.days(pd.Timestamp(held.last), pd.Timestamp(held.first))["month"].iloc[0]) + 1
    return Lines(shares, held.by_partner, held.by_product, months)
