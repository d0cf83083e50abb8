"""What is asked for: every canonical table once or with a reason, waves as `unlocks` says, answers worked out and not typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from prmkit.data.load import inspect
from prmkit.data.readiness import declared, unlocks
from prmkit.data.tables import tables
from prmkit.engagement import Engagement
from prmkit.request.book import new_request, write_request
from prmkit.request.exports import Asked, Export, asked, samples, unlocked_by
from prmkit.request.exports_sheet import answers_said, fields_said
from prmkit.request.waves import FIRST, SECOND, asked_next, pretended, waves
from tests.request.sheets import every_sheet, save_as_csv


def test_every_canonical_table_is_asked_for_once_or_named_with_a_reason() -> None:
    assert sorted([*asked().exports, *asked().not_asked]) == sorted(tables())
    assert all(len(reason) > 20 for reason in asked().not_asked.values())
    with pytest.raises(ValidationError, match="differ: rates"):
        Asked(exports={name: export for name, export in asked().exports.items() if name != "rates"}, not_asked=asked().not_asked)


def test_an_export_names_fields_of_its_table_only() -> None:
    given = asked().exports["people"].model_dump()
    with pytest.raises(ValidationError, match="people has no field name"):
        Export(**given | {"personal": ["name"]})


def test_a_field_is_needed_or_helps_and_what_the_contract_requires_is_needed() -> None:
    for table, export in asked().exports.items():
        assert sorted([*export.fields_needed, *export.fields_that_help]) == sorted(tables()[table].names)
        assert set(tables()[table].required_names) <= set(export.fields_needed)
    assert "threshold" in asked().exports["requirements"].fields_needed
    assert "hours" in asked().exports["requirements"].fields_needed, "enable.training cannot do without it"
    assert "benefit" in asked().exports["requirements"].fields_that_help


def test_the_answers_are_those_of_the_readiness_rules() -> None:
    for table in asked().exports:
        must, better = unlocked_by(table)
        for told in declared():
            named = [any(a.table == table for n in needs for a in n.alternatives) for needs in (told.needs, told.helps)]
            assert (told in must) == (named[0] and not told.awaited), (table, told.table)
            assert (told in better) == (named[1] and not named[0] and not told.awaited), (table, told.table)
    assert answers_said("tickets").splitlines() == [
        "MAKES POSSIBLE",
        "Know your partners: whether claimed strengths show in the records.",
        "Partner loyalty: the service partners' customers get.",
        "MAKES BETTER",
        "Know your partners: how partners earn.",
        "Partner loyalty: who is about to go silent.",
    ]
    assert answers_said("rates") == "Makes other answers comparable; none hangs on it alone."


def test_the_waves_are_in_the_order_of_what_unlocks_the_most() -> None:
    asked_for = list(asked().exports)
    wave = waves(asked_for)
    assert sorted(wave) == sorted(asked_for)
    assert [table for table, number in wave.items() if number == 1] == list(FIRST)
    assert list(wave.values()) == sorted(wave.values())
    order = unlocks(pretended(FIRST))
    opening = [row.export for row in order.itertuples() if row.unlocks and row.export in asked_for]
    assert [table for table, number in wave.items() if number == 2] == opening[:SECOND]
    assert [table for table, number in wave.items() if number == 3][: len(opening) - SECOND] == opening[SECOND:]
    empty = unlocks(pretended(()))
    # of exports nothing unlocks more than wave 1
    assert [name for name in empty["export"] if name in asked_for][:4] == ["sales", "partners", "deals", "customers"]


def test_what_is_here_is_not_asked_for_again_and_what_follows_moves_up() -> None:
    have = [*FIRST, "trainings", "subscriptions"]
    wave = waves(list(asked().exports), have)
    assert not set(have) & set(wave)
    assert [table for table, number in wave.items() if number == 2] == [
        table for table in asked_next(have)["export"] if table in asked().exports
    ][:SECOND]
    assert waves(["partners", "rates"], ["partners"]) == {"rates": 3}


def test_sample_rows_are_three_a_table_and_say_that_they_are_made_up(tmp_path: Path) -> None:
    write_request(new_request("Example"), tmp_path / "request.xlsx")
    assert set(samples()) == set(asked().exports)
    cells = every_sheet(tmp_path / "request.xlsx")
    for table in asked().exports:
        header, *made = cells[table]
        assert header == [*(column.name for column in tables()[table].readable), "remark"]
        assert len(made) == 3
        assert {row[-1] for row in made} == {"made up: delete this row"}


def test_all_sheets_saved_as_csv_load_together_without_an_error(tmp_path: Path) -> None:
    write_request(new_request("Example"), tmp_path / "request.xlsx")
    cells = every_sheet(tmp_path / "request.xlsx")
    for table in asked().exports:
        save_as_csv(cells[table], tmp_path / "data" / f"{table}.csv")
    found = inspect(Engagement(folder=tmp_path, client="Example", currency="EUR"), tmp_path / "cache")
    assert [fault for fault in found.faults if fault.severity == "error"] == []
    assert {fault.code for fault in found.faults} == {"columns_unknown", "many_returns"}, "the remark, and one return in three lines"
    assert {source.rows for source in found.sources.values()} == {3}
    assert set(found.sources) == set(asked().exports)
    assert found.client is not None


def test_privacy_roles_stand_instead_of_names() -> None:
    for table, export in asked().exports.items():
        assert len(export.privacy) > 10, table
        people = {"partner_manager", "owner", "staff_id", "person_id"} & set(tables()[table].names) - (
            {"owner"} if table == "customers" else set()
        )
        assert people <= set(export.personal), table
    managers = {row["partner_manager"] for row in samples()["partners"]}
    assert all(manager.startswith("manager ") for manager in managers)


def test_fields_are_marked_needed_or_helps() -> None:
    line = next(line for line in new_request("Example").lines if line.table == "rates")
    assert fields_said(line) == "needed: currency, month, kind, rate"
    line = next(line for line in new_request("Example").lines if line.table == "agreements")
    assert fields_said(line).splitlines()[0] == "needed: agreement_id, partner_id, ends_on, notice_days, exclusive"
    assert fields_said(line).splitlines()[1].startswith("helps: starts_on, auto_renews")
