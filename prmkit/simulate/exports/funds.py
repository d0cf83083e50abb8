"""What partners are paid: market development funds as Salesforce keeps them, all else as finance lists it."""

from __future__ import annotations

import pandas as pd

from prmkit.simulate.exports.export import Tables, export
from prmkit.simulate.exports.words import FUNDS, PAYMENTS, YES_NO, flagged, spoken

PAID = {
    "incentive_id": "Payment Reference",
    "partner_id": "Partner ID",
    "programme": "Incentive Type",
    "scheme_id": "Scheme",
    "product_family": "Product Family",
    "requested_on": "Requested On",
    "approved_on": "Approved On",
    "starts_on": "Earned From",
    "ends_on": "Earned To",
    "paid_on": "Paid On",
    "expires_on": "Expires On",
    "amount": "Amount",
    "threshold": "Volume Threshold",
    "contractual": "Contractual",
    "status": "Status",
}
REQUESTED = {
    "incentive_id": "Fund Request ID",
    "partner_id": "Channel Partner ID",
    "programme": "Fund Type",
    "scheme_id": "Title",
    "product_family": "Product Family",
    "requested_on": "Requested Date",
    "approved_on": "Approved Date",
    "starts_on": "Activity Start Date",
    "ends_on": "Activity End Date",
    "expires_on": "Expiration Date",
    "amount": "Amount",
    "threshold": "Volume Threshold",
    "contractual": "Committed",
    "status": "Status",
}


def _funded(tables: Tables) -> pd.DataFrame:
    incentives = tables["incentives"]
    return incentives[incentives["programme"].isin(list(FUNDS)) & incentives["incentive_id"].notna()]


@export("salesforce_fund_requests", "Salesforce, partner fund requests", "incentives")
def fund_requests(tables: Tables) -> pd.DataFrame:
    """One row a request for market development funds. What was paid stands in the claims: here it is approved."""
    funded = _funded(tables)
    status = funded["status"].mask(funded["status"] == "paid", "approved")
    given = funded.assign(
        programme=spoken(funded["programme"], FUNDS), contractual=flagged(funded["contractual"], YES_NO), status=spoken(status)
    )
    return given[list(REQUESTED)].rename(columns=REQUESTED)


@export("salesforce_fund_claims", "Salesforce, partner fund claims", "incentives")
def fund_claims(tables: Tables) -> pd.DataFrame:
    """One row a claim, on the request it belongs to."""
    funded = _funded(tables)
    claimed = funded[(funded["status"] == "paid") | funded["paid_on"].notna()]
    return pd.DataFrame(
        {
            "Fund Claim ID": "C-" + claimed["incentive_id"],
            "Fund Request ID": claimed["incentive_id"],
            "Channel Partner ID": claimed["partner_id"],
            "Amount": claimed["amount"],
            "Status": flagged(claimed["status"] == "paid", {True: "Paid", False: "Draft"}),
            "Paid Date": claimed["paid_on"],
        }
    )


@export("finance_incentive_payments", "Finance, statement of rebates, SPIFFs and other payments to partners", "incentives")
def incentive_payments(tables: Tables) -> pd.DataFrame:
    """One row a payment that is no market development fund."""
    incentives = tables["incentives"]
    paid = incentives[~(incentives["programme"].isin(list(FUNDS)) & incentives["incentive_id"].notna())]
    given = paid.assign(
        programme=spoken(paid["programme"], {**FUNDS, **PAYMENTS}),
        contractual=flagged(paid["contractual"], YES_NO),
        status=spoken(paid["status"]),
    )
    return given[list(PAID)].rename(columns=PAID)
