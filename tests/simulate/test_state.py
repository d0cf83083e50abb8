"""What happens in a made-up programme: each layer does what the world says, no more and no less."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from prmkit.errors import PrmkitError
from prmkit.simulate.history import make_state
from prmkit.simulate.lives import SEASON, demand
from prmkit.simulate.network import level
from prmkit.simulate.orders import mean_lift
from prmkit.simulate.revenue import expected_revenue, realised_revenue
from prmkit.simulate.state import AS_OF, NEVER, RESALE, State, calendar
from prmkit.simulate.worlds import REFERENCE, WORLDS


@pytest.fixture(scope="module")
def reference() -> State:
    return make_state(WORLDS.get("reference"), 7, partners=3_000, months=48)


def caused_by_actions(state: State) -> np.ndarray:
    plain = state.lives.plain
    return np.divide(state.lives.factor, plain, out=np.ones(plain.shape), where=plain > 0)


def test_the_calendar_ends_on_the_as_of_date_and_goes_on_for_a_year() -> None:
    days = calendar(24)
    assert days.span == 36
    assert days.first[23] == np.datetime64("2026-09-01")
    assert days.first[0] == np.datetime64("2024-10-01")
    assert days.day(np.array([23]), np.array([0.999999]))[0] == np.datetime64(AS_OF.date())
    assert days.day(np.array([-1]), np.array([0.0]))[0] == np.datetime64("2024-09-01")
    assert days.days[:5].tolist() == [31, 30, 31, 31, 28]


def test_nobody_sells_before_joining_or_after_leaving(reference: State) -> None:
    lives, network = reference.lives, reference.network
    months = np.arange(reference.calendar.span)
    assert not (lives.alive & (months < network.joined[:, None])).any()
    assert not lives.alive[~network.sells].any()
    first, count = lives.alive.argmax(axis=1), lives.alive.sum(axis=1)
    unbroken = np.array([lives.alive[i, first[i] : first[i] + count[i]].all() for i in range(network.size)])
    assert unbroken.all()
    assert reference.orders.counts[~lives.alive].sum() == 0


def test_order_counts_are_poisson_around_what_is_expected(reference: State) -> None:
    mean = reference.network.rate[:, None] * reference.lives.factor * reference.lives.alive
    seen = reference.orders.counts
    z = (seen.sum() - mean.sum()) / np.sqrt(mean.sum())
    assert abs(z) < 3.3
    use = mean > 0.5
    assert ((seen[use] - mean[use]) ** 2 / mean[use]).mean() == pytest.approx(1.0, abs=0.04)


@pytest.mark.parametrize("name", ["reference", "heavy_tail", "wrong_model"])
def test_the_mean_order_is_what_the_truth_says(name: str) -> None:
    state = make_state(WORLDS.get(name), 11, partners=6_000, months=36)
    usual = np.exp(state.network.log_size)[state.orders.partner]
    ratio = state.orders.value / usual
    error = ratio.std() / np.sqrt(len(ratio))
    assert abs(ratio.mean() - mean_lift(state.world)) < 4 * error


def test_expected_and_realised_revenue_agree_over_many_partners(reference: State) -> None:
    expected, realised = expected_revenue(reference).sum(), realised_revenue(reference).sum()
    assert realised / expected == pytest.approx(1.0, abs=0.02)
    assert realised == pytest.approx(reference.orders.value.sum(), rel=1e-12)


def test_what_the_course_causes_starts_the_month_after_and_halves_in_its_half_life(reference: State) -> None:
    course, funding = reference.course, reference.funding
    caused = caused_by_actions(reference)
    alone = np.flatnonzero((course.wave < NEVER) & (funding.start == NEVER))
    wave = course.wave[alone]
    assert caused[alone, wave] == pytest.approx(np.ones(len(alone)), abs=1e-12)
    first = caused[alone, wave + 1] - 1
    assert first == pytest.approx(course.effect[alone], abs=1e-12)
    later = caused[alone, np.minimum(wave + 1 + 18, reference.calendar.span - 1)] - 1
    seen = wave + 19 < reference.calendar.span
    assert later[seen] == pytest.approx(course.effect[alone][seen] / 2, abs=1e-12)
    assert course.effect[alone].mean() == pytest.approx(REFERENCE.sales_effect, abs=0.02)


def test_funds_work_while_they_run_and_are_paid_back_in_part(reference: State) -> None:
    course, funding = reference.course, reference.funding
    caused = caused_by_actions(reference)
    alone = np.flatnonzero((course.wave == NEVER) & (funding.start < NEVER))
    start = funding.start[alone]
    for month, part in ((-1, 0.0), (0, 1.0), (2, 1.0), (3, REFERENCE.mdf_back / REFERENCE.mdf_effect), (6, 0.0)):
        assert caused[alone, start + month] - 1 == pytest.approx(part * funding.effect[alone], abs=1e-12)


def test_better_sellers_are_chosen_in_the_reference_and_not_in_the_null_world(reference: State) -> None:
    standing = level(reference.network)
    taken = reference.course.wave < NEVER
    sells = reference.network.sells
    assert standing[taken].mean() - standing[sells & ~taken].mean() > 0.5
    traps = make_state(WORLDS.get("traps"), 7, partners=3_000, months=48)
    assert np.ptp(traps.network.rate[traps.network.sells]) == pytest.approx(0.0, abs=1e-12)


def test_rising_partners_rise_before_they_are_chosen_and_the_action_adds_nothing() -> None:
    state = make_state(WORLDS.get("traps"), 5, partners=2_000, months=48)
    lives, wave = state.lives, np.minimum(state.course.wave, state.funding.start)
    assert (lives.factor == lives.plain).all()
    taken = np.flatnonzero((wave < NEVER) & (wave >= 12) & (state.network.joined < -12))
    others = np.flatnonzero((wave == NEVER) & (state.network.joined < -12) & state.network.sells)
    common = np.array([lives.plain[others, w] / lives.plain[others, w - 9] for w in wave[taken]]).mean(axis=1)
    own = lives.plain[taken, wave[taken]] / lives.plain[taken, wave[taken] - 9]
    assert own.mean() / common.mean() == pytest.approx(1.04**9, rel=0.03)


def test_a_surge_comes_in_the_three_months_before_and_is_not_caused() -> None:
    plain = make_state(WORLDS.get("reference"), 3, partners=600, months=36)
    surge = make_state(WORLDS.get("surge"), 3, partners=600, months=36)
    rows = np.flatnonzero((plain.course.wave < NEVER) & (plain.funding.start == NEVER) & (surge.course.wave < NEVER))
    wave = plain.course.wave[rows]
    for back, lift in ((4, 1.0), (3, 1.25), (1, 1.25), (0, 1.0)):
        assert surge.lives.plain[rows, wave - back] / plain.lives.plain[rows, wave - back] == pytest.approx(np.full(len(rows), lift))


def test_failures_and_our_own_acts_make_partners_leave_and_training_keeps_them() -> None:
    state = make_state(WORLDS.get("reference"), 2, partners=20_000, months=60)
    lives = state.lives
    alive, leaves = lives.alive[:, :-1], lives.alive[:, :-1] & ~lives.alive[:, 1:]
    recent = [np.array([x[:, max(m - 2, 0) : m + 1].any(axis=1) for m in range(71)]).T for x in (lives.failures, lives.encroachments)]
    trained = state.course.wave[:, None] < np.arange(71)
    calm = alive & ~recent[0] & ~recent[1] & ~trained
    base = leaves[calm].mean()
    assert base == pytest.approx(0.012, rel=0.05)
    for moved, odds in ((alive & recent[0] & ~recent[1] & ~trained, 0.5), (alive & recent[1] & ~recent[0] & ~trained, 0.7)):
        rate = leaves[moved].mean()
        assert np.log(rate / (1 - rate)) - np.log(base / (1 - base)) == pytest.approx(odds, abs=0.12)
    rate = leaves[alive & trained & ~recent[0] & ~recent[1]].mean()
    assert np.log(rate / (1 - rate)) - np.log(base / (1 - base)) == pytest.approx(-0.4, abs=0.12)


def test_a_crowded_territory_shares_what_there_is(reference: State) -> None:
    lives, territory = reference.lives, reference.network.territory
    count = np.array([[lives.alive[territory == g, m].sum() for m in (0, 40)] for g in range(len(reference.network.places))])
    wanted = (count[:, 1] / count[:, 0]) ** (REFERENCE.elasticity - 1)
    seen = np.array([lives.crowd[territory == g, 40][0] for g in range(len(count))])
    assert seen == pytest.approx(wanted, rel=1e-12)


def test_the_season_adds_up_to_nothing_and_a_break_hits_every_second_territory(reference: State) -> None:
    assert sum(SEASON) == pytest.approx(0.0, abs=1e-12)
    broken = replace(reference.world, regime=-0.35)
    days, network = reference.calendar, reference.network
    ratio = demand(broken, 7, days, network) / demand(reference.world, 7, days, network)
    assert ratio[0, 48 - 15] == 1.0
    assert ratio[0, 48 - 14] == pytest.approx(0.65)
    assert (ratio[1] == 1.0).all()


def test_regular_buyers_have_even_gaps() -> None:
    world = replace(WORLDS.get("reference"), name="rhythm", regular=1.0, season=0.0, hazard=1e-6, shock=0.0, place_shock=0.0)
    state = make_state(world, 4, partners=2_000, months=60)
    old = state.network.sells & (state.network.joined < -12)
    counts, mean = state.orders.counts[old], (state.network.rate[:, None] * state.lives.factor)[old]
    spread = (counts.sum(axis=1) - mean.sum(axis=1)) ** 2 / mean.sum(axis=1)
    assert spread.mean() == pytest.approx(1 / 3, abs=0.06)


def test_two_kinds_of_partner_where_the_world_has_two() -> None:
    state = make_state(WORLDS.get("wrong_model"), 9, partners=6_000, months=12)
    ratio = (state.network.rate / state.network.mean_rate)[state.network.kind < len(RESALE)]
    assert ratio.mean() == pytest.approx(0.75 + 0.25 * 4, rel=0.06)


@pytest.mark.parametrize(("partners", "months"), [(29, 24), (20_001, 24), (60, 11), (60, 61)])
def test_sizes_outside_the_range_are_refused_with_the_range(partners: int, months: int) -> None:
    with pytest.raises(PrmkitError, match="A made-up programme has"):
        make_state(WORLDS.get("reference"), 1, partners=partners, months=months)


@pytest.mark.parametrize("name", list(WORLDS))
def test_every_world_can_be_small_and_short(name: str) -> None:
    state = make_state(WORLDS.get(name), 1, partners=30, months=12)
    assert state.network.size == 30
    assert np.isfinite(state.lives.factor).all()
    assert (state.lives.factor > 0)[state.lives.alive].all()
