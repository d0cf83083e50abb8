"""What partners want, what goes with their loyalty, and who answered: on surveys small enough to see through."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from prmkit.data.portfolio import Portfolio
from prmkit.data.readiness import readiness
from prmkit.practices import know
from prmkit.practices.know.voices import respondents
from prmkit.practices.know.voices.drivers import drivers, scales, weighting_moves
from prmkit.practices.result import PracticeResult
from tests.practices.know.survey_answers import portfolio, pulse, reply


def table(made: Portfolio) -> pd.DataFrame:
    return drivers(made).set_index("driver")


def said(result: PracticeResult, claim: str) -> Any:
    found = [finding for finding in result.findings if finding.id.startswith(f"know.{claim}:")]
    return found[0] if found else None


def test_importance_and_satisfaction_by_hand(tmp_path: Path) -> None:
    """Importance 5, 3 and 4, 2: means 4.5 and 2.5 of 5, 8.75 and 3.75 of 10; satisfaction 3 and 3: 5 of 10; gaps 12.5 and 3.75."""
    replies = [
        reply(
            "R1", "P000", need__leads__importance=5, need__margin__importance=3, need__leads__satisfaction=3, need__margin__satisfaction=2
        ),
        reply(
            "R2", "P001", need__leads__importance=4, need__margin__importance=2, need__leads__satisfaction=3, need__margin__satisfaction=5
        ),
    ]
    made = table(portfolio(tmp_path, replies, partners=2))
    assert made.loc["leads", ["importance", "satisfaction", "opportunity"]].tolist() == pytest.approx([8.75, 5.0, 12.5])
    assert made.loc["margin", ["importance", "satisfaction", "opportunity"]].tolist() == pytest.approx([3.75, 6.25, 3.75])
    assert made["respondents"].tolist() == [2, 2]
    assert made.index.tolist() == ["leads", "margin"], "the biggest gap first"
    assert (made["importance_low"] < made["importance"]).all()
    assert made["share_explained"].isna().all()
    assert made["reason"].str.contains("fewer than 8 respondents said how likely").all()
    assert made["importance_basis"].tolist() == ["stated", "stated"]


def test_a_pulse_of_thirty_gives_a_first_answer_labelled_thin(tmp_path: Path) -> None:
    """Three needs want thirty respondents: 29 are thin; two drivers want twenty."""
    made = table(portfolio(tmp_path, pulse(29)))
    needs = made[made["kind"] == "need"]
    assert needs["opportunity"].idxmax() == "leads"
    assert needs.loc["leads", "probability_greatest_gap"] > 0.95
    assert needs["strength"].eq("thin").all()
    assert needs["probability_top"].isna().all()
    assert needs["matters"].eq("cannot_tell").all()
    found = made[made["kind"] == "driver"]
    assert found["strength"].eq("enough").all()
    assert found.loc["fair dealing", "matters"] == "yes"
    assert found.loc["support", "matters"] == "cannot_tell"
    assert found.loc["fair dealing", "probability_top"] > 0.95
    assert found["share_explained"].sum() == pytest.approx(1)
    assert found.loc["fair dealing", "importance_basis"] == "derived"
    assert found["opportunity"].isna().all()


def test_below_eight_needs_are_still_shown_and_shares_are_not(tmp_path: Path) -> None:
    made = table(portfolio(tmp_path, pulse(7)))
    assert made["share_explained"].isna().all()
    assert made["association"].isna().all()
    needs = made[made["kind"] == "need"]
    assert needs["importance"].notna().all()
    assert ((needs["importance_high"] - needs["importance_low"]) > 1).all()
    assert made["reason"].notna().all()


def test_people_of_one_partner_are_one_voice_for_what_can_be_said(tmp_path: Path) -> None:
    many = table(portfolio(tmp_path / "a", pulse(28, per_partner=4)))
    assert many["share_explained"].isna().all(), "seven partners"
    each = table(portfolio(tmp_path / "b", pulse(28)))
    assert each.loc["fair dealing", "share_explained"] > 0.7


def test_answers_that_go_with_nothing_are_not_divided(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    replies = [
        reply(
            f"R{n:03d}",
            f"P{n:03d}",
            nps=float(rng.integers(0, 11)),
            driver__a=float(rng.integers(1, 6)),
            driver__b=float(rng.integers(1, 6)),
        )
        for n in range(40)
    ]
    made = drivers(portfolio(tmp_path, replies))
    assert made["share_explained"].isna().all()
    assert made["association"].notna().all()
    assert made["reason"].str.contains("no more than chance").all()


def test_satisfaction_stands_in_where_nobody_was_asked_to_recommend(tmp_path: Path) -> None:
    replies = [
        [{**row, "question_id": "csat", "score": max(1.0, row["score"] / 2)} if row["question_id"] == "nps" else row for row in one]
        for one in pulse(30)
    ]
    made = table(portfolio(tmp_path, replies))
    assert made["outcome"].eq("csat").all()
    assert made.loc["fair dealing", "matters"] == "yes"


def test_nobody_was_asked(tmp_path: Path) -> None:
    result = know.assess(portfolio(tmp_path, []))
    for name in ("drivers", "respondents", "scales"):
        assert result.tables[name].empty
        assert any(missing.table == name and "no partner survey" in missing.reason for missing in result.not_computed)
    finding = said(result, "drivers.not_asked")
    assert finding.title == "Nobody has asked partners what they need"
    assert "data_request.xlsx" in finding.action.what
    assert said(result, "drivers.gap") is None
    assert said(result, "drivers.loyalty") is None


def test_what_is_found_is_said_with_its_action(tmp_path: Path) -> None:
    result = know.assess(portfolio(tmp_path, pulse(40)))
    gap, loyalty = said(result, "drivers.gap"), said(result, "drivers.loyalty")
    assert gap.title.startswith("What partners miss most is 'leads': ")
    assert gap.value.low < gap.value.amount < gap.value.high
    assert loyalty.title == "'fair dealing' goes with partners' loyalty most"
    assert "association, not a cause" in loyalty.caveats[0]
    assert "Nothing shows that 'support' matters" not in loyalty.statement, "of two drivers both are among three"
    assert loyalty.worth.amount is None
    assert said(result, "drivers.not_asked") is None


def test_a_thin_survey_names_what_it_would_take(tmp_path: Path) -> None:
    replies = [[row for row in one if row["question_id"] != "driver:support"] for one in pulse(15)]
    rng = np.random.default_rng(3)
    more = [
        [*one, *reply(one[0]["response_id"], one[0]["partner_id"], **{f"driver__d{k}": float(rng.integers(1, 6)) for k in range(3)})]
        for one in replies
    ]
    finding = said(know.assess(portfolio(tmp_path, more)), "drivers.loyalty")
    assert finding.title == "What drives partners' loyalty cannot be said yet: too few answered"
    assert "a ranking needs 40" in finding.statement
    assert finding.confidence == "low"


def test_hostile_and_odd_answers_are_only_answers(tmp_path: Path) -> None:
    evil = "<script>=1+1"
    replies = pulse(12)
    for one in replies:
        one.append({**one[0], "question_id": f"driver:{evil}", "score": 3.0})
        one.append({**one[0], "question_id": "need::importance", "score": 3.0})
    made = table(portfolio(tmp_path, replies))
    assert evil in made.index
    assert made.loc[evil, "satisfaction"] == pytest.approx(5.0)
    assert np.isnan(made.loc[evil, "share_explained"])
    assert made.loc[evil, "reason"] == "too few answered it, or all alike"
    assert "" not in made.index


def test_a_view_has_its_own_means_and_the_client_s_shares(tmp_path: Path) -> None:
    about = {f"P{number:03d}": {"territory": "north" if number < 20 else "south"} for number in range(40)}
    settings = {"portfolios": {"north": {"territory": ["north"]}}}
    every, north = (table(portfolio(tmp_path / name, pulse(40), settings=settings, about=about, name=name)) for name in ("all", "north"))
    assert north["respondents"].eq(20).all()
    assert north["share_explained"].sort_index().tolist() == pytest.approx(every["share_explained"].sort_index().tolist(), nan_ok=True)
    assert north.loc["leads", "importance"] != every.loc["leads", "importance"]


def test_those_that_answered_are_set_against_those_that_did_not(tmp_path: Path) -> None:
    """30 of 40 answered: all 20 gold ones and 10 of 20 silver ones: gold ones should count 3/4, silver ones 3/2."""
    about = {f"P{number:03d}": {"tier": "gold" if number < 20 else "silver"} for number in range(40)}
    made = portfolio(tmp_path, pulse(30), about=about)
    found = respondents.respondents(made).set_index(["of", "group"])
    assert found.loc[("all", "all partners"), ["partners", "asked", "answered", "answer_rate"]].tolist() == [40, 40, 30, 0.75]
    assert found.loc[("tier", "gold"), ["answered", "answer_rate"]].tolist() == [20, 1.0]
    assert found.loc[("tier", "silver"), "answer_rate"] == 0.5
    assert found.loc[("tier", "gold"), "weight"] == pytest.approx(3 / 4, abs=0.02)
    assert found.loc[("tier", "silver"), "weight"] == pytest.approx(3 / 2, abs=0.04)
    assert found.loc[("tier", "silver"), "high"] < found.loc[("all", "all partners"), "low"] + 0.06
    moved = weighting_moves(made)
    assert moved is not None
    assert moved[0] == "nps"
    assert moved[1] != moved[2]
    unheard = said(know.assess(made), "respondents.unheard")
    assert unheard is None or "silver" in unheard.title


def test_partners_that_had_left_or_not_joined_were_not_asked(tmp_path: Path) -> None:
    about = {"P038": {"ended_on": "2024-01-31"}, "P039": {"joined_on": "2025-06-15"}}
    found = respondents.respondents(portfolio(tmp_path, pulse(10), about=about))
    assert found.iloc[0][["partners", "asked", "answered"]].tolist() == [40, 38, 10]


def test_anonymous_answers_speak_without_weights(tmp_path: Path) -> None:
    made = portfolio(tmp_path, pulse(30, anonymous=True))
    assert respondents.respondents(made).empty
    assert table(made).loc["fair dealing", "matters"] == "yes"
    result = know.assess(made)
    assert any(missing.table == "respondents" and "no answer" in missing.reason for missing in result.not_computed)


def test_scales(tmp_path: Path) -> None:
    found = scales(portfolio(tmp_path, pulse(30))).set_index("scale")
    assert found.loc["how we do on the drivers", "items"] == 2
    assert np.isnan(found.loc["how we do on the drivers", "omega"]), "omega of two questions cannot be told"
    low, value, high = found.loc["how content with the needs", ["alpha_low", "alpha", "alpha_high"]]
    assert low < value < high
    assert found["respondents"].eq(30).all()


def test_readiness_is_ready_for_a_pulse(tmp_path: Path) -> None:
    ready = readiness(portfolio(tmp_path, pulse(40)).client).set_index("table")
    assert ready.loc["drivers", "status"] == "ready"
    assert readiness(portfolio(tmp_path / "none", []).client).set_index("table").loc["drivers", "status"] == "missing"
