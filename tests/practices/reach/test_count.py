"""From the goal to partners to sign: pace, territories, managers' hours, prospects, yields; and the range where history is thin."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from prmkit.data.portfolio import Portfolio, open_portfolio
from prmkit.estimators.assumed_count import Sum
from prmkit.estimators.saturation import Elasticity
from prmkit.practices import reach
from prmkit.practices.reach.count.case import build_case
from prmkit.practices.reach.count.funnel import funnel, signing_rate
from prmkit.practices.reach.count.onboarding import onboarding
from prmkit.practices.reach.count.places import SMALL
from prmkit.practices.reach.count.sharing import shared
from prmkit.practices.reach.count.waterfall import MEANS
from prmkit.practices.result import PracticeResult
from tests.data.handmade import client, frame, line
from tests.practices.reach.test_programme import AS_OF, SETTINGS, rows


def opened(folder: Path, view: str = "all", **settings: Any) -> Portfolio:
    """The made-up programme of 120 partners with other settings and no goals of territories."""
    lines, partners = rows()
    return open_portfolio(client(folder, lines, {**SETTINGS, **settings}, partners=partners), view)


@pytest.fixture(scope="module")
def portfolio(tmp_path_factory: pytest.TempPathFactory) -> Portfolio:
    return opened(tmp_path_factory.mktemp("count"), goal={"revenue": 6_000_000.0, "confidence": 0.9})


@pytest.fixture(scope="module")
def found(portfolio: Portfolio) -> PracticeResult:
    return reach.assess(portfolio)


class TestSigning:
    def test_earlier_is_worth_more_and_needs_fewer(self, found: PracticeResult) -> None:
        rows = found.tables["signing"]
        months = rows[rows["kind"] == "month"]
        assert len(months) == 12
        assert months["revenue"].is_monotonic_decreasing
        assert months["against_first"].iloc[0] == 1
        assert months["against_first"].iloc[-1] < 0.2
        assert ((months["revenue_low"] < months["revenue"]) & (months["revenue"] < months["revenue_high"])).all()
        pace = rows[rows["kind"] == "pace"].set_index("signing")
        assert list(pace.index) == ["first_month", "first_quarter", "evenly", "last_half"]
        for column in ("recruits_p50", "recruits_p80", "recruits_p90"):
            assert pace[column].is_monotonic_increasing
        assert pace.loc["evenly", "recruits_p90"] == found.tables["plan"].iloc[0]["recruits_p90"]
        assert pace.loc["evenly", "revenue"] == pytest.approx(months["revenue"].mean())
        assert pace.loc["last_half", ["begins", "ends"]].tolist() == [pd.Timestamp("2026-06-30"), pd.Timestamp("2026-12-31")]

    def test_the_finding_says_how_many_fewer(self, found: PracticeResult) -> None:
        pace = found.tables["signing"].set_index("signing")["recruits_asked"]
        said = next(one for one in found.findings if one.id.startswith("reach.signing.sign_early"))
        assert said.value.amount == pace["evenly"] - pace["first_quarter"]
        assert f"{pace['first_quarter']:.0f} recruits do what {pace['evenly']:.0f} spread evenly do" in said.title


class TestCalendar:
    def test_territories_add_up_to_the_whole_in_every_month(self, found: PracticeResult) -> None:
        calendar, plan = found.tables["calendar"], found.tables["plan"].set_index("territory")
        whole = calendar[calendar["territory"] == "all"].set_index("month")["recruits_to_sign"]
        parts = calendar[calendar["territory"] != "all"]
        assert (parts.groupby("month")["recruits_to_sign"].sum() == whole).all()
        assert whole.sum() == plan.loc["all", "recruits_asked"]
        by_place = parts.groupby("territory")["recruits_to_sign"].sum()
        assert set(by_place.index) == {"North", "East", "South", "West", "Isles"}  # one small territory keeps its name
        assert by_place.to_dict() == plan["recruits_share"].iloc[1:].to_dict()
        assert (parts["revenue_p10"] < parts["revenue_p90"]).all()

    def test_prospects_are_contacted_a_wait_before_and_in_number(self, found: PracticeResult) -> None:
        calendar = found.tables["calendar"]
        assert calendar["candidates"].to_numpy() == pytest.approx(calendar["recruits_to_sign"].to_numpy(dtype=float) / 0.1)
        assert calendar["contact_by"].isna().all()  # a conversion that was named comes without a wait

    def test_small_territories_stand_together(self, tmp_path: Path) -> None:
        lines, partners = rows()
        for number, partner in enumerate(partners):
            partner["territory"] = f"T{number // 6}" if number < 18 else "Main" if number % 2 else "Other"
        found = reach.assess(open_portfolio(client(tmp_path, [one | {"territory": None} for one in lines], SETTINGS, partners=partners)))
        calendar, plan = found.tables["calendar"], found.tables["plan"].set_index("territory")
        assert list(dict.fromkeys(calendar["territory"])) == ["all", "Main", "Other", SMALL]
        assert plan.loc[["T0", "T1", "T2"], "recruits_share"].isna().all()
        reasons = [one.reason for one in found.not_computed if one.column == "recruits_share"]
        assert reasons == ["3 territories of fewer than 8 partners: their recruits stand together in the calendar"]

    def test_goals_of_all_territories_decide_the_shares(self, tmp_path: Path) -> None:
        lines, partners = rows()
        for partner in partners:
            partner["territory"] = "North" if partner["territory"] in {"North", "Isles"} else "South"
        lines = [one | {"territory": None} for one in lines]
        goals = [{"territory": "North", "revenue_goal": 2_500_000.0}, {"territory": "South", "revenue_goal": 2_500_000.0}]
        plan = reach.assess(open_portfolio(client(tmp_path, lines, SETTINGS, partners=partners, territories=goals))).tables["plan"]
        plan = plan.set_index("territory")
        own = plan["recruits_asked"].iloc[1:]
        assert plan["recruits_share"].iloc[1:].sum() == plan.loc["all", "recruits_asked"]
        assert plan.loc["North", "recruits_share"] == pytest.approx(plan.loc["all", "recruits_asked"] * own["North"] / own.sum(), abs=1)


class TestWaterfall:
    def test_the_steps_add_up_and_lead_from_last_year_to_the_plan(self, found: PracticeResult) -> None:
        steps, total = found.tables["waterfall"], found.tables["plan"].iloc[0]
        assert list(steps["step"]) == list(MEANS)
        assert steps["added"].sum() == pytest.approx(total["recruits_asked"])
        assert steps["recruits"].to_numpy(dtype=float) == pytest.approx(steps["added"].cumsum().to_numpy(dtype=float))
        by = steps.set_index("step")["recruits"]
        average = total["revenue_12m"] / total["productive_partners"]
        assert total["goal"] > total["revenue_12m"]
        assert by["naive"] == pytest.approx((total["goal"] - total["revenue_12m"]) / average)
        assert by["base"] / by["attrition"] == pytest.approx(total["recruits_naive"] / by["naive"])

    def test_no_crowding_is_no_step(self, tmp_path: Path) -> None:
        found = reach.assess(opened(tmp_path, reach={"elasticity": 1.0}))
        assert "saturation" not in set(found.tables["waterfall"]["step"])
        assert (
            found.notes["market_sharing"].startswith("Recruits are taken to find buyers")
            or "engagement's own" in found.notes["market_sharing"]
        )


class TestSharing:
    def test_told_usual_and_unknown(self, tmp_path: Path) -> None:
        lines, partners = rows()
        one_place = [one | {"territory": "North"} for one in partners]
        elsewhere = [one | {"territory": "North"} for one in lines]
        usual = shared(open_portfolio(client(tmp_path, elsewhere, SETTINGS, partners=one_place)), 4_000)
        assert usual.basis == "usual"
        assert usual.draws.max() == 1
        assert np.median(usual.draws) == pytest.approx(0.85, abs=0.02)
        told = shared(open_portfolio(client(tmp_path, lines, {**SETTINGS, "reach": {"elasticity": 0.7}}, partners=partners)), 10)
        assert (told.basis, set(told.draws)) == ("told", {0.7})
        nowhere = [one | {"territory": None} for one in partners]
        unknown = shared(open_portfolio(client(tmp_path, lines, SETTINGS, partners=nowhere)), 10)
        assert (unknown.basis, set(unknown.draws)) == ("unknown", {1.0})

    @pytest.mark.parametrize(
        ("data", "error", "mean", "spread", "basis"),
        [
            (0.6, 0.2, 0.85, 0.10, "usual"),  # less sure than what is known before
            (0.7, 0.05, 0.73, 1 / np.sqrt(400 + 100), "measured"),  # four times as sure: four fifths of the way
            (0.3, 0.05, 0.35, 0.06, "measured"),  # beyond all that is usual: it stands by itself
        ],
    )
    def test_a_measured_one_counts_where_it_is_the_surer(
        self, portfolio: Portfolio, monkeypatch: pytest.MonkeyPatch, data: float, error: float, mean: float, spread: float, basis: str
    ) -> None:
        found = Elasticity(mean, spread, 0.0, 1.0, 20, 12, 0.9, data, error)
        monkeypatch.setattr("prmkit.practices.reach.count.sharing.elasticity", lambda whole: found)
        made = shared(replace(portfolio), 20_000)
        assert made.basis == basis
        assert np.median(made.draws) == pytest.approx(mean, abs=0.01)
        inside = np.quantile(made.draws, [0.5, 0.84])
        assert inside[1] - inside[0] == pytest.approx(spread, rel=0.05)

    def test_more_sharing_needs_more_recruits(self, portfolio: Portfolio) -> None:
        counts = []
        for elasticity in (1.0, 0.85, 0.7):
            engagement = portfolio.client.engagement.model_copy(update={"reach": {"elasticity": elasticity}})
            case = build_case(replace(portfolio, client=replace(portfolio.client, engagement=engagement)))
            assert case is not None
            counts.append(case.count(0.8))
        assert counts == sorted(counts)
        assert counts[2] > 1.2 * counts[0]


class TestSensitivity:
    def test_every_input_stands_in_the_table_and_moves_the_right_way(self, found: PracticeResult) -> None:
        rows = found.tables["sensitivity"].set_index("input")
        assert {"activation", "attrition", "yield of a recruit", "growth of partners that stay"} <= set(rows.index)
        pace = rows.loc["signing pace: mean months until a recruit signs"]
        assert (pace["low_setting"], pace["high_setting"]) == (3, 9)
        assert pace["recruits_low"] < found.tables["plan"].iloc[0]["recruits_asked"] < pace["recruits_high"]
        crowd = rows.loc["elasticity: more revenue for more partners"]
        assert crowd["recruits_low"] > crowd["recruits_high"]
        assert rows["candidates_low"].to_numpy(dtype=float) == pytest.approx(rows["recruits_low"].to_numpy(dtype=float) / 0.1)


def prospect(number: int, contacted: str, signed: str | None = None, **more: Any) -> dict[str, Any]:
    dates = {"contacted_on": pd.Timestamp(contacted), "signed_on": pd.Timestamp(signed) if signed else pd.NaT}
    return {"prospect_id": f"Q{number}", **dates, **more}


class TestFunnel:
    def with_prospects(self, portfolio: Portfolio, prospects: list[dict[str, Any]], **settings: Any) -> Portfolio:
        engagement = portfolio.client.engagement.model_copy(update={"reach": {}, **settings})
        tables = {**portfolio.tables, "recruits": frame("recruits", prospects)}
        return replace(portfolio, client=replace(portfolio.client, engagement=engagement), tables=tables)

    def test_by_hand(self, portfolio: Portfolio) -> None:
        """40 contacted two years ago: 20 qualify, 10 sign, five months after contact; 30 contacted lately are still open."""
        old = [
            prospect(
                number,
                "2024-01-10",
                "2024-06-10" if number < 10 else None,
                qualified_on=pd.Timestamp("2024-02-10") if number < 20 else pd.NaT,
                territory="North" if number % 2 else "South",
                cost=100.0,
            )
            for number in range(40)
        ]
        late = [prospect(100 + number, "2025-10-01") for number in range(30)]
        made = self.with_prospects(portfolio, old + late)
        table, missing = funnel(made)
        assert table is not None
        assert missing == []
        whole = table[table["group"] == "all"].set_index(["of_stage", "stage"])
        assert whole.loc[("contacted", "qualified"), ["cases", "passed", "share"]].tolist() == [40, 20, 0.5]
        assert whole.loc[("qualified", "signed"), ["cases", "passed", "share"]].tolist() == [20, 10, 0.5]
        way = whole.loc[("contacted", "signed")]
        assert way[["cases", "passed", "share", "open", "cost"]].tolist() == [40, 10, 0.25, 60, 400.0]
        assert way["months"] == pytest.approx(152 / (365.25 / 12))
        assert way["share_low"] < 0.25 < way["share_high"]
        places = table[(table["group"] == "territory") & (table["stage"] == "signed") & (table["of_stage"] == "contacted")]
        assert places["cases"].tolist() == [20, 20]
        assert places["share"].to_numpy() == pytest.approx([0.25, 0.25], abs=0.02)
        share = signing_rate(made)
        assert share is not None
        assert share.share == 0.25
        assert share.cost == 400

    def test_what_has_not_had_time_says_nothing(self, portfolio: Portfolio) -> None:
        made = self.with_prospects(portfolio, [prospect(number, "2025-10-01", "2025-11-01") for number in range(50)])
        table, missing = funnel(made)
        assert table is None
        assert "old enough" in missing[0].reason
        assert signing_rate(made) is None

    def test_no_record_of_prospects(self, portfolio: Portfolio, found: PracticeResult) -> None:
        assert funnel(portfolio)[0] is None
        assert ("funnel", None) in {(one.table, one.column) for one in found.not_computed}


class TestOnboarding:
    def with_hours(self, portfolio: Portfolio, managers: int, hours: float | None) -> Portfolio:
        """Every partner gets 2 hours of a manager a month, 4 in its first year."""
        partners = portfolio.partners.assign(partner_manager=[f"M{row % managers}" if managers else None for row in range(120)])
        months = pd.date_range("2025-01-01", "2025-12-01", freq="MS")
        rows = []
        for partner in partners.itertuples():
            for month in months[months >= partner.joined_on.replace(day=1)]:
                young = partner.joined_on > month - pd.DateOffset(months=12)
                rows.append(
                    {"partner_id": partner.partner_id, "month": month, "kind": "account_management", "hours": 4.0 if young else 2.0}
                )
        economics = portfolio.settings.economics.model_copy(update={"manager_hours": hours})
        engagement = portfolio.client.engagement.model_copy(update={"economics": economics})
        tables = {**portfolio.tables, "support": frame("support", rows)}
        return replace(portfolio, partners=partners, tables=tables, client=replace(portfolio.client, engagement=engagement))

    def test_hours_by_hand(self, portfolio: Portfolio) -> None:
        made = self.with_hours(portfolio, 3, 1_600.0)
        case = build_case(made)
        assert case is not None
        table, _ = onboarding(case)
        assert table is not None
        row = table.set_index("basis").loc["hours"]
        support = made.tables["support"]
        older = support.loc[support["hours"] == 2, "hours"].sum()
        assert row["managers"] == 3
        assert row["hours_each"] == pytest.approx(48, rel=0.1)
        assert row["per_month"] == pytest.approx((3 * 1_600 - older) / row["hours_each"] / 12)
        assert row["per_month_low"] <= row["per_month"] <= row["per_month_high"]
        assert row["reachable"] == int(12 * row["per_month"])
        assert bool(row["binding"]) == (row["reachable"] < row["asked"])
        assert row["chance"] == pytest.approx(case.chance(min(int(row["reachable"]), int(row["asked"]))))
        seen = table.set_index("basis").loc["most_seen"]
        joined = made.partners["joined_on"].dt.to_period("M").value_counts().sort_index()
        assert seen["per_month"] == pytest.approx(joined.rolling(3).sum().max() / 3, rel=0.25)

    def test_the_engagements_number_comes_first_and_binds(self, tmp_path: Path) -> None:
        found = reach.assess(opened(tmp_path, reach={"onboarding_capacity": 0.5, "conversion": 0.1}))
        first = found.tables["onboarding"].iloc[0]
        assert first[["basis", "per_month", "reachable"]].tolist() == ["told", 0.5, 6]
        assert first["binding"]
        assert first["chance"] < 0.9
        said = next(one for one in found.findings if one.id.startswith("reach.onboarding.managers"))
        assert "managers can bring up 0.5 a month" in said.title

    def test_nobody_is_made_up(self, portfolio: Portfolio) -> None:
        for managers, hours, why in ((0, 1_600.0, "no partner manager"), (3, None, "economics.manager_hours"), (20, 1_600.0, "fill only")):
            case = build_case(self.with_hours(portfolio, managers, hours))
            assert case is not None
            table, missing = onboarding(case)
            assert table is not None
            assert list(table["basis"]) == ["most_seen"]
            assert any(why in one.reason for one in missing)


class TestYields:
    def test_by_type_and_age(self, portfolio: Portfolio) -> None:
        kinds = ["reseller" if number % 2 else "msp" for number in range(120)]
        made = replace(portfolio, partners=portfolio.partners.assign(partner_type=kinds))
        case = build_case(made)
        assert case is not None
        rows = reach.assess(made).tables["yields"]
        whole = rows.iloc[0]
        level = 12 * case.channel.yields.level
        assert whole["partners"] == (level > 0).sum()
        assert whole["mean"] == pytest.approx(level[level > 0].mean())
        assert whole["median"] == pytest.approx(np.median(level[level > 0]))
        assert whole["tenth_share"] > 0.1
        types = rows[(rows["age"] == "all") & (rows["partner_type"] != "all")].set_index("partner_type")
        assert set(types.index) == {"msp", "reseller"}
        assert types["partners"].sum() == whole["partners"]
        for row in types.itertuples():
            assert min(row.mean, whole["mean"]) - 1 <= row.drawn <= max(row.mean, whole["mean"]) + 1
            assert row.low < row.mean < row.high

    def test_types_that_are_not_known(self, found: PracticeResult) -> None:
        assert set(found.tables["yields"]["partner_type"]) == {"all"}
        assert ("yields", "partner_type") in {(one.table, one.column) for one in found.not_computed}


THIN = {"goal": {"growth": 0.5}, "reach": {"activation": 0.35, "attrition": 0.12, "ramp_months": 9.0}}


class TestThin:
    def thin(self, folder: Path, settings: dict[str, Any], months: int = 6) -> PracticeResult:
        days = [str(day.date()) for day in pd.date_range("2025-01-15", periods=months, freq="MS")]
        lines = [line(day, f"P{number}", str(500 + 100 * number)) for number in range(10) for day in days]
        return reach.assess(open_portfolio(client(folder, lines, settings)))

    def test_a_range_under_the_engagements_numbers(self, tmp_path: Path) -> None:
        found = self.thin(tmp_path, {**THIN, "goal": {"revenue": 250_000.0}})
        row, inputs = found.tables["plan"].iloc[0], found.tables["sensitivity"]
        assert row["goal"] == 250_000
        assert 0 <= row["recruits_low"] < row["recruits_middle"] < row["recruits_high"]
        assert row[["recruits_p50", "recruits_p80", "recruits_p90"]].isna().all()
        assert inputs["learn_first"].tolist() == [1, 2, 3, 4, 5]
        assert inputs.set_index("input")["source"].to_dict() == {
            "activation": "entered",
            "attrition": "entered",
            "ramp_months": "entered",
            "yield": "seen",
            "growth": "usual",
        }
        assert inputs["how"].str.len().min() > 20
        said = next(one for one in found.findings if "thin_range" in one.id)
        assert said.confidence == "low"
        assert said.value.amount == row["recruits_middle"]

    def test_the_middle_is_the_sum_by_hand(self, tmp_path: Path) -> None:
        found = self.thin(tmp_path, {**THIN, "goal": {"revenue": 400_000.0}})
        yearly = 12 * np.mean([500 + 100 * number for number in range(10)])
        hand = Sum(400_000.0, 10).count({"yield": yearly, "attrition": 0.12, "growth": 0.0, "ramp_months": 9.0, "activation": 0.35})[0]
        assert found.tables["plan"].iloc[0]["recruits_middle"] == pytest.approx(hand, rel=0.1)

    def test_what_was_not_entered_is_named(self, tmp_path: Path) -> None:
        found = self.thin(tmp_path, {"goal": {"growth": 0.5}, "reach": {"activation": 0.35}})
        why = [one.reason for one in found.not_computed if one.table == "sensitivity"]
        assert why == [
            "the history is too thin to estimate a plan; a range can be given once the engagement names reach.attrition, reach.ramp_months"
        ]
        assert found.tables["sensitivity"].empty
        assert found.findings == ()

    def test_two_months_are_no_yardstick(self, tmp_path: Path) -> None:
        found = self.thin(tmp_path, THIN, months=2)
        assert found.tables["sensitivity"].empty
        assert any("not even what one sells" in one.reason for one in found.not_computed)


def test_a_view_shares_out_what_the_client_was_told(tmp_path: Path) -> None:
    made = opened(tmp_path, "north", reach={"onboarding_capacity": 4.0})
    found = reach.assess(made)
    own, everybody = made.per_partner(count=6).gt(0).sum(), made.whole.per_partner(count=6).gt(0).sum()
    assert found.tables["onboarding"].iloc[0]["per_month"] == pytest.approx(4 * own / everybody)
    assert set(found.tables["calendar"]["territory"]) == {"all"}
    assert made.as_of == AS_OF
