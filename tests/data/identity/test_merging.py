"""What matches.csv confirms is applied, whole and once; what it does not, never."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from prmkit.data.inputs import fingerprint
from prmkit.data.load import Inspection
from tests.data.conftest import codes, engagement, fault, lines

Look = Callable[..., Inspection]

PARTNERS = (
    "partner_id,name,tier,external_ids,parent_partner_id,annual_revenue,currency\n"
    "P1,Alpha,,erp=1,,,\nP2,ALPHA,gold,lms=9,P1,100,EUR\nP3,Beta,,,P2,,\n007,Gamma,silver,,,,\n"
)
SALES = (
    "sale_id,date,partner_id,distributor_id,revenue\nS1,2026-01-15,P1,Gama Ltd,100\nS2,2026-02-15,P2,,200\nS3,2026-03-15,Gama Ltd,,300\n"
)
SUPPORT = (
    "partner_id,month,kind,staff_id,hours,cost\nP1,2026-01-01,presales,X,2,20\nP2,2026-01-01,presales,X,3,\nP2,2026-02-01,presales,X,5,50\n"
)
LINES = "partner_id,vendor,category,leads\nP2,Other,a,true\nP1,Other,a,false\nP2,Third,a,true\n"
FILES = {"data/partners.csv": PARTNERS, "data/sales.csv": SALES, "data/support.csv": SUPPORT, "data/line_card.csv": LINES}
HEAD = "decision,kind,question,given,proposed\n"


def test_a_reference_is_rewritten_everywhere(look: Look) -> None:
    found = look({**FILES, "matches.csv": HEAD + "yes,partner,reference,Gama Ltd,'007\n"})
    assert found.client is not None
    assert lines(found.client, "partner_id, distributor_id") == [("P1", "007"), ("P2", None), ("007", None)]
    assert "partner_added" not in codes(found)
    assert "2 references were rewritten and 0 rows" in fault(found, "matches_applied").why


def test_rows_that_are_one_become_one(look: Look) -> None:
    found = look({**FILES, "matches.csv": HEAD + "yes,partner,duplicate,P2,P1\n"})
    assert found.client is not None
    assert not {fault.code for fault in found.faults if fault.severity == "error"}
    partners = found.tables["partners"].set_index("partner_id")
    assert partners.index.tolist() == ["P1", "P3", "007", "Gama Ltd"]
    assert partners.loc["P1", ["name", "tier", "external_ids", "annual_revenue"]].tolist() == ["Alpha", "gold", "erp=1|lms=9", 100.0]
    assert partners["parent_partner_id"].fillna("").tolist() == ["", "P1", "", ""]
    assert [row[0] for row in lines(found.client, "partner_id")] == ["P1", "P1", "Gama Ltd"]
    support = found.tables["support"]
    assert list(zip(support["partner_id"], support["hours"], support["cost"], strict=True)) == [("P1", 5.0, 20.0), ("P1", 5.0, 50.0)]
    card = found.tables["line_card"]
    assert list(zip(card["vendor"], card["leads"], strict=True)) == [("Other", False), ("Third", True)]


def test_what_is_not_confirmed_stays_apart(look: Look) -> None:
    plain = look(FILES)
    open_ = look({**FILES, "matches.csv": HEAD + ",partner,duplicate,P2,P1\nno,partner,reference,Gama Ltd,'007\n"})
    assert open_.tables["partners"].equals(plain.tables["partners"])
    assert "matches_applied" not in codes(open_)


def test_a_chain_ends_at_its_last_row_and_a_circle_is_refused(look: Look) -> None:
    found = look(
        {**FILES, "matches.csv": HEAD + "yes,partner,duplicate,P3,P2\nyes,partner,duplicate,P2,P1\nyes,partner,reference,Gama Ltd,P3\n"}
    )
    assert found.tables["partners"]["partner_id"].tolist() == ["P1", "007"]
    assert found.client is not None
    assert [row[0] for row in lines(found.client, "partner_id")] == ["P1", "P1", "P1"]
    circle = look({**FILES, "matches.csv": HEAD + "yes,partner,duplicate,P1,P2\nyes,partner,duplicate,P2,P1\n"})
    assert "matches_circle" in codes(circle, "error")
    assert circle.tables["partners"]["partner_id"].tolist() == ["P1", "P2", "P3", "007", "Gama Ltd"]


def test_a_decision_whose_question_is_gone_does_nothing(look: Look) -> None:
    gone = (
        HEAD + "yes,partner,reference,P1,P2\nyes,partner,duplicate,P1,P9\nyes,partner,reference,Nobody,P1\nyes,customer,duplicate,C1,C2\n"
    )
    found = look({**FILES, "matches.csv": gone})
    assert "matches_applied" not in codes(found)
    assert found.tables["partners"]["partner_id"].tolist() == ["P1", "P2", "P3", "007", "Gama Ltd"]


def test_a_bad_file_stops_and_says_where(look: Look) -> None:
    told = fault(look({**FILES, "matches.csv": HEAD + "perhaps,partner,duplicate,P2,P1\n"}), "matches_word")
    assert (told.severity, told.file, told.row, told.column, told.value) == ("error", "matches.csv", 2, "decision", "perhaps")


def test_confirming_changes_the_fingerprint_and_asking_does_not(tmp_path: Path) -> None:
    made = engagement(tmp_path, FILES)
    before = fingerprint(made)
    (tmp_path / "matches.csv").write_text(HEAD + ",partner,duplicate,P2,P1\n", encoding="utf-8")
    assert fingerprint(made) == before
    (tmp_path / "matches.csv").write_text(HEAD + "yes,partner,duplicate,P2,P1\n", encoding="utf-8")
    assert fingerprint(made) != before


def test_both_forms_of_a_salesforce_id_become_one_row(look: Look) -> None:
    partners = "partner_id,name,tier\n001A000001Lqvto,Alpha,gold\n001A000001LqvtoIAB,Alpha,\n001A000001LqvtO,Beta,\n"
    sales = "date,partner_id,revenue\n2026-01-31,001A000001Lqvto,1\n2026-01-31,001A000001LqvtO,2\n"
    found = look({"data/partners.csv": partners, "data/sales.csv": sales})
    told = found.tables["partners"].set_index("partner_id")["tier"].fillna("")
    assert told.to_dict() == {"001A000001LqvtoIAB": "gold", "001A000001LqvtO": ""}
    assert fault(found, "ids_joined").severity == "warning"
    assert found.client is not None
    assert sorted(lines(found.client, "partner_id")) == [("001A000001LqvtO",), ("001A000001LqvtoIAB",)]
