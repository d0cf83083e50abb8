"""Fair contributions in programmes whose truth is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from prmkit.practices.fair import FairDraws, TooThin, fit_fair
from prmkit.practices.prune.scorecard import fit_scorecard
from tests.practices.prune.made_up import AS_OF, lines, made_up, partners, world


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """Six programmes of 250 partners: the scorecard beside the truth."""
    rows = []
    for seed in range(6):
        portfolio, truth = world(tmp_path_factory.mktemp("world"), seed)
        rows.append(fit_scorecard(portfolio).rows.merge(truth, on="partner_id").assign(seed=seed))
    return pd.concat(rows)


def test_intervals_hold_the_truth_nine_times_in_ten(worlds: pd.DataFrame) -> None:
    held = (worlds["truth"] >= worlds["fair_low"]) & (worlds["truth"] <= worlds["fair_high"])
    assert 0.85 < held.mean() < 0.94


def test_a_list_of_sure_loss_makers_is_right_as_often_as_it_says(worlds: pd.DataFrame) -> None:
    listed = worlds[worlds["p_below_hurdle"] > 0.9]
    assert len(listed) > 100
    wrong = (listed["truth"] > 0).mean()
    assert wrong <= 0.10
    assert wrong <= 1.6 * (1 - listed["p_below_hurdle"]).mean() + 0.02


def test_fair_contributions_save_more_than_the_books_and_than_least_revenue(worlds: pd.DataFrame) -> None:
    def saved(rows: pd.DataFrame) -> float:
        return -rows["truth"].sum()

    best = saved(worlds[worlds["truth"] < 0])
    fair, books = saved(worlds[worlds["fair_contribution"] < 0]) / best, saved(worlds[worlds["contribution"] < 0]) / best
    least = worlds[worlds.groupby("seed")["revenue"].rank(pct=True) <= 0.2]
    assert fair > 0.6
    assert fair > books + 0.1
    assert fair > saved(least) / best + 0.25


def test_the_whole_ties_with_the_ledger(worlds: pd.DataFrame) -> None:
    per_world = worlds.groupby("seed")[["fair_revenue", "revenue"]].sum()
    assert (per_world["fair_revenue"] / per_world["revenue"]).to_numpy() == pytest.approx(1.0, abs=0.06)


def test_where_all_are_equal_and_break_even_hardly_anyone_is_listed(tmp_path_factory: pytest.TempPathFactory) -> None:
    listed = []
    for seed in range(4):
        portfolio, _ = world(tmp_path_factory.mktemp("null"), seed, n=400, null=True)
        listed.append((fit_scorecard(portfolio).rows["p_below_hurdle"] > 0.9).mean())
    assert np.mean(listed) <= 0.01


def test_a_hurdle_is_for_a_whole_year_and_counts_in_part_for_those_there_in_part(tmp_path: Path) -> None:
    portfolio, _ = world(tmp_path, 1, n=60)
    card = fit_scorecard(portfolio)
    assert isinstance(card.fair, FairDraws)
    engagement = portfolio.settings.model_copy(update={"prune": portfolio.settings.prune.model_copy(update={"hurdle": 6_000.0})})
    higher = type(portfolio.client)(**{**portfolio.client.__dict__, "engagement": engagement, "fits": {}})
    from prmkit.data.portfolio import open_portfolio

    with_hurdle = fit_scorecard(open_portfolio(higher)).rows
    bar = 6_000.0 * card.fair.months / 12
    assert card.contribution is not None
    assert with_hurdle["p_below_hurdle"].to_numpy() == pytest.approx((card.contribution < bar[:, None]).mean(axis=1))
    assert card.fair.months.min() < 6


def test_silent_partners_are_not_expected_to_buy_like_the_others(tmp_path: Path) -> None:
    """Half bought every month until two years ago and stopped; the other half still does."""
    dates = pd.date_range("2022-01-15", "2025-12-15", freq="MS")
    rng = np.random.default_rng(0)
    rows = []
    for partner in range(40):
        mine = dates[dates < "2023-12-01"] if partner % 2 else dates
        rows.append(
            pd.DataFrame({"partner_id": str(partner), "date": mine, "revenue": 1000 * np.exp(0.2 * rng.standard_normal(len(mine)))})
        )
    sales = pd.concat(rows, ignore_index=True)
    card = fit_scorecard(made_up(tmp_path, sales, partners(*map(str, range(40))), economics={"gross_margin": 0.3})).rows
    card = card.assign(stopped=card["partner_id"].astype(int) % 2 == 1)
    assert card.loc[card["stopped"], "fair_revenue"].max() < 1_000
    assert card.loc[~card["stopped"], "fair_revenue"].to_numpy() == pytest.approx(12_000, rel=0.25)


def test_rows_in_another_order_give_the_same_answer(tmp_path: Path) -> None:
    portfolio, _ = world(tmp_path, 3, n=40)
    sales = pd.read_parquet(portfolio.client.sales)
    tables = {"support": portfolio.client.tables["support"].sample(frac=1, random_state=1)}
    people = portfolio.client.tables["partners"].sample(frac=1, random_state=2)
    shuffled = made_up(tmp_path, sales.sample(frac=1, random_state=3), people, tables)
    first, second = fit_scorecard(portfolio).rows, fit_scorecard(shuffled).rows
    assert first["partner_id"].tolist() == second["partner_id"].tolist()
    assert first["fair_contribution"].to_numpy() == pytest.approx(second["fair_contribution"].to_numpy(), rel=1e-4)


def test_too_little_is_said_and_what_would_help(tmp_path: Path) -> None:
    few = lines(*[(str(i), AS_OF.strftime("%Y-%m-%d"), 100.0, 50.0) for i in range(9)])
    thin = fit_fair(made_up(tmp_path, few, partners(*map(str, range(9)))))
    assert isinstance(thin, TooThin)
    assert (thin.needs, "10 partners" in thin.reason) == ("sales", True)
    bare = fit_fair(made_up(tmp_path, few.drop(columns="cost"), partners(*map(str, range(9)))))
    assert isinstance(bare, TooThin)
    assert bare.needs == "sales.cost"
