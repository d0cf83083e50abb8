"""No system's export is taken for another's, whatever the file is called."""

from __future__ import annotations

from pathlib import Path

import pytest

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
