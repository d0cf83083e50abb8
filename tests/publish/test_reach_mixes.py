"""The exhibit of mixes: one card a mix, its chance in words, and nothing of the data parsed as HTML."""

from __future__ import annotations

from typing import Any

import pandas as pd
from bs4 import BeautifulSoup

from prmkit.practices.result import table
from prmkit.publish.exhibits import EXHIBITS
from prmkit.results import Results
from tests.publish.programme import HOSTILE, empty, people, run


def mix(name: str, recruits: int, **more: Any) -> dict[str, Any]:
    money = {"revenue": 5.2e6, "low": 4.1e6, "high": 6.3e6, "goal": 5e6, "goal_in_reach": 5.01e6, "confidence": 0.8}
    return {
        "mix": name,
        "title": name,
        "recruits": recruits,
        "probability": 0.8,
        "reaches": True,
        "within_range_seen": True,
        **money,
        **more,
    }


def lever(name: str, lever: str, revenue: float, **more: Any) -> dict[str, Any]:
    return {"mix": name, "lever": lever, "revenue": revenue, "words": lever, **more}


ROWS = [
    mix(
        "todays_partners",
        0,
        cost=1e5,
        cost_low=1e5,
        cost_high=1e5,
        must_be_true="The levers hold.",
        naive_recruits=9,
        naive_probability=0.04,
    ),
    mix("least_stretch", 20, within_range_seen=False),
    mix("recruiting", 61, cost_missing="what it costs to sign a partner"),
]
PARTS = [
    lever("todays_partners", "present", 4e6),
    lever("todays_partners", "retention", 1.2e6, words=f"keep {HOSTILE}", within_range_seen=False),
    lever("recruiting", "present", 4e6),
    lever("recruiting", "recruits", 1.2e6),
]


def page(rows: list[dict[str, Any]] = ROWS) -> BeautifulSoup:
    tables = {
        "reach_mixes": table("reach", "mixes", pd.DataFrame(rows)),
        "reach_mix_levers": table("reach", "mix_levers", pd.DataFrame(PARTS)),
    }
    return BeautifulSoup(EXHIBITS.get("reach.mixes")(Results(run(not_computed=[]), (), tables, people(6))).html(), "html.parser")


def test_three_cards_with_chance_cost_and_what_must_be_true() -> None:
    made = page()
    cards = made.select(".ways > li")
    assert made.h3 is not None
    assert made.h3.text == "Three ways to the goal, with 0, 20 or 61 recruits"
    assert len(cards) == 3
    assert "Eight chances in ten: 80% sure of the goal" in cards[0].text
    assert "EUR 100k" in cards[0].text
    assert "The levers hold." in cards[0].text
    assert "what it costs to sign a partner." in cards[2].text
    assert [card.select_one(".status")["class"][1] for card in cards] == ["good", "watch", "good"]


def test_what_has_not_been_seen_is_marked_and_data_are_escaped() -> None:
    made = page()
    assert [mark.text for mark in made.select(".ways em")] == ["(not seen here before)"]
    assert str(HOSTILE) not in str(made)


def test_the_spreadsheets_number_stands_beside() -> None:
    assert "gap over average partner, says 9 recruits; the chance with those is 4.0%" in page().text


def test_where_nothing_reaches_the_goal_the_title_says_what_is_within_reach() -> None:
    made = page([mix("recruiting", 61, reaches=False, probability=0.3, goal_in_reach=4.2e6)])
    assert made.h3 is not None
    assert made.h3.text == "No mix of levers reaches the goal; EUR 4.2m is within reach"
    assert "Three chances in ten: 30% sure of the goal; EUR 4.2m is reached as surely as asked" in made.text


def test_without_mixes_it_says_what_is_missing() -> None:
    assert EXHIBITS.get("reach.mixes")(empty()).title.endswith("not known yet")
