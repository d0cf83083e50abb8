"""Canonical tables of a size at which every kind of dirt occurs: the small client's, with sales, cases and courses of two years."""

from __future__ import annotations

import pandas as pd

from prmkit.data.tables import tables
from prmkit.simulate.chance import Chance
from tests.simulate.exports.small_client import small_client

MONTHS = pd.date_range("2024-10-01", "2026-09-01", freq="MS")
DISTRIBUTORS = ("P0002", "P0004")


def busy_client(lines: int = 3_000) -> dict[str, pd.DataFrame]:
    """Three partners and two distributors with `lines` lines, 400 cases and 120 courses over 24 months."""
    made = small_client()
    chance = Chance("busy client")
    fourth = made["partners"].iloc[1:2].assign(partner_id="P0004", name="Fourth", domain="fourth.example")
    made["partners"] = pd.concat([made["partners"], fourth], ignore_index=True)
    made["rates"] = _typed("rates", {"currency": "USD", "month": MONTHS, "kind": "average", "rate": 0.9125})
    made["sales"] = _sales(chance, lines)
    date = _dates(chance, 400)
    cases = {"ticket_id": _ids("T", 400), "partner_id": "P0001", "opened_on": date, "severity": "high", "csat": 4.0, "reopens": 0.0}
    made["tickets"] = _typed("tickets", {**cases, "first_response_hours": 2.5, "resolution_hours": 20.0})
    people = {"person_id": _ids("U", 120), "partner_id": "P0001", "role": "sales"}
    made["people"] = _typed("people", people)
    taken = {**people, "course_id": "SALES-101", "completed_on": _dates(chance, 120), "hours": 8.0, "score": 80.0, "certified": True}
    made["trainings"] = _typed("trainings", taken)
    return made


def _sales(chance: Chance, count: int) -> pd.DataFrame:
    cents = 10_000 + chance.integers(0, 90_000, count)
    through = chance.chosen(0.8, count)
    supplied = through & chance.chosen(0.8, count)
    distributor = pd.Series([DISTRIBUTORS[number] for number in chance.integers(0, 2, count)], dtype="str").where(supplied)
    return _typed(
        "sales",
        {
            "sale_id": _ids("L", count),
            "invoice_id": _ids("INV", count),
            "date": _dates(chance, count),
            "partner_id": "P0001",
            "distributor_id": distributor,
            "customer_id": "C1",
            "product_id": "0017",
            "territory": "North",
            "channel": pd.Series(["sell_through" if told else "sell_in" for told in through], dtype="str"),
            "kind": "new",
            "units": 2.0,
            "revenue": cents / 100,
            "cost": cents // 2 / 100,
            "list_amount": (cents + 1_000) / 100,
            "discount": 10.0,
            "currency": pd.Series(["USD" if told else "EUR" for told in chance.chosen(0.3, count)], dtype="str"),
        },
    )


def _dates(chance: Chance, count: int) -> pd.Series:
    month = pd.Series(MONTHS[chance.integers(0, len(MONTHS), count)])
    return month + pd.to_timedelta(chance.integers(0, 28, count), unit="D")


def _ids(prefix: str, count: int) -> list[str]:
    return [f"{prefix}{number:05d}" for number in range(count)]


def _typed(name: str, columns: dict[str, object]) -> pd.DataFrame:
    frame = pd.DataFrame(columns).reindex(columns=list(tables()[name].names))
    return frame.astype(small_client()[name].dtypes.to_dict())
