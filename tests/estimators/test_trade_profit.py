"""A year's trade of a reseller: published blended margins, sums that add up, money that scales, and ends of ranges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import gamma, norm

from prmkit.estimators.annual_noise import AnnualNoise
from prmkit.estimators.trade_profit import Trade, TradeProfit, trade_profit
from prmkit.estimators.typical_ratio import typical_ratio

CLOCKWORK = AnnualNoise(0.0, 0.0, 50)


def trade(n: int = 1, **columns: object) -> Trade:
    plain = {"paid": 6_000.0, "paid_rate": 0.6, "street_rate": np.nan, "street_error": 0.0, "attach": np.nan, "granted": 0.0, "burden": 0.0}
    return Trade(
        **{name: np.broadcast_to(np.asarray(value, float), n).copy() for name, value in ({"months": 12.0} | plain | columns).items()}
    )


def worked(one: Trade, services: float = 0.4, passed: float | None = None, luck: AnnualNoise = CLOCKWORK, draws: int = 200) -> TradeProfit:
    return trade_profit(one, services, passed, luck, np.random.default_rng(1), draws)


# A survey of more than 500 solution providers (IPED, State of Partner Profitability, 2019, as CRN reported it in 2019):
# share of revenue from resale, from services, and gross margin altogether.
PUBLISHED = ((0.78, 0.20, 0.22), (0.59, 0.34, 0.28), (0.32, 0.68, 0.45))


def test_blended_margins_that_were_published() -> None:
    """Two of the three fix what goods and services leave; the third then has to come out."""
    (first, second, third) = PUBLISHED
    goods, services = np.linalg.solve([first[:2], third[:2]], [first[2], third[2]])
    made = worked(trade(3, paid_rate=1 - goods, street_rate=1.0, attach=[s / r for r, s, _ in PUBLISHED]), float(services))
    sold = 6_000 / (1 - goods)
    blended = made.profit / sold * [r for r, _, _ in PUBLISHED]
    assert blended == pytest.approx([0.22, 0.28, 0.45], abs=0.002)
    assert second[2] == 0.28


def test_books_of_one_reseller_by_hand() -> None:
    made = worked(trade(street_rate=0.9, attach=1 / 3, granted=150 - 580, burden=300))
    assert made.margin[0] == pytest.approx(1 / 3)
    assert made.resale[0] == pytest.approx(3_000.00, abs=0.005)  # goods for 6,000 sold on for 9,000
    assert made.services[0] == pytest.approx(1_200.00, abs=0.005)  # services of 3,000 around them, at 40%
    assert made.profit[0] == pytest.approx(3_470.00, abs=0.005)


def test_an_unknown_price_lies_between_what_was_paid_and_list() -> None:
    made = worked(trade(400), draws=400)
    assert made.resale[0] == pytest.approx(2_000)  # list 10,000: half of the discount passed on
    assert made.margin_ends[:, 0] == pytest.approx([1 - 0.6 / (1 - 0.95 * 0.4), 1 - 0.6 / (1 - 0.05 * 0.4)])
    # with nothing else in doubt profit is even between 0 and 4,000: nine in ten from 200 to 3,800
    assert np.median(made.profit_ends, axis=1) == pytest.approx([200, 3_800], abs=60)


def test_what_all_have_in_common_does_not_average_out() -> None:
    """The mean of many is about as unsure as the half of the variance that they share."""
    made = worked(trade(2_000), draws=400)
    mean = made.draws.mean(axis=0)
    # the part passed on is the normal probability of a score; given what is common, its mean is that of the score over sqrt(1 + 1)
    common = norm.ppf((np.arange(400) + 0.5) / 400) * np.sqrt(0.5)
    exact = 4_000 * (1 - norm.cdf(common / np.sqrt(1.5)))
    assert np.quantile(mean, (0.05, 0.95)) == pytest.approx(np.quantile(exact, (0.05, 0.95)), rel=0.02)


def test_luck_widens_the_range_of_few_orders() -> None:
    luck = AnnualNoise(1.0, 1.0, 50)
    few, many = (worked(trade(200, street_rate=0.9, months=months), luck=luck, draws=400).profit_ends for months in (1.0, 12.0))
    assert np.median(np.diff(few, axis=0)) > 2.5 * np.median(np.diff(many, axis=0))
    # twelve buying months: gamma of shape 12 / (1 + 1)
    assert np.median(many, axis=1) == pytest.approx(3_000 * gamma(6).ppf([0.05, 0.95]) / 6, rel=0.03)


def test_nothing_known_is_nothing_said() -> None:
    made = worked(trade(2, paid_rate=[np.nan, 0.6], attach=[0.5, np.nan], granted=100.0))
    assert np.isnan([made.profit[0], made.resale[0], made.services[0], *made.profit_ends[:, 0]]).all()
    assert made.profit[1] == pytest.approx(2_100)
    assert np.isnan(made.services[1])


MONEY = st.floats(1, 1e7)


@given(MONEY, st.floats(0.05, 0.99), st.floats(0, 5), st.floats(-1e4, 1e4), st.floats(0, 1e4), st.floats(0, 1), st.floats(0.05, 0.95))
@settings(max_examples=60, deadline=None)
def test_books_add_up_and_money_scales(
    paid: float, rate: float, attach: float, granted: float, burden: float, passed: float, services: float
) -> None:
    columns = {"paid": paid, "granted": granted, "burden": burden}
    one = worked(trade(paid_rate=rate, attach=attach, **columns), services, passed, AnnualNoise(0.5, 0.5, 9), draws=20)
    assert one.resale + one.services + granted - burden == pytest.approx(one.profit, rel=1e-9, abs=1e-6)
    for ends, value in (
        (one.margin_ends, one.margin),
        (one.resale_ends, one.resale),
        (one.services_ends, one.services),
        (one.profit_ends, one.profit),
    ):
        assert ends[0] <= value <= ends[1]
    cents = worked(
        trade(paid_rate=rate, attach=attach, **{name: 128 * value for name, value in columns.items()}),
        services,
        passed,
        AnnualNoise(0.5, 0.5, 9),
        draws=20,
    )
    assert cents.margin == pytest.approx(one.margin, rel=1e-12)
    assert cents.profit == pytest.approx(128 * one.profit, rel=1e-9, abs=1e-6)
    assert cents.profit_ends == pytest.approx(128 * one.profit_ends, rel=1e-9, abs=1e-6)
    more = worked(trade(paid_rate=rate, attach=attach, **columns), services, min(passed + 0.1, 1.0), draws=20)
    assert more.resale <= one.resale + 1e-6


def test_a_ratio_foretells_with_the_error_of_a_new_case() -> None:
    rng = np.random.default_rng(5)
    base = rng.lognormal(3, 1, 4_000)
    number = base * np.exp(-1.2 + 0.3 * rng.standard_normal(4_000))
    assert typical_ratio(number[:9], base[:9]) is None
    hits = []
    for start in range(0, 4_000, 20):
        found = typical_ratio(number[start : start + 12], base[start : start + 12])
        assert found is not None
        apart = np.log(number[start + 12 : start + 20] / found.foretell(base[start + 12 : start + 20]))
        hits.append(np.abs(apart) <= 1.645 * found.error)
    assert np.mean(hits) == pytest.approx(0.9, abs=0.02)
    assert found is not None
    assert np.isnan(found.foretell(np.array([0.0, np.nan]))).all()
