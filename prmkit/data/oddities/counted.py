"""The sales lines that count as revenue through partners, before anything is converted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from prmkit.data.engine import Engine, literal
from prmkit.data.typed import typed_table
from prmkit.engagement import Engagement


@dataclass(frozen=True, slots=True)
class Counted:
    """measure: the channel that is revenue, empty where no line names one. channels: those that lines name, largest first.

    where: SQL for the lines of partners in that channel up to `until`.
    """

    measure: str
    channels: tuple[str, ...]
    where: str
    until: dt.date


def counted_lines(engine: Engine, engagement: Engagement, until: dt.date) -> Counted:
    """Which lines count; `until` leaves out dates that were mistyped into the future."""
    found = engine.rows(
        f"""SELECT channel FROM {typed_table("sales")} WHERE partner_id IS NOT NULL AND channel IS NOT NULL
        GROUP BY channel ORDER BY sum(revenue) DESC, channel"""
    )
    channels = tuple(str(row[0]) for row in found)
    measure: str = engagement.measure or (channels[0] if channels else "")
    here = f" AND coalesce(channel, {literal(measure)}) = {literal(measure)}" if measure else ""
    return Counted(measure, channels, f"partner_id IS NOT NULL AND \"date\" <= DATE '{until.isoformat()}'{here}", until)


def amounts(told: Iterable[tuple[Any, Any]], currency: str) -> str:
    """Sums by currency as one text: (currency or None, sum) pairs; without a currency it is the engagement's."""
    sums: dict[str, Decimal] = {}
    for named, total in told:
        sums[str(named or currency)] = sums.get(str(named or currency), Decimal(0)) + Decimal(str(total or 0))
    return " and ".join(f"{name} {total:,.2f}" for name, total in sorted(sums.items()))
