"""Readiness on hand-made clients: coverage counted by hand, what an absence costs, and which export to ask for next."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from prmkit.data.client import Client
from prmkit.data.portfolio import open_portfolio
from prmkit.data.readiness import declared, readiness, unlocks, warnings
from prmkit.data.readiness.coverage import Coverage
from prmkit.data.readiness.needs import need
from prmkit.practices import PRACTICES
from prmkit.practices.result import contract, table_names
from tests.data.handmade import client, line

PARTNERS = [
    {"partner_id": "a", "name": "A", "tier": "gold", "territory": "north"},
    {"partner_id": "b", "name": "B", "tier": "silver"},
    {"partner_id": "c", "name": "C"},
    {"partner_id": "d", "name": "D"},
]
LINES = [
    line("2024-01-10", "a", "600", cost="500", product_id="p"),
    line("2024-03-10", "b", "300", cost="200"),
    line("2024-04-05", "b", "-100"),
    line("2024-04-06", None, "5000", cost="1"),
]


def row(frame: pd.DataFrame, table: str) -> dict[str, Any]:
    practice, _, name = table.partition("_")
    (found,) = frame[(frame["practice"] == practice) & (frame["table"] == name)].to_dict("records")
    return {str(key): value for key, value in found.items()}


def year_of_sales(partner_id: str = "a", months: int = 12, **more: Any) -> list[dict[str, Any]]:
    return [
        line(str(day.date()), partner_id, "100", **more)
        for day in pd.date_range("2023-01-15", periods=months, freq=pd.DateOffset(months=1))
    ]


class TestTheNeeds:
    def test_every_results_table_of_every_practice_has_its_needs_in_order(self) -> None:
        expected = [(practice, table) for practice in PRACTICES for table in table_names(practice)]
        assert [(told.practice, told.table) for told in declared()] == expected

    def test_every_effect_and_cost_is_a_sentence(self) -> None:
        for told in declared():
            assert told.needs
            for sentence in (told.effect, *(helping.cost for helping in told.helps)):
                assert sentence[0].isupper()
                assert sentence.endswith(".")

    @pytest.mark.parametrize("wrong", ["sale.revenue", "sales.revenu", "sales.", "", "surveys.question=nps", "months:x"])
    def test_a_need_that_the_contract_does_not_have_is_refused(self, wrong: str) -> None:
        with pytest.raises(ValueError, match=r"not a need|not in the canonical tables"):
            need(wrong)


class TestCoverage:
    @pytest.mark.parametrize(
        ("written", "share"),
        [
            ("sales.revenue", 1.0),
            ("sales.cost", 0.9),
            ("sales.product_id", 0.6),
            ("sales.units", 0.0),
            ("partners", 1.0),
            ("partners.tier", 0.5),
            ("partners.territory", 0.25),
            ("partners.vertical | partners.tier", 0.5),
            ("incentives.amount", 0.25),
            ("incentives.paid_on", 0.0),
            ("incentives", 0.25),
            ("tickets.csat", 0.75),
            ("tickets.severity", 0.5),
            ("products.family", 0.6),
            ("surveys.question_id=nps", 0.75),
            ("surveys.question_id=driver:*", 1.0),
            ("surveys.question_id=need:*:importance", 0.0),
            ("deals", 0.0),
            ("settings.goal", 0.0),
            ("settings.economics.gross_margin", 1.0),
            ("settings.service_promise", 0.0),
            ("settings.reach.conversion", 1.0),
            ("settings.reach.attrition", 0.0),
            ("sales.units | settings.economics.gross_margin", 1.0),
            ("months:4", 0.75),
            ("months:3", 1.0),
        ],
    )
    def test_counted_by_hand(self, tmp_path: Path, written: str, share: float) -> None:
        # revenue: a 600, b 200, c and d none; partner months: 2024-01-10 to 2024-04-05 is three months, counted back
        made = client(
            tmp_path,
            LINES,
            {"economics": {"gross_margin": 0.3}, "reach": {"conversion": 0.2}},
            partners=PARTNERS,
            incentives=[
                {"partner_id": "b", "programme": "mdf", "starts_on": "2024-01-01", "amount": 10},
                {"partner_id": "c", "programme": "mdf", "starts_on": "2024-01-01", "amount": 10},
            ],
            tickets=[
                {"ticket_id": "1", "opened_on": "2024-01-01", "partner_id": "a", "csat": 5},
                {"ticket_id": "2", "opened_on": "2024-01-01", "severity": "low"},
            ],
            products=[{"product_id": "p", "family": "x"}, {"product_id": "q", "family": "x"}, {"product_id": "r"}],
            surveys=[
                {"response_id": "1", "respondent": "partner", "date": "2024-01-01", "question_id": "nps", "partner_id": "a"},
                {"response_id": "2", "respondent": "partner", "date": "2024-01-01", "question_id": "driver:price"},
            ],
        )
        assert Coverage(made).of(need(written)) == pytest.approx(share)

    def test_products_count_by_what_is_sold_of_them_else_by_rows(self, tmp_path: Path) -> None:
        products = [{"product_id": "p"}, {"product_id": "q", "family": "x"}, {"product_id": "r", "family": "x"}]
        sold = [
            line("2024-01-10", "a", "30", product_id="p"),
            line("2024-01-11", "a", "-10", product_id="q"),
            line("2024-01-12", "a", "10"),
        ]
        assert Coverage(client(tmp_path, sold, products=products)).of(need("products.family")) == pytest.approx(0.2)
        unnamed = [line("2024-01-10", "a", "30")]
        assert Coverage(client(tmp_path, unnamed, products=products)).of(need("products.family")) == pytest.approx(2 / 3)

    def test_lines_after_as_of_are_left_out(self, tmp_path: Path) -> None:
        made = client(tmp_path, LINES, {"as_of": dt.date(2024, 3, 31)}, partners=PARTNERS)
        assert Coverage(made).of(need("sales.cost")) == 1.0

    def test_without_revenue_partners_weigh_the_same(self, tmp_path: Path) -> None:
        made = client(tmp_path, [], partners=PARTNERS, agreements=[{"agreement_id": "1", "partner_id": "d"}])
        assert Coverage(made).of(need("agreements")) == pytest.approx(0.25)
        assert Coverage(made).of(need("months:12")) == 0.0


class TestReadiness:
    def test_a_tiny_client_is_told_what_it_lacks(self, tmp_path: Path) -> None:
        ready = readiness(client(tmp_path, LINES, partners=PARTNERS))
        assert list(ready.columns)[:6] == list(contract()["readiness"])
        assert set(ready["status"]) == {"ready", "partial", "missing"}
        assert row(ready, "know_concentration") | {"practice": ""} == {
            "practice": "",
            "table": "concentration",
            "status": "ready",
            "needs": "sales.revenue",
            "coverage": 1.0,
            "effect": "",
            "lacks": "",
        }
        segments = row(ready, "know_segments")
        assert (segments["status"], segments["coverage"]) == ("partial", 0.25)
        assert segments["effect"].startswith("There are 3 months of sales where 12 are wanted. Segments do not see what partners sell.")
        assert segments["effect"].endswith("Segments do not see what partners need.")
        waterfall = row(ready, "reach_waterfall")
        assert (waterfall["status"], waterfall["needs"]) == ("missing", "engagement.yaml: goal; 12 months of sales")
        assert waterfall["effect"].endswith("Not there: engagement.yaml: goal.")
        compliance = row(ready, "enable_compliance")
        assert (compliance["status"], compliance["coverage"], compliance["lacks"]) == ("missing", 0.0, "requirements.threshold")

    def test_a_setting_can_stand_in_for_a_column(self, tmp_path: Path) -> None:
        lines = [line("2024-01-10", "a", "600")]
        assert row(readiness(client(tmp_path, lines)), "prune_scorecard")["status"] == "missing"
        ready = readiness(client(tmp_path, lines, {"economics": {"gross_margin": 0.3}}))
        scorecard = row(ready, "prune_scorecard")
        assert (scorecard["status"], scorecard["coverage"]) == ("partial", 1.0)
        assert scorecard["effect"].startswith("Contribution is before cost to serve.")

    def test_thin_coverage_is_partial_and_says_how_thin(self, tmp_path: Path) -> None:
        lines = [*year_of_sales("a", cost="50"), *year_of_sales("b", cost=None)]
        scorecard = row(readiness(client(tmp_path, lines)), "prune_whale")
        assert (scorecard["status"], scorecard["coverage"]) == ("partial", 0.5)
        assert scorecard["effect"].startswith("Filled for 50% of the business: sales.cost or engagement.yaml: economics.gross_margin.")

    def test_a_table_without_a_method_says_so_and_asks_for_no_export(self, tmp_path: Path) -> None:
        survey = {"response_id": "1", "respondent": "partner", "date": "2024-01-01", "partner_id": "a"}
        survey |= {"question_id": "new_product_time", "score": 0.1}
        attention = row(readiness(client(tmp_path, LINES, partners=PARTNERS, surveys=[survey])), "enable_attention")
        assert attention["status"] == "missing"
        assert attention["effect"].endswith("No method for this is part of prmkit yet.")

    def test_an_empty_client_can_answer_nothing_and_does_not_crash(self, tmp_path: Path) -> None:
        ready = readiness(client(tmp_path, [], partners=[]))
        assert set(ready["status"]) == {"missing"}
        assert set(ready["coverage"]) == {0.0}

    def test_it_does_not_depend_on_the_order_of_rows(self, tmp_path: Path) -> None:
        (tmp_path / "x").mkdir()
        one, other = client(tmp_path, LINES, partners=PARTNERS), client(tmp_path / "x", LINES[::-1], partners=PARTNERS[::-1])
        pd.testing.assert_frame_equal(readiness(one), readiness(other), check_exact=True)


class TestUnlocks:
    @staticmethod
    def frame(**lacks: str) -> pd.DataFrame:
        return pd.DataFrame([{"practice": "know", "table": table, "lacks": lacking} for table, lacking in lacks.items()])

    def test_the_export_that_opens_most_comes_first_then_what_it_leaves(self) -> None:
        asked = unlocks(
            self.frame(
                one="deals.outcome",
                two="deals.amount | subscriptions.outcome",
                three="support.cost | support.hours; trainings.hours",
                four="subscriptions.annual_value",
                five="trainings.score",
                six="",
            )
        )
        assert asked.to_dict("records") == [
            {"export": "deals", "unlocks": 2, "tables": "know_one, know_two", "columns": "outcome, amount"},
            {"export": "trainings", "unlocks": 1, "tables": "know_five", "columns": "hours, score"},
            {"export": "subscriptions", "unlocks": 1, "tables": "know_four", "columns": "annual_value"},
            {"export": "support", "unlocks": 1, "tables": "know_three", "columns": "cost, hours"},
        ]

    def test_where_two_are_needed_the_one_named_most_comes_first(self) -> None:
        asked = unlocks(self.frame(one="people.role; trainings.hours", two="trainings.score; requirements.hours"))
        assert asked[["export", "unlocks"]].values.tolist() == [["trainings", 0], ["people", 1], ["requirements", 1]]

    def test_time_cannot_be_asked_for_and_settings_can(self) -> None:
        assert unlocks(self.frame(one="months:12", two="deals.outcome; months:12")).empty
        (asked,) = unlocks(self.frame(one="settings.goal")).to_dict("records")
        assert asked == {"export": "engagement.yaml", "unlocks": 1, "tables": "know_one", "columns": "goal"}

    def test_nothing_missing_asks_for_nothing(self) -> None:
        assert list(unlocks(self.frame(one="")).columns) == ["export", "unlocks", "tables", "columns"]
        assert len(unlocks(self.frame(one=""))) == 0

    def test_every_export_asked_for_opens_what_it_says(self, tmp_path: Path) -> None:
        ready = readiness(client(tmp_path, year_of_sales(months=24, cost="50"), {"goal": {"growth": 0.1}}, partners=PARTNERS))
        asked = unlocks(ready)
        opened = ", ".join(told for told in asked["tables"] if told).split(", ")
        missing = ready[(ready["status"] == "missing") & (ready["lacks"] != "")]
        assert sorted(opened) == sorted(missing["practice"] + "_" + missing["table"])
        assert asked["unlocks"].sum() == len(opened)
        first = [
            "know_differentiation",
            "reach_conflict",
            "reach_collision_pairs",
            "reach_registrations",
            "reach_price_erosion",
            "reach_conflict_cost",
            "loyalty_undermining",
            "loyalty_undermined_partners",
        ]
        assert asked.iloc[0].tolist()[:3] == ["deals", 8, ", ".join(first)]


class TestWarnings:
    @staticmethod
    def sold(folder: Path, lines: list[dict[str, Any]], **settings: Any) -> tuple[str, ...]:
        return warnings(open_portfolio(client(folder, lines, settings)))

    def test_steady_sales_have_none(self, tmp_path: Path) -> None:
        assert self.sold(tmp_path, year_of_sales(months=24, cost="60")) == ()

    def test_a_last_month_below_half_of_the_usual_is_named(self, tmp_path: Path) -> None:
        lines = [*year_of_sales(months=12), line("2024-01-16", "a", "49")]
        (said,) = self.sold(tmp_path, lines)
        assert said.startswith("The month to 2024-01-16 looks incomplete: revenue of EUR 49 (100 in a usual month).")

    def test_fewer_order_days_are_enough(self, tmp_path: Path) -> None:
        lines = [line(str(day.date()), "a", "50") for day in pd.date_range("2023-01-01", "2023-12-05", freq="7D")]
        lines = [one for one in lines if str(one["date"]) < "2023-11-29"] + [line("2023-12-28", "a", "200")]
        (said,) = self.sold(tmp_path, lines)
        assert "order days (4 in a usual month)" in said
        assert "revenue" not in said

    def test_a_low_season_is_not_an_incomplete_month(self, tmp_path: Path) -> None:
        lines = [
            line(str(day.date()), "a", "10" if day.month == 1 else "100") for day in pd.date_range("2023-01-01", "2024-01-01", freq="MS")
        ]
        assert self.sold(tmp_path, lines) == ()

    def test_five_months_are_too_few_to_say(self, tmp_path: Path) -> None:
        assert self.sold(tmp_path, [*year_of_sales(months=5), line("2023-06-16", "a", "1")]) == ()

    def test_silent_months_are_named(self, tmp_path: Path) -> None:
        lines = [line(f"2023-{month:02}-15", "a", "100") for month in (1, 2, 4, 5, 8)] + [line("2023-03-15", None, "100")]
        (said,) = self.sold(tmp_path, lines)
        assert said.startswith("No partner has a line in 3 months between the first sale and the last: 2023-03, 2023-06, 2023-07.")
        (said,) = self.sold(tmp_path, [line("2022-01-15", "a", "100"), line("2023-01-15", "a", "100")])
        assert "11 months between the first sale and the last: 2022-02, 2022-03, 2022-04, 2022-05, 2022-06, 2022-07 and 5 more." in said

    @pytest.mark.parametrize(
        ("cost", "words"), [("96", "hardly any margin: gross margin is 4.0%"), ("120", "below cost: gross margin is -20.0%")]
    )
    def test_thin_margins_are_named(self, tmp_path: Path, cost: str, words: str) -> None:
        (said,) = self.sold(tmp_path, year_of_sales(months=12, cost=cost))
        assert words in said

    def test_margin_is_judged_on_lines_that_carry_a_cost(self, tmp_path: Path) -> None:
        lines = [*year_of_sales("a", cost="60"), *year_of_sales("b")]
        assert self.sold(tmp_path, lines) == ()

    def test_without_partner_sales_that_is_all_there_is_to_say(self, tmp_path: Path) -> None:
        (said,) = self.sold(tmp_path, [line("2024-01-01", "a", "5"), line("2024-02-01", None, "5")], as_of=dt.date(2023, 12, 31))
        assert said.startswith("There is no partner sale")


def test_adventureworks(adventureworks_client: Client) -> None:
    ready = readiness(adventureworks_client)
    assert row(ready, "prune_scorecard")["status"] == "partial"
    assert row(ready, "know_revenue")["status"] == "ready"
    assert row(ready, "enable_launches")["status"] == "ready"
    assert row(ready, "loyalty_renewals")["status"] == "missing"
    assert unlocks(ready)["export"].iloc[0] == "deals"
    months, margin = warnings(open_portfolio(adventureworks_client))
    assert "3 months between the first sale and the last: 2011-02, 2011-04, 2011-06." in months
    assert "below cost: gross margin is -1.9%" in margin
