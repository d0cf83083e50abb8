"""Numbers in text against Python's Decimal: every way of writing one, every column decided or asked about."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prmkit.data import numbers
from prmkit.data.numbers import Mark, Numerals
from prmkit.data.tables import Column

MONEY = Column(name="revenue", kind="number", unit="currency")
SHARE = Column(name="resale_share", kind="number", unit="fraction of its revenue")
COUNT = Column(name="employees", kind="integer")
amounts = st.decimals(min_value=Decimal("-1e15"), max_value=Decimal("1e15"), places=4, allow_nan=False, allow_infinity=False)


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


def read(
    connection: duckdb.DuckDBPyConnection, values: list[str], mark: Mark = ".", column: Column = MONEY
) -> list[Decimal | float | None]:
    kind = "DECIMAL(28, 10)" if column.is_money else "DOUBLE"
    typed = numbers.typed("v", "b", column, Numerals(mark), kind)
    query = f"SELECT {typed} FROM (SELECT v, {numbers.body('v')} AS b FROM (SELECT unnest($values) AS v))"
    return [row[0] for row in connection.execute(query, {"values": values}).fetchall()]


def shapes(connection: duckdb.DuckDBPyConnection, values: list[str]) -> dict[str, int]:
    bodies = f"(SELECT {numbers.body('v')} AS b FROM (SELECT unnest($values) AS v))"
    query = f"SELECT {numbers.shape('b')} AS shape, count(*) FROM {bodies} GROUP BY shape"
    return dict(connection.execute(query, {"values": values}).fetchall())


def grouped(value: Decimal, thousands: str, mark: str) -> str:
    return f"{value:,.2f}".translate(str.maketrans({",": thousands, ".": mark}))


@settings(max_examples=20, deadline=None)
@given(st.lists(amounts, min_size=1, max_size=30))
def test_every_way_of_writing_an_amount_means_it_exactly(connection: duckdb.DuckDBPyConnection, values: list[Decimal]) -> None:
    cents = [round(value, 2) for value in values]
    for thousands, mark in ((",", "."), (".", ","), (" ", ","), ("\u00a0", ","), ("'", "."), ("", ","), ("", ".")):
        written = [grouped(value, thousands, mark) for value in cents]
        assert read(connection, written, "." if mark == "." else ",") == cents, (thousands, mark)
    absolute = [abs(value) for value in cents]
    assert read(connection, [f"({value:,.2f})" for value in absolute]) == [-value for value in absolute]
    assert read(connection, [f"{value:.2f}-" for value in absolute]) == [-value for value in absolute]
    assert read(connection, [f"-€ {value:,.2f}" for value in absolute]) == [-value for value in absolute]
    assert read(connection, [f"{value:.2f} €" for value in cents]) == cents
    assert read(connection, [f"{value:f}" for value in values]) == values


@settings(max_examples=20, deadline=None)
@given(st.lists(amounts.filter(lambda value: value != 0), min_size=1, max_size=30))
def test_the_mark_found_in_a_column_is_the_one_it_was_written_with(connection: duckdb.DuckDBPyConnection, values: list[Decimal]) -> None:
    for thousands, mark in ((",", "."), (".", ","), ("", "."), ("", ",")):
        found, code = numbers.decide(shapes(connection, [grouped(value, thousands, mark) for value in values]), MONEY)
        assert (found, code) == (mark, "")


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=12))
def test_no_text_is_read_as_a_number_that_python_would_not_see(connection: duckdb.DuckDBPyConnection, text: str) -> None:
    if "\x00" in text:
        return
    (value,) = read(connection, [text])
    if value is None:
        return
    digits = "".join(letter for letter in text if letter in "0123456789")
    assert digits
    assert set(text) <= set("0123456789.,+-eE() '%\u2212\u2019\u00a0\u2007\u202f") | set(numbers.SIGNS)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("5", 5), ("+5", 5), ("-5", -5), ("5-", -5), ("(5)", -5), ("$-5", -5), ("-$5", -5), ("$(5.00)", -5), ("\u22125", -5),
        (".5", Decimal("0.5")), ("5.", 5), ("1,234.50", Decimal("1234.50")), ("12,34,567.5", Decimal("1234567.5")),
        ("1.5E+03", 1500), ("1e-2", Decimal("0.01")), ("1'234.50", Decimal("1234.50")), ("-1.234e0", Decimal("-1.234")),
        ("--5", None), ("(-5)", None), ("5 5", None), ("1,2,3", None), ("12,34.5", None), ("1_000", None), ("nan", None), ("inf", None),
        ("0x10", None), ("1e400", None), ("\u0663", None),
        ("\uff11", None), (".", None), ("", None), ("ten", None), ("USD 5", None), ("10%", None),
    ],
)  # fmt: skip
def test_single_values(connection: duckdb.DuckDBPyConnection, written: str, meant: Decimal | int | None) -> None:
    assert read(connection, [written]) == [meant]


def test_a_percent_sign_divides_only_fractions(connection: duckdb.DuckDBPyConnection) -> None:
    assert read(connection, ["35%", "0.35", "7,5 %"], column=SHARE)[:2] == [0.35, 0.35]
    assert read(connection, ["7,5 %"], ",", SHARE) == [0.075]
    assert read(connection, ["35%"]) == [None]


@pytest.mark.parametrize(
    ("values", "column", "mark", "code"),
    [
        (["1.234", "5.678"], MONEY, "", "number_ambiguous"),
        (["1,234", "100"], MONEY, "", "number_ambiguous"),
        (["1.234", "1,234"], MONEY, "", "number_ambiguous"),
        (["1.234", "0.5"], MONEY, ".", ""),
        (["1.234", "1234.567"], MONEY, ".", ""),
        (["1.234", "7,5"], MONEY, ",", ""),
        (["1.234", "1.234.567"], MONEY, ",", ""),
        (["1,234", "1,234,567"], MONEY, ".", ""),
        (["1.5", "1,5"], MONEY, "", "number_marks_mixed"),
        (["1.250", "4.125"], Column(name="csat", kind="number", unit="1..5"), ".", ""),
        (["52.370", "4.895"], Column(name="longitude", kind="number", unit="degrees"), ".", ""),
        (["1.234"], COUNT, ",", "number_groups"),
        (["1,234"], COUNT, ".", "number_groups"),
        (["12", "7"], MONEY, ".", ""),
    ],
)
def test_a_column_decides_or_is_asked_about(
    connection: duckdb.DuckDBPyConnection, values: list[str], column: Column, mark: str, code: str
) -> None:
    assert numbers.decide(shapes(connection, values), column) == (mark, code)


def test_an_unknown_mark_reads_only_what_needs_none(connection: duckdb.DuckDBPyConnection) -> None:
    assert read(connection, ["1.234", "1,234", "12.5", "7"], "") == [None, None, Decimal("12.5"), 7]
