"""Dirt in whole rows: reports that come late, twice or not at all, returns, rows and accounts that are there twice, history cut short."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.simulate.chance import Chance
from prmkit.simulate.dirt.spoiling import Spoiling

TWICE = ("salesforce_contacts", "salesforce_opportunities", "zendesk_tickets", "docebo_users_courses", "erp_invoices_*")
"""Files of which some rows are exported twice, word for word."""
CUT = {"zendesk_tickets": "Created at", "controlling_time_sheets": "Period", "docebo_users_courses": "Completion Date"}
"""Systems of which one was brought in only later, and the date that says when a row came into being."""
_TWICE, _SECOND, _RETURNED, _WRONG_FIRST = 0.004, 0.01, 0.01, 0.2
_MONTHS_MISSING, _MONTHS_AGAIN, _LATE = 0.02, 0.05, 0.4
_CUT_AT = 0.35


def some(chance: Chance, rows: pd.Index, share: float) -> pd.Index:
    """That share of the rows, at least one where there is any, in their order."""
    count = min(max(1, round(share * len(rows))), len(rows))
    return rows[np.sort(chance.order(len(rows))[:count])]


def rows_twice(files: Spoiling, chance: Chance) -> None:
    """Rows that are exported a second time, word for word, below the others."""
    for name in list(files.named(*TWICE)):
        frame = files.free(name)
        whole = frame[frame["Completion Date"].notna()] if "Completion Date" in frame else frame
        chosen = some(chance, whole.index, _TWICE)
        files.touch(name, chosen)
        files.add(name, "row_twice", files.files[name].loc[chosen])


def accounts_twice(files: Spoiling, chance: Chance) -> None:
    """Partners that somebody entered a second time: another id, the name in capitals, nothing else known."""
    name = "salesforce_partner_accounts"
    for _ in files.named(name):
        frame = files.free(name)
        chosen = frame.loc[some(chance, frame.index[frame["Account Name"] != frame["Account Name"].str.upper()], _SECOND)]
        files.touch(name, chosen.index)
        kept = chosen[["Account ID", "Account Name", "Type", "Territory", "Region", "Billing Country"]]
        second = kept.reindex(columns=frame.columns).astype(frame.dtypes.to_dict())
        files.add(
            name,
            "account_twice",
            second.assign(**{"Account ID": kept["Account ID"] + "-2", "Account Name": kept["Account Name"].str.upper()}),
        )


def months_missing(files: Spoiling, chance: Chance) -> None:
    """Months of which a distributor's report never came; not the first or last of a year."""
    for name, rows in _reports(files, chance, _MONTHS_MISSING):
        files.drop(name, "month_missing", rows)


def months_late(files: Spoiling, chance: Chance) -> None:
    """Part of the last month, of which the reports are still out on the day of the export."""
    names = list(files.named("pos_*"))
    last = max((files.files[name]["Invoice Date"].max() for name in names), default=None)
    for name in names:
        frame = files.free(name)
        ours = frame.index[frame["Invoice Date"].dt.to_period("M") == last.to_period("M")] if last is not None else frame.index[:0]
        if len(ours):
            files.drop(name, "late", some(chance, ours, _LATE))


def months_again(files: Spoiling, chance: Chance) -> None:
    """Reports sent a second time a month later, because a fifth of the lines of the first were wrong: the second is right."""
    for name, rows in _reports(files, chance, _MONTHS_AGAIN):
        right = files.files[name].loc[rows]
        again = right.assign(**{"Report Date": right["Report Date"] + pd.Timedelta(days=30)})
        files.add(name, "resubmitted", again)
        amounts = right.loc[some(chance, rows, _WRONG_FIRST), "Extended Resale Price"]
        files.change(name, "corrected_later", "Extended Resale Price", np.rint(amounts * 110) / 100)
        files.touch(name, rows)


def returns(files: Spoiling, chance: Chance) -> None:
    """Lines sent back within the year: the same invoice, everything negative, a month or two later."""
    for name in list(files.named("pos_*")):
        frame = files.free(name)
        latest = frame["Invoice Date"].max()
        sold = frame[(frame["Invoice Date"] <= latest - pd.Timedelta(days=60)) & (frame["Extended Resale Price"] > 0)]
        if sold.empty:
            continue
        back = sold.loc[some(chance, sold.index, _RETURNED)]
        later = pd.to_timedelta(20 + chance.integers(0, 40, len(back)), unit="D")
        numbers = ["Quantity", "Extended Resale Price", "Vendor Standard Cost", "Extended List Price", "Authorized Discount"]
        date = back["Invoice Date"] + later
        negative = {column: -back[column] for column in numbers}
        line = {"Invoice Line ID": back["Invoice Line ID"] + "-R", "Invoice Date": date, "Report Date": back["Report Date"] + later}
        files.touch(name, back.index)
        files.add(name, "return", back.assign(**negative, **line))


def history_cut(files: Spoiling, chance: Chance) -> None:
    """One system holds nothing from before it was brought in, a third of the way through."""
    there = list(files.named(*CUT))
    if not there:
        return
    name = there[int(chance.integers(0, len(there), 1)[0])]
    date = files.files[name][CUT[name]]
    cut = date.min() + (date.max() - date.min()) * _CUT_AT
    files.drop(name, "before_the_system", date.index[date < cut])


def _reports(files: Spoiling, chance: Chance, share: float) -> list[tuple[str, pd.Index]]:
    """The rows by file of a share of all reports (a distributor's month): untouched ones, not the first or last month of a file."""
    every = []
    for name in files.named("pos_*"):
        lines = files.files[name][["Reporting Distributor"]].assign(month=files.files[name]["Invoice Date"].dt.to_period("M"))
        lines = lines.assign(free=lines.index.isin(files.free(name).index))
        inner = lines[(lines["month"] > lines["month"].min()) & (lines["month"] < lines["month"].max())]
        untouched = inner.groupby(["Reporting Distributor", "month"], sort=True)["free"].all()
        every += [(name, inner, report) for report in untouched.index[untouched]]
    found: dict[str, list[pd.Index]] = {}
    for name, inner, report in (every[number] for number in some(chance, pd.RangeIndex(len(every)), share)):
        ours = (inner["Reporting Distributor"] == report[0]) & (inner["month"] == report[1])
        found.setdefault(name, []).append(inner.index[ours])
    return [(name, reports[0].append(reports[1:])) for name, reports in found.items()]
