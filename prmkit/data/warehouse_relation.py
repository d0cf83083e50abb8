"""A query's rows as canonical sales lines, as a relation that only the warehouse ever fills."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Date,
    Float,
    Integer,
    Numeric,
    Select,
    Text,
    and_,
    case,
    cast,
    column,
    func,
    literal,
    null,
    or_,
    select,
    values,
)

from prmkit.data.fault_book import FAULTS
from prmkit.data.warehouse_link import reading
from prmkit.data.warehouse_query import Trouble, prepared
from prmkit.errors import PrmkitError

if TYPE_CHECKING:
    from prmkit.engagement import SourceSettings

Expression = ColumnElement[Any]
TEXTS = ("sale_id", "invoice_id", "deal_id", "partner_id", "distributor_id", "customer_id", "product_id", "territory")
WORDS = ("channel", "kind", "currency")
AMOUNTS = ("revenue", "cost", "list_amount", "discount")
COLUMNS = (*TEXTS, *WORDS, "date", "units", *AMOUNTS)
_MILLIONTHS = 1_000_000
_LOW = 2**64 - 1
_MOST_BOUND = 5_000


@dataclass(frozen=True)
class Relation:
    """What is needed to write the lines down as a relation.

    headers: canonical column -> column of the query. words: of channel, kind and currency, text there -> canonical word or
    None. mapped: of other texts, the settings' words. homes: partner -> territory. families: product -> family.
    rates: (currency, first day of a month, rate), of which `currency` needs none.
    """

    settings: SourceSettings
    as_of: dt.date | None
    headers: Mapping[str, str]
    currency: str = "EUR"
    words: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    mapped: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    homes: Sequence[tuple[str, str]] = ()
    families: Sequence[tuple[str, str]] = ()
    rates: Sequence[tuple[str, dt.date, Decimal]] = ()

    @property
    def decimals(self) -> int:
        """How many decimals an amount has once it is in the engagement's currency."""
        known = {word for word in self.words.get("currency", {}).values() if word is not None}
        return 18 if known - {self.currency} else 10

    def typed(self, dialect: str) -> CTE:
        """Every row of the query with canonical columns, amounts in the currency they are written in."""
        raw = prepared(self.settings, self.as_of).columns(*(column(name) for name in dict.fromkeys(self.headers.values()))).cte("given")
        made: list[Expression] = []
        for name in COLUMNS:
            if name not in self.headers:
                made.append(cast(null(), _type(name, dialect)).label(name))
                continue
            cell = raw.c[self.headers[name]]
            if name == "date":
                made.append((func.date(cell, type_=Date) if dialect == "sqlite" else cast(cell, Date)).label(name))
            elif name in AMOUNTS or name == "units":
                made.append((cast(func.round(cell * _MILLIONTHS), Integer) if dialect == "sqlite" else cast(cell, _MONEY)).label(name))
            else:
                made.append(self._text(name, func.nullif(func.trim(cast(cell, Text)), "")).label(name))
        return select(*made).select_from(raw).cte("typed")

    def _text(self, name: str, said: Expression) -> Expression:
        if name in self.words:
            known = {raw: word for raw, word in self.words[name].items() if word is not None}
            return case(*((said == raw, literal(word)) for raw, word in known.items())) if known else cast(null(), Text)
        words = self.mapped.get(name, {})
        exact = [(said == raw.strip(), literal(word)) for raw, word in words.items() if raw.strip()]
        alike = [(func.lower(said) == func.lower(raw.strip()), literal(word)) for raw, word in words.items() if raw.strip()]
        empty = [(said.is_(None), literal(word)) for raw, word in words.items() if not raw.strip()]
        whens = [*exact, *alike, *empty]
        return func.nullif(case(*whens, else_=said), "") if whens else said

    def lines(self, dialect: str) -> CTE:
        """The lines that count: money in the engagement's currency, territory and product family filled in."""
        typed = self.typed(dialect)
        source: Any = typed
        rate: Expression | None = None
        foreign = and_(typed.c.currency.is_not(None), typed.c.currency != self.currency)
        if self.rates and "currency" in self.headers:
            spans = [(code, first, _last_of(first), _number(rate, dialect)) for code, first, rate in self.rates]
            kind = Float() if dialect == "sqlite" else Numeric(38, 18)
            rates = _table("rates", (("currency", Text()), ("first", Date()), ("last", Date()), ("rate", kind)), spans)
            on = and_(foreign, rates.c.currency == typed.c.currency, typed.c.date.between(rates.c.first, rates.c.last))
            source, rate = source.join(rates, on, isouter=True), rates.c.rate
        territory: Expression = typed.c.territory
        family: Expression = cast(null(), Text)
        if self.homes:
            homes = _table("homes", (("partner_id", Text()), ("territory", Text())), self.homes)
            source = source.join(homes, homes.c.partner_id == typed.c.partner_id, isouter=True)
            territory = func.coalesce(typed.c.territory, homes.c.territory)
        if self.families and "product_id" in self.headers:
            families = _table("families", (("product_id", Text()), ("family", Text())), self.families)
            source = source.join(families, families.c.product_id == typed.c.product_id, isouter=True)
            family = families.c.family
        plain = [typed.c[name] for name in COLUMNS if name not in {*AMOUNTS, "territory"}]
        amounts = [_converted(typed.c[name], foreign, rate, dialect).label(name) for name in AMOUNTS]
        made = select(*plain, territory.label("territory"), family.label("product_family"), *amounts).select_from(source).cte("converted")
        return select(made).where(made.c.revenue.is_not(None), made.c.date.is_not(None)).cte("lines")


_MONEY = Numeric(28, 10)


def _type(name: str, dialect: str) -> Any:
    if name == "date":
        return Date()
    if name in AMOUNTS or name == "units":
        return Integer() if dialect == "sqlite" else _MONEY
    return Text()


def _number(value: Decimal, dialect: str) -> Any:
    return float(value) if dialect == "sqlite" else value


def _last_of(first: dt.date) -> dt.date:
    return (first.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)


def _converted(amount: Expression, foreign: Expression, rate: Expression | None, dialect: str) -> Expression:
    """An amount in the engagement's currency; null where its rate is missing, never unconverted."""
    product = amount * rate if rate is not None else null()
    exact = cast(func.round(product), Integer) if dialect == "sqlite" else cast(product, Numeric(38, 18))
    return case((foreign, exact), else_=amount)


def _table(name: str, columns: Sequence[tuple[str, Any]], rows: Sequence[tuple[Any, ...]]) -> CTE:
    """A few rows of ours as a relation in the warehouse."""
    many = len(rows) * len(columns) > _MOST_BOUND
    return values(*(column(*one) for one in columns), name=name, literal_binds=many).data(list(rows)).cte(name)


def months_table(ends: Sequence[tuple[int, dt.date, dt.date]]) -> CTE:
    """Months by number: month, the day after which it begins, the day on which it ends."""
    return _table("months", (("month", Integer()), ("after", Date()), ("until", Date())), ends)


def partner_lines(lines: CTE, measure: str) -> Expression:
    """Lines through partners that count as revenue."""
    return and_(lines.c.partner_id.is_not(None), func.coalesce(lines.c.channel, measure) == measure)


def direct_lines(lines: CTE, measure: str) -> Expression:
    """Direct lines that count as revenue."""
    return and_(lines.c.partner_id.is_(None), func.coalesce(lines.c.channel, "direct").in_(["direct", measure]))


def counted(lines: CTE, as_of: dt.date, measure: str) -> Expression:
    """Lines that count as revenue, up to a date."""
    return and_(lines.c.date <= as_of, or_(direct_lines(lines, measure), partner_lines(lines, measure)))


def decimal(value: Any, dialect: str) -> Decimal | None:
    """A sum of amounts as it left the warehouse."""
    if value is None:
        return None
    return Decimal(int(value)) / _MILLIONTHS if dialect == "sqlite" else Decimal(str(value))


def floating(value: Decimal | None, decimals: int) -> float | None:
    """An exact sum as a floating number, rounded in the last bit as DuckDB rounds its own decimals of so many places."""
    if value is None:
        return None
    whole = int(value.scaleb(decimals))
    high, low = whole >> 64, whole & _LOW
    return (-float(_LOW - low) - 1.0 if high == -1 else float(low) + float(high) * 2.0**64) / 10.0**decimals


def rows(connection: Connection, statement: Select[*tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """All rows of a statement that sums."""
    return [tuple(row) for row in connection.execute(statement)]


@contextmanager
def asking(settings: SourceSettings) -> Iterator[Connection]:
    """A connection for sums. Raises PrmkitError with the words of the fault book where the warehouse gives no answer."""
    said: Trouble | None = None
    try:
        with reading(settings) as connection:
            yield connection
    except Trouble as trouble:
        said = trouble
    if said is not None:
        words = {"table": "sales", "value": said.value, **said.words}
        kind = FAULTS[said.code]
        raise PrmkitError(kind.why.format_map(words), where=f"query on {settings.url_env}", do=kind.do.format_map(words))
