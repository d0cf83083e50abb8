"""Tiny, empty and awkward engagements."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from prmkit.data.portfolio import Portfolio, open_portfolio
from prmkit.practices import know
from prmkit.practices.result import PracticeResult, table_names
from tests.data.handmade import client, line


def tiny(folder: Path) -> Portfolio:
    """Three partners, five lines in one month, no cost, no dates on partners."""
    lines = [
        line("2025-06-02", "A", "100"),
        line("2025-06-10", "A", "50.5"),
        line("2025-06-10", "B", "10"),
        line("2025-06-20", "B", "-30"),
        line("2025-06-30", None, "7"),
    ]
    return open_portfolio(client(folder, lines, partners=[{"partner_id": one, "name": one} for one in "ABC"]))


def test_a_tiny_engagement_is_answered_as_far_as_it_goes(tmp_path: Path) -> None:
    found = know.assess(tiny(tmp_path))
    assert tuple(found.tables) == table_names("know")
    revenue = found.tables["revenue"].set_index("route")
    assert revenue.loc["partner", ["territory", "partners", "revenue"]].tolist() == ["unknown", 2, 130.5]
    measures = found.tables["concentration"].set_index("measure")
    assert measures.loc["top_10_share", "value"] == 1.0
    assert measures["left_out"].eq(1).all()
    assert measures["low"].isna().all()
    assert measures["reason"].notna().all()
    assert any("returned more than they bought" in said for said in found.warnings)
    segments = found.tables["segments"].set_index("partner_id")["segment"]
    assert segments.to_dict() == {"A": "leading", "B": "silent", "C": "never bought"}
    assert found.tables["segment_summary"]["kind"].str.contains("by size only").all()
    assert found.tables["alignment"]["portfolio_role"].eq("unknown").all()
    assert found.tables["economics"]["basis"].eq("none").all()
    assert found.tables["engagement"]["expected"].isna().all()
    assert found.tables["engagement"]["reason"].notna().all()
    assert found.tables["partner_360"]["performing"].eq("cannot_tell").all()
    assert found.tables["partner_360"]["invested"].isna().all()
    named = {(missing.table, missing.column) for missing in found.not_computed}
    assert {
        ("alignment", "share_of_wallet"),
        ("economics", "resale_margin"),
        ("partner_360", "invested"),
        ("engagement", "expected"),
    } <= named


def test_an_engagement_without_sales(tmp_path: Path) -> None:
    made = client(tmp_path, [], {"as_of": "2025-06-30"}, partners=[{"partner_id": "A", "name": "A"}])
    found = know.assess(open_portfolio(made))
    assert found.tables["revenue"].empty
    assert found.tables["segments"]["segment"].tolist() == ["never bought"]
    assert found.tables["concentration"]["value"].isna().all()
    assert ("revenue", None) in {(missing.table, missing.column) for missing in found.not_computed}


def steady(folder: Path, seed: int, settings: dict | None = None, partners: int = 90, **columns: str) -> Portfolio:
    """Partners that order at random around the same level for two and a half years: nothing truly changes."""
    rng = np.random.default_rng(seed)
    months = pd.date_range("2023-07-15", "2025-12-15", freq="MS") + pd.Timedelta(days=14)
    lines = []
    for partner in range(partners):
        size = rng.lognormal(8, 1)
        for day in months:
            if rng.random() < 0.4:
                amount = size * rng.gamma(3, 1 / 3)
                cost = {"cost": f"{amount * 0.7:.2f}"} if "cost" in columns else {}
                lines.append(line(str(day.date()), f"P{partner:03}", f"{amount:.2f}", **cost))
    rng.shuffle(lines)
    return open_portfolio(client(folder, lines, {"as_of": "2025-12-31", **(settings or {})}))


def test_luck_alone_makes_nobody_clearly_fade(tmp_path: Path) -> None:
    ruled, clear = 0, 0
    for seed in range(3):
        rows = know.assess(steady(tmp_path, seed)).tables["segments"]
        ruled += int((rows["by_rule"] == "fading").sum())
        clear += int(((rows["momentum"] == "fading") & (rows["momentum_membership"] >= 0.8)).sum())
    assert ruled > 40  # what the plain rule would send a manager to
    assert clear <= 0.05 * ruled


def test_a_true_fall_is_seen_and_priced(tmp_path: Path) -> None:
    lines = []
    rng = np.random.default_rng(7)
    for partner in range(80):
        for back in range(30):
            day = pd.Timestamp("2025-12-15") - pd.DateOffset(months=back)
            level = 1000.0 if partner >= 20 or back >= 12 else 200.0
            amount = level * rng.gamma(20, 1 / 20)
            lines.append(line(str(day.date()), f"P{partner:03}", f"{amount:.2f}", cost=f"{amount * 0.7:.2f}"))
    found = know.assess(open_portfolio(client(tmp_path, lines, {"as_of": "2025-12-31"})))
    rows = found.tables["segments"].set_index("partner_id")
    assert (rows["momentum"].iloc[:20] == "fading").all()
    assert (rows["membership"].iloc[:20] > 0.95).all()
    assert not (rows["momentum"].iloc[20:] == "fading").any()
    fading = next(finding for finding in found.findings if finding.id == "know.segments.fading:portfolio:all")
    assert fading.value.amount == pytest.approx(20 * 12 * 800, rel=0.03)
    assert fading.value.low is not None
    assert fading.value.high is not None
    assert fading.value.low < 20 * 12 * 800 < fading.value.high
    assert fading.worth.amount == pytest.approx(0.3 * fading.value.amount)
    assert fading.confidence == "medium"  # twenty partners: one step down
    assert sum(finding.subject_kind == "partner" for finding in found.findings) == 5


def test_answers_do_not_depend_on_the_order_of_the_lines(tmp_path: Path) -> None:
    def found(folder: str, turned: bool) -> PracticeResult:
        (tmp_path / folder).mkdir()
        rng = np.random.default_rng(3)
        lines = [
            line(
                f"20{24 + int(rng.integers(2))}-{int(rng.integers(1, 13)):02}-11", f"P{int(rng.integers(70)):02}", f"{rng.gamma(2, 50):.2f}"
            )
            for _ in range(1500)
        ]
        return know.assess(open_portfolio(client(tmp_path / folder, lines[::-1] if turned else lines, {"as_of": "2025-12-31"})))

    one, other = found("one", turned=False), found("other", turned=True)
    for name in one.tables:
        pd.testing.assert_frame_equal(one.tables[name], other.tables[name])


def test_roles_by_hand(tmp_path: Path) -> None:
    """Measure sell_through: the share has no second price level, so the turnover's own doubt is all there is."""
    partners = [
        {"partner_id": "add-on", "name": "a", "annual_revenue": 100_000},
        {"partner_id": "core", "name": "b", "annual_revenue": 3_000, "vendor_count": 3},
        {"partner_id": "lead", "name": "c", "annual_revenue": 1_100},
        {"partner_id": "only", "name": "d", "vendor_count": 1},
        {"partner_id": "says", "name": "e", "vendor_count": 1, "annual_revenue": 50_000},
        {"partner_id": "over", "name": "f", "annual_revenue": 500},
        {"partner_id": "idle", "name": "g", "annual_revenue": 500, "vendor_count": 1},
    ]
    lines = [line("2025-12-31", one["partner_id"], "1000", channel="sell_through") for one in partners if one["partner_id"] != "idle"]
    rows = know.assess(open_portfolio(client(tmp_path, lines, partners=partners))).tables["alignment"].set_index("partner_id")
    assert rows["portfolio_role"].to_dict() == {
        "add-on": "add_on",
        "core": "core",
        "lead": "primary",
        "only": "primary",
        "says": "unknown",
        "over": "unknown",
        "idle": "unknown",
    }
    assert rows.loc["core", "share_of_wallet"] == pytest.approx(1 / 3)
    assert rows.loc["only", "role_probability"] == pytest.approx(0.678, abs=0.001)
    assert rows.loc["only", ["basis", "share_of_wallet"]].tolist() == ["estimated", 1.0]
    assert rows.loc[["add-on", "core", "lead"], "basis"].eq("measured").all()
    assert rows.loc["idle", "share_of_wallet"] == 0
    assert np.isnan(rows.loc["over", "share_of_wallet"])
    assert "more than its stated yearly turnover" in rows.loc["over", "reason"]


def test_partner_360_against_support_cost(tmp_path: Path) -> None:
    lines = [
        line(f"2025-{month:02}-15", partner, "1000", cost=cost)
        for month in range(1, 13)
        for partner, cost in (("good", "600"), ("poor", "990"), ("loss", "1100"), ("free", "600"))
    ]
    support = [
        {"partner_id": one, "month": pd.Timestamp("2025-06-01"), "kind": "presales", "cost": 500} for one in ("good", "poor", "loss")
    ]
    made = client(tmp_path, lines, {"as_of": "2025-12-31"}, support=support)
    rows = know.assess(open_portfolio(made)).tables["partner_360"].set_index("partner_id")
    assert rows["invested"].to_dict() == {"free": 0, "good": 500, "loss": 500, "poor": 500}
    assert rows.loc["good", "output_per_unit"] == pytest.approx(12 * 400 / 500)
    assert rows["performing"].to_dict() == {"good": "yes", "poor": "no", "loss": "no", "free": "yes"}
    # no pair of years to learn from: twelve equal months as if they came at random, sd = 400 x sqrt(12)
    assert rows.loc["free", "low"] == pytest.approx(4800 - 1.645 * 400 * np.sqrt(12))


def test_margin_named_in_the_engagement_prices_lines_without_cost(tmp_path: Path) -> None:
    made = steady(tmp_path, 1, {"economics": {"gross_margin": 0.3}}, partners=12)
    rows = know.assess(made).tables["partner_360"]
    assert rows["output"].sum() == pytest.approx(0.3 * made.per_partner().sum())
    assert rows["output_is"].eq("gross margin").all()
    bare = know.assess(steady(tmp_path, 1, partners=12)).tables["partner_360"]
    assert bare["output_is"].eq("revenue").all()
    assert bare["performing"].eq("cannot_tell").all()


def test_too_few_partners_and_too_few_months_are_not_judged(tmp_path: Path) -> None:
    """Nine partners with four good orders each: luck cannot be told from skill."""
    lines = [line(f"2025-{month:02}-15", f"P{one}", "1000", cost="100") for one in range(9) for month in (2, 5, 8, 11)]
    support = [{"partner_id": f"P{one}", "month": pd.Timestamp("2025-06-01"), "kind": "presales", "cost": 500} for one in range(9)]
    found = know.assess(open_portfolio(client(tmp_path, lines, {"as_of": "2025-12-31"}, support=support)))
    rows = found.tables["partner_360"]
    assert rows["performing"].eq("cannot_tell").all()
    assert rows["output_per_unit"].tolist() == pytest.approx([3600 / 500] * 9)
    assert rows["low"].isna().all()
    assert rows["reason"].str.contains("luck cannot be told from skill").all()
    whole = found.tables["partner_360_summary"].set_index(["segment", "portfolio_role"]).loc[("all", "all")]
    assert whole[["partners", "cannot_tell", "yes", "no"]].tolist() == [9, 9, 0, 0]
    assert whole["output_per_unit"] == pytest.approx(7.2)
    assert np.isnan(whole["low"])


def test_what_goes_in_is_counted_once(tmp_path: Path) -> None:
    """A discount on the invoice is off the margin: put back into the output, it stands against itself."""
    lines = [
        line(f"2025-{month:02}-{1 + one}", f"P{one:02}", "900", cost="600", discount="100", list_amount="1000")
        for one in range(12)
        for month in range(1, 13)
    ]
    given = [
        {"partner_id": "P00", "programme": "discount", "starts_on": pd.Timestamp("2025-06-01"), "amount": 1200.0, "status": "paid"},
        {"partner_id": "P01", "programme": "mdf", "starts_on": pd.Timestamp("2025-06-01"), "amount": 5000.0, "status": "paid"},
        {"partner_id": "P02", "programme": "mdf", "starts_on": pd.Timestamp("2025-06-01"), "amount": 700.0, "status": "paid"},
    ]
    made = open_portfolio(client(tmp_path, lines, {"as_of": "2025-12-31"}, incentives=given))
    rows = know.assess(made).tables["partner_360"].set_index("partner_id")
    assert rows.loc["P00", ["invested", "output"]].tolist() == [1200, 12 * 300 + 1200]
    assert rows.loc["P01", ["invested", "output"]].tolist() == [5000, 3600]
    assert rows["performing"].to_dict() == {f"P{one:02}": "no" if one == 1 else "yes" for one in range(12)}
    assert rows.loc["P02", "not_counted"] == "our time: none on record"
    whole = know.assess(made).tables["partner_360_summary"].iloc[-1]
    assert whole["output_per_unit"] == pytest.approx((12 * 3600 + 1200) / 6900)
    assert whole[["yes", "no", "cannot_tell"]].tolist() == [11, 1, 0]
