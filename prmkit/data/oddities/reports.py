"""Months of a reporting distributor, partner or file that never came, told from months in which nothing was sold."""

from __future__ import annotations

import calendar
import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from prmkit.data.engine import Engine
from prmkit.data.faults import FaultLog
from prmkit.data.oddities.counted import Counted
from prmkit.data.typed import typed_table

CHANCE = 1e-4
"""How unlikely so few lines must be, given the months around, before they are told."""
NEIGHBOURS = 3
LONGEST = 3
"""Silent months in a row; more of them are a partner that paused or left."""
STRAY = 1
"""Lines of a month that may be there by a mistyped date."""
_NAMED = 6
_YEARS = 10


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of sender: what identifies it, which lines are its own, what is counted, and how it is called."""

    column: str
    where: str
    count: str
    words: str


_ORDERS = 'count(DISTINCT coalesce(invoice_id, CAST("date" AS VARCHAR)))'
_REPORTED = "coalesce(channel, 'sell_through') IN ('sell_through', 'sell_out')"
SOURCES = (
    Source("distributor_id", "distributor_id IS NOT NULL", "count(*)", "the distributor {}"),
    # lines of an order hang together: a partner's own quiet month is judged by its orders
    Source("partner_id", f"distributor_id IS NULL AND {_REPORTED}", _ORDERS, "the partner {}"),
    # a file is silent where all in it are: one large partner's pause is its own
    Source("_unit", "distributor_id IS NULL", "count(DISTINCT partner_id)", "the file {}"),
)


def check_reports(engine: Engine, counted: Counted, files: Mapping[int, str], log: FaultLog) -> None:
    """Tell months without a line, and a last month with far too few, of every sender whose months around have many.

    A month is told where a Poisson count with the mean of up to three months on either side is as low with a chance below
    1 in 10,000; for partners, of whom there are many, below that divided by the number of those large enough to judge. Lines of
    the vendor's own invoices (sell_in) are no reports of a partner, whose silent month is then a month without sales. A month
    without a line of anybody is told elsewhere (readiness).
    """
    sales = typed_table("sales")
    last = engine.row(f'SELECT max("date") FROM {sales} WHERE {counted.where}')[0]
    if last is None:
        return
    # dates mistyped into another century open no history
    begun = f"DATE '{last.isoformat()}' - INTERVAL {_YEARS} YEAR"
    engine.run(
        f"""CREATE OR REPLACE TEMP VIEW sent_lines AS SELECT distributor_id, partner_id, _unit, channel, invoice_id, "date",
        date_trunc('month', "date") AS month FROM {sales} WHERE {counted.where} AND "date" > {begun}"""
    )
    there = {str(row[0]) for row in engine.rows("SELECT strftime(month, '%Y-%m') FROM (SELECT DISTINCT month FROM sent_lines)")}
    for source in SOURCES:
        sent = _sent(engine, source, last)
        if sent.empty:
            continue
        chance = CHANCE / len(sent) if source.column == "partner_id" else CHANCE
        names = {one: files.get(int(str(one)), "") if source.column == "_unit" else str(one) for one in sent.index}
        missing = [(source.words.format(names[one]), month) for one, month in silent(sent, chance) if month in there]
        short = [(source.words.format(names[one]), month) for one, month in cut_short(sent, chance, last)]
        for code, told in (("report_missing", missing), ("report_incomplete", short)):
            _tell(code, source, told, log)


def _sent(engine: Engine, source: Source, last: dt.date) -> pd.DataFrame:
    """Counts, senders x months: 0 without a line. Senders whose months are all too small to judge by are left out."""
    column, enough = source.column, -math.log(CHANCE)
    large = f"SELECT {column} FROM sent_lines WHERE {source.where} GROUP BY {column}, month HAVING count(*) >= {enough}"
    rows = engine.rows(
        f"""SELECT sender, strftime(month, '%Y-%m'), lines FROM (
            SELECT {column} AS sender, month, {source.count} AS lines FROM sent_lines
            WHERE {source.where} AND {column} IN ({large}) GROUP BY sender, month)"""
    )
    if not rows:
        return pd.DataFrame()
    wide = pd.DataFrame(rows, columns=["sender", "month", "lines"]).pivot_table(
        index="sender", columns="month", values="lines", fill_value=0
    )
    months = pd.period_range(wide.columns.min(), f"{last:%Y-%m}", freq="M").strftime("%Y-%m")
    return wide.reindex(columns=months, fill_value=0)


def silent(sent: pd.DataFrame, chance: float = CHANCE) -> Iterator[tuple[object, str]]:
    """(sender, month) of months without a line that are too unlikely, in the order of senders and months.

    A stray line does not speak for a report: a date with day and month swapped lands anywhere. Nor does it open a
    history: the months on both sides must have many.
    """
    for sender, whole in zip(sent.index, sent.to_numpy().tolist(), strict=True):
        busy = [place for place, count in enumerate(whole) if count > STRAY]
        begun = busy[0] if busy else 0
        lines = whole[begun : busy[-1] + 1] if busy else []
        for first, length in _runs(lines):
            before = lines[max(0, first - NEIGHBOURS) : first]
            after = lines[first + length : first + length + NEIGHBOURS]
            expected = sum(before + after) / len(before + after)
            lively = min(sum(before) / len(before), sum(after) / len(after)) >= expected / 2
            if length <= LONGEST and lively:
                months = range(first, first + length)
                yield from ((sender, str(sent.columns[begun + one])) for one in months if as_few(lines[one], expected) < chance)


def _runs(lines: Sequence[float]) -> Iterator[tuple[int, int]]:
    """Start and length of each run of months with a stray line at most, and more before and after it."""
    there = [place for place, count in enumerate(lines) if count > STRAY]
    for before, after in pairwise(there):
        if after - before > 1:
            yield before + 1, after - before - 1


def cut_short(sent: pd.DataFrame, chance: float, last: dt.date) -> Iterator[tuple[object, str]]:
    """(sender, month) of those with fewer lines in the last month than half of what is expected, and too unlikely so.

    last: the last day of which anybody has a line; a month that is not over counts for the part that has gone by.
    Senders silent in the two months before have stopped.
    """
    gone = last.day / calendar.monthrange(last.year, last.month)[1]
    before = sent.iloc[:, max(0, sent.shape[1] - 1 - 2 * NEIGHBOURS) : -1]
    if before.shape[1] < 2 * NEIGHBOURS:
        return
    for sender, lines, found in zip(before.index, before.to_numpy().tolist(), sent.iloc[:, -1].tolist(), strict=True):
        expected = sum(lines) / len(lines) * gone
        if min(lines[-2:]) > 0 and found < expected / 2 and as_few(found, expected) < chance:
            yield sender, str(sent.columns[-1])


def as_few(count: float, expected: float) -> float:
    """The chance that a Poisson count with that mean is `count` or lower."""
    if expected <= 0:
        return 1.0
    return sum(math.exp(k * math.log(expected) - expected - math.lgamma(k + 1)) for k in range(int(count) + 1))


def _tell(code: str, source: Source, found: Sequence[tuple[str, str]], log: FaultLog) -> None:
    if not found:
        return
    named = "; ".join(f"{who} in {month}" for who, month in found[:_NAMED])
    more = f"; and {len(found) - _NAMED:,} more" if len(found) > _NAMED else ""
    log.add(code, table="sales", column="date", value=found[0][1], detail=source.column, words={"values": named + more})
