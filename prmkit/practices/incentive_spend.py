"""Incentive money of the 12 months to as_of, told apart by whether the invoice already carries it."""

from __future__ import annotations

import pandas as pd

from prmkit.data import calendar
from prmkit.data.portfolio import Portfolio
from prmkit.practices.aligned import aligned

ON_INVOICE = "discount"


def counted(portfolio: Portfolio, months: int = 12) -> pd.DataFrame:
    """The incentive rows that count in the `months` to as_of, with `counted_on` and `on_invoice`.

    A row counts when it is paid (or carries no status at all) and falls into
    (as_of - months, as_of] on paid_on, else ends_on, else starts_on. It is on the invoice when its
    programme is 'discount' and the sales lines carry discounts: revenue is then net of it already.
    """
    rows = _rows(portfolio)
    counted_on = rows["paid_on"].fillna(rows["ends_on"]).fillna(rows["starts_on"])
    start = calendar.month_end(portfolio.as_of, months)
    paid = rows["status"].isna() | (rows["status"] == "paid")
    inside = (counted_on > start) & (counted_on <= portfolio.as_of)
    on_invoice = (rows["programme"] == ON_INVOICE) & discounts_on_lines(portfolio)
    return rows.assign(counted_on=counted_on, on_invoice=on_invoice)[paid & inside].reset_index(drop=True)


def incentive_spend(portfolio: Portfolio) -> pd.DataFrame:
    """Incentives of the 12 months to as_of, in currency: partner_id, on_invoice, off_invoice; every partner has a row.

    `on_invoice` is inside the revenue (and so the gross margin) already and must not be taken off
    again; `off_invoice` is what a contribution still has to bear.
    """
    rows = counted(portfolio)
    ids = portfolio.partners["partner_id"]

    def total(chosen: pd.DataFrame) -> pd.Series:
        return aligned(chosen.groupby("partner_id")["amount"].sum(), ids).fillna(0.0).astype("float64")

    return pd.DataFrame({"partner_id": ids, "on_invoice": total(rows[rows["on_invoice"]]), "off_invoice": total(rows[~rows["on_invoice"]])})


def discounts_on_lines(portfolio: Portfolio) -> bool:
    """Whether any sales line of the client carries its discount."""
    return bool(portfolio.whole.months["discount"].notna().any())


def _rows(portfolio: Portfolio) -> pd.DataFrame:
    """Incentives of these partners as supplied.

    Read from the client and not from portfolio.tables: there the status and pay date of a claim paid
    after as_of are hidden, and it would pass for one without status, counted on its activity date.
    """
    empty = pd.DataFrame(
        {
            "partner_id": pd.Series(dtype="str"),
            "programme": pd.Series(dtype="str"),
            "status": pd.Series(dtype="str"),
            "amount": pd.Series(dtype="float64"),
            **{column: pd.Series(dtype="datetime64[us]") for column in ("paid_on", "ends_on", "starts_on")},
        }
    )
    rows = portfolio.client.tables.get("incentives", empty)
    return rows[rows["partner_id"].isin(portfolio.partners["partner_id"])]
