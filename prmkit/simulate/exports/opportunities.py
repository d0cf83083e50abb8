"""Salesforce reports on deals: opportunities with their registration, and the partners that had a part in them."""

from __future__ import annotations

import pandas as pd

from prmkit.simulate.exports.export import Tables, export
from prmkit.simulate.exports.words import LOST_TO, REGISTRATION, SOURCES, STAGES, TICKED, flagged, spoken

OPPORTUNITIES = {
    "deal_id": "Opportunity ID",
    "partner_id": "Partner Account ID",
    "customer_id": "Account ID",
    "territory": "Territory",
    "product_id": "Product Code",
    "source": "Lead Source",
    "registered_on": "Registration Submitted Date",
    "decided_on": "Registration Decision Date",
    "approved": "Registration Status",
    "expires_on": "Registration Expires On",
    "opened_on": "Created Date",
    "closed_on": "Close Date",
    "outcome": "Stage",
    "lost_to": "Loss Reason",
    "amount": "Amount",
    "list_amount": "List Amount",
    "discount": "Discount Amount",
}
SHARES = {"deal_id": "Opportunity ID", "partner_id": "Account To ID", "role": "Role", "credit": "Credit Share"}
_DAYS_TO_CLOSE = pd.Timedelta(days=90)
"""What the system enters as the expected close date of a new opportunity."""


@export("salesforce_opportunities", "Salesforce, report on opportunities with their registration", "deals")
def opportunities(tables: Tables) -> pd.DataFrame:
    """One row an opportunity. An open one carries the date on which it is expected to close, as the system demands."""
    deals = tables["deals"]
    expected = (deals["opened_on"] + _DAYS_TO_CLOSE).where(deals["outcome"] == "open")
    given = deals.assign(
        source=spoken(deals["source"], SOURCES),
        approved=flagged(deals["approved"], REGISTRATION),
        closed_on=deals["closed_on"].fillna(expected),
        outcome=spoken(deals["outcome"], STAGES),
        lost_to=spoken(deals["lost_to"], LOST_TO),
    )
    return given[list(OPPORTUNITIES)].rename(columns=OPPORTUNITIES)


@export("salesforce_opportunity_partners", "Salesforce, partners on opportunities", "deal_partners")
def opportunity_partners(tables: Tables) -> pd.DataFrame:
    """One row a partner and its role; the system marks who brought the deal as primary."""
    shares = tables["deal_partners"]
    primary = flagged(shares["role"] == "sourced", TICKED)
    return shares.assign(role=spoken(shares["role"]))[list(SHARES)].rename(columns=SHARES).assign(Primary=primary)
