"""Every table of the contract has words of its own."""

from __future__ import annotations

from ruamel.yaml import YAML

from prmkit import resources
from prmkit.practices.result import contract
from prmkit.publish import titles


def test_every_results_table_has_a_title_and_no_other_has() -> None:
    practices = ("know", "reach", "enable", "loyalty", "prune", "assessment")
    named = {f"{practice}_{table}" for practice in practices for table in contract()[practice]}
    assert set(titles.RESULTS) == named | {"decisions_taken", "readiness", "reconciliation", "partner_months"}
    assert len(set(titles.RESULTS.values())) == len(titles.RESULTS)


def test_every_canonical_table_has_a_title_and_no_other_has() -> None:
    assert set(titles.EXPORTS) == set(YAML(typ="safe").load(resources.spec("tables.yaml")))


def test_an_unknown_table_is_said_in_plain_words() -> None:
    assert titles.result_title("know_new_idea") == "New idea"
    assert titles.export_title("nothing") == ""


def test_a_column_reads_as_words() -> None:
    assert titles.plain("cost_to_serve") == "Cost to serve"
    assert titles.plain("p_decision_right") == "Chance that it is right"
    named = {column for tables in contract().values() for columns in tables.values() if isinstance(columns, dict) for column in columns}
    told = {
        kind
        for tables in contract().values()
        for columns in tables.values()
        if isinstance(columns, dict)
        for kind in columns.values()
        if isinstance(kind, str)
    }
    words = {word.strip() for kind in told if "|" in kind for word in kind.split("|")}
    assert set(titles.COLUMNS) <= named | words
