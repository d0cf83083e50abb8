"""What falls due at the end of agreements: notices, agreements that have run out, and laws that may protect the other side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.reach.agreed.in_force import in_force
from prmkit.practices.reach.agreed.points import Point
from prmkit.practices.reach.agreed.protection import governing, protected
from prmkit.practices.reach.territories import active

SOON_MONTHS = 6
_NOTICE = "the agreement with its end, renewal and notice clauses; the partner's last reviews and open promises by either side"
_OVER = "the agreement that has run out, and what has been ordered, promised and written since"
_LAW = "agreements with their governing law, how long they have run, what these partners invested, and any end that is planned"


def termination(portfolio: Portfolio) -> Iterator[Point]:
    """Notices that fall due within six months, agreements that ran out while the partner sells on, and protections of law, one a law."""
    agreements = portfolio.tables.get("agreements")
    if agreements is None or not len(agreements):
        return
    force, year = in_force(portfolio), portfolio.per_partner()
    yield from _notices(force, portfolio.as_of, year)
    yield from _run_out(portfolio, agreements, force, year)
    yield from _laws(portfolio, force, year)


def _notices(force: pd.DataFrame, as_of: pd.Timestamp, year: pd.Series) -> Iterator[Point]:
    due = force["ends_on"] - pd.to_timedelta(force["notice_days"].fillna(0), unit="D")
    soon = due.notna() & (due >= as_of) & (due <= as_of + pd.DateOffset(months=SOON_MONTHS))
    for row, day in zip(force[soon].to_dict("records"), due[soon], strict=True):
        why = f"notice for the end on {row['ends_on'].date()} is due by {day.date()}"
        if row.get("auto_renews") is True or str(row.get("auto_renews")) == "True":
            why += ", else it renews by itself"
        cure = row.get("cure_days")
        if pd.notna(cure) and cure > 0:
            why += f"; breaches have {int(cure)} days to be cured"
        partner = str(row["partner_id"])
        yield Point(
            partner, "termination", why, _NOTICE, str(row["agreement_id"]), _text(row.get("territory")), float(year.get(partner, 0.0))
        )


def _run_out(portfolio: Portfolio, agreements: pd.DataFrame, force: pd.DataFrame, year: pd.Series) -> Iterator[Point]:
    selling = active(portfolio)
    over = agreements[(agreements["ends_on"] < portfolio.as_of) & ~agreements["partner_id"].isin(force["partner_id"])]
    last = over.sort_values("ends_on", kind="stable").drop_duplicates("partner_id", keep="last")
    for row in last[last["partner_id"].map(selling).eq(True)].to_dict("records"):
        why = f"its agreement ended on {row['ends_on'].date()}, and it still sells"
        partner = str(row["partner_id"])
        yield Point(
            partner, "termination", why, _OVER, str(row["agreement_id"]), _text(row.get("territory")), float(year.get(partner, 0.0))
        )


def _laws(portfolio: Portfolio, force: pd.DataFrame, year: pd.Series) -> Iterator[Point]:
    listed = portfolio.partners.set_index("partner_id")
    held = force.drop_duplicates("partner_id").set_index("partner_id")
    for law in protected(listed[["partner_type", "country"]], set(exclusive_ids(force))):
        who = law.partners
        stake = float(year.reindex(list(who)).clip(lower=0).sum())
        why = f"{len(who)} {'partner' if len(who) == 1 else 'partners'}: {law.says}; ask counsel before any of them is ended or changed"
        yield Point(law.subject, "termination", why, _LAW, at_stake=stake)
    for subject, ids, why in governing(listed["country"], held["law"] if "law" in held else pd.Series(dtype="str")):
        yield Point(subject, "termination", why, _LAW, at_stake=float(year.reindex(ids).clip(lower=0).sum()))


def exclusive_ids(force: pd.DataFrame) -> list[str]:
    """Partners with an exclusive agreement among these."""
    return [str(name) for name in force.loc[force["exclusive"].eq(True).fillna(False), "partner_id"]]


def _text(value: Any) -> str | None:
    return None if pd.isna(value) else str(value)
