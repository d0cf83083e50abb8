"""Exhibits of crowding: the message, the cost line, the average beside it, and what stands there without margins or where a test fails."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from prmkit.practices.result import table
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits import EXHIBITS
from prmkit.results import Results
from tests.publish.programme import people, run

HOSTILE_NAME = "<b>North</b>"


def rows(**changed: Any) -> pd.DataFrame:
    margin = [4_000.0, 7_000.0, 20_000.0]
    made: dict[str, Any] = {
        "territory": [HOSTILE_NAME, "East", "South"],
        "partners": [12.0, 20.0, 9.0],
        "next_partner_margin": margin,
        "next_partner_margin_low": [2_000.0, 4_000.0, 12_000.0],
        "next_partner_margin_high": [5_500.0, 11_000.0, 30_000.0],
        "average_margin": [7_000.0, 9_000.0, 25_000.0],
        "partner_cost": 6_000.0,
        "verdict": ["too_many", "cannot_tell", "room_for_more"],
        "spreadsheet": "add",
    }
    return table("reach", "saturation", pd.DataFrame(made | changed))


def show(name: str, **tables: pd.DataFrame) -> Exhibit:
    return EXHIBITS.get(name)(Results(run(not_computed=[]), (), tables, people(6)))


def test_too_many_comes_first_and_the_average_stands_beside() -> None:
    made = show("reach.saturation", reach_saturation=rows())
    assert made.title.startswith("1 territory has more partners than pay, <b>North</b> first")
    assert "4k of margin a year" in made.title
    assert "6k" in made.title
    assert "By the average, add in 3 of 3 territories; by the next partner, in 1, and in 1 it cannot be told." in made.note
    assert made.picture is not None
    assert "cost of a partner" in made.picture.svg
    assert HOSTILE_NAME not in made.html()


def test_room_alone_names_the_best() -> None:
    made = show("reach.saturation", reach_saturation=rows(verdict=["cannot_tell", "room_for_more", "room_for_more"]))
    assert made.title.startswith("2 territories have room for more partners; the next one brings most in South")


def test_nothing_sure_is_said_so() -> None:
    made = show("reach.saturation", reach_saturation=rows(verdict="cannot_tell"))
    assert made.title == "In none of 3 territories can it be told for sure whether the next partner pays"


def test_without_a_cost_there_is_no_line() -> None:
    made = show("reach.saturation", reach_saturation=rows(verdict="cannot_tell", partner_cost=None, spreadsheet=None))
    assert "brings least" in made.title
    assert made.picture is not None
    assert "cost of a partner" not in made.picture.svg


def test_without_margins_the_break_even_is_drawn() -> None:
    bare = rows(
        verdict="cannot_tell",
        next_partner_margin=None,
        break_even_margin=[0.3, 0.2, 0.1],
        break_even_low=[0.2, 0.1, 0.05],
        break_even_high=[0.5, 0.3, 0.2],
    )
    made = show("reach.saturation", reach_saturation=bare)
    assert made.title == "In <b>North</b> the next partner pays only above a gross margin of 30% (20% to 50%), the most of all territories"


def test_without_elasticity_the_averages_are_all_there_is() -> None:
    made = show("reach.saturation", reach_saturation=rows(verdict="cannot_tell", next_partner_margin=None))
    assert made.missing
    assert made.picture is None


@pytest.mark.parametrize(
    ("passed", "title"),
    [
        (True, "A tenth more partners bring a territory 8% (6% to 10%) more sales"),
        (False, "How far partners share a market cannot be told from these data"),
    ],
)
def test_the_tests_are_drawn_as_changes(passed: bool, title: str) -> None:
    checks = pd.DataFrame(
        {
            "check": ["elasticity", "data_alone", "half_year_ahead", "year_ahead"],
            "value": [0.8, 0.78, 0.01, -0.02],
            "low": [0.6, 0.55, -0.1, -0.2],
            "high": [1.0, 1.0, 0.1, 0.2],
            "passed": [passed, None, True, True],
            "said": "words",
        }
    )
    made = show("reach.crowding_checks", reach_crowding_checks=table("reach", "crowding_checks", checks))
    assert made.title == title
    assert made.note.startswith("Words. ") is not passed
    assert made.picture is not None
    assert "−0.22" in made.picture.svg


def test_no_checks_no_exhibit() -> None:
    assert show("reach.crowding_checks", reach_crowding_checks=table("reach", "crowding_checks")).missing
