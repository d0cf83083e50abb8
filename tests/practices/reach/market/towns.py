"""Made-up country: towns with partners and customers, who buy by size and distance; the truth is known."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio, open_portfolio
from prmkit.estimators.huff import huff
from prmkit.estimators.sphere import kilometres
from tests.data.handmade import client, line

AS_OF = pd.Timestamp("2025-12-31")
TOWNS = ((48.1, 11.6), (52.5, 13.4), (50.1, 8.7), (53.6, 10.0), (51.0, 7.0))
BARE = (47.5, 14.0)
"""A town with customers and no partner within a hundred km."""


@dataclass(frozen=True)
class Country:
    """A portfolio and what is true: home (partner of each customer, -1 without), partners' ids."""

    portfolio: Portfolio
    home: np.ndarray
    rows: dict[str, list[dict[str, Any]]]


def country(
    folder: Path,
    customers: int = 900,
    partners: int = 20,
    seed: int = 1,
    bare: int = 150,
    settings: dict[str, Any] | None = None,
    prospects: bool = True,
    coordinates: bool = True,
    days: int = 850,
) -> Country:
    """Half of the customers buy, each from a partner of its country drawn with exponents 0.8 and 2; `bare` more live in a bare town.

    days: how far back sales go. prospects: whether customers that never bought are listed.
    """
    rng = np.random.default_rng(seed)
    town = rng.integers(0, len(TOWNS), customers)
    where = np.concatenate([np.array(TOWNS)[town] + rng.normal(0, 0.25, (customers, 2)), np.array(BARE) + rng.normal(0, 0.1, (bare, 2))])
    spot = np.arange(partners) % len(TOWNS)
    site = np.array(TOWNS)[spot] + rng.normal(0, 0.2, (partners, 2))
    size = np.round(rng.lognormal(2, 0.8, partners)) + 1
    apart = kilometres(where[:, :1], where[:, 1:], site[None, :, 0], site[None, :, 1])
    chance = huff(size, apart, 0.8, 2.0, 1.0)
    home = (chance.cumsum(axis=1) < rng.random((len(where), 1))).sum(axis=1).clip(0, partners - 1)
    home = np.where((np.arange(len(where)) < customers) & (rng.random(len(where)) < 0.5), home, -1)
    spend, lines = rng.lognormal(8, 0.5, len(where)), []
    for number in np.flatnonzero(home >= 0):
        for back in rng.integers(1, days, 4):
            day = str((AS_OF - pd.Timedelta(days=int(back))).date())
            money = f"{spend[number] / 2:.2f}"
            lines.append(
                line(day, f"P{home[number]:02}", money, customer_id=f"C{number:04}", territory=f"T{spot[home[number]]}", cost="100")
            )
    listed = [
        {"customer_id": f"C{number:04}", "country": "DE", "postal_code": f"{_area(place)}{number % 100:03d}", **_place(place, coordinates)}
        for number, place in enumerate(where)
        if prospects or home[number] >= 0
    ]
    people = [
        {
            "partner_id": f"P{number:02}",
            "name": f"Partner {number}",
            "territory": f"T{spot[number]}",
            "country": "DE",
            "postal_code": f"{_area(place)}{number:03d}",
            "employees": size[number],
            **_place(place, coordinates),
        }
        for number, place in enumerate(site)
    ]
    rows: dict[str, list[dict[str, Any]]] = {"customers": listed, "partners": people}
    made = client(folder, lines, {"as_of": "2025-12-31", **(settings or {})}, **rows)
    return Country(open_portfolio(made), home, rows)


def _place(place: np.ndarray, known: bool) -> dict[str, float]:
    return {"latitude": round(float(place[0]), 4), "longitude": round(float(place[1]), 4)} if known else {}


def _area(place: np.ndarray) -> str:
    """Two signs that tell the town."""
    towns = np.array([*TOWNS, BARE])
    return f"{10 + int(np.argmin(((towns - place) ** 2).sum(axis=1))) * 11}"
