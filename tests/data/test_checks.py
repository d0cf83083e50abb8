"""What must hold within and between tables."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmkit.data.checks import circles
from prmkit.data.load import Inspection
from prmkit.engagement import Engagement
from tests.data.conftest import SALES, codes, fault, lines

Look = Callable[..., Inspection]


@pytest.mark.parametrize(
    ("name", "content", "code", "severity", "row"),
    [
        ("partners", "partner_id,name\nP1,A\nP2,\n007,C\n", "required_empty", "error", 3),
        ("partners", "partner_id,name\nP1,A\nP2,a\n007,C\n", "name_case", "warning", 2),
        ("partners", "partner_id,name,territory\nP1,A,N\nP1,A,S\nP2,B,N\n007,C,N\n", "partner_in_two_territories", "error", 2),
        ("partners", "partner_id,name,tier\nP1,A,gold\nP2,B,x\nP1,A,silver\n007,C,x\n", "duplicate_key", "error", 2),
        ("partners", "partner_id,name\nP1,A\nP2,B\nP1,A\n007,C\n", "duplicate_row", "warning", 4),
        ("partners", "partner_id,name,parent_partner_id\nP1,A,P2\nP2,B,P1\n007,C,\n", "parent_cycle", "error", 2),
        ("partners", "partner_id,name,parent_partner_id\nP1,A,P1\nP2,B,\n007,C,\n", "own_parent", "warning", 2),
        ("partners", "partner_id,name,parent_partner_id\nP1,A,P8\nP2,B,\n007,C,\n", "orphan", "warning", 2),
        ("partners", "partner_id,name,joined_on,ended_on\nP1,A,2020-02-01,2020-01-01\nP2,B,,\n007,C,,\n", "ended_before_began", "error", 2),
        ("partners", "partner_id,name,joined_on\nP1,A,1978-02-01\nP2,B,\n007,C,\n", "date_before_1990", "warning", 2),
        ("partners", "partner_id,name,ended_on\nP1,A,9999-12-31\nP2,B,\n007,C,\n", "date_far_off", "warning", 2),
        ("partners", "partner_id,name,country\nP1,A,NO\nP2,B,Atlantis\n007,C,\n", "country_unknown", "warning", 3),
        ("partners", "partner_id,name,country\nP1,A,no\nP2,B,Norway\n007,C,uk\n", "country_by_name", "warning", 3),
        ("partners", "partner_id,name,resale_share\nP1,A,35\nP2,B,\n007,C,\n", "out_of_bounds", "error", 2),
        ("partners", "partner_id,name,resale_share\nP1,A,35%\nP2,B,\n007,C,\n", "percent_read", "warning", 2),
        ("partners", "partner_id,name,latitude\nP1,A,91\nP2,B,\n007,C,\n", "out_of_bounds", "error", 2),
        ("partners", "partner_id,name,employees\nP1,A,12.5\nP2,B,\n007,C,\n", "not_whole", "error", 2),
        ("partners", "partner_id,name,territory\nP1,A,NULL\nP2,B,\n007,C,\n", "null_word", "warning", 2),
        ("deal_partners", "deal_id,partner_id,role,credit\nD1,P1,sourced,0.7\nD1,P2,sourced,0.7\n", "credit_above_one", "error", 2),
        ("deal_partners", "deal_id,partner_id,role,credit\nD1,P1,sourced,1.5\n", "out_of_bounds", "error", 2),
        ("goals", "partner_id,territory,period_start,period_end,revenue_goal\nP1,N,2026-01-01,2026-12-31,1\n", "goal_subject", "error", 2),
        ("goals", "period_start,period_end,revenue_goal\n2026-01-01,2026-12-31,1\n", "goal_subject", "error", 2),
        ("goals", "partner_id,period_start,period_end,revenue_goal\nP1,2026-12-31,2026-01-01,1\n", "ended_before_began", "error", 2),
        ("support", "partner_id,month,kind\nP1,2026-01,technical\n", "no_cost_or_hours", "error", 2),
        ("support", "partner_id,month,hours\nP1,2026-01,1\nP1,2026-01-31,2\n", "duplicate_open_key", "warning", 2),
        ("rates", "currency,month,rate\nUSD,2026-01-01,0.9\nUSD,2026-01-31,0.8\n", "duplicate_key", "error", 2),
        ("rates", "currency,month,rate\nUSD,2026-01-01,0\n", "rate_not_positive", "error", 2),
        ("tickets", "ticket_id,opened_on,csat\nT1,2026-01-01,6\n", "out_of_bounds", "error", 2),
        ("tickets", "ticket_id,opened_on,customer_id,partner_id\nT1,2026-01-01,C9,P9\n", "orphan", "warning", 2),
        ("trainings", "partner_id,completed_on,certified\nP1,2026-01-01,maybe\n", "bad_boolean", "error", 2),
        ("events", "date,kind\n2026-01-01,price_rise\n2026-01-01,price_rise\n", "same_row_twice", "warning", 3),
        ("events", "date,kind\n2998-01-01,price_rise\n", "future_date", "warning", 2),
        ("people", "person_id,partner_id,sells_us_share\nA,P1,1e-1\nB,P1,x\n", "bad_number", "error", 3),
        ("surveys", "response_id,respondent,date,question_id\nR1,partners,2026-01-01,nps\n", "unknown_word", "error", 2),
    ],
)  # fmt: skip
def test_each_check(name: str, content: str, code: str, severity: str, row: int, look: Look) -> None:
    found = look({f"data/{name}.csv": content})
    met = fault(found, code)
    assert (met.severity, met.table, met.row, met.file) == (severity, name, row, f"data/{name}.csv")
    others = {other.code for other in found.faults if other.severity == "error"} - {code}
    assert not others, found.faults


def test_two_territories_name_both_rows(look: Look) -> None:
    met = fault(look({"data/partners.csv": "partner_id,name,territory\nP1,A,N\nP2,B,N\n007,C,N\nP1,A,S\n"}), "partner_in_two_territories")
    assert "N (data/partners.csv row 2), S (data/partners.csv row 5)" in met.why


def test_partners_that_only_sales_know_are_added_under_their_id(look: Look) -> None:
    rows = "S1,2026-01-31,P9,1\nS2,2026-01-31,P9,1\nS3,2026-01-31,P8,1\nS4,2026-01-31,7,1\n"
    found = look({"data/sales.csv": "sale_id,date,partner_id,revenue\n" + rows})
    added = found.tables["partners"].tail(3)
    assert added[["partner_id", "name"]].values.tolist() == [["7", "7"], ["P8", "P8"], ["P9", "P9"]]
    assert added["territory"].isna().all()
    met = fault(found, "partner_added")
    assert (met.count, met.value, met.row) == (4, "P9", 2)
    assert "'7' may be '007' written another way" in met.do
    assert found.client is not None
    assert len(lines(found.client)) == 4


def test_long_and_short_ids_of_one_record_are_joined_and_told(look: Look) -> None:
    files = {
        "data/partners.csv": "partner_id,name\n001A000001LqvtoIAB,A\n001A000001LqvtpIAC,B\n",
        "data/sales.csv": "date,partner_id,revenue\n2026-01-31,001A000001Lqvto,1\n2026-01-31,001A000001Lqvtp,2\n",
    }
    found = look(files)
    joined = fault(found, "ids_joined")
    assert (joined.value, joined.count) == ("001A000001Lqvto", 1)
    assert "'001A000001Lqvtp' may be '001A000001LqvtpIAC'" in fault(found, "partner_added").do  # its last letters are wrong
    assert found.tables["partners"]["partner_id"].tolist() == ["001A000001LqvtoIAB", "001A000001LqvtpIAC", "001A000001Lqvtp"]


def test_sales_after_an_as_of_day_in_the_past_are_fine(look: Look) -> None:
    import datetime as dt

    future = SALES + "S9,2998-01-01,P1,1\n"
    assert fault(look({"data/sales.csv": future}), "future_date").severity == "error"
    assert fault(look({"data/sales.csv": future}, as_of=dt.date(2026, 3, 31)), "future_date").severity == "warning"


def test_many_returns_are_questioned_and_some_are_not(look: Look) -> None:
    assert codes(look({"data/sales.csv": SALES.replace(",200", ",-200")})) == {"many_returns"}
    assert codes(look({"data/sales.csv": SALES + "".join(f"R{n},2026-03-15,P1,5\n" for n in range(9)) + "R9,2026-03-15,P1,-5\n"})) == set()


def test_equal_rows_under_one_id_are_counted_once_and_without_id_all(look: Look) -> None:
    with_id = look({"data/sales.csv": SALES + "S1,2026-01-15,P1,100.10\n"})
    assert with_id.client is not None
    assert len(lines(with_id.client)) == 3
    without = look({"data/sales.csv": "date,partner_id,revenue\n" + "2026-01-15,P1,100.10\n" * 3})
    assert without.client is not None
    assert len(lines(without.client)) == 3
    assert fault(without, "same_row_twice").count == 2


def test_all_faults_come_at_once(look: Look) -> None:
    files = {
        "data/partners.csv": "partner_id,name,country,employees\nP1,,XX,1.5\n",
        "data/sales.csv": "sale_id,date,partner_id,revenue\nS1,2026-02-30,P1,ten\nS2,2026-01-31,P9,1\n",
        "data/deals.csv": "deal_id,outcome\nD1,wonn\nD1,lost\n",
    }
    expected = {"required_empty", "country_unknown", "impossible_date", "bad_number", "partner_added", "unknown_word", "duplicate_key"}
    assert codes(look(files)) >= expected


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh"), max_size=8))
def test_circles_are_exactly_the_members_that_reach_themselves(parent: dict[str, str]) -> None:
    def reaches_itself(start: str) -> bool:
        at = parent.get(start)
        for _ in range(len(parent)):
            if at == start:
                return True
            at = parent.get(at or "")
        return False

    assert {member for circle in circles(parent) for member in circle} == {start for start in parent if reaches_itself(start)}


def test_control_characters_stay_and_nul_is_told(look: Look) -> None:
    found = look({"data/partners.csv": "partner_id,name\nP1,A\x07B\nP2,C\x00D\n007,E\n"})
    assert found.tables["partners"]["name"].tolist() == ["A\x07B", "C\x00D", "E"]
    assert (fault(found, "null_character").row, fault(found, "null_character").column) == (3, "name")
    assert isinstance(found.client and found.client.engagement, Engagement)
