"""Sales lines: what distributors and partners report as sold on, and what our own ledger invoiced."""

from __future__ import annotations

import pandas as pd

from prmkit.simulate.exports.export import Parts, Tables, exports
from prmkit.simulate.exports.words import CHANNELS, spoken

POS = {
    "distributor_id": "Reporting Distributor",
    "invoice_id": "Invoice Number",
    "sale_id": "Invoice Line ID",
    "date": "Invoice Date",
    "partner_id": "Reseller ID",
    "customer_id": "End Customer ID",
    "product_id": "Vendor Part Number",
    "territory": "Territory",
    "kind": "Transaction Type",
    "units": "Quantity",
    "revenue": "Extended Resale Price",
    "cost": "Vendor Standard Cost",
    "list_amount": "Extended List Price",
    "discount": "Authorized Discount",
    "currency": "Currency",
    "deal_id": "Special Price Number",
    "reported_on": "Report Date",
}
SELL_THROUGH = {
    "invoice_id": "Order No.",
    "sale_id": "Line No.",
    "date": "Ship Date",
    "partner_id": "Partner No.",
    "customer_id": "Ship-to Customer",
    "product_id": "Part #",
    "territory": "Sales Territory",
    "channel": "Report Type",
    "kind": "Line Type",
    "units": "Shipped Quantity",
    "revenue": "Net Amount",
    "cost": "Standard Cost",
    "list_amount": "List Amount",
    "discount": "Discount Amount",
    "currency": "Currency Code",
    "deal_id": "Deal Registration No.",
    "reported_on": "Submitted On",
}
LEDGER = {
    "invoice_id": "Billing Document",
    "sale_id": "Billing Item",
    "date": "Posting Date",
    "partner_id": "Sold-to Partner",
    "distributor_id": "Supplying Distributor",
    "customer_id": "End Customer",
    "product_id": "Material",
    "territory": "Sales District",
    "channel": "Distribution Channel",
    "kind": "Order Type",
    "units": "Billed Quantity",
    "revenue": "Net Value",
    "cost": "Cost of Goods Sold",
    "list_amount": "Gross Value",
    "discount": "Deductions",
    "currency": "Document Currency",
    "deal_id": "Opportunity ID",
}
_MOST_REPORTS = 10
"""Up to so many distributors report in files of their own; more of them report through a collector."""


@exports("pos_*", "Distributors, point-of-sale reports, a file a year", "sales")
def point_of_sale(tables: Tables) -> Parts:
    """What distributors report as sold by the resellers they supply."""
    sales = tables["sales"]
    lines = sales[(sales["channel"] == "sell_through") & sales["distributor_id"].notna()]
    given = _reported(lines.assign(kind=spoken(lines["kind"])))[list(POS)].rename(columns=POS)
    who = given["Reporting Distributor"].str.lower()
    if who.nunique() > _MOST_REPORTS:
        who = pd.Series("collected", index=who.index, dtype="str")
    return _by_year(given, "pos_" + who, given["Invoice Date"])


@exports("sell_through_*", "Partners that buy from us, reports of what they sold on, a file a year", "sales")
def sell_through(tables: Tables) -> Parts:
    """What partners without a distributor report as sold on, and what retailers report as sold out."""
    sales = tables["sales"]
    mine = ((sales["channel"] == "sell_through") & sales["distributor_id"].isna()) | (sales["channel"] == "sell_out")
    lines = sales[mine]
    given = _reported(lines.assign(kind=spoken(lines["kind"]), channel=spoken(lines["channel"])))[list(SELL_THROUGH)]
    given = given.rename(columns=SELL_THROUGH)
    return _by_year(given, pd.Series("sell_through", index=given.index, dtype="str"), given["Ship Date"])


@exports("erp_invoices_*", "Finance, billing documents of our own ledger, a file a year", "sales")
def invoices(tables: Tables) -> Parts:
    """What we invoiced ourselves: direct sales, and what distributors and partners bought in."""
    sales = tables["sales"]
    lines = sales[~sales["channel"].isin(["sell_through", "sell_out"])]
    given = lines.assign(kind=spoken(lines["kind"]), channel=spoken(lines["channel"], CHANNELS))[list(LEDGER)].rename(columns=LEDGER)
    return _by_year(given, pd.Series("erp_invoices", index=given.index, dtype="str"), given["Posting Date"])


def _reported(lines: pd.DataFrame) -> pd.DataFrame:
    """Lines with the day on which they were reported: the fifth of the month that follows."""
    month = lines["date"].dt.to_period("M").dt.to_timestamp() + pd.DateOffset(months=1, days=4)
    return lines.assign(reported_on=month.astype("datetime64[us]"))


def _by_year(lines: pd.DataFrame, name: pd.Series, date: pd.Series) -> Parts:
    """The lines of each name and year, in the order they have; names in order."""
    keys = name + "_" + date.dt.year.astype("str")
    return {str(key): group for key, group in lines.groupby(keys.to_numpy(), sort=True)}
