"""Salesforce's objects of a partner programme: registrations, levels, funds asked for, claimed and allocated."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from prmkit.data.recognition import peek
from prmkit.data.recognition.fit import best_fit
from prmkit.engagement import load_engagement
from prmkit.proposing import look
from tests.data.crm import long_id

P, C, O = "0015g00000P0001", "0015g00000C0001", "0065g00000O0001"  # noqa: E741
FILES = {
    "Account": f"Id,Name,Type,BillingCountry,Industry\n"
    f"{long_id(P)},Alpha,Channel Partner / Reseller,DE,IT\n{long_id(C)},Acme,Customer - Direct,DE,Retail\n",
    "Opportunity": "Id,Name,AccountId,StageName,Amount,CloseDate,CreatedDate,IsClosed,IsWon\n"
    f"{long_id(O)},Deal,{C},Closed Won,1000,2025-03-31,2025-01-20,true,true\n",
    "Lead": "Id,Company,Email,Status,IsConverted,ConvertedOpportunityId,ConvertedDate,OwnerId,CreatedDate,PartnerAccountId\n"
    f"00Q1,Acme,a@acme.example,Qualified,true,{long_id(O)},2025-01-20,005,2025-01-10,{P}\n"
    f"00Q2,Bolt,b@bolt.example,Unqualified,false,,,005,2025-02-10,{long_id(P)}\n"
    "00Q3,Web,c@web.example,New,false,,,005,2025-02-11,\n",
    "ChannelProgramMember": f"Name,PartnerId,ProgramId,LevelId\nM1,{P},Programme,Gold\n",
    "PartnerFundRequest": "Id,Title,Activity,RequestedAmount,Amount,Status,AllocationId,BudgetId,CampaignId,ChannelPartnerId,CreatedDate\n"
    f"0fr1,Trade show,Event,900,800,Approved,0fa1,0fb1,,{long_id(P)},2025-04-01\n"
    f"0fr2,Mailing,Mail,300,,Draft,0fa1,0fb1,,{long_id(P)},2025-05-01\n",
    "PartnerFundClaim": f"Id,Title,Amount,Status,RequestId,AllocationId,BudgetId,ChannelPartnerId,CreatedDate\n"
    f"0fc1,Show,800,Paid,0fr1,0fa1,0fb1,{P},2025-06-15\n",
    "PartnerFundAllocation": f"Id,Title,Amount,BudgetId,ChannelPartnerId\n0fa1,Half year,2000,0fb1,{long_id(P)}\n",
    "PartnerMarketingBudget": "Id,Title,Amount,Type,StartDate,EndDate,TotalAllocatedAmount\n"
    "0fb1,Budget,50000,MDF,2025-01-01,2025-06-30,2000\n",
}
EXPORTS = {
    "Account": "accounts", "Opportunity": "opportunities", "Lead": "leads", "ChannelProgramMember": "program_members",
    "PartnerFundRequest": "fund_requests", "PartnerFundClaim": "fund_claims", "PartnerFundAllocation": "fund_allocations",
    "PartnerMarketingBudget": "fund_budgets",
}  # fmt: skip


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    folder = tmp_path_factory.mktemp("programme")
    for number, text in enumerate(FILES.values()):
        (folder / f"bulkQuery_{number}.csv").write_text(text, encoding="utf-8")
    (folder / "engagement.yaml").write_text("client: Example\ndata: .\n", encoding="utf-8")
    seen = look(load_engagement(folder), folder / "out" / ".check", accept=True)
    assert [fault for fault in seen.inspection.faults if fault.severity == "error"] == []
    return dict(seen.inspection.tables)


@pytest.mark.parametrize("name", list(FILES))
def test_each_object_is_told_from_the_others(name: str, tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text(FILES[name], encoding="utf-8")
    fit = best_fit(peek(tmp_path / "export.csv"))
    assert fit is not None
    assert (fit.preset, fit.export, fit.rivals) == ("salesforce", EXPORTS[name], ())


def test_a_level_of_the_programme_is_the_tier(tables: dict[str, pd.DataFrame]) -> None:
    assert tables["partners"][["partner_id", "tier"]].to_numpy().tolist() == [[long_id(P), "Gold"]]


def test_a_lead_of_a_partner_is_a_registration(tables: dict[str, pd.DataFrame]) -> None:
    deals = tables["deals"].set_index("deal_id")
    assert list(deals.index) == [long_id(O), "00Q2"]
    won, refused = deals.loc[long_id(O)], deals.loc["00Q2"]
    assert [won["partner_id"], won["outcome"], won["approved"]] == [long_id(P), "won", True]
    assert [str(won[name].date()) for name in ("registered_on", "decided_on", "opened_on")] == ["2025-01-10", "2025-01-20", "2025-01-20"]
    assert [refused["partner_id"], refused["outcome"], refused["approved"]] == [long_id(P), "withdrawn", False]


def test_funds_asked_for_claimed_and_allocated(tables: dict[str, pd.DataFrame]) -> None:
    funds = tables["incentives"].set_index("incentive_id")
    assert dict(funds["status"]) == {"0fr1": "paid", "0fr2": "requested", "0fa1": "allocated"}
    assert dict(funds["amount"]) == {"0fr1": 800.0, "0fr2": 300.0, "0fa1": 2000.0}
    assert str(funds.loc["0fr1", "paid_on"].date()) == "2025-06-15"
    assert [str(funds.loc["0fa1", name].date()) for name in ("starts_on", "ends_on")] == ["2025-01-01", "2025-06-30"]
    assert set(funds["partner_id"]) == {long_id(P)}
