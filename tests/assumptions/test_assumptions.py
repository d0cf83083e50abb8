"""What an assessment rests on: listed, varied, signed, and asked about again when it has changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from prmkit.assess import compute
from prmkit.assumptions.assumption import changed
from prmkit.assumptions.effect import effect, figure, varied
from prmkit.assumptions.listed import listed
from prmkit.assumptions.signature import FILE, signatures, with_signatures
from prmkit.data.client import Client
from prmkit.data.portfolio import open_portfolio
from prmkit.errors import PrmkitError
from prmkit.practices import PRACTICES, know, reach
from prmkit.publish import assumed, words
from prmkit.publish.workbook import write_workbook
from prmkit.results import Results
from tests.data.handmade import client, line

DAYS = [str(day.date()) for day in pd.date_range("2023-01-31", periods=24, freq="ME")]
PARTNERS = [f"P{number:02d}" for number in range(40)]


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Client:
    """Forty partners that sell 1,000 to 40,000 a month, every second of whom takes eighty hours of our time a month."""
    lines = [line(day, partner, f"{1000 * (1 + place)}") for place, partner in enumerate(PARTNERS) for day in DAYS]
    support = [
        {"partner_id": partner, "month": pd.Timestamp(day).replace(day=1), "kind": "technical", "hours": 80.0}
        for partner in PARTNERS[::2]
        for day in DAYS
    ]
    settings = {"economics": {"gross_margin": 0.2, "hourly_cost": 60}, "goal": {"growth": 0.2}}
    return client(tmp_path_factory.mktemp("assumed"), lines, settings, support=support)


@pytest.fixture(scope="module")
def made(known: Client) -> Results:
    return compute(known, effects=True)


def _row(made: Results, name: str) -> pd.Series:
    frame = made.tables["assumptions"].set_index("assumption")
    return frame.loc[name]


def test_settings_defaults_and_stand_ins_are_listed_with_their_values(made: Results) -> None:
    frame = made.tables["assumptions"].set_index("assumption")
    assert frame.loc["economics.gross_margin", ["value", "source"]].to_list() == ["0.2", "setting"]
    assert frame.loc["economics.hourly_cost", ["value", "source"]].to_list() == ["60", "setting"]
    assert frame.loc["prune.hurdle", ["value", "source"]].to_list() == ["0", "default"]
    assert frame.loc["as_of", ["value", "source", "effect"]].to_list() == ["2024-12-31", "default", "not_varied"]
    assert frame.loc["partners.joined_on", ["value", "source"]].to_list() == ["first sale", "stand_in"]
    assert "economics.partner_cost" not in frame.index  # nobody gave it, and nothing was put in its place


def test_the_effect_is_that_of_answering_again(known: Client, made: Results) -> None:
    view = open_portfolio(known)
    answered = {name: PRACTICES.get(name).assess(view) for name in PRACTICES}
    base = figure((f for result in answered.values() for f in result.findings), "EUR")
    dearer = replace(known, engagement=known.engagement.model_copy(deep=True), fits={})
    dearer = varied(dearer, "economics.hourly_cost", 75.0)
    again = {name: PRACTICES.get(name).assess(open_portfolio(dearer)) for name in PRACTICES}
    high = figure((f for result in again.values() for f in result.findings), "EUR", base)
    assumption = next(one for one in listed(view, answered) if one.name == "economics.hourly_cost")
    assert assumption.ends == (45.0, 75.0)
    found = effect(view, answered, assumption, base)
    assert found.high == high.amount  # with what was kept of the first answers, as without
    assert found.low is not None
    assert found.high is not None
    assert found.low != found.high
    row = _row(made, "economics.hourly_cost")
    assert (row["effect"], row["low_setting"], row["high_setting"]) == ("seen", "45", "75")
    assert [row["headline_low"], row["headline_high"]] == sorted([found.low, found.high])
    assert row["findings"] == len(found.moved) > 0


@pytest.mark.parametrize(
    ("name", "value"), [("economics.partner_cost", 9_000.0), ("goal.confidence", 0.6), ("economics.gross_margin", 0.2)]
)
def test_what_is_kept_says_what_a_fresh_answer_says(known: Client, name: str, value: float) -> None:
    first = replace(known, fits={})
    for practice in (know, reach):
        practice.assess(open_portfolio(first))
    fresh = replace(known, engagement=changed(known.engagement, name, value), fits={})
    other = varied(first, name, value)
    for practice in (know, reach):
        kept, again = (practice.assess(open_portfolio(one)) for one in (other, fresh))
        assert kept.findings == again.findings
        for table, rows in again.tables.items():
            pd.testing.assert_frame_equal(kept.tables[table], rows)


def test_those_that_move_most_stand_first(made: Results) -> None:
    frame = made.tables["assumptions"]
    spread = (frame["headline_high"] - frame["headline_low"]).fillna(-1.0)
    assert spread.is_monotonic_decreasing


def test_large_clients_are_not_kept_waiting(known: Client) -> None:
    frame = compute(known, effects=False).tables["assumptions"].set_index("assumption")
    assert set(frame["effect"]) == {"not_worked_out", "not_varied"}
    assert "--assumptions" in frame.loc["economics.hourly_cost", "why"]


def _signed(made: Results, path: Path, name: str, agreed: str = "yes") -> None:
    """What a person does: fill in the signature of one row of the workbook, and save it in the engagement folder."""
    write_workbook(made, path)
    book = openpyxl.load_workbook(path)
    sheet = book["Assumptions"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    assert {"Assumption", "Value", "Agreed", "By", "On"} <= set(heads)
    row = next(cells[0].row for cells in sheet.iter_rows(min_row=2) if cells[0].value == name)
    for head, value in (("Agreed", agreed), ("By", "=HYPERLINK(1)<b>Ann</b>"), ("On", "2026-11-25")):
        sheet.cell(row, heads[head], value)
        if head == "By":
            sheet.cell(row, heads[head]).data_type = "s"
    book.save(path)


def test_a_signature_comes_back_and_is_asked_again_when_the_value_changes(known: Client, made: Results, tmp_path: Path) -> None:
    _signed(made, tmp_path / FILE, "economics.hourly_cost")
    signed = with_signatures(made, tmp_path)
    row = _row(signed, "economics.hourly_cost")
    assert [row["agreed"], row["by"], row["on"]] == ["yes", "=HYPERLINK(1)<b>Ann</b>", "2026-11-25"]
    assert _row(signed, "prune.hurdle")["agreed"] is None or pd.isna(_row(signed, "prune.hurdle")["agreed"])
    page = str(assumed.assumptions(signed).markup)
    assert "<b>Ann</b>" not in page
    assert "&lt;b&gt;Ann&lt;/b&gt;" in page
    assert "1 of" in assumed.message(signed)
    dearer = compute(varied(known, "economics.hourly_cost", 90.0), effects=False)
    again = _row(with_signatures(dearer, tmp_path), "economics.hourly_cost")
    assert pd.isna(again["agreed"])
    assert again["asks"].startswith("Was agreed at 60 by")
    assert again["asks"].endswith("now 90. Please sign again.")


def test_a_file_that_is_no_signed_workbook_says_so(made: Results, tmp_path: Path) -> None:
    assert signatures(tmp_path) == {}
    (tmp_path / FILE).write_bytes(b"PK\x03\x04 no workbook")
    with pytest.raises(PrmkitError, match="cannot be read"):
        signatures(tmp_path)
    book = openpyxl.Workbook()
    book.active.title = "Assumptions"
    book.save(tmp_path / FILE)
    with pytest.raises(PrmkitError, match="lacks a column"):
        with_signatures(made, tmp_path)


def test_the_front_page_says_how_many_and_what_the_largest_moves(made: Results) -> None:
    said = assumed.message(made)
    row = _row(made, "economics.hourly_cost")
    count = len(made.tables["assumptions"])
    assert said.startswith(f"{count} assumptions carry this page; the one that moves most (what one hour of our own staff costs)")
    assert f"EUR {words.between(row['headline_low'], row['headline_high'], 'EUR')}" in said
    assert said.endswith("none is signed yet.")


def test_values_are_said_as_a_person_says_them(made: Results) -> None:
    page = str(assumed.assumptions(made).markup)
    for said in ("EUR 60 an hour", "EUR 45 to EUR 75", "20% of revenue", "15% to 25%", "70% to 90%", "24 months", "first sale (every row)"):
        assert f">{said}<" in page, said
    hurdle = _row(made, "prune.hurdle")
    assert float(hurdle["high_setting"]) == float("{:.1g}".format(float(hurdle["high_setting"])))  # as a person would name it
