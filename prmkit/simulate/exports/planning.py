"""Sheets that product, sales planning and partner managers keep: prices, tiers, territories, goals, plans, recruits, events, line cards."""

from __future__ import annotations

import pandas as pd

from prmkit.simulate.exports.export import Tables, export
from prmkit.simulate.exports.words import YES_NO, flagged, spoken

PRICES = {
    "product_id": "Part Number",
    "name": "Description",
    "family": "Product Line",
    "version": "Release",
    "replaces_product_id": "Replaces Part Number",
    "launched_on": "General Availability",
    "retired_on": "End of Sale",
    "list_price": "List Price",
}
TIERS = {
    "tier": "Tier",
    "partner_type": "Partner Type",
    "metric": "Requirement",
    "threshold": "Minimum",
    "window_months": "Measured Over (months)",
    "hours": "Hours per Person",
    "refresh_months": "Renew Every (months)",
    "discount": "Tier Discount",
    "benefit": "Benefit",
}
TERRITORIES = {
    "territory": "Territory",
    "region": "Region",
    "market_potential": "Addressable Spend",
    "end_customers": "End Customers",
    "revenue_goal": "Channel Goal",
}
RECRUITS = {
    "prospect_id": "Prospect ID",
    "partner_id": "Signed As",
    "territory": "Territory",
    "partner_type": "Partner Type",
    "contacted_on": "First Contact",
    "qualified_on": "Qualified",
    "signed_on": "Signed",
    "first_sale_on": "First Sale",
    "lost_on": "Dropped Out",
    "cost": "Recruiting Cost",
}
PLANS = {
    "plan_id": "Plan Item",
    "partner_id": "Partner ID",
    "kind": "Plan Type",
    "side": "Who Acts",
    "what": "Commitment",
    "metric": "Measure",
    "target": "Target",
    "agreed_on": "Agreed",
    "due_on": "Due",
    "owner": "Responsible",
    "outcome": "Result",
}
TIMELINE = {"date": "Date", "kind": "What Happened", "partner_id": "Partner ID", "customer_id": "Customer ID", "note": "Remark"}
LINE_CARDS = {
    "partner_id": "Partner ID",
    "vendor": "Vendor",
    "category": "Category",
    "competes": "Competes With Us",
    "leads": "Quoted First",
    "since": "Carried Since",
}
LEVELS = {"partner_id": "Partner", "territory": "Territory", "partner_manager": "Partner manager"}


@export("price_list", "Product management, price list", "products")
def price_list(tables: Tables) -> pd.DataFrame:
    """One row a product."""
    return tables["products"][list(PRICES)].rename(columns=PRICES)


@export("partner_programme_guide", "Partner programme, what each tier asks and gives", "requirements")
def programme_guide(tables: Tables) -> pd.DataFrame:
    """One row a tier and requirement."""
    return tables["requirements"][list(TIERS)].rename(columns=TIERS)


@export("planning_territories", "Sales planning, sheet of territories", "territories")
def planned_territories(tables: Tables) -> pd.DataFrame:
    """One row a territory."""
    return tables["territories"][list(TERRITORIES)].rename(columns=TERRITORIES)


@export("planning_goals", "Sales planning, sheet of goals", "goals")
def planned_goals(tables: Tables) -> pd.DataFrame:
    """One row a goal, for a partner, a territory or a partner manager."""
    goals = tables["goals"]
    level = pd.Series(pd.NA, index=goals.index, dtype="str")
    subject = level
    for column, name in LEVELS.items():
        level = level.mask(goals[column].notna(), name)
        subject = subject.fillna(goals[column])
    return pd.DataFrame(
        {
            "Planning Level": level,
            "Subject": subject,
            "Period Start": goals["period_start"],
            "Period End": goals["period_end"],
            "Revenue Goal": goals["revenue_goal"],
        }
    )


@export("recruitment_funnel", "Channel development, recruitment funnel", "recruits")
def recruitment_funnel(tables: Tables) -> pd.DataFrame:
    """One row a prospective partner."""
    return tables["recruits"][list(RECRUITS)].rename(columns=RECRUITS)


@export("business_plans", "Partner managers, commitments in joint plans", "plans")
def business_plans(tables: Tables) -> pd.DataFrame:
    """One row a promise, by either side."""
    plans = tables["plans"]
    given = plans.assign(kind=spoken(plans["kind"]), side=spoken(plans["side"]), outcome=spoken(plans["outcome"]))
    return given[list(PLANS)].rename(columns=PLANS)


@export("partner_timeline", "Partner managers, timeline of what happened to partners", "events")
def partner_timeline(tables: Tables) -> pd.DataFrame:
    """One row a thing that happened."""
    events = tables["events"]
    return events.assign(kind=spoken(events["kind"]))[list(TIMELINE)].rename(columns=TIMELINE)


@export("line_cards", "Channel marketing, vendors on partners' line cards", "line_card")
def line_cards(tables: Tables) -> pd.DataFrame:
    """One row a partner and vendor."""
    cards = tables["line_card"]
    given = cards.assign(competes=flagged(cards["competes"], YES_NO), leads=flagged(cards["leads"], YES_NO))
    return given[list(LINE_CARDS)].rename(columns=LINE_CARDS)
