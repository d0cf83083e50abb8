"""Exhibits: a message from the numbers, a picture that says it, its table; and what is missing where there is none."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from markupsafe import Markup

from prmkit.errors import PrmkitError
from prmkit.practices.result import table
from prmkit.publish.exhibit import Block, Exhibit
from prmkit.publish.exhibits import EXHIBITS
from prmkit.publish.page import TABLE_SCRIPT, document
from prmkit.results import Results
from tests.publish.programme import HOSTILE, LONG, PRACTICES, empty, full, people, run

FULL = full()


def results(**tables: pd.DataFrame) -> Results:
    """Results with only the tables named; ids 001 to 006 have names."""
    return Results(run(not_computed=[]), (), tables, people(6))


def show(name: str, made: Results) -> Exhibit:
    return EXHIBITS.get(name)(made)


def labels(exhibit: Exhibit) -> list[str]:
    assert exhibit.picture is not None
    return [node.text for node in BeautifulSoup(exhibit.picture.svg, "html.parser").find_all("text")]


def test_every_practice_has_at_least_five() -> None:
    for practice in PRACTICES:
        assert sum(name.startswith(f"{practice}.") for name in EXHIBITS) >= 5


@pytest.mark.parametrize("name", list(EXHIBITS))
def test_with_data_there_is_a_message_a_picture_and_a_table(name: str) -> None:
    exhibit = show(name, FULL)
    assert not exhibit.missing
    assert exhibit.picture is not None
    assert exhibit.title in exhibit.picture.alt
    assert not re.search(r"\b(nan|None|NaT|not known)\b|<NA>", exhibit.title)
    assert re.search(r"Source: results/\w+\.parquet\.$", exhibit.caption)
    page = BeautifulSoup(exhibit.html(), "html.parser")
    assert page.h3 is not None
    assert page.h3.text == exhibit.title
    assert len(page.select("tbody tr, .kinds > li")) >= 2
    assert page.find("script") is None
    assert str(HOSTILE) not in str(exhibit.html())


@pytest.mark.parametrize("name", list(EXHIBITS))
def test_without_data_it_says_so(name: str) -> None:
    exhibit = show(name, empty())
    assert exhibit.picture is None
    assert exhibit.title.endswith("not known yet")
    assert all(line.endswith(".") for line in exhibit.missing)
    assert "Traceback" not in exhibit.html()


def test_a_missing_exhibit_gives_the_reason_and_the_export() -> None:
    exhibit = show("know.drivers", empty())
    assert len(exhibit.missing) == 1
    assert exhibit.missing[0].startswith("No partner has been asked. What would answer it: Partner survey")


def test_a_column_that_cannot_be_told_is_explained_by_its_rows() -> None:
    rows = table(
        "enable",
        "incentives",
        pd.DataFrame({"programme": ["MDF"], "spend": [5_000.0], "identifiable": [False], "reason": ["Everybody had it"]}),
    )
    assert show("enable.roi", results(enable_incentives=rows)).missing == ("Everybody had it.",)
    assert (
        show("enable.incentives", results(enable_incentives=rows)).title == "These data cannot tell what EUR 5k of incentive spend brought"
    )


def test_the_plan_stands_beside_the_plain_division() -> None:
    exhibit = show("reach.plan", FULL)
    assert exhibit.title == "Sign 70 partners for four chances in five of the goal; plain division says 49"
    assert "without new partners EUR 41m (37m to 45m), a chance of 7.0%" in exhibit.note
    said = labels(exhibit)
    assert said.index("49") < said.index("61") < said.index("70") < said.index("79")


def test_a_territory_table_does_not_draw_its_total() -> None:
    exhibit = show("reach.baseline", FULL)
    assert exhibit.title == "Without a single recruit today's partners bring EUR 41m (37m to 45m)"
    assert [label for label in labels(exhibit) if label in {"all", "north", "south"}] == ["north", "south"]


def test_earlier_forecasts_stand_beside_what_came_and_the_plain_rule() -> None:
    exhibit = show("reach.backtest", FULL)
    assert exhibit.title == "2 of 3 earlier forecasts held what then came; nearer to it than the plain rule: 3"
    assert exhibit.picture is not None
    assert exhibit.picture.svg.count('stroke-width="3"') == 3
    assert "the year before again" in exhibit.note
    bold = BeautifulSoup(exhibit.picture.svg, "html.parser").find_all("text", attrs={"font-weight": "600"})
    assert {"Mar 2025"} <= {node.text for node in bold} or {"March 2025"} <= {node.text for node in bold}


def test_the_waterfall_goes_from_the_plain_division_to_the_plan() -> None:
    rows = pd.DataFrame({"step": ["naive", "ramp", "yield", "certainty"], "recruits": [49.0, 69.0, 55.0, 70.0]})
    exhibit = show("reach.waterfall", results(reach_waterfall=table("reach", "waterfall", rows)))
    assert exhibit.title == "Plain division says 49 recruits; what it leaves out makes it 70"
    assert {"+20", "\u221214", "+15", "To sign"} <= set(labels(exhibit))


def test_signing_says_what_a_month_is_worth_and_what_each_pace_needs() -> None:
    exhibit = show("reach.signing", FULL)
    assert exhibit.title == "A partner signed in Oct 2026 brings EUR 60k towards the goal, in Sept 2027 EUR 2k"
    assert "70 signed evenly" in exhibit.note
    assert "44 signed all in the first three months" in exhibit.note


def test_onboarding_stands_beside_what_the_plan_asks() -> None:
    exhibit = show("reach.onboarding", FULL)
    assert exhibit.title == "Managers can bring up 4 new partners a month; the plan asks for 6"
    assert exhibit.note == "With no more than that, 48 can be signed in time: a chance of 41%."
    seen = FULL.table("reach", "onboarding").iloc[[1]]
    assert show("reach.onboarding", results(reach_onboarding=seen)).title.startswith("No three months so far saw more than 3.3")


def test_the_funnel_leads_with_the_whole_way() -> None:
    exhibit = show("reach.funnel", FULL)
    assert exhibit.title == "18% (15% to 22%) of prospects contacted sign, after 4 months at the median"
    assert "One signing cost EUR 6.75k" in exhibit.note


def test_yields_show_the_mean_beside_the_one_in_the_middle() -> None:
    exhibit = show("reach.yields", FULL)
    assert exhibit.title == "A grown partner brings EUR 100k a year (90k to 110k) on average, the one in the middle EUR 40k"
    assert "The largest tenth bring 48%: more than chance" in exhibit.note
    assert labels(exhibit).index("Msp") < labels(exhibit).index("Reseller")


def test_easy_ways_out_do_not_lead_the_levers() -> None:
    rows = pd.DataFrame({"lever": ["lower_goal", "retention"], "recruits_saved": [90.0, 20.0], "within_range_seen": [None, False]})
    exhibit = show("reach.levers", results(reach_levers=table("reach", "levers", rows)))
    assert exhibit.title == "'Fewer partners fall silent' saves the most: 20 recruits"
    assert exhibit.note == "Beyond what has been seen in this programme: Fewer partners fall silent."


def test_sensitivity_reads_the_wider_input_whatever_its_direction() -> None:
    rows = pd.DataFrame({"input": ["yield", "growth"], "recruits_low": [60.0, 90.0], "recruits_high": [75.0, 40.0]})
    exhibit = show("reach.sensitivity", results(reach_sensitivity=table("reach", "sensitivity", rows)))
    assert exhibit.title == "The plan hangs most on 'growth': 40 to 90 recruits over its range"


def test_revenue_adds_up_the_latest_year() -> None:
    assert show("know.revenue", FULL).title == "Partners brought EUR 30.4m of EUR 42.4m in 2026"
    assert {"2024", "2025", "2026", "Through partners", "Direct"} <= set(labels(show("know.revenue", FULL)))


def test_concentration_gives_its_range() -> None:
    assert show("know.concentration", FULL).title == "The largest tenth of the partners brings 34% (31% to 38%) of partner revenue"


def test_risk_lists_by_what_would_be_lost_not_by_chance() -> None:
    rows = pd.DataFrame(
        {
            "partner_id": ["001", "006", "003"],
            "p_dormant_6m": [0.9, 0.2, None],
            "p_low": [0.8, 0.1, None],
            "p_high": [0.95, 0.3, None],
            "margin_at_risk": [1_000.0, 40_000.0, None],
        }
    )
    exhibit = show("loyalty.risk", results(loyalty_risk=table("loyalty", "risk", rows)))
    assert exhibit.title == "Two partners hold EUR 41k of margin at risk, Plain Ltd the most"
    said = labels(exhibit)
    assert said.index("Plain Ltd") < next(rank for rank, label in enumerate(said) if label.startswith(LONG[:10]))
    assert exhibit.caption.startswith("2 active partners, next six months.")


def test_a_backtest_that_loses_says_so() -> None:
    assert show("loyalty.backtest", FULL).title.startswith("On past data the method beats the rule of thumb")
    assert show("prune.backtest", FULL).title.startswith("On past data the method loses to the rule of thumb")
    rows = pd.DataFrame({"measure": ["auc", "brier", "money"], "model": [0.8, 0.2, 0.1], "naive": [0.7, 0.1, 0.3], "n": 400})
    exhibit = show("loyalty.backtest", results(loyalty_backtest=table("loyalty", "backtest", rows)))
    assert exhibit.note == "The rule of thumb did better in how far the chances were off and in the money it would have found."


def test_the_whale_counts_what_is_given_back() -> None:
    rows = pd.DataFrame({"rank": [1, 2, 3, 4], "partner_id": list("abcd"), "cumulative_contribution": [50_000.0, 90_000, 80_000, 60_000]})
    exhibit = show("prune.whale", results(prune_whale=table("prune", "whale", rows)))
    assert exhibit.title == "2 partners earn EUR 90k; the other 2 give EUR 30k of it back"
    only_up = rows.assign(cumulative_contribution=[1_000.0, 2_000, 3_000, 4_000])
    assert (
        show("prune.whale", results(prune_whale=table("prune", "whale", only_up))).title
        == "No partner takes contribution away: 4 partners earn EUR 4k"
    )


def test_fair_contribution_counts_likely_and_certain() -> None:
    rows = pd.DataFrame(
        {
            "partner_id": ["001", "002", "006"],
            "contribution": [-9_000.0, 1_000, 5_000],
            "fair_contribution": [-5_000.0, -100, 4_000],
            "fair_low": [-8_000.0, -2_000, 2_000],
            "fair_high": [-1_000.0, 2_000, 6_000],
            "p_below_hurdle": [0.99, 0.55, 0.02],
        }
    )
    exhibit = show("prune.fair", results(prune_scorecard=table("prune", "scorecard", rows)))
    assert exhibit.title == "2 partners are more likely below the hurdle than above it, 1 of them for certain"


def test_nothing_to_show_is_not_drawn() -> None:
    rows = pd.DataFrame({"partner_id": ["001", "006"], "criterion": "fix", "kept_with_same_or_worse": [0, 0]})
    exhibit = show("prune.consistency", results(prune_consistency=table("prune", "consistency", rows)))
    assert exhibit.picture is None
    assert exhibit.title == "No partner that is kept looks the same as or worse than one of the 2 to fix or part with"


def test_tables_leave_out_columns_nobody_filled() -> None:
    rows = pd.DataFrame({"partner_id": ["006"], "cumulative_contribution": [1.0], "rank": [1]}).assign(extra=None)
    page = show(
        "know.partner_360",
        results(know_partner_360=table("know", "partner_360", pd.DataFrame({"partner_id": ["006"], "performing": ["yes"]}))),
    ).html()
    assert [th.text for th in BeautifulSoup(page, "html.parser").select("thead th")] == ["Partner", "Partner id", "Performing"]
    assert len(rows) == 1


@pytest.mark.parametrize(("count", "share"), [(1, 0.0), (2, 0.3), (3, 1.0), (12, 0.7)])
def test_holes_in_the_tables_are_said_and_never_printed(count: int, share: float) -> None:
    rng = np.random.default_rng(count + int(10 * share))
    made = full(count, seed=count)

    def hole(column: Any) -> Any:
        return column if column.name == "partner_id" else column.mask(rng.random(len(column)) < share)

    holed = {name: frame.apply(hole) for name, frame in made.tables.items()}
    for name in EXHIBITS:
        exhibit = show(name, replace(made, tables=holed))
        shown = BeautifulSoup(exhibit.html(), "html.parser").text
        assert not re.search(r"\b(nan|None|NaT)\b|<NA>", shown), name


def test_an_unknown_exhibit_names_the_nearest() -> None:
    with pytest.raises(PrmkitError, match=r"Did you mean 'prune\.whale'"):
        EXHIBITS.get("prune.wale")


def test_blocks_and_exhibits_read_as_text_too() -> None:
    assert repr(Block("x", "plain words")) == "plain words"  # type: ignore[arg-type]
    assert repr(show("know.drivers", empty())).startswith(
        "What partners want, and what goes with their loyalty: not known yet\nNo partner has been asked."
    )


def test_results_are_not_changed_by_showing_them() -> None:
    before = {name: frame.copy(deep=True) for name, frame in FULL.tables.items()}
    for name in EXHIBITS:
        show(name, FULL)
    for name, frame in FULL.tables.items():
        pd.testing.assert_frame_equal(frame, before[name])


EACH_KIND = ("know.revenue", "reach.waterfall", "reach.calendar", "prune.whale", "prune.fair")


@pytest.mark.browser
@pytest.mark.parametrize(("made", "names"), [(full(11), EACH_KIND), (empty(), tuple(EXHIBITS))], ids=["full", "empty"])
def test_a_browser_without_network_finds_nothing_wrong(made: Results, names: tuple[str, ...], look: Callable[[str], Any]) -> None:
    parts = Markup("").join(show(name, made).html() for name in names)
    html = document("Exhibits", Markup("<h1>Exhibits</h1><h2>All of them</h2>{}").format(parts), script=TABLE_SCRIPT)
    looked = look(html.replace("<details>", "<details open>"))
    assert looked.violations == ()
    assert looked.requests == ()
    assert looked.errors == ()
    assert looked.width_at_320 == 320


def books(**more: Any) -> Results:
    """One typical partner: 3,000 of resale, 1,200 of services and 150 of rebates, less 580 of training."""
    row = {
        "model": "all",
        "typical_paid": 6_000.0,
        "typical_resale_profit": 3_000.0,
        "typical_services_profit": 1_200.0,
        "typical_incentives_earned": 150.0,
        "typical_training_cost": 580.0,
        "typical_support_cost": 0.0,
        "typical_profit": 3_770.0,
        "typical_low": 2_000.0,
        "typical_high": 5_500.0,
        "typical_partners": 40,
        "books": "with services",
    }
    rows = pd.DataFrame({"partner_id": ["001", "006"], "gross_profit": [900.0, 4_000.0], "left_out": ["the cases it solves", None]})
    return results(
        know_economics=table("know", "economics", rows), know_earning_models=table("know", "earning_models", pd.DataFrame([row | more]))
    )


def test_a_typical_partners_books_add_up_in_the_picture() -> None:
    exhibit = show("know.economics", books())
    assert exhibit.title == "A typical partner earns EUR 3.8k a year (2.0k to 5.5k) with us on EUR 6k of goods; 32% of it is services"
    said = labels(exhibit)
    assert [word for word in said if word in {"Resale of our goods", "Services around them", "Rebates and bonuses", "Its time in training"}]
    assert {"+3k", "+1.2k", "+150", "\u2212580", "3.77k"} <= {label.removeprefix("EUR ") for label in said}
    assert "Cases it solves itself" not in said  # nothing there
    assert exhibit.caption.startswith("Means of 40 partners in the middle half by revenue, with services")
    loss = show("know.economics", books(typical_profit=-100.0, typical_low=-300.0, typical_high=200.0))
    assert "services" not in loss.title


def test_an_hour_by_what_partners_live_on() -> None:
    rows = pd.DataFrame(
        {
            "model": ["resale_led", "services_led", "all"],
            "partners": [30, 10, 40],
            "profit_per_rep_hour": [10.0, 40.0, 16.0],
            "profit_per_rep_hour_low": [7.0, 25.0, 12.0],
            "profit_per_rep_hour_high": [14.0, 60.0, 21.0],
            "hours_known": [20, 8, 28],
            "what_they_ask": ["margin", "technical help", None],
        }
    )
    exhibit = show("know.earning_models", results(know_earning_models=table("know", "earning_models", rows)))
    assert exhibit.title == "An hour of a partner's salespeople on our line earns it EUR 16, 12 to 21"
    said = labels(exhibit)
    assert said.index("Lives on services") < said.index("Lives on resale")
    assert "All partners" not in said
    assert exhibit.caption.startswith("28 partners")


def test_what_goes_in_and_what_comes_out_by_segment() -> None:
    partners = pd.DataFrame(
        {
            "partner_id": ["001", "002", "003", "004"],
            "segment": ["steady", "steady", "new", "never bought"],
            "invested": [10_000.0, 5_000.0, 8_000.0, 0.0],
            "output": [30_000.0, 1_000.0, 9_000.0, 0.0],
            "performing": ["yes", "no", "cannot_tell", "cannot_tell"],
        }
    )
    kinds = pd.DataFrame(
        {
            "segment": ["steady", "new", "never bought", "all"],
            "portfolio_role": "all",
            "partners": [2, 1, 1, 4],
            "invested": [15_000.0, 8_000.0, 0.0, 23_000.0],
            "output": [31_000.0, 9_000.0, 0.0, 40_000.0],
            "low": [1.5, 0.9, 0.0, 1.4],
            "high": [2.5, 1.4, 0.0, 2.0],
            "yes": [1, 0, 0, 1],
            "no": [1, 0, 0, 1],
            "cannot_tell": [0, 1, 1, 2],
        }
    )
    made = results(
        know_partner_360=table("know", "partner_360", partners), know_partner_360_summary=table("know", "partner_360_summary", kinds)
    )
    exhibit = show("know.partner_360", made)
    # the fourth neither bought nor received anything: nobody asks of it
    assert (
        exhibit.title == "1 of 3 partners that bought or received something return what they receive, 1 do not; for 1 the data cannot tell"
    )
    said = labels(exhibit)
    assert "1 return it, 1 not, 0 open" in said
    assert "never bought" not in said
    assert said.index("steady") < said.index("new")


def test_routes_say_at_what_cost_of_direct_sale_they_are_level() -> None:
    rows = pd.DataFrame(
        {
            "route": ["partner", "direct"],
            "revenue": [100.0, 50.0],
            "cost_of_sale": [8.0, None],
            "contribution_rate": [0.18, 0.42],
            "low": [0.15, 0.41],
            "high": [0.21, 0.43],
            "missing_costs": ["channel management", "sales force"],
            "break_even": [0.24, None],
            "break_even_low": [0.21, None],
            "break_even_high": [0.27, None],
        }
    )
    for name in ("reach.routes", "know.routes"):
        exhibit = show(name, results(reach_routes=table("reach", "routes", rows)))
        assert exhibit.title == "Partners are the cheaper route if selling direct costs more than 24% (21% to 27%) of its revenue"
        assert {"Through partners", "Direct, before the cost of selling"} <= set(labels(exhibit))
        assert "Not in it, direct: sales force." in exhibit.note


def test_pairs_that_collide_are_named_beside_what_chance_makes() -> None:
    rows = pd.DataFrame(
        {
            "partner_id": ["001", "003", "004"],
            "other_partner_id": ["006", "direct", "005"],
            "territory": "north",
            "shared_customers": [4, 7, 9],
            "expected_by_chance": [0.4, 1.0, 8.8],
            "q": [0.001, 0.02, 0.6],
        }
    )
    exhibit = show("reach.collision_pairs", results(reach_collision_pairs=table("reach", "collision_pairs", rows)))
    assert exhibit.title == "2 pairs work more of the same customers than chance explains; at most 7 together"
    page = BeautifulSoup(exhibit.html(), "html.parser")
    cells = [cell.text for cell in page.select("tbody td")]
    assert {"Plain Ltd", "our own people"} <= set(cells)
    assert "for our own people only" in exhibit.note


def test_the_price_beside_a_second_partner() -> None:
    exhibit = show("reach.price_erosion", FULL)
    assert exhibit.title == "With 2 partners at the customer the same deal goes at 15% off list, with 1 partner at 12%"
    assert labels(exhibit).index("1 partner") < labels(exhibit).index("2 partners") < labels(exhibit).index("3 partners")


def test_parts_of_the_cost_that_are_not_known_are_named() -> None:
    rows = pd.DataFrame(
        {
            "territory": "all",
            "part": ["price_partners", "price_direct", "arbitration"],
            "cost": [80_000.0, None, 12_000.0],
            "low": [50_000.0, None, 12_000.0],
            "high": [110_000.0, None, 12_000.0],
            "basis": ["measured", "missing", "assumed"],
        }
    )
    exhibit = show("reach.conflict_cost", results(reach_conflict_cost=table("reach", "conflict_cost", rows)))
    assert exhibit.title == "Price, a second partner quoting: EUR 80k (50k to 110k) a year, the largest known part of what conflict costs"
    assert exhibit.note == "Not known: price, our own people quoting. Assumed: hours spent settling it."
