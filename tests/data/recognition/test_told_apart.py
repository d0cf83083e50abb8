"""No system's export is taken for another's, whatever the file is called."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmkit.data.mapping import plain
from prmkit.data.presets import PRESETS
from tests.data.recognition import test_docebo, test_dynamics, test_hubspot, test_lms, test_zendesk
from tests.data.recognition.exports import told

HEADS = {
    "zendesk.tickets": [test_zendesk.LABELS, test_zendesk.MIN, test_zendesk.BUSINESS, test_zendesk.API, test_zendesk.FIELDS],
    "docebo.users_courses": [test_docebo.LABELS, test_docebo.API],
    "lms.enrolments": [test_lms.LABELS, test_lms.API],
    "hubspot.companies": [test_hubspot.COMPANIES, test_hubspot.COMPANIES_API],
    "hubspot.deals": [test_hubspot.DEALS, test_hubspot.DEALS_API],
    "dynamics.accounts": [test_dynamics.ACCOUNTS, test_dynamics.ACCOUNTS_API],
    "dynamics.opportunities": [test_dynamics.DEALS, test_dynamics.DEALS_API],
    "salesforce.accounts": [
        ["Id", "Name", "ParentId", "Type", "Industry", "AnnualRevenue", "NumberOfEmployees", "BillingCountry", "OwnerId"],
        ["Account ID", "Account Name", "Parent Account", "Type", "Website", "Billing Country", "Account Owner", "Created Date"],
    ],
    "salesforce.opportunities": [
        ["Id", "Name", "AccountId", "Amount", "StageName", "CloseDate", "CreatedDate", "IsClosed", "IsWon", "Type", "LeadSource"],
        ["Opportunity ID", "Opportunity Name", "Account Name", "Stage", "Close Date", "Amount", "Created Date", "Opportunity Owner"],
    ],
}  # fmt: skip


@pytest.mark.parametrize(("export", "head"), [(export, head) for export, heads in HEADS.items() for head in heads])
def test_an_export_is_taken_for_itself_alone(tmp_path: Path, export: str, head: list[str]) -> None:
    assert told(tmp_path / "download (1).csv", [head, ["1"] * len(head)]) == (export, ())


SPELLINGS: list[Callable[[str], str]] = [
    str,
    str.upper,
    str.lower,
    lambda header: header.replace(" ", "_"),
    lambda header: header.replace(" ", ""),
    lambda header: header.replace("_", " "),
    lambda header: f"  {header} ",
]


@given(case=st.sampled_from([(export, head) for export, heads in HEADS.items() for head in heads]), data=st.data())
def test_spelling_does_not_count(tmp_path_factory: pytest.TempPathFactory, case: tuple[str, list[str]], data: st.DataObject) -> None:
    export, head = case
    spelled = [data.draw(st.sampled_from(SPELLINGS))(header) for header in head]
    assert told(tmp_path_factory.mktemp("spelled") / "download.csv", [spelled, ["1"] * len(spelled)]) == (export, ())


@pytest.mark.parametrize("name", [name for name in PRESETS if PRESETS.get(name).exports])
def test_what_tells_an_export_is_a_header_of_it_and_every_other_spelling_is_read(name: str) -> None:
    preset = PRESETS.get(name)
    for raw, export in preset.exports.items():
        read = {header for made in preset.tables.values() if raw in made.files for header in made.headers(raw)}
        spellings = {plain(way) for header in read for way in (header, *export.also.get(header, ()))}
        assert [header for header in export.told_by if plain(header) not in spellings] == [], raw
        assert [header for header in export.also if header not in read] == [], raw
