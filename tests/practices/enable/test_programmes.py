"""Incentive programmes and courses with a known effect, through the whole practice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from prmkit.data.portfolio import Portfolio, open_portfolio
from prmkit.practices import enable
from prmkit.practices.enable.assignment import earned_by_the_sale, programme_name
from tests.data.handmade import client, frame, line

AS_OF = pd.Timestamp("2025-12-31")
MONTHS = 36


def months_ago(back: int) -> pd.Timestamp:
    """The first day of the calendar month `back` months before the last."""
    return AS_OF.replace(day=1) - pd.DateOffset(months=back)


def made(folder: Path, seed: int, *, effect: float = 0.5, back: float = -0.2, partners: int = 100, **programme: Any) -> Portfolio:
    """Half of the partners run a four-month programme at different times of the last two years; demand is level."""
    rng = np.random.default_rng(seed)
    lines, incentives = [], []
    for partner in range(partners):
        name, size = f"P{partner:03}", rng.lognormal(8, 0.5)
        start = int(rng.integers(8, 22)) if partner % 2 else None
        for month in range(MONTHS):
            since = None if start is None else start - month
            change = 1.0
            if since is not None:
                change = 1 + effect if 0 <= since < 4 else 1 + back if 4 <= since < 7 else 1.0
            amount = size * rng.gamma(8, 1 / 8) * change
            day = (months_ago(month) + pd.Timedelta(days=int(rng.integers(28)))).date()
            lines.append(line(str(day), name, f"{amount:.2f}", cost=f"{amount * 0.6:.2f}"))
        if start is not None:
            starts, ends = months_ago(start), months_ago(start - 4) - pd.Timedelta(days=1)
            row = {"partner_id": name, "programme": "mdf", "scheme_id": "spring", "starts_on": starts, "ends_on": ends, "amount": 300.0}
            incentives.append({**row, "approved_on": starts - pd.Timedelta(days=20), **programme})
    return open_portfolio(client(folder, lines, {"as_of": "2025-12-31"}, incentives=incentives))


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Portfolio:
    return made(tmp_path_factory.mktemp("known"), 1)


def test_effect_lift_and_what_is_given_back(known: Portfolio) -> None:
    row = enable.assess(known).tables["incentives"].set_index("programme").loc["mdf/spring"]
    assert bool(row["identifiable"])
    assert row["effect_low"] <= 0.5 <= row["effect_high"]
    assert row["effect"] == pytest.approx(0.5, abs=0.12)
    assert row["pull_forward_share"] == pytest.approx(3 * 0.2 / (4 * 0.5), abs=0.15)
    year = known.tables["incentives"]
    year = year[year["ends_on"] > AS_OF - pd.DateOffset(months=12)]
    assert row["spend"] == 300.0 * len(year)
    assert row["pretrend_p"] > 0.10
    # return by its definition
    expected = (row["lift"] * (1 - row["pull_forward_share"]) * 0.4 - row["spend"]) / row["spend"]
    assert row["roi"] == pytest.approx(expected, rel=1e-3)
    assert row["roi_low"] < row["roi"] < row["roi_high"]


def test_lift_is_the_effect_on_what_would_have_been_sold_in_the_last_twelve_months(known: Portfolio) -> None:
    row = enable.assess(known).tables["incentives"].iloc[0]
    rows = known.tables["incentives"]
    seen = 0.0
    sold = known.monthly(12)
    for one in rows.itertuples():
        for month in range(12):
            seen += float(sold.loc[one.partner_id, month]) if one.starts_on <= months_ago(month) <= one.ends_on else 0.0
    assert row["lift"] == pytest.approx(seen * row["effect"] / (1 + row["effect"]), rel=0.06)
    assert row["lift_low"] < row["lift"] < row["lift_high"]


def test_a_programme_that_adds_nothing_is_not_said_to_pay(tmp_path: Path) -> None:
    row = enable.assess(made(tmp_path, 2, effect=0.0, back=0.0)).tables["incentives"].iloc[0]
    assert row["effect_low"] < 0 < row["effect_high"]
    assert np.isnan(row["pull_forward_share"])
    assert "before" in row["reason"]
    assert row["roi_low"] < 0


def test_a_view_shares_the_effect_and_has_its_own_lift(tmp_path: Path) -> None:
    whole = made(tmp_path, 5)
    partners = whole.partners.assign(region=np.where(np.arange(100) < 50, "north", "south"))
    seen = whole.client
    settings = seen.engagement.model_copy(update={"portfolios": {"north": {"region": ["north"]}, "south": {"region": ["south"]}}})
    both = type(seen)(settings, {**seen.tables, "partners": partners}, seen.sales, seen.channels, seen.last_partner_sale, {})
    one, other, everyone = (enable.assess(open_portfolio(both, name)).tables["incentives"].iloc[0] for name in ("north", "south", "all"))
    assert one["effect"] == other["effect"] == everyone["effect"]
    assert one["lift"] + other["lift"] == pytest.approx(everyone["lift"])
    assert one["spend"] + other["spend"] == everyone["spend"]


@pytest.mark.parametrize(
    ("programme", "words"),
    [
        ({"programme": "discount", "approved_on": None}, "comes with the sale"),
        ({"programme": "rebate", "approved_on": None}, "earned by the sales"),
        ({"programme": "spiff", "approved_on": None}, "sales already made"),
        ({"threshold": 1000.0}, "reaching a volume"),
        ({"status": "rejected"}, "Nothing was granted"),
    ],
)
def test_what_follows_the_sale_is_refused(tmp_path: Path, programme: dict[str, Any], words: str) -> None:
    row = enable.assess(made(tmp_path, 1, partners=40, **programme)).tables["incentives"].iloc[0]
    assert not row["identifiable"]
    assert words in row["reason"]
    assert row[["effect", "lift", "roi"]].isna().all()


def test_a_discount_approved_beforehand_can_be_judged() -> None:
    rows = frame(
        "incentives",
        [
            {
                "partner_id": "A",
                "programme": "discount",
                "starts_on": pd.Timestamp("2025-02-01"),
                "approved_on": pd.Timestamp("2025-01-15"),
                "amount": 1,
            }
        ],
    )
    assert earned_by_the_sale(rows) == ""
    assert earned_by_the_sale(rows.assign(approved_on=pd.Timestamp("2025-02-03"))) != ""
    assert programme_name(rows).tolist() == ["discount"]


def test_too_few_partners_are_refused(tmp_path: Path) -> None:
    row = enable.assess(made(tmp_path, 1, partners=28)).tables["incentives"].iloc[0]
    assert not row["identifiable"]
    assert "Only 14 took part" in row["reason"]
    assert row["spend"] > 0


def test_a_course_with_a_known_effect(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    lines, trainings = [], []
    for partner in range(120):
        name, size = f"P{partner:03}", rng.lognormal(8, 0.5)
        taught = int(rng.integers(6, 24)) if partner < 70 else None
        for month in range(MONTHS):
            change = 1.3 if taught is not None and 0 < taught - month <= 12 else 1.0
            lines.append(line(str((months_ago(month) + pd.Timedelta(days=9)).date()), name, f"{size * rng.gamma(8, 1 / 8) * change:.2f}"))
        if taught is not None:
            trainings.append(
                {
                    "person_id": f"{name}-1",
                    "partner_id": name,
                    "course_id": "basics",
                    "completed_on": months_ago(taught) + pd.Timedelta(days=14),
                }
            )
    trainings.append({"person_id": "x", "partner_id": "P119", "course_id": "rare", "completed_on": months_ago(10)})
    seen = enable.assess(open_portfolio(client(tmp_path, lines, {"as_of": "2025-12-31"}, trainings=trainings)))
    rows = seen.tables["training_effect"].set_index("course_id")
    assert rows.loc["basics", "effect"] == pytest.approx(0.3, abs=0.08)
    assert rows.loc["basics", "effect_low"] <= 0.3 <= rows.loc["basics", "effect_high"]
    assert not rows.loc["rare", "identifiable"]
    assert "Only 1 took part" in rows.loc["rare", "reason"]
    never = next(finding for finding in seen.findings if finding.id == "enable.training.never:portfolio:all")
    assert never.title.startswith("49 of 120 buying partners have nobody trained")
