"""Faults in asking a client's warehouse, and in sales lines that stay there."""

from __future__ import annotations

from collections.abc import Mapping

from prmkit.data.fault_book.kind import FaultKind, error, warning

ASKING_A_WAREHOUSE: Mapping[str, FaultKind] = {
    "warehouse_no_address": error(
        "The environment variable {value}, which holds the warehouse's address, is not set.",
        "Set it before running, or give a file instead of sql.",
        apart=True,
    ),
    "warehouse_bad_address": error(
        "What the environment variable {value} holds is no address of a database.",
        "Write it as postgresql://user:password@host:5432/database; a sign such as @ or / in the password is written %40 or %2F.",
        apart=True,
    ),
    "warehouse_driver": error(
        "There is no driver for the kind of database that the address in {value} begins with.",
        "Correct the beginning of the address, such as postgresql:// or sqlite:///, or install the driver it names.",
        apart=True,
    ),
    "warehouse_unreachable": error(
        "The warehouse of {value} cannot be reached ({reason}).",
        "Check host and port in the address, the VPN and the firewall; try again when the warehouse is up.",
        apart=True,
    ),
    "warehouse_login": error(
        "The warehouse of {value} refused the login.",
        "Check user and password in the address; ask for a user that may only read.",
        apart=True,
    ),
    "warehouse_no_database": error(
        "The warehouse of {value} has no database of that name.", "Correct the database's name at the end of the address.", apart=True
    ),
    "warehouse_timeout": error(
        "The query for '{table}' was stopped: it took longer than {seconds} seconds.",
        "Make the query smaller or faster, or raise timeout_seconds under sources.{table} in engagement.yaml.",
        apart=True,
    ),
    "warehouse_no_permission": error(
        "The user of {value} may not read what the query for '{table}' asks for.",
        "Ask for the right to SELECT from the tables and views of the query.",
        apart=True,
    ),
    "warehouse_query_wrong": error(
        "The warehouse does not understand the query for '{table}': {reason}.",
        "Run the query by itself against the warehouse and correct it.",
        apart=True,
    ),
    "warehouse_not_one_select": error(
        "The query for '{table}' is not one statement that begins with SELECT or WITH.",
        "Write one query; a client's warehouse is only ever read.",
        apart=True,
    ),
    "warehouse_parameter_missing": error(
        "The query for '{table}' names :{value}, which is not given; known: {known}.",
        "Add it under sources.{table}.params in engagement.yaml; :as_of needs as_of to be set.",
        apart=True,
    ),
    "warehouse_writes": error(
        "The query for '{table}' would write into the warehouse, and was refused: {reason}.",
        "Use a query that only reads.",
        apart=True,
    ),
    "warehouse_failed": error(
        "The query for '{table}' failed: {reason}.", "Run the query by itself against the warehouse and correct it.", apart=True
    ),
}

COUNTING_IN_A_WAREHOUSE: Mapping[str, FaultKind] = {
    "warehouse_sale_twice": error(
        "The same sale_id ('{value}') stands in several rows of the query: {rows} too many.", "Make the query give each sale line once."
    ),
    "warehouse_unchecked": warning(
        "Sales lines stay in the warehouse: what needs the lines themselves was not checked (equal lines without a sale_id, "
        "decimals, spellings, ids of customers and deals, reports sent again or never sent, slips of currency and date).",
        "Nothing; to have them checked, give the lines in a file.",
    ),
}
