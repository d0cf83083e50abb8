"""How each file writes its numbers and dates: found from all values of a column, then from its sisters, never guessed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from prmkit.data import numbers
from prmkit.data.dates import TIME, Order, order_in, order_of
from prmkit.data.engine import Engine, identifier, literal
from prmkit.data.faults import FaultLog
from prmkit.data.numbers import Mark, Numerals
from prmkit.data.tables import Column
from prmkit.data.units import Unit
from prmkit.engagement import Engagement

Met = tuple[str, int, list[int]]
"""A distinct text, how many rows hold it, and the first of them."""
_MOST_DISTINCT = 100_000
_PLAINLY = {"dmy": "day", "mdy": "month"}


@dataclass(slots=True)
class Conventions:
    """What one unit's columns show.

    evidence: the decimal marks seen. days: date column -> its distinct texts. open_*: column -> an
    example (value, row) of what nothing in the column decides. mixed: columns that contradict
    themselves.
    """

    unit: Unit
    numerals: dict[str, Numerals] = field(default_factory=dict)
    evidence: set[Mark] = field(default_factory=set)
    orders: dict[str, Order] = field(default_factory=dict)
    days: dict[str, list[Met]] = field(default_factory=dict)
    open_numbers: dict[str, tuple[str, int]] = field(default_factory=dict)
    open_dates: dict[str, tuple[str, int]] = field(default_factory=dict)
    mixed: set[str] = field(default_factory=set)


def day_text(text: str) -> str:
    """SQL for a date's text without its time of day; null where it stands for nothing."""
    timeless = f"CASE WHEN contains({text}, ':') THEN regexp_replace({text}, {literal(TIME)}, '') ELSE {text} END"
    return f"CASE WHEN NOT {numbers.is_nothing(text)} THEN {timeless} END"


def distinct(engine: Engine, unit: Unit, text: str) -> list[Met]:
    """The distinct texts of an expression in the order of their first rows."""
    query = f"SELECT t, count(*), min(_row, 3) FROM (SELECT _row, {text} AS t FROM {unit.view}) WHERE t IS NOT NULL"
    found = engine.rows(f"{query} GROUP BY t ORDER BY min(_row), t LIMIT {_MOST_DISTINCT}")
    return [(str(value), int(count), [int(row) for row in rows if row]) for value, count, rows in found]


def conventions(engine: Engine, unit: Unit, log: FaultLog) -> Conventions:
    """What the values of each number and date column of one unit show."""
    made = Conventions(unit)
    numeric = [column for column in unit.columns if column.kind in {"number", "integer"}]
    for column, plain in zip(numeric, _plain(engine, unit, numeric), strict=True):
        _numerals(engine, made, column, plain, log)
    for column in unit.columns:
        if column.kind == "date":
            _order(engine, made, column)
    return made


def _plain(engine: Engine, unit: Unit, columns: Sequence[Column]) -> list[tuple[int, int, int, int]]:
    """For each column: values, plain ones among them, those with a point, those that could be thousands."""
    if not columns:
        return []
    parts = []
    for column in columns:
        name = identifier(column.name)
        parts += [
            f"count({name})",
            f"count(*) FILTER (regexp_full_match({name}, {literal(numbers.PLAIN)}))",
            f"count(*) FILTER (contains({name}, '.') AND NOT ends_with({name}, 'e0'))",
            f"count(*) FILTER (regexp_full_match({name}, {literal(numbers.PLAIN_EITHER)}))",
        ]
    row = engine.row(f"SELECT {', '.join(parts)} FROM {unit.view}")
    return [(row[start], row[start + 1], row[start + 2], row[start + 3]) for start in range(0, len(row), 4)]


def _numerals(engine: Engine, made: Conventions, column: Column, plain: tuple[int, int, int, int], log: FaultLog) -> None:
    values, fine, with_point, either = plain
    if fine == values and (not either or with_point > either):
        made.numerals[column.name] = Numerals(".", plain=True)
        made.evidence |= {"."} if with_point else set()
        return
    name = identifier(column.name)
    bodies = f"(SELECT _row, {name} AS v, {numbers.body(name)} AS b FROM {made.unit.view} WHERE NOT {numbers.is_nothing(name)})"
    shapes = engine.rows(
        f"SELECT {numbers.shape('b')} AS shape, count(*), min(_row), arg_min(v, _row) FROM {bodies} GROUP BY shape ORDER BY min(_row)"
    )
    counts = {str(shape): int(count) for shape, count, _, _ in shapes}
    first = {str(shape): (str(value), int(row)) for shape, _, row, value in shapes}
    mark, code = numbers.decide(counts, column)
    made.numerals[column.name] = Numerals(mark)
    if mark and ("dot" in counts or "comma" in counts):
        made.evidence.add(mark)
    table, file = made.unit.table.name, made.unit.file
    if code == "number_ambiguous":
        made.open_numbers[column.name] = first.get("either_dot") or first["either_comma"]
    elif code == "number_marks_mixed":
        made.mixed.add(column.name)
    elif code == "number_groups":
        value, row = first.get("either_dot") or first["either_comma"]
        log.add(code, table=table, file=file, row=row, column=column.name, value=value)
    elif mark == ",":
        value, row = first.get("comma") or first["either_comma"]
        log.add("decimal_comma", table=table, file=file, row=row, column=column.name, value=value, count=counts.get("comma", 1))


def _order(engine: Engine, made: Conventions, column: Column) -> None:
    days = distinct(engine, made.unit, day_text(identifier(column.name)))
    made.days[column.name] = days
    order, code = order_of(value for value, _, _ in days)
    made.orders[column.name] = order
    if code == "date_ambiguous":
        value, _, rows = next(met for met in days if order_of([met[0]])[1])
        made.open_dates[column.name] = value, rows[0] if rows else 0
    elif code:
        made.mixed.add(column.name)


def settle(found: Sequence[Conventions], engagement: Engagement, log: FaultLog) -> None:
    """Decide what a column leaves open from other columns and files of the same export, then, for dates, from the locale.

    What stays open is not read: its values become faults when they are typed.
    """
    for made in found:
        for name, example in made.open_numbers.items():
            _settle_number(made, name, example, found, log)
        for name, example in made.open_dates.items():
            _settle_date(made, name, example, found, engagement, log)


def _settle_number(made: Conventions, name: str, example: tuple[str, int], found: Iterable[Conventions], log: FaultLog) -> None:
    marks = made.evidence or set[Mark]().union(*(other.evidence for other in found))
    if len(marks) == 1:
        value, row = example
        mark = next(iter(marks))
        made.numerals[name] = Numerals(mark)
        words = {"mark": mark}
        log.add("number_by_file", table=made.unit.table.name, file=made.unit.file, row=row, column=name, value=value, words=words)


def _settle_date(
    made: Conventions, name: str, example: tuple[str, int], found: Iterable[Conventions], engagement: Engagement, log: FaultLog
) -> None:
    own: set[Order] = set(made.orders.values()) - {""}
    orders = own or ({other.orders.get(name, "") for other in found} - {""})
    told: Order = order_in(engagement.locale) if "locale" in engagement.model_fields_set else ""
    code = "date_order_by_files" if len(orders) == 1 else "date_order_by_locale"
    order = next(iter(orders)) if len(orders) == 1 else told
    if order:
        made.orders[name] = order
        words = {"first": _PLAINLY[order], "locale": engagement.locale}
        value, row = example
        log.add(code, table=made.unit.table.name, file=made.unit.file, row=row, column=name, value=value, words=words)
