"""Salesforce reports on who there is: partner and customer accounts, contacts, and the history of accounts."""

from __future__ import annotations

import pandas as pd

from prmkit.simulate.exports.export import Tables, export
from prmkit.simulate.exports.words import PARTNER_TYPES, TICKED, flagged, spoken

PARTNERS = {
    "partner_id": "Account ID",
    "name": "Account Name",
    "parent_partner_id": "Parent Account ID",
    "external_ids": "External IDs",
    "partner_type": "Type",
    "tier": "Channel Program Level Name",
    "status": "Partner Status",
    "territory": "Territory",
    "region": "Region",
    "country": "Billing Country",
    "postal_code": "Billing Zip/Postal Code",
    "latitude": "Billing Latitude",
    "longitude": "Billing Longitude",
    "domain": "Website",
    "joined_on": "Partner Since",
    "ended_on": "Partner Until",
    "partner_manager": "Account Owner",
    "vertical": "Industry",
    "differentiator": "Value Proposition",
    "annual_revenue": "Annual Revenue",
    "employees": "Employees",
    "sales_headcount": "Sales Staff",
    "technical_headcount": "Technical Staff",
    "vendor_count": "Vendors Carried",
    "resale_share": "Resale Share",
    "services_share": "Services Share",
    "recurring_share": "Recurring Share",
}
CUSTOMERS = {
    "customer_id": "Account ID",
    "name": "Account Name",
    "parent_customer_id": "Parent Account ID",
    "domain": "Website",
    "country": "Billing Country",
    "postal_code": "Billing Zip/Postal Code",
    "latitude": "Billing Latitude",
    "longitude": "Billing Longitude",
    "vertical": "Industry",
    "named_account": "Named Account",
    "owner": "Covered By",
}
CONTACTS = {
    "person_id": "Contact ID",
    "partner_id": "Account ID",
    "role": "Department",
    "sells_us_share": "Share of Selling Time",
    "active_from": "With Account Since",
    "active_to": "Left Account On",
}
HISTORY = {
    "partner_id": "Account ID",
    "attribute": "Field / Event",
    "value": "New Value",
    "valid_from": "Effective From",
    "valid_to": "Effective To",
}


@export("salesforce_partner_accounts", "Salesforce, report on partner accounts", "partners")
def partner_accounts(tables: Tables) -> pd.DataFrame:
    """One row a partner account; its website has the address in front, as people enter it."""
    partners = tables["partners"]
    given = partners.assign(
        partner_type=spoken(partners["partner_type"], PARTNER_TYPES),
        status=spoken(partners["status"]),
        domain="www." + partners["domain"],
    )
    return given[list(PARTNERS)].rename(columns=PARTNERS)


@export("salesforce_customer_accounts", "Salesforce, report on customer accounts", "customers")
def customer_accounts(tables: Tables) -> pd.DataFrame:
    """One row a customer account."""
    customers = tables["customers"]
    given = customers.assign(named_account=flagged(customers["named_account"], TICKED), owner=spoken(customers["owner"]))
    return given[list(CUSTOMERS)].rename(columns=CUSTOMERS)


@export("salesforce_contacts", "Salesforce, report on contacts of partner accounts", "people")
def contacts(tables: Tables) -> pd.DataFrame:
    """One row a contact."""
    people = tables["people"]
    return people.assign(role=spoken(people["role"]))[list(CONTACTS)].rename(columns=CONTACTS)


@export("salesforce_account_history", "Salesforce, history of tracked account fields", "history")
def account_history(tables: Tables) -> pd.DataFrame:
    """One row a value that held for a time."""
    history = tables["history"]
    return history.assign(attribute=spoken(history["attribute"]))[list(HISTORY)].rename(columns=HISTORY)
