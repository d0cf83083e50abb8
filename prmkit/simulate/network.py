"""Who is there: territories, partners, and what is true of each for good."""

from __future__ import annotations

import numpy as np

from prmkit.simulate.arithmetic import exp, log
from prmkit.simulate.chance import Chance
from prmkit.simulate.state import OTHERS, RESALE, Array, Network, Whole
from prmkit.simulate.worlds import World

REGIONS = ("EMEA", "AMER", "APAC")
_PARTNERS_A_PLACE = 25
_FEWEST_PLACES, _MOST_PLACES = 3, 40
KIND_SHARES = (0.5, 0.27, 0.23)
"""Shares of the resale types among those that resell."""
_OTHER_SHARES = (0.01, 0.03, 0.02, 0.02)
_ESTABLISHED = 0.6
_OLDEST = 120
HEAVIEST = 5.0
"""Where heavy logs are cut off, in standard deviations."""
LARGE = 4.0
"""How many times the usual rate the large ones of a mixture have."""
_USUAL_HOURS = 5.0
SERVICE_SPREAD = 0.35
"""How much service differs between partners (standard deviation of the log of waiting times)."""


def make_network(world: World, seed: int, partners: int, months: int) -> Network:
    """Draw the territories and the partners of a world."""
    chance = Chance("prmkit", seed, "network")
    count = min(max(partners // _PARTNERS_A_PLACE, _FEWEST_PLACES), _MOST_PLACES)
    spread = 0.0 if world.equal else 1.0
    places = exp(0.15 * spread * chance.normal(count))
    territory = chance.pick(exp(0.5 * chance.normal(count)), partners)
    kind = _kinds(chance, partners)
    joined = np.where(
        chance.chosen(_ESTABLISHED, partners),
        -1 - np.minimum(np.floor(30.0 * chance.exponential(partners)), _OLDEST).astype(np.int64),
        chance.integers(0, months, partners),
    )
    resale = kind < len(RESALE)
    sells = resale & chance.chosen(world.activation, partners)
    shown = np.where(resale, kind, 0)
    mean_rate = np.array(world.rates)[shown] * places[territory]
    mean_log_size = np.array(world.log_sizes)[shown]
    rate = mean_rate if world.rate_shape is None else mean_rate * chance.gamma(world.rate_shape, partners)
    large = chance.chosen(world.mixture, partners)
    rate = np.where(large, rate * LARGE, rate)
    log_size = mean_log_size + world.size_spread * _logs(world, Chance("prmkit", seed, "sizes"), partners)
    return Network(
        partner_id=np.array([f"P{number:05d}" for number in range(1, partners + 1)]),
        places=tuple(f"Territory {number:02d}" for number in range(1, count + 1)),
        regions=tuple(REGIONS[number % len(REGIONS)] for number in range(count)),
        place_factor=places,
        territory=territory,
        kind=kind,
        joined=joined,
        sells=sells,
        rate=rate,
        log_size=log_size,
        margin=np.clip(world.margin + world.margin_spread * chance.normal(partners), 0.08, 0.7),
        accounts=3 + chance.poisson(np.full(partners, 5.0)),
        service=SERVICE_SPREAD * spread * chance.normal(partners),
        manager=territory * 2 + chance.integers(0, 2, partners),
        hours=_USUAL_HOURS * exp(spread * (0.8 * chance.normal(partners) - 0.32)),
        mean_rate=mean_rate,
        mean_log_size=mean_log_size,
    )


def heavy_logs(chance: Chance, *shape: int) -> Array:
    """Student's t logs with a standard deviation of about one, cut off where their exponential would have no mean."""
    return np.clip(chance.heavy(*shape), -HEAVIEST, HEAVIEST)


def _logs(world: World, chance: Chance, count: int) -> Array:
    return heavy_logs(chance, count) if world.tail == "heavy" else chance.normal(count)


def level(network: Network) -> Array:
    """How much a partner sells once mature, on the log scale, about standardised over those that sell."""
    logs = log(np.maximum(network.rate, 1e-9)) + network.log_size
    chosen = logs[network.sells]
    if not len(chosen):
        return np.zeros(network.size)
    centre = np.cumsum(chosen)[-1] / len(chosen)
    width = np.sqrt(np.cumsum((chosen - centre) ** 2)[-1] / len(chosen))
    made: Array = (logs - centre) / max(float(width), 0.5)
    return made


def _kinds(chance: Chance, partners: int) -> Whole:
    """Kinds in random order: the few that do not resell first, then resale partners by their shares."""
    others = [max(2 if number == 0 else 1, round(share * partners)) for number, share in enumerate(_OTHER_SHARES)]
    kinds = np.concatenate(
        [
            np.repeat(len(RESALE) + np.arange(len(OTHERS)), others),
            chance.pick(KIND_SHARES, partners - sum(others)),
        ]
    )
    return kinds[chance.order(partners)].astype(np.int64)
