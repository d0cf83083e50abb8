"""The need that stands out for a partner: its own answers first, its manager's judgement where it said nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices import know
from prmkit.practices.know.voices.main_need import ANONYMOUS, CLASH, JUDGED, NOT_ASKED, NOTHING, main_need
from tests.practices.know.survey_answers import portfolio, reply

NEEDS = ("margin", "leads", "technical_help", "training")


def wants(count: int, anonymous: bool = False) -> list[list[dict[str, Any]]]:
    """Every second partner wants margin, the others leads: two marks above the rest; every third marks all one higher."""
    rng = np.random.default_rng(7)
    made = []
    for number in range(count):
        marks = {
            f"need__{need}__importance": float(
                np.clip(np.rint(2.3 + 2 * (number % 2 == place) + (number % 3 == 0) + 0.3 * rng.normal()), 1, 5)
            )
            for place, need in enumerate(NEEDS)
        }
        made.append(reply(f"R{number:03d}", None if anonymous else f"P{number:03d}", **marks))
    return made


def held(partner: str, answer: str, by: str = "Ann") -> dict[str, Any]:
    return {"partner_id": partner, "question": "held_back", "answer": answer, "judged_by": by, "judged_on": "2025-06-01"}


def found(made: Portfolio) -> pd.DataFrame:
    table = main_need(made)
    assert table["partner_id"].tolist() == made.partners["partner_id"].tolist()
    assert (table["main_need"].notna() == (table["main_need_basis"] != "none")).all()
    assert table.loc[table["main_need_basis"] != "surveyed", "chance"].isna().all()
    return table.set_index("partner_id")


def test_own_answers(tmp_path: Path) -> None:
    made = found(portfolio(tmp_path, wants(40), partners=44))
    assert made["main_need"].iloc[:40].tolist() == ["margin", "leads"] * 20
    assert made["main_need_basis"].iloc[:40].eq("surveyed").all()
    assert made["chance"].iloc[:40].gt(0.7).all()
    assert made["reason"].iloc[40:].eq(NOT_ASKED).all()


def test_a_manager_s_judgement_counts_where_the_partner_said_nothing(tmp_path: Path) -> None:
    told = [
        held("P000", "demand"), held("P040", "demand"), held("P041", "skills"), held("P042", "attention"), held("P043", "nothing"),
        held("P044", "margin"), held("P044", "skills", by="Bo"), held("P045", "margin"), held("P045", "margin", by="Bo"),
    ]  # fmt: skip
    made = found(portfolio(tmp_path, wants(40), partners=46, estimates=told))
    assert made.loc["P000", ["main_need", "main_need_basis"]].tolist() == ["margin", "surveyed"], "its own word comes first"
    assert made.loc["P040", ["main_need", "main_need_basis", "reason"]].tolist() == ["leads", "judged", JUDGED]
    assert made.loc[["P041", "P042", "P045"], "main_need"].tolist() == ["training", "attention from us", "margin"]
    assert made.loc[["P043", "P044"], "reason"].tolist() == [NOTHING, CLASH]
    assert made.loc[["P043", "P044"], "main_need"].isna().all()


def test_judgements_alone_are_enough(tmp_path: Path) -> None:
    made = found(portfolio(tmp_path, [], partners=3, estimates=[held("P001", "skills")]))
    assert made.loc["P001", ["main_need", "main_need_basis"]].tolist() == ["training", "judged"]
    assert made.loc["P000", "reason"] == NOT_ASKED


def test_few_or_anonymous_answers_name_nobody_s_need(tmp_path: Path) -> None:
    few = found(portfolio(tmp_path / "few", wants(12)))
    assert few["main_need"].isna().all()
    assert few["reason"].iloc[0].startswith("fewer than 30 partners answered")
    silent = found(portfolio(tmp_path / "anonymous", wants(40, anonymous=True)))
    assert silent["reason"].eq(ANONYMOUS).all()


def test_a_partner_is_the_same_in_every_portfolio_and_in_its_overview(tmp_path: Path) -> None:
    about = {f"P{number:03d}": {"territory": "north" if number % 2 else "south"} for number in range(40)}
    settings = {"portfolios": {"north": {"territory": ["north"]}}}
    every = found(portfolio(tmp_path / "a", wants(40), about=about, settings=settings))
    view = portfolio(tmp_path / "b", wants(40), about=about, settings=settings, name="north")
    pd.testing.assert_frame_equal(found(view), every.loc[found(view).index])
    overview = know.assess(view).tables["partner_360"].set_index("partner_id")["main_need"]
    assert overview.tolist() == found(view)["main_need"].tolist()
