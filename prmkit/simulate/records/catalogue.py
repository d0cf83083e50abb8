"""What is sold: product families, their launches, and when each partner takes a family up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from prmkit.simulate.chance import Chance
from prmkit.simulate.state import NEVER, State, Whole

FAMILIES = ("Switching", "Wireless", "Security", "Cloud", "Analytics")
LAUNCHED = (90, 60, 30, 15, 5)
"""How many months before the as-of date each family was launched."""
WEIGHTS = (0.5, 0.35, 0.3, 0.3, 0.25)
"""How a partner that has taken all families up divides its lines."""
PRODUCTS_EACH = 4
TAKES_UP, TRAINED = 0.05, 1.6
"""Chance a month that a partner takes a launched family up, and what a finished course multiplies it by."""
_PRICES = (240.0, 690.0, 1_450.0, 90.0)


@dataclass(frozen=True)
class Catalogue:
    """What can be sold, and who sells it from when.

    launched (families,): month of launch, below 0 before the records begin. taken_up (n, families): month from which a partner
    sells a family, NEVER where it does not within the span. price (products,): list price in EUR; product `p` belongs to family
    `p // PRODUCTS_EACH`.
    """

    launched: Whole
    taken_up: Whole
    product_id: tuple[str, ...]
    price: np.ndarray


def make_catalogue(state: State) -> Catalogue:
    """Draw when each partner takes up each family: the mature ones at once, later ones with a chance a month, higher once trained."""
    network, lives = state.network, state.lives
    launched = state.months - 1 - np.array(LAUNCHED, dtype=np.int64)
    chance = Chance("prmkit", state.seed, "adoption")
    taken = np.full((network.size, len(FAMILIES)), NEVER, dtype=np.int64)
    taken[:, :2] = np.minimum(network.joined, state.calendar.span)[:, None]
    for family in range(2, len(FAMILIES)):
        u = chance.uniform(network.size, state.calendar.span)
        # what went on before the records begin is made up for in their first month
        before = max(-int(launched[family]), 0)
        waiting = np.ones(network.size, dtype=bool)
        for month in range(max(int(launched[family]), 0), state.calendar.span):
            rate = TAKES_UP * np.where(state.course.wave < month, TRAINED, 1.0)
            steps = before + 1 if month == 0 else 1
            stays = np.ones(network.size)
            for _ in range(steps):
                stays = stays * (1.0 - rate)
            now = waiting & lives.alive[:, month] & (u[:, month] < 1.0 - stays)
            taken[now, family] = month
            waiting &= ~now
    ids = tuple(f"{name[:3].upper()}-{number}" for name in FAMILIES for number in range(1, PRODUCTS_EACH + 1))
    return Catalogue(launched, taken, ids, np.tile(np.array(_PRICES), len(FAMILIES)))


def products(state: State, catalogue: Catalogue) -> pd.DataFrame:
    """The canonical table of products: each family's third product follows its second a year after launch."""
    rows = []
    for family, name in enumerate(FAMILIES):
        for number in range(PRODUCTS_EACH):
            index = family * PRODUCTS_EACH + number
            later = 12 if number == 2 else 0
            month = np.array(int(catalogue.launched[family]) + later)
            if month >= state.months:
                month = np.array(int(catalogue.launched[family]))
            rows.append(
                {
                    "product_id": catalogue.product_id[index],
                    "name": f"{name} {('Start', 'One', 'Two', 'Care')[number]}",
                    "family": name,
                    "version": "2" if number == 2 else "1",
                    "replaces_product_id": catalogue.product_id[index - 1] if number == 2 else None,
                    "launched_on": pd.Timestamp(str(state.calendar.day(month, np.array(0.0)))),
                    "retired_on": pd.NaT,
                    "list_price": float(catalogue.price[index]),
                }
            )
    frame = pd.DataFrame(rows)
    texts = ["product_id", "name", "family", "version", "replaces_product_id"]
    return frame.astype(dict.fromkeys(texts, "str") | {"launched_on": "datetime64[us]", "retired_on": "datetime64[us]"})
