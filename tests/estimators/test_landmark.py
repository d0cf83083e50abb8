"""Landmark risk: fallback when events are few, calibration, differences between periods."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats

from prmkit.estimators.calibration import auc
from prmkit.estimators.landmark import ENOUGH_EVENTS, expected_total, fit_landmark, forecast

Data = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def snapshots(
    seed: int, units: int = 400, periods: int = 8, shock: float = 0.0, level: float = -1.5
) -> tuple[Data, np.ndarray, np.ndarray]:
    """Past snapshots (features, event, group, period), then features and true probability of the coming one."""
    rng = np.random.default_rng(seed)
    features = rng.standard_normal((periods + 1, units, 2))
    odds = level + features @ np.array([1.0, -0.5]) + shock * rng.standard_normal(periods + 1)[:, None]
    p = special.expit(odds)
    event = rng.random(p.shape) < p
    group, period = np.tile(np.arange(units), periods), np.repeat(np.arange(periods), units)
    past = (features[:periods].reshape(-1, 2), event[:periods].ravel().astype(float), group, period)
    return past, features[periods], p[periods]


def test_few_events_give_the_common_rate_and_no_more() -> None:
    (features, event, group, period), ahead, _ = snapshots(1, units=60, periods=4, level=-3.2)
    assert 0 < event.sum() < ENOUGH_EVENTS
    fit = fit_landmark(features, event, group, period, np.random.default_rng(0))
    out = forecast(fit, ahead, np.random.default_rng(0))
    assert fit.pooled
    assert np.unique(out.probability) == pytest.approx([(event.sum() + 0.5) / (len(event) + 1)])
    assert np.all(out.contributions == 0)
    posterior = stats.beta(event.sum() + 0.5, len(event) - event.sum() + 0.5)
    assert out.low[0] <= posterior.ppf(0.05) + 1e-9
    assert out.high[0] >= posterior.ppf(0.95) - 1e-9


def test_thin_data_use_only_the_leading_features() -> None:
    rng = np.random.default_rng(2)
    features = rng.standard_normal((600, 6))
    event = (rng.random(600) < special.expit(-2.7 + features[:, 0])).astype(float)
    assert 30 <= event.sum() < 60
    fit = fit_landmark(features, event, np.arange(600), np.zeros(600, dtype=int), rng)
    assert fit.used == tuple(range(int(event.sum()) // 10))


def test_risk_is_ranked_and_its_interval_holds_the_truth() -> None:
    held, ranked = [], []
    for seed in range(12):
        past, ahead, truth = snapshots(seed)
        fit = fit_landmark(*past, np.random.default_rng(seed))
        out = forecast(fit, ahead, np.random.default_rng(seed))
        held.append(np.mean((truth >= out.low) & (truth <= out.high)))
        ranked.append(auc(out.probability, truth > np.median(truth)))
    assert 0.83 < np.mean(held) < 0.97
    assert min(ranked) > 0.97


def test_interval_widens_where_periods_differ_and_covers_the_number_of_events() -> None:
    wide, held = [], []
    for seed in range(25):
        past, ahead, truth = snapshots(seed, shock=0.6)
        fit = fit_landmark(*past, np.random.default_rng(seed))
        out = forecast(fit, ahead, np.random.default_rng(seed))
        seen = np.random.default_rng(100 + seed).random(len(truth)) < truth
        total = expected_total(out, np.ones(len(truth)), np.random.default_rng(seed))
        wide.append(fit.period_sd)
        held.append(total.low <= seen.sum() <= total.high)
    assert np.median(wide) == pytest.approx(0.6, abs=0.2)
    assert np.mean(held) >= 0.76  # 90% less what eight periods cannot tell, and the error of 25 runs


def test_expected_total_counts_weighs_and_leaves_out() -> None:
    past, ahead, _ = snapshots(3)
    fit = fit_landmark(*past, np.random.default_rng(3))
    out = forecast(fit, ahead, np.random.default_rng(3))
    value = np.where(np.arange(len(ahead)) < 10, 100.0, 0.0)
    total = expected_total(out, value, np.random.default_rng(3))
    assert total.expected == pytest.approx(100 * out.probability[:10].sum())
    assert 0 <= total.low < total.expected < total.high <= 1000
    assert expected_total(out, np.zeros(len(ahead)), np.random.default_rng(3)).high == 0


def test_a_feature_shared_by_a_period_needs_three_periods() -> None:
    (features, event, group, period), _, _ = snapshots(5)
    season = np.cos(period * 2.0)[:, None]
    enough = fit_landmark(np.hstack([features, season]), event, group, period, np.random.default_rng(5))
    assert enough.used == (0, 1, 2)
    two = period < 2
    few = fit_landmark(np.hstack([features, season])[two], event[two], group[two], period[two], np.random.default_rng(5))
    assert few.used == (0, 1)


def test_rows_in_another_order_give_the_same_answer() -> None:
    (features, event, group, period), ahead, _ = snapshots(6)
    order = np.random.default_rng(7).permutation(len(event))
    one = fit_landmark(features, event, group, period, np.random.default_rng(1))
    other = fit_landmark(features[order], event[order], group[order], period[order], np.random.default_rng(1))
    first = forecast(one, ahead, np.random.default_rng(2))
    second = forecast(other, ahead, np.random.default_rng(2))
    assert first.probability == pytest.approx(second.probability, abs=1e-6)
    assert first.high == pytest.approx(second.high, abs=1e-5)


def test_no_snapshot_is_refused() -> None:
    empty = np.array([], dtype=int)
    with pytest.raises(ValueError, match="snapshot"):
        fit_landmark(np.empty((0, 2)), empty.astype(float), empty, empty, np.random.default_rng(0))
