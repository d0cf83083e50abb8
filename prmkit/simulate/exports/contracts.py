"""Contract lists: subscriptions of end customers, and agreements with partners."""

from __future__ import annotations

import pandas as pd

from prmkit.simulate.exports.export import Tables, export
from prmkit.simulate.exports.words import YES_NO, flagged, spoken

SUBSCRIPTIONS = {
    "subscription_id": "Contract Number",
    "customer_id": "Account ID",
    "partner_id": "Partner of Record",
    "product_id": "Product Code",
    "starts_on": "Term Start",
    "ends_on": "Term End",
    "annual_value": "Annual Contract Value",
    "renewed_on": "Renewal Decision Date",
    "outcome": "Renewal Outcome",
}
AGREEMENTS = {
    "agreement_id": "Agreement No.",
    "partner_id": "Partner ID",
    "starts_on": "Effective Date",
    "ends_on": "Expiry Date",
    "auto_renews": "Auto-renewal",
    "notice_days": "Notice Period (days)",
    "cure_days": "Cure Period (days)",
    "exclusive": "Exclusive",
    "territory": "Territory",
    "law": "Governing Law",
}


@export("billing_subscriptions", "Billing system, contract terms of subscriptions", "subscriptions")
def subscriptions(tables: Tables) -> pd.DataFrame:
    """One row a term."""
    terms = tables["subscriptions"]
    return terms.assign(outcome=spoken(terms["outcome"]))[list(SUBSCRIPTIONS)].rename(columns=SUBSCRIPTIONS)


@export("legal_partner_agreements", "Legal, list of partner agreements", "agreements")
def agreements(tables: Tables) -> pd.DataFrame:
    """One row an agreement."""
    signed = tables["agreements"]
    given = signed.assign(auto_renews=flagged(signed["auto_renews"], YES_NO), exclusive=flagged(signed["exclusive"], YES_NO))
    return given[list(AGREEMENTS)].rename(columns=AGREEMENTS)
