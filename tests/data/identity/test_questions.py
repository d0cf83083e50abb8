"""Which questions are asked, how sure they are, why, and in what order."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prmkit.data.load import Inspection, inspect
from tests.data.conftest import engagement

Look = Callable[..., Inspection]

PARTNERS = (
    "partner_id,name,country,postal_code,domain,external_ids\n"
    "P1,Albora Connect GmbH,DE,10115,albora.example,erp=4711\nP2,Wendunta IT,JP,3603697,wendunta.example,\n"
    "P3,Kestimar Partners,FR,75001,,\n0042,Glenovan Labs,US,60601,,\nP5,Kestimar Services,FR,75002,kestimar-services.example,\n"
)


def asked(found: Inspection) -> dict[str, tuple[str, float, str]]:
    """given -> (proposed, sure, why)."""
    assert found.matches is not None
    frame = found.matches.questions
    return {row.given: (row.proposed, row.sure, row.why) for row in frame.itertuples()}


def sales(*references: str, **hints: str) -> str:
    """A sale of 10, 20, ... to each reference."""
    extra = "".join(f",{name}" for name in hints)
    beside = "".join(f",{value}" for value in hints.values())
    rows = [f"S{number},2026-01-15,{reference},{number}0{beside}\n" for number, reference in enumerate(references, start=1)]
    return f"sale_id,date,partner_id,revenue{extra}\n" + "".join(rows)


@pytest.mark.parametrize(
    ("reference", "proposed", "least", "why"),
    [
        ("ALBORA CONNECT", "P1", 0.9, "same name but for the legal form"),
        ("Albora Connect Ltd", "P1", 0.5, "same name with another legal form"),
        ("Connect Albora", "P1", 0.8, "same words in another order"),
        ("KestimarPartners", "P3", 0.9, "same name but for spaces"),
        ("Kestimra Partners", "P3", 0.7, "names differ in one letter"),
        ("Kestimar Partners (77)", "P3", 0.9, "same name"),
        ("Acme Whatever (p2)", "P2", 0.5, "the id in brackets is its id; but other names"),
        ("albora.example", "P1", 0.9, "same domain"),
        ("ana@albora.example", "P1", 0.9, "same domain"),
        ("kestimarpartners.example", "P3", 0.8, "the domain spells the name"),
        ("4711", "P1", 0.9, "same id in another system"),
        ("42", "0042", 0.8, "same id but for capitals or zeros in front"),
        ("p3", "P3", 0.8, "same id but for capitals or zeros in front"),
    ],
)
def test_a_reference_by_each_kind_of_evidence(look: Look, reference: str, proposed: str, least: float, why: str) -> None:
    found = asked(look({"data/partners.csv": PARTNERS, "data/sales.csv": sales("P1", reference)}))
    assert list(found) == [reference]
    assert found[reference][0] == proposed
    assert found[reference][1] >= least
    assert found[reference][2] == why


@pytest.mark.parametrize("reference", ["Somebody Else", "4712", "Kestimar", "gmail.com", "ana@gmail.com", "0", "Kestimar Partners 2"])
def test_nobody_is_proposed_without_evidence(look: Look, reference: str) -> None:
    found = look({"data/partners.csv": PARTNERS, "data/sales.csv": sales("P1", reference)})
    assert asked(found) == {}
    assert found.matches is not None
    assert found.matches.unmatched == {"partner": 1}


def test_what_stands_beside_a_reference_tells_whom_it_means(look: Look) -> None:
    hints = {"partner_name": "Albora Conect", "partner_postal_code": "10115", "partner_country": "Germany"}
    found = look({"data/partners.csv": PARTNERS, "data/sales.csv": sales("900123", **hints)})
    assert asked(found) == {"900123": ("P1", 0.99, "names differ in one letter; same postal code; same country")}
    found = look({"data/partners.csv": PARTNERS, "data/sales.csv": sales("900123", partner_domain="www.albora.example")})
    assert asked(found)["900123"][2] == "same domain"
    assert "columns_unknown" not in {fault.code for fault in found.faults}


def test_hints_can_be_mapped(look: Look) -> None:
    tickets = "Id,Org,Web,Opened\nT1,77,https://wendunta.example/jp,2026-01-05\n"
    mapped: dict[str, Any] = {"ticket_id": "Id", "partner_id": "Org", "partner_domain": "Web", "opened_on": "Opened"}
    files = {"data/partners.csv": PARTNERS, "data/sales.csv": sales("P1"), "data/helpdesk.csv": tickets}
    found = look(files, sources={"tickets": {"path": "data/helpdesk.csv", "columns": mapped}})
    assert asked(found)["77"][0] == "P2"
    assert "mapping_unknown_column" not in {fault.code for fault in found.faults}


def test_two_that_are_called_the_same_are_a_question_only_where_more_tells(look: Look) -> None:
    partners = "partner_id,name,country,postal_code\nP1,Alpha Works,DE,10115\nP2,Alpha Works,FR,75001\n"
    assert asked(look({"data/partners.csv": partners, "data/sales.csv": sales("P1", "alpha works")})) == {}
    told = asked(look({"data/partners.csv": partners, "data/sales.csv": sales("alpha works", partner_postal_code="75001")}))
    assert told["alpha works"][0] == "P2"


def test_a_row_entered_twice_goes_into_the_one_that_sells(look: Look) -> None:
    partners = "partner_id,name,country,tier\nP1,Alpha Works GmbH,DE,\nP2,ALPHA WORKS,DE,gold\nP3,Beta,DE,\n"
    found = look({"data/partners.csv": partners, "data/sales.csv": sales("P1", "P3")})
    assert asked(found) == {"P2": ("P1", 0.9, "same name but for the legal form; same country")}
    neither = asked(look({"data/partners.csv": partners, "data/sales.csv": sales("P3")}))
    assert {given: row[0] for given, row in neither.items()} == {"P1": "P2"}  # the fuller row stays


def test_branches_and_subsidiaries_are_not_taken_for_one(look: Look) -> None:
    partners = (
        "partner_id,name,country,postal_code,domain\nP1,Alpha Works,DE,10115,alpha.example\nP2,Alpha Works,DE,80331,\n"
        "P3,Alpha Cloud,DE,10115,alpha.example\nP4,Beta 1,DE,1,\nP5,Beta 2,DE,1,\n"
    )
    assert asked(look({"data/partners.csv": partners, "data/sales.csv": sales("P1")})) == {}


def test_most_revenue_first_and_how_far_it_is(look: Look) -> None:
    partners = PARTNERS + "P2-B,WENDUNTA IT,JP,,,\n"
    lines = "sale_id,date,partner_id,revenue\n" + "".join(
        f"S{n},2026-01-15,{who},{revenue}\n"
        for n, (who, revenue) in enumerate([("P1", 700), ("P2", 200), ("kestimar partners", 90), ("GLENOVAN LABS", 10)])
    )
    found = look({"data/partners.csv": partners, "data/sales.csv": lines})
    assert found.matches is not None
    frame = found.matches.questions
    assert frame["given"].tolist() == ["P2-B", "kestimar partners", "GLENOVAN LABS"]
    assert frame["revenue"].tolist() == [200.0, 90.0, 10.0]
    assert frame["revenue_share_so_far"].tolist() == [0.9, 0.99, 1.0]
    assert frame["may_wait"].tolist() == ["", "", "yes"]
    assert found.matches.covered == {"partner": 0.7}
    assert frame["tables"].tolist() == ["", "sales", "sales"]


def test_customers_are_asked_as_partners_are_and_nobody_is_left_out(look: Look) -> None:
    customers = (
        "customer_id,name,country,postal_code\nC1,Navagen Bank,DE,10115\nC2,Navagen Bank AG,DE,10115\nC3,CASH SALE,,\nC4,Cash Sale,,\n"
    )
    lines = (
        "sale_id,date,partner_id,customer_id,revenue\nS1,2026-01-15,P1,C2,5\nS2,2026-01-15,P1,navagen bank sa,5\nS3,2026-01-15,P1,C3,5\n"
    )
    found = look({"data/customers.csv": customers, "data/sales.csv": lines})
    assert {given: row[0] for given, row in asked(found).items()} == {"C1": "C2", "navagen bank sa": "C2"}


def test_after_a_no_the_next_likely_one_is_asked(look: Look) -> None:
    partners = "partner_id,name,postal_code\nP1,Albora Connect,10115\nP2,Albora Conect,75001\n"
    files = {"data/partners.csv": partners, "data/sales.csv": sales("P1", "ALBORA CONNECT")}
    assert asked(look(files))["ALBORA CONNECT"][0] == "P1"
    no = "decision,kind,question,given,proposed\nno,partner,reference,ALBORA CONNECT,P1\n"
    found = look({**files, "matches.csv": no})
    assert asked(found)["ALBORA CONNECT"][0] == "P2"


WORDS = ["Alpha", "Albha", "Beta", "Works", "IT", "GmbH", "Ltd", "Group"]
ROWS = st.lists(
    st.tuples(
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=3), st.sampled_from(["", "10115", "75001"]), st.sampled_from(["", "DE", "FR"])
    ),
    min_size=2,
    max_size=8,
)


@given(rows=ROWS, references=st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3), max_size=4), seed=st.integers(0, 99))
@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
def test_the_order_of_rows_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[list[str], str, str]], references: list[list[str]], seed: int
) -> None:
    lines = [f"P{n},{' '.join(name)},{postal},{country}\n" for n, (name, postal, country) in enumerate(rows)]
    sold = sales("P0", *(" ".join(reference) for reference in references)).splitlines(keepends=True)
    found = []
    for _ in range(2):
        folder = tmp_path_factory.mktemp("order")
        files = {"data/partners.csv": "partner_id,name,postal_code,country\n" + "".join(lines), "data/sales.csv": "".join(sold)}
        matches = inspect(engagement(folder, files), Path(folder) / "cache").matches
        assert matches is not None
        found.append(matches.questions)
        random.Random(seed).shuffle(lines)
        sold[1:] = sold[:0:-1]
    pd.testing.assert_frame_equal(*found)
