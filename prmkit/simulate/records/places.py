"""Where partners and customers sit: country, postal code, coordinates. A territory lies in one country."""

from __future__ import annotations

from typing import Any

import numpy as np

from prmkit.simulate.chance import Chance
from prmkit.simulate.records.columns import names
from prmkit.simulate.state import State, Whole

# country, digits of its postal codes, a point inside and how far it reaches (degrees)
_LANDS: dict[str, tuple[tuple[str, int, float, float, float], ...]] = {
    "EMEA": (("DE", 5, 51.0, 10.0, 2.5), ("FR", 5, 46.8, 2.4, 2.5), ("ES", 5, 40.2, -3.7, 2.5)),
    "AMER": (("US", 5, 39.5, -95.0, 8.0), ("MX", 5, 22.0, -101.0, 3.0)),
    "APAC": (("AU", 4, -30.0, 143.0, 6.0), ("JP", 7, 35.8, 138.0, 1.5)),
}
_LOCATED = 0.85
_AROUND = 0.4
_PRIMES = (7, 13)


def countries(state: State) -> list[str]:
    """The country of each territory."""
    return [_land(state, number)[0] for number in range(len(state.network.places))]


def addresses(chance: Chance, state: State, territory: Whole) -> dict[str, Any]:
    """country, postal_code, latitude and longitude of firms in the territories given; some are not located."""
    count = len(territory)
    lands = [_land(state, number) for number in range(len(state.network.places))]
    number = np.arange(len(lands))
    across = np.array([land[4] for land in lands])
    north = np.array([land[2] for land in lands]) + across * ((number * _PRIMES[0] % 10) / 5 - 1)
    east = np.array([land[3] for land in lands]) + across * ((number * _PRIMES[1] % 10) / 5 - 1)
    located = chance.chosen(_LOCATED, count)
    return {
        "country": names([land[0] for land in lands], territory),
        "postal_code": _postal(chance, np.array([land[1] for land in lands])[territory], territory),
        "latitude": np.where(located, _rounded(north[territory] + _AROUND * chance.normal(count)), np.nan),
        "longitude": np.where(located, _rounded(east[territory] + _AROUND * chance.normal(count)), np.nan),
    }


def _land(state: State, number: int) -> tuple[str, int, float, float, float]:
    lands = _LANDS[state.network.regions[number]]
    return lands[number // len(_LANDS) % len(lands)]


def _postal(chance: Chance, digits: Whole, territory: Whole) -> list[str]:
    """Codes whose first two digits tell the territory; they may begin with a zero."""
    rest = np.floor(chance.uniform(len(territory)) * 10.0 ** (digits - 2)).astype(np.int64)
    area = (territory * _PRIMES[0] + 1) % 100
    return [f"{a:02d}{r:0{d - 2}d}" for a, r, d in zip(area.tolist(), rest.tolist(), digits.tolist(), strict=True)]


def _rounded(degrees: np.ndarray) -> np.ndarray:
    made: np.ndarray = np.rint(degrees * 10_000) / 10_000
    return made
