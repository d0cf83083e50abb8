"""What was knowable on a day: rows dated later go, and what a later day decided is hidden."""

from __future__ import annotations

import pandas as pd

# table -> the column that says when a row came into being
BORN: dict[str, tuple[str, ...]] = {
    "products": ("launched_on",),
    "goals": ("period_start",),
    "deals": ("registered_on", "opened_on"),
    "subscriptions": ("starts_on",),
    "people": ("active_from",),
    "trainings": ("completed_on",),
    "incentives": ("requested_on", "starts_on"),
    "support": ("month",),
    "tickets": ("opened_on",),
    "surveys": ("date",),
    "line_card": ("since",),
    "recruits": ("contacted_on",),
    "history": ("valid_from",),
    "agreements": ("starts_on",),
    "plans": ("agreed_on",),
    "events": ("date",),
    "estimates": ("judged_on",),
}
# Judgements of how things stand now: on the engagement's own date they count whenever they were made, as a list of partners does.
OF_NOW = frozenset({"estimates"})
# table -> (date column, columns that only that date makes known, value before it)
DECIDED: dict[str, tuple[tuple[str, tuple[str, ...], str | None], ...]] = {
    "deals": (
        ("closed_on", ("outcome",), "open"),
        ("closed_on", ("closed_on", "lost_to"), None),
        ("decided_on", ("approved", "decided_on"), None),
    ),
    "subscriptions": (("renewed_on", ("outcome",), "open"), ("renewed_on", ("renewed_on",), None), ("ends_on", ("outcome",), "open")),
    "incentives": (("paid_on", ("paid_on", "status"), None), ("approved_on", ("approved_on",), None)),
    "recruits": tuple((column, (column,), None) for column in ("qualified_on", "signed_on", "first_sale_on", "lost_on")),
    "plans": (("due_on", ("outcome",), "open"),),
    "history": (("valid_to", ("valid_to",), None),),
    "products": (("retired_on", ("retired_on",), None),),
    "people": (("active_to", ("active_to",), None),),
}


def at(name: str, frame: pd.DataFrame, date: pd.Timestamp, today: pd.Timestamp | None = None) -> pd.DataFrame:
    """The rows of table `name` known on `date`, with what was decided later taken out; `today` is the engagement's own date.

    A row whose dates are all empty is kept: nothing says that it came later.
    """
    if name in OF_NOW and date == today:
        return frame
    born = [column for column in BORN.get(name, ()) if column in frame]
    if born:
        first = frame[born].min(axis=1)
        frame = frame[first.isna() | (first <= date)]
    for column, hidden, before in DECIDED.get(name, ()):
        if column not in frame:
            continue
        later = frame[column] > date
        frame = frame.assign(
            **{name: frame[name].mask(later, before) if before else frame[name].mask(later) for name in hidden if name in frame}
        )
    return frame


def partner_attributes(partners: pd.DataFrame, history: pd.DataFrame, date: pd.Timestamp) -> pd.DataFrame:
    """Partners with the attribute values in force on `date`, where history tells them.

    A partner whose history of an attribute only starts later gets null: today's value was not known.
    """
    for attribute, rows in history.groupby("attribute", sort=True):
        if attribute not in partners:
            continue
        known = rows[(rows["valid_from"] <= date) & (rows["valid_to"].isna() | (rows["valid_to"] >= date))]
        latest = known.sort_values("valid_from", kind="stable").groupby("partner_id")["value"].last()
        told = partners["partner_id"].isin(rows["partner_id"])
        values = partners["partner_id"].map(latest)
        if attribute == "annual_revenue":
            values = pd.to_numeric(values)
        partners = partners.assign(**{str(attribute): partners[str(attribute)].mask(told, values)})
    return partners
