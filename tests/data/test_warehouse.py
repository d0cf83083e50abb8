"""Rows from a warehouse: typed values, read and never written, an address that is never repeated."""

from __future__ import annotations

import datetime as dt
import logging
import socket
import sqlite3
import time
import traceback
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine

from prmkit.data.load import Inspection
from prmkit.data.warehouse_query import Trouble, prepared
from prmkit.engagement import SourceSettings
from tests.data.conftest import codes, fault, lines
from tests.data.postgres import connected
from tests.data.postgres import database as database

Look = Callable[..., Inspection]
VARIABLE = "TEST_WAREHOUSE"
CANARY = "c4nary-in-a-pit"


@pytest.fixture
def sqlite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "warehouse.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE lines (id TEXT, day TEXT, partner TEXT, amount REAL)")
        connection.executemany(
            "INSERT INTO lines VALUES (?, ?, ?, ?)", [("007", "2026-01-31", "P1", 1.234), ("7", "2026-02-28", None, 5.0)]
        )
    connection.close()
    monkeypatch.setenv(VARIABLE, f"sqlite:///{path}")
    return path


@pytest.fixture
def server(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    monkeypatch.setenv(VARIABLE, database)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("CREATE TABLE lines (id text, day date, partner text, amount numeric)")
        connection.execute("INSERT INTO lines VALUES ('007', '2026-01-31', 'P1', 1.234), ('7', '2026-02-28', NULL, 5)")
        yield connection


def asked(look: Look, sql: str, table: str = "deals", **more: object) -> Inspection:
    return look(sources={table: [SourceSettings.model_validate({"sql": sql, "url_env": VARIABLE, **more})]})


def sold(look: Look, sql: str, **more: object) -> Inspection:
    source = SourceSettings.model_validate({"sql": sql, "url_env": VARIABLE, **more})
    return look({"data/sales.csv": None}, sources={"sales": [source]})


QUERY = "SELECT id AS sale_id, day AS date, partner AS partner_id, amount AS revenue FROM lines"


@pytest.mark.parametrize("kind", ["sqlite", "server"])
def test_a_query_makes_a_table(kind: str, request: pytest.FixtureRequest, look: Look) -> None:
    request.getfixturevalue(kind)
    found = sold(look, QUERY)
    assert found.faults == ()
    assert found.client is not None
    assert [(row[0], row[1], float(row[2])) for row in lines(found.client, "sale_id, partner_id, revenue")] == [
        ("007", "P1", 1.234),
        ("7", None, 5.0),
    ]
    assert found.sources["sales"].files == ("query on TEST_WAREHOUSE",)


def test_types_arrive_as_they_are_meant(server: psycopg.Connection[tuple[object, ...]], look: Look) -> None:
    server.execute("SET TIME ZONE 'UTC'; CREATE TYPE road AS ENUM ('direct', 'sell_in')")
    query = """SELECT '0b1f8dd2-0000-4000-8000-000000000001'::uuid AS sale_id, timestamptz '2026-03-01 12:00:00+00' AS date,
        'P1'::bytea AS partner_id, 12345678901234567.1234567891::numeric AS revenue, NULL::numeric AS cost, 'sell_in'::road AS channel"""
    found = sold(look, query)
    assert found.client is not None
    (row,) = lines(found.client, "sale_id, date, partner_id, revenue, cost, channel")
    assert row == (
        "0b1f8dd2-0000-4000-8000-000000000001",
        dt.date(2026, 3, 1),
        "P1",
        Decimal("12345678901234567.1234567891"),
        None,
        "sell_in",
    )
    people = asked(look, "SELECT 'D1' AS deal_id, 'P1' AS partner_id, date '2026-01-02' AS registered_on, true AS approved", "deals")
    assert people.tables["deals"]["approved"].tolist() == [True]


def test_a_fault_names_the_row_of_the_query(server: psycopg.Connection[tuple[object, ...]], look: Look) -> None:
    query = "SELECT 'S' || n AS sale_id, CASE WHEN n = 3 THEN 'soon' ELSE '2026-01-15' END AS date, 'P1' AS partner_id, n AS revenue"
    found = sold(look, f"{query} FROM generate_series(1, 4) n")
    assert (fault(found, "bad_date").row, fault(found, "bad_date").value) == (3, "soon")


HOSTILE = "o'Hara; DROP TABLE lines; -- %s :x"


@pytest.mark.parametrize("kind", ["sqlite", "server"])
def test_values_are_bound_and_never_written_into_the_query(kind: str, request: pytest.FixtureRequest, look: Look) -> None:
    request.getfixturevalue(kind)
    query = "SELECT :who AS sale_id, day AS date, partner AS partner_id, amount * :twice AS revenue FROM lines WHERE id = :id"
    found = sold(look, query, params={"who": HOSTILE, "twice": 2, "id": "007"})
    assert found.client is not None
    assert [(row[0], float(row[1])) for row in lines(found.client, "sale_id, revenue")] == [(HOSTILE, 2.468)]


def test_as_of_is_always_there_to_be_named(server: psycopg.Connection[tuple[object, ...]], look: Look) -> None:
    source = SourceSettings(sql=f"{QUERY} WHERE day <= :as_of", url_env=VARIABLE)
    found = look({"data/sales.csv": None}, sources={"sales": [source]}, as_of=dt.date(2026, 1, 31))
    assert found.sources["sales"].rows == 1
    missing = fault(sold(look, f"{QUERY} WHERE day <= :as_of"), "warehouse_parameter_missing")
    assert "as_of needs as_of to be set" in missing.do


@pytest.mark.parametrize("kind", ["sqlite", "server"])
def test_signs_within_quotes_and_comments_are_left_alone(kind: str, request: pytest.FixtureRequest, look: Look) -> None:
    request.getfixturevalue(kind)
    text = r"100% ; :no %(x)s \:a ::b 12:30 it''s"
    query = f"SELECT '{text}' AS sale_id, day AS date, partner AS partner_id, amount AS revenue -- :odd; 5%\nFROM lines /* ; :x */"
    found = sold(look, f"{query} WHERE id LIKE '00%' AND 5 % 3 = 2;\n")
    assert found.client is not None
    assert [row[0] for row in lines(found.client, "sale_id")] == [text.replace("''", "'")]


@given(st.text(alphabet='a:%\\;$-*/ "', max_size=12))
def test_any_quoted_text_comes_back_as_it_was_written(text: str) -> None:
    statement = prepared(SourceSettings(sql=f"SELECT '{text}' AS said", url_env=VARIABLE), None)
    with create_engine("sqlite://").connect() as connection:
        assert connection.execute(statement).scalar() == text


@pytest.mark.parametrize("sql", ["DELETE FROM lines", "SELECT 1; DROP TABLE lines", "UPDATE lines SET id = '1'", "VALUES (1)"])
def test_only_one_statement_that_selects_is_run(sql: str) -> None:
    with pytest.raises(Trouble, match="not_one_select"):
        prepared(SourceSettings(sql=sql, url_env=VARIABLE), None)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT nextval('numbers') AS deal_id",
        "SELECT wrote() AS deal_id",
        "WITH new AS (INSERT INTO lines VALUES ('x') RETURNING id) SELECT id AS deal_id FROM new",
        "SELECT id AS deal_id INTO copied FROM lines",
        "SELECT set_config('transaction_read_only', 'off', true) || wrote() AS deal_id",
    ],
)
def test_a_query_that_writes_is_refused_and_writes_nothing(sql: str, server: psycopg.Connection[tuple[object, ...]], look: Look) -> None:
    server.execute("CREATE SEQUENCE numbers")
    server.execute("CREATE FUNCTION wrote() RETURNS text LANGUAGE sql AS $$ INSERT INTO lines VALUES ('w') RETURNING id $$")
    before = server.execute("SELECT count(*), (SELECT is_called FROM numbers) FROM lines").fetchone()
    found = asked(look, sql)
    assert codes(found, "error") & {"warehouse_writes", "warehouse_query_wrong"}
    assert server.execute("SELECT count(*), (SELECT is_called FROM numbers) FROM lines").fetchone() == before
    assert server.execute("SELECT to_regclass('copied')").fetchone() == (None,)


def test_a_query_that_writes_into_sqlite_is_refused(sqlite: Path, look: Look) -> None:
    found = asked(look, "WITH x AS (SELECT 1) INSERT INTO lines (id) SELECT 'x' FROM x RETURNING id AS deal_id")
    assert "warehouse_writes" in codes(found)
    with sqlite3.connect(sqlite) as connection:
        assert connection.execute("SELECT count(*) FROM lines").fetchone() == (2,)
    connection.close()


def test_a_server_that_never_answers_is_given_up(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        monkeypatch.setenv(VARIABLE, f"postgresql://u:{CANARY}@127.0.0.1:{deaf.getsockname()[1]}/db")
        begun = time.monotonic()
        found = asked(look, "SELECT 1 AS deal_id", timeout_seconds=2)
        assert time.monotonic() - begun < 30
    assert "cannot be reached" in fault(found, "warehouse_unreachable").why
    assert CANARY not in repr(found)


def test_a_query_that_takes_too_long_is_stopped(server: psycopg.Connection[tuple[object, ...]], look: Look) -> None:
    told = fault(asked(look, "SELECT pg_sleep(60)::text AS deal_id", timeout_seconds=1), "warehouse_timeout")
    assert "longer than 1 seconds" in told.why
    assert "timeout_seconds" in told.do


def test_a_query_that_takes_too_long_in_sqlite_is_stopped(sqlite: Path, look: Look) -> None:
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) AS deal_id FROM n"
    assert "warehouse_timeout" in codes(asked(look, endless, timeout_seconds=1))


def test_faults_are_plain_and_name_the_remedy(
    server: psycopg.Connection[tuple[object, ...]], database: str, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 'relation "nowhere" does not exist' in fault(asked(look, "SELECT * FROM nowhere"), "warehouse_query_wrong").why
    assert "syntax" in fault(asked(look, "SELECT FROM WHERE"), "warehouse_query_wrong").why
    told = fault(asked(look, "SELECT :whom AS deal_id", params={"who": 1}), "warehouse_parameter_missing")
    assert (told.value, "known: who" in told.why) == ("whom", True)
    role = f"reader_{database.rpartition('_')[2][:12]}"
    server.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{CANARY}'")
    try:
        monkeypatch.setenv(VARIABLE, database.replace("postgres@", f"{role}:{CANARY}@"))
        refused = asked(look, "SELECT id AS deal_id FROM lines")
        assert "may not read" in fault(refused, "warehouse_no_permission").why
        assert CANARY not in repr(refused)
    finally:
        server.execute(f"DROP ROLE {role}")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("postgres@", f"nobody_here:{CANARY}@"), "warehouse_login"),
        (("/prmkit_", f"/{CANARY}_"), "warehouse_no_database"),
        ((":5432", ":1"), "warehouse_unreachable"),
        (("postgresql://", "nonsense://"), "warehouse_driver"),
        (("postgresql://", "nonsense"), "warehouse_bad_address"),
        (("postgresql://", "postgresql+nothing://"), "warehouse_driver"),
    ],
)
def test_addresses_that_lead_nowhere(
    change: tuple[str, str], code: str, look: Look, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    connected().close()
    caplog.set_level(logging.DEBUG)
    address = f"postgresql://postgres@127.0.0.1:5432/prmkit_gone?application_name={CANARY}".replace(*change)
    monkeypatch.setenv(VARIABLE, address)
    found = asked(look, "SELECT 1 AS deal_id")
    assert code in codes(found, "error")
    assert CANARY not in repr(found) + caplog.text


def test_no_word_of_the_address_is_in_any_message_log_or_file(
    server: psycopg.Connection[tuple[object, ...]],
    database: str,
    tmp_path: Path,
    look: Look,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv(VARIABLE, database.replace("postgres@", f"postgres:{CANARY}@"))
    found = sold(look, QUERY)
    assert found.client is not None
    wrong = asked(look, f"SELECT '{CANARY}'::integer AS deal_id")
    assert "warehouse_query_wrong" in codes(wrong)
    text = repr(found) + repr(wrong.faults) + caplog.text + "".join(traceback.format_stack())
    assert CANARY not in text
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert written
    assert not [path for path in written if CANARY.encode() in path.read_bytes()]
