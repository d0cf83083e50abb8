"""`prmkit new` writes a request and never over one; `prmkit request` writes it again for what is still missing."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner

from prmkit.check import CheckReport
from prmkit.cli import app
from prmkit.data.client import Source
from prmkit.errors import PrmkitError
from prmkit.new import new_engagement
from prmkit.request import rewrite
from prmkit.request.command import still_missing
from prmkit.request.earlier import Noted, noted
from prmkit.request.exports import asked
from prmkit.request.managed import managed
from tests.data.handmade import frame
from tests.request.sheets import PARTNERS, SALES, fill, rows, save_as_csv


def told(path: Path) -> dict[str, list[object]]:
    """Wave, status, date and remark by table."""
    head, *body = rows(path, "Exports")
    places = [head.index(name) for name in ("Wave", "Status", "Date", "Remark")]
    saved = head.index("Save as")
    return {str(row[saved]).removesuffix(".csv"): [row[place] for place in places] for row in body if row[saved]}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An engagement with partners and sales, and a request on which somebody has noted how far it is."""
    new_engagement(tmp_path / "acme")
    (tmp_path / "acme" / "data" / "partners.csv").write_text(PARTNERS, encoding="utf-8")
    (tmp_path / "acme" / "data" / "sales.csv").write_text(SALES, encoding="utf-8")
    head, *body = rows(tmp_path / "acme" / "data_request.xlsx", "Exports")
    line = {str(row[head.index("Save as")]): number for number, row in enumerate(body, start=2)}
    notes = {
        line["deals.csv"]: {"Status": "promised", "Date": "2026-11-30", "Remark": "=Friday"},
        line["tickets.csv"]: {"Status": "refused"},
        line["sales.csv"]: {"Status": "asked", "Remark": "from finance"},
    }
    fill(tmp_path / "acme" / "data_request.xlsx", "Exports", notes)
    return tmp_path / "acme"


def test_what_is_here_is_marked_and_what_was_noted_stays(home: Path) -> None:
    before = (home / "data_request.xlsx").read_bytes()
    assert rewrite(home) == [home / "data_request.xlsx", home / "data_request_1.xlsx"]
    assert (home / "data_request_1.xlsx").read_bytes() == before
    now = told(home / "data_request.xlsx")
    assert sorted(now) == sorted(asked().exports)
    assert now["sales"] == ["here", "here", None, "from finance"]
    assert now["partners"][:2] == ["here", "here"]
    assert str(now["partners"][3]).startswith("Here, but still without: ")
    assert now["deals"] == [1, "promised", "2026-11-30", "=Friday"]
    assert now["tickets"][1] == "refused"
    assert list(now)[:1] == ["deals"], "what is missing comes first"
    assert list(now)[-2:] == ["partners", "sales"]
    assert [row[0] for row in rows(home / "data_request.xlsx", "Partner managers")[1:]] == ["P2", "007", "P1"]


def test_waves_follow_what_the_data_lack(home: Path) -> None:
    first, *_ = rewrite(home)
    waves = {table: wave for table, (wave, *_rest) in told(first).items()}
    assert waves["trainings"] == 2
    (home / "data" / "trainings.csv").write_text(
        "person_id,partner_id,course_id,hours,completed_on\nH1,P1,T,4,2026-01-01\n", encoding="utf-8"
    )
    assert rewrite(home)[1] == home / "data_request_2.xlsx", "the next free name"
    now = told(home / "data_request.xlsx")
    assert now["trainings"][:2] == ["here", "here"]


def test_managers_are_asked_only_about_partners_nobody_has_judged(home: Path) -> None:
    save_as_csv([["Partner ID", "7 Relationship"], ["P2", "weak"]], home / "data" / "partner_managers.csv")
    rewrite(home)
    assert [row[0] for row in rows(home / "data_request.xlsx", "Partner managers")[1:]] == ["007", "P1"]


def test_data_that_cannot_be_loaded_are_asked_for_by_what_was_read(home: Path) -> None:
    (home / "data" / "sales.csv").write_text("nothing\n", encoding="utf-8")
    rewrite(home)
    now = told(home / "data_request.xlsx")
    assert now["sales"][0] == 1
    assert now["partners"][0] == "here"


def test_an_earlier_workbook_that_is_none_is_kept_and_not_read(home: Path) -> None:
    (home / "data_request.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    assert rewrite(home)[1].read_bytes() == b"PK\x03\x04 no workbook"
    assert noted(home / "data_request_1.xlsx") == {}
    other = openpyxl.Workbook()
    other.active.title = "Exports"  # type: ignore[union-attr]
    other.save(home / "other.xlsx")
    assert noted(home / "other.xlsx") == {}


def test_a_status_of_here_goes_when_the_file_is_gone() -> None:
    report = CheckReport(Path(), (), {"partners": Source("partners", ("partners.csv",), 3, None, None)})
    lines = {line.table: line for line in still_missing(report, {"sales": Noted("here", "2026-01-01", "x")})}
    assert (lines["sales"].wave, lines["sales"].status, lines["sales"].remark) == (1, "", "x")
    assert (lines["partners"].wave, lines["partners"].status) == (0, "here")


def test_no_engagement_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(PrmkitError):
        rewrite(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_command_says_what_it_wrote(home: Path) -> None:
    done = CliRunner().invoke(app, ["request", str(home)])
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        f"wrote {home / 'data_request.xlsx'}",
        f"kept the earlier one as {home / 'data_request_1.xlsx'}",
    ]


def test_managed_partners_are_those_with_a_manager_that_are_still_there() -> None:
    partners = frame(
        "partners",
        [
            {"partner_id": "1", "name": "B", "partner_manager": "Zoe"},
            {"partner_id": "2", "name": "A", "partner_manager": "Zoe", "status": "active"},
            {"partner_id": "3", "name": "C", "partner_manager": "Ann", "status": "terminated"},
            {"partner_id": "4", "name": "D", "partner_manager": "Ann", "ended_on": "2026-01-01"},
            {"partner_id": "5", "name": "E", "partner_manager": "Ann"},
            {"partner_id": "6", "name": "F"},
            {"partner_id": "x" * 300, "name": "G", "partner_manager": "Ann"},
        ],
    )
    assert [(one.partner_id, one.manager) for one in managed(partners)] == [("5", "Ann"), ("2", "Zoe"), ("1", "Zoe")]
    nobody = partners.assign(partner_manager=pd.Series([None] * len(partners), dtype="str"))
    assert [one.partner_id for one in managed(nobody)] == ["2", "1", "5", "6"]
