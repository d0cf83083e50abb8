"""Service and renewals told how they differ between partners."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, special, stats

from prmkit.prove.limit.service import chance_worse, renewal
from prmkit.simulate.worlds import REFERENCE, WORLDS


def test_renewal_against_an_integral_over_service() -> None:
    kept, terms = 2.0, 6.0

    def density(z: float) -> float:
        chance = special.expit(1.9 - 0.8 * 0.35 * z)
        return float(stats.norm.pdf(z) * chance**kept * (1 - chance) ** (terms - kept))

    total = integrate.quad(density, -6, 6)[0]
    mean = integrate.quad(lambda z: density(z) * special.expit(1.9 - 0.8 * 0.35 * z), -6, 6)[0] / total
    found = renewal(REFERENCE, np.array([kept]), np.array([terms]))
    assert found[0][0] == pytest.approx(mean, rel=1e-4)
    inside = integrate.quad(density, *[(1.9 - special.logit(end)) / 0.28 for end in (found[2][0], found[1][0])])[0] / total
    assert inside == pytest.approx(0.9, abs=0.002)


def test_equal_partners_renew_alike() -> None:
    mean, low, high = renewal(WORLDS.get("null"), np.array([0.0, 5.0]), np.array([5.0, 5.0]))
    usual = special.expit(1.9)
    assert np.array([*mean, *low, *high]) == pytest.approx(np.full(6, usual))


def test_waiting_longer_by_normal_logs() -> None:
    hours = [16.0 * np.exp(0.5), 4.0 * np.exp(0.3), 8.0 * np.exp(-2.0), np.nan, 5.0]
    tickets = pd.DataFrame(
        {
            "partner_id": ["a", "a", "b", "b", None],
            "severity": ["low", "high", "medium", "low", "low"],
            "first_response_hours": hours,
        }
    )
    found = chance_worse(tickets, pd.Series(["b", "a", "c"]))
    precision = 2 / 0.8**2 + 1 / 0.35**2
    assert found[1] == pytest.approx(special.ndtr(0.8 / 0.8**2 / np.sqrt(precision)))
    assert found[0] == pytest.approx(special.ndtr(-2.0 / 0.8**2 / np.sqrt(1 / 0.8**2 + 1 / 0.35**2)))
    assert found[2] == 0.5
