"""Goods counted twice on their way through two tiers: what a distributor buys, and what it sells on, in one channel."""

from __future__ import annotations

from collections.abc import Mapping

from prmkit.data.engine import Engine
from prmkit.data.faults import FaultLog
from prmkit.data.flags import Flag, raise_flags
from prmkit.data.oddities.counted import Counted, amounts
from prmkit.data.typed import typed_table
from prmkit.engagement import Engagement

_ABOUT = (0.5, 1.5)
"""Own revenue over that of the resellers supplied, between which the two may be the same goods: the margin lies between them."""


def check_two_tier(engine: Engine, engagement: Engagement, counted: Counted, files: Mapping[int, str], log: FaultLog) -> None:
    """Tell lines without a channel among others with one, and distributors whose own revenue is about that of their resellers."""
    _without_channel(engine, counted, files, log)
    sales, month = typed_table("sales"), "date_trunc('month', \"date\")"
    low, high = _ABOUT
    found = engine.rows(
        f"""WITH lines AS (SELECT *, {month} AS month FROM {sales} WHERE {counted.where}),
        supplied AS (SELECT distributor_id AS id, month, sum(revenue) AS through FROM lines
            WHERE distributor_id IS NOT NULL AND distributor_id <> partner_id GROUP BY ALL),
        bought AS (SELECT partner_id AS id, month, sum(revenue) AS own, arg_min(_unit, _row) AS unit, min(_row) AS row FROM lines
            WHERE partner_id IN (SELECT id FROM supplied) GROUP BY ALL)
        SELECT id, sum(own), sum(through), arg_min(unit, row), min(row) FROM supplied JOIN bought USING (id, month)
        GROUP BY id HAVING sum(through) > 0
        AND sum(own) BETWEEN {low} * sum(through) AND {high} * sum(through) ORDER BY sum(own) DESC, id"""
    )
    for distributor, own, through, unit, row in found:
        words = {
            "own": amounts([(None, own)], engagement.currency),
            "through": amounts([(None, through)], engagement.currency),
            "measure": counted.measure or "no channel is named",
        }
        log.add("two_tier_twice", table="sales", file=files.get(unit, ""), row=row or 0, column="channel", value=distributor, words=words)


def _without_channel(engine: Engine, counted: Counted, files: Mapping[int, str], log: FaultLog) -> None:
    if not counted.channels:
        return
    words = {"channels": ", ".join(counted.channels), "measure": counted.measure}
    empty = Flag("channel_empty", "channel", "channel IS NULL AND partner_id IS NOT NULL", words=words)
    raise_flags(engine, typed_table("sales"), [empty], log, table="sales", files=files)
