"""Price erosion beside known truths: confounded by size, by hard customers, and by what is not on record."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from prmkit.estimators.price_erosion import CONTESTED, Erosion, Quotes, price_erosion
from prmkit.practices.reach.collisions.encounters import meetings, with_rivals
from prmkit.practices.reach.collisions.erosion import quotes_of
from prmkit.prove.made_quotes import EROSION, MadeQuotes, contacts_of, made_quotes


def quotes(made: MadeQuotes) -> Quotes:
    seen = contacts_of(made)
    return quotes_of(with_rivals(seen, meetings(seen)))


def test_the_slope_is_that_of_least_squares_with_all_dummies() -> None:
    made = quotes(made_quotes(2, customers=60))
    found = price_erosion(made)
    assert isinstance(found, Erosion)
    often = np.bincount(made.buyer)[made.buyer] > 1
    use = made.at(often)
    size = (use.size - use.size.mean()) / use.size.std()
    seller = np.where(np.bincount(use.seller)[use.seller] >= 10, use.seller, -1)
    codes = pd.DataFrame({"b": use.buyer, "v": seller, "p": use.product, "q": use.quarter}).astype("str")
    columns = np.column_stack([use.rivals, size, size**2, size**3, pd.get_dummies(codes).to_numpy(dtype=float)])
    assert found.slope[0] == pytest.approx(np.linalg.lstsq(columns, use.discount, rcond=None)[0][0], rel=1e-6)


def test_sixty_small_ones_hold_the_truth_and_the_spreadsheet_does_not() -> None:
    found = [price_erosion(quotes(made_quotes(seed, customers=100))) for seed in range(60)]
    told = [one for one in found if isinstance(one, Erosion)]
    assert len(told) >= 50
    slopes = np.array([one.slope[0] for one in told])
    inside = np.mean([one.interval()[0] <= EROSION <= one.interval()[1] for one in told])
    assert abs(slopes.mean() - EROSION) < 0.0015
    assert 0.82 <= inside <= 0.97
    assert np.mean([one.plain for one in told]) > 2 * EROSION


def test_without_erosion_the_interval_holds_nothing() -> None:
    told = [price_erosion(quotes(made_quotes(seed, customers=100, erosion=0.0))) for seed in range(20)]
    inside = [one.interval()[0] <= 0 <= one.interval()[1] for one in told if isinstance(one, Erosion)]
    assert len(inside) >= 15
    assert np.mean(inside) >= 0.75


def test_what_is_not_on_record_is_noticed() -> None:
    said = [price_erosion(quotes(made_quotes(seed, hidden=0.04))) for seed in range(6)]
    assert sum(isinstance(one, str) and "not on record" in one for one in said) >= 5


def test_steps_rise_with_the_rivals() -> None:
    found = price_erosion(quotes(made_quotes(1)))
    assert isinstance(found, Erosion)
    assert [step.rivals for step in found.steps] == [0, 1, 2, 3]
    assert [step.more for step in found.steps] == pytest.approx([0, EROSION, 2 * EROSION, 3 * EROSION], abs=0.006)
    assert sum(step.deals for step in found.steps) == len(quotes(made_quotes(1)).buyer)


def test_few_contested_deals_or_one_price_tell_nothing() -> None:
    made = quotes(made_quotes(1, customers=100))
    few = np.flatnonzero(made.rivals > 0)[CONTESTED - 1 :]
    use = np.ones(len(made.buyer), dtype=bool)
    use[few] = False
    assert str(price_erosion(made.at(use))).startswith(f"{CONTESTED - 1} deals with a known discount had a second partner")
    flat = Quotes(np.full(len(made.buyer), 0.1), *(getattr(made, name) for name in list(made.__dataclass_fields__)[1:]))
    assert price_erosion(flat) == "the discount is the same on all deals"
    assert isinstance(price_erosion(made.at(np.zeros(len(made.buyer), dtype=bool))), str)
