"""What comes next for one more case, by hand and by simulation."""

from __future__ import annotations

import numpy as np
import pytest

from prmkit.estimators.analogue import next_ratio


def test_five_analogues_by_hand() -> None:
    found = next_ratio(np.exp([0.1, 0.2, 0.3, 0.4, 0.5]))
    assert found is not None
    assert found.value == pytest.approx(np.exp(0.3))
    reach = 2.131847 * np.sqrt(0.025) * np.sqrt(1.2)  # t of 4 degrees of freedom, sd 0.158, one more case
    assert np.log([found.low, found.high]) == pytest.approx([0.3 - reach, 0.3 + reach], abs=1e-6)
    assert next_ratio(np.ones(4)) is None


def test_the_range_holds_the_next_case_nine_times_in_ten() -> None:
    rng = np.random.default_rng(4)
    held = 0
    for _ in range(1500):
        ratios = rng.lognormal(0.2, 0.4, 7)
        found = next_ratio(ratios[:6])
        assert found is not None
        held += found.low <= ratios[6] <= found.high
    assert held / 1500 == pytest.approx(0.90, abs=0.025)
