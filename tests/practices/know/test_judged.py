"""What partner managers judged takes the place of what nobody knows, and of nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from prmkit.data.portfolio import open_portfolio
from prmkit.data.readiness import readiness
from prmkit.practices import know
from prmkit.practices.know.standing.judged import CLASH, JUDGED, STAND_IN, UNCLEAR
from prmkit.practices.result import PracticeResult
from tests.data.handmade import client, line

BANDS = {"under_10": (0.0, 0.1), "10_to_25": (0.1, 0.25), "25_to_50": (0.25, 0.5), "50_to_75": (0.5, 0.75), "over_75": (0.75, 1.0)}


def judged(partner: str, question: str, answer: str | None, by: str = "Ann", on: str = "2025-06-01") -> dict[str, Any]:
    low, high = BANDS.get(answer or "", (None, None))
    return {"partner_id": partner, "question": question, "answer": answer, "low": low, "high": high, "judged_by": by, "judged_on": on}


def share(partner: str, answer: str | None, by: str = "Ann") -> dict[str, Any]:
    return judged(partner, "share_of_wallet", answer, by)


def role(partner: str, answer: str | None, by: str = "Ann") -> dict[str, Any]:
    return judged(partner, "portfolio_role", answer, by)


def found(folder: Path, *estimates: dict[str, Any], settings: dict[str, Any] | None = None, **about: dict[str, Any]) -> PracticeResult:
    """The first practice for partners A to F, of which F bought nothing; `about` are further columns of a partner."""
    lines = [line("2025-06-02", partner, "100") for partner in "ABCDE"]
    partners = [{"partner_id": one, "name": one, **about.get(one, {})} for one in "ABCDEF"]
    rows = {"estimates": estimates} if estimates else {}
    folder.mkdir(exist_ok=True)
    return know.assess(open_portfolio(client(folder, lines, settings, partners=partners, **rows)))


def alignment(*given: Any, **more: Any) -> pd.DataFrame:
    return found(*given, **more).tables["alignment"].set_index("partner_id")


def test_a_band_is_the_interval_and_its_middle_the_share(tmp_path: Path) -> None:
    made = alignment(tmp_path, share("A", "10_to_25"), share("B", "over_75"), share("C", "under_10"))
    assert made.loc["A", ["share_of_wallet", "share_low", "share_high", "basis"]].tolist() == [0.175, 0.1, 0.25, "estimated"]
    assert made.loc["B", ["share_of_wallet", "share_low", "share_high", "portfolio_role"]].tolist() == [0.875, 0.75, 1.0, "primary"]
    assert made.loc["C", ["share_low", "share_high", "portfolio_role"]].tolist() == [0.0, 0.1, "add_on"]
    assert made.loc["D", "basis"] == "none"
    assert made.loc[["A", "B", "C"], "reason"].tolist() == [JUDGED] * 3


@pytest.mark.parametrize(("answer", "called"), [("main_line", "primary"), ("one_of_a_few", "core"), ("add_on", "add_on")])
def test_a_role_is_read_as_the_shares_it_stands_for(tmp_path: Path, answer: str, called: str) -> None:
    made = alignment(tmp_path, role("A", answer))
    assert made.loc["A", ["portfolio_role", "basis", "reason"]].tolist() == [called, "estimated", JUDGED]
    assert 0.85 < float(made.loc["A", "role_probability"]) < 1
    assert np.isnan(float(made.loc["A", "share_of_wallet"])), "a role is no share"


def test_bands_that_lie_apart_call_no_role(tmp_path: Path) -> None:
    made = alignment(
        tmp_path,
        *[share("A", "over_75"), role("A", "add_on")],
        *[role("B", "main_line"), role("B", "add_on", by="Bo")],
        *[share("C", "50_to_75"), role("C", "main_line")],
        *[share("D", "under_10"), share("D", "10_to_25", by="Bo")],
    )
    assert made["portfolio_role"].to_dict() == {
        "A": "unknown",
        "B": "unknown",
        "C": "primary",
        "D": "add_on",
        "E": "unknown",
        "F": "unknown",
    }
    assert made.loc[["A", "B"], "reason"].tolist() == [f"{JUDGED}; {CLASH}"] * 2
    assert made.loc[["A", "B"], "role_probability"].isna().all()
    assert made.loc["D", ["share_low", "share_high"]].tolist() == [0.0, 0.25], "from the lowest to the highest"


def test_a_band_that_spans_two_roles_calls_none(tmp_path: Path) -> None:
    wide = judged("A", "share_of_wallet", None) | {"low": 0.1, "high": 0.4}
    made = alignment(tmp_path, wide)
    assert made.loc["A", ["portfolio_role", "reason"]].tolist() == ["unknown", f"{JUDGED}; {UNCLEAR}"]
    assert made.loc["A", "share_of_wallet"] == 0.25


def test_what_is_measured_or_surveyed_stays_as_it_was(tmp_path: Path) -> None:
    about = {"A": {"annual_revenue": 1000.0}, "B": {"vendor_count": 9}}
    without = alignment(tmp_path / "without", **about)
    with_them = alignment(tmp_path / "with", *[role(one, "main_line") for one in "ABC"], share("A", "over_75"), **about)
    pd.testing.assert_frame_equal(with_them.loc[["A", "B", "D", "E", "F"]], without.loc[["A", "B", "D", "E", "F"]])
    assert with_them.loc["C", "portfolio_role"] == "primary"


def test_not_known_changes_nothing(tmp_path: Path) -> None:
    without, asked = (
        found(tmp_path / "without"),
        found(tmp_path / "with", share("A", None), role("A", None), judged("B", "earns_most", None)),
    )
    for name, frame in without.tables.items():
        pd.testing.assert_frame_equal(asked.tables[name], frame)
    assert asked.notes == without.notes
    assert asked.findings == without.findings


def test_a_partner_that_bought_nothing_has_a_share_and_no_role(tmp_path: Path) -> None:
    made = alignment(tmp_path, share("F", "over_75"), role("F", "main_line"))
    assert made.loc["F", ["share_of_wallet", "portfolio_role", "reason"]].tolist() == [
        0.875, "unknown", f"{JUDGED}; nothing bought in the 12 months",
    ]  # fmt: skip


def test_a_judgement_made_after_the_last_sale_counts_now_and_not_on_an_earlier_day(tmp_path: Path) -> None:
    late = role("A", "main_line") | {"judged_on": "2025-09-30"}
    lines = [line("2025-05-02", "A", "100"), line("2025-06-02", "A", "100")]
    portfolio = open_portfolio(client(tmp_path, lines, partners=[{"partner_id": "A", "name": "A"}], estimates=[late]))
    assert len(portfolio.tables["estimates"]) == 1
    assert len(portfolio.at(pd.Timestamp("2025-05-31")).tables["estimates"]) == 0


def test_it_is_disclosed_and_the_finding_says_how_many(tmp_path: Path) -> None:
    lines = [line("2025-06-02", f"P{number}", "100") for number in range(12)]
    told = [role(f"P{number}", "add_on") for number in range(12)]
    result = know.assess(open_portfolio(client(tmp_path, lines, estimates=told)))
    assert result.notes["share_judged"] == STAND_IN
    (finding,) = [finding for finding in result.findings if finding.id.startswith("know.alignment.role")]
    assert finding.caveats[-1] == "The role of 12 partners is their partner manager's judgement; nothing on record confirms it."


def test_readiness_counts_judgements_and_not_those_that_say_nothing(tmp_path: Path) -> None:
    lines = [line("2025-06-02", partner, "100") for partner in "AB"]

    def status(folder: str, *estimates: dict[str, Any]) -> tuple[str, float]:
        (tmp_path / folder).mkdir()
        ready = readiness(client(tmp_path / folder, lines, estimates=estimates)).set_index("table")
        return str(ready.loc["alignment", "status"]), float(ready.loc["alignment", "coverage"])

    assert status("one", share("A", "over_75")) == ("partial", 0.5)
    assert status("nothing", share("A", None), judged("B", "outlook", "growing")) == ("missing", 0.0)
