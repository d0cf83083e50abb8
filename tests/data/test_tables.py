"""The contract as models, and the schemas made from it."""

from __future__ import annotations

import pandas as pd
import pytest
from pandera.errors import SchemaErrors
from ruamel.yaml import YAML

from prmkit import resources
from prmkit.data.schemas import dtype, schema
from prmkit.data.tables import Column, table, tables

GIVEN = YAML(typ="safe").load(resources.spec("tables.yaml").read_text(encoding="utf-8"))


def empty(name: str) -> pd.DataFrame:
    return pd.DataFrame({column.name: pd.Series([], dtype=dtype(column)) for column in table(name).columns})


def test_every_table_and_column_of_the_contract_is_there_in_order() -> None:
    assert {name: list(one.names) for name, one in tables().items()} == {name: list(about["columns"]) for name, about in GIVEN.items()}
    for name, about in GIVEN.items():
        assert list(table(name).key) == about.get("key", [])
        assert list(table(name).required_names) == [column for column, facts in about["columns"].items() if facts.get("required")]
        for column, facts in about["columns"].items():
            assert list(table(name)[column].words) == (facts["type"] if isinstance(facts["type"], list) else [])


def test_units_say_what_is_money_what_is_a_fraction_and_what_is_bounded() -> None:
    assert [column.name for column in table("sales").money] == ["revenue", "cost", "list_amount", "discount"]
    assert [column.name for column in table("partners").money] == ["annual_revenue"]
    assert table("partners")["resale_share"].bounds == (0, 1)
    assert table("tickets")["csat"].bounds == (1, 5)
    assert table("customers")["latitude"].bounds == (-90, 90)
    assert table("sales")["units"].bounds is None
    assert "currency" in [column.name for column in table("deals").readable]
    assert "currency" not in [column.name for column in table("people").readable]


def test_ids_are_told_by_their_names() -> None:
    assert [column.name for column in table("sales").columns if column.is_id] == [
        "sale_id", "invoice_id", "deal_id", "partner_id", "distributor_id", "customer_id", "product_id"
    ]  # fmt: skip


@pytest.mark.parametrize("name", [name for name in tables() if name != "sales"])
def test_an_empty_table_fulfils_its_schema(name: str) -> None:
    schema(name).validate(empty(name), lazy=True)


@pytest.mark.parametrize(
    ("column", "values", "check"),
    [
        ("partner_id", ["P1", None], "not_nullable"),
        ("partner_id", ["P1", "P1"], "multiple_fields_uniqueness"),
        ("partner_type", ["reseller", "shop"], "isin"),
        ("resale_share", [0.5, 1.5], "in_range(0.0, 1.0)"),
        ("employees", [1.0, 1.5], "whole numbers"),
    ],
)
def test_a_schema_refuses_what_the_contract_does(column: str, values: list[object], check: str) -> None:
    frame = pd.DataFrame({"partner_id": ["P1", "P2"], "name": ["A", "B"]} | {column: values})
    whole = frame.reindex(columns=list(table("partners").names)).astype({one.name: dtype(one) for one in table("partners").columns})
    with pytest.raises(SchemaErrors) as refused:
        schema("partners").validate(whole, lazy=True)
    assert any(check in str(case) for case in refused.value.failure_cases["check"])


def test_a_column_is_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Column(name="a", kind="string").name = "b"  # type: ignore[misc]
