"""The sentence that heads our totals, and the place they have on the front page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from prmkit.publish.front import front_page
from prmkit.publish.totals import consequence, heading
from prmkit.results import Results

COLUMNS = ["period", "measure", "ours", "theirs", "difference", "explained_by"]
Row = tuple[str, str, float | None, float, str | None]


def frame(*rows: Row) -> pd.DataFrame:
    told = [(period, measure, ours, theirs, None if ours is None else ours - theirs, why) for period, measure, ours, theirs, why in rows]
    made = pd.DataFrame(told, columns=COLUMNS)
    return made.astype(dict.fromkeys(("ours", "theirs", "difference"), "float64") | {"explained_by": "str"})


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "Our totals were not held against finance's"),
        ([("2025", "revenue", 988.0, 1000.0, "cut_off")], "Revenue is 1.2% below finance's for 2025, explained by cut-off"),
        ([("2025-Q3", "revenue", 1031.0, 1000.0, "unknown")], "Revenue is 3.1% above finance's for 2025-Q3, and nothing explains it"),
        ([("2025", "revenue", 1000.0, 1000.0, None)], "Revenue is the same as finance's for 2025"),
        ([("2025", "cost", 5.0, 5.0, None), ("2025", "units", 1.0, 1.0, None)], "Both totals are the same as finance's"),
        ([("2025", "cost", None, 5.0, "unknown")], "Cost for 2025 has no figure of ours beside finance's"),
        ([("2025", "direct_revenue", 5.0, 0.0, "unknown")], "Direct revenue is 5 for 2025 where finance has none, and nothing explains it"),
        (
            [
                ("2024", "partners_active", 40.0, 80.0, "unknown"),
                ("2025", "revenue", 500.0, 1000.0, "basis"),
                ("2025", "units", 1, 1, None),
            ],
            "The number of active partners is 50% below finance's for 2024, and nothing explains it; one more of 3 totals differ",
        ),
        (
            [("2025", "cost", 500.0, 1000.0, "returns"), ("2025", "revenue", 995.0, 1000.0, "unmatched")],
            "Revenue is 0.5% below finance's for 2025, explained by partners that are not on the list; one more of 2 totals differ",
        ),
    ],
)
def test_the_difference_that_matters_most_heads_the_totals(rows: list[Row], said: str) -> None:
    assert heading(frame(*rows), "en_GB") == said


def test_a_large_unexplained_difference_has_a_consequence() -> None:
    assert consequence(frame(("2025", "revenue", 981.0, 1000.0, "unknown"))) == ""
    assert consequence(frame(("2025", "revenue", 500.0, 1000.0, "basis"))) == ""
    assert consequence(None) == ""
    assert "makes every finding a step less sure" in consequence(frame(("2025", "revenue", 979.0, 1000.0, "unknown")))


@pytest.mark.parametrize(("why", "told"), [("cut_off", False), ("unknown", True)])
def test_totals_open_the_provenance_of_the_front_page(make_results: Callable[..., Results], why: str, told: bool) -> None:
    results = make_results()
    totals = frame(("2025", "revenue", 900.0, 1000.0, why))
    soup = BeautifulSoup(front_page(replace(results, tables={**results.tables, "reconciliation": totals}), playbooks=[]), "html.parser")
    made = soup.select_one("#made")
    assert made is not None
    heads = [tag.get_text() for tag in made.select("h3")]
    assert heads[0].startswith("Revenue is 10% below finance's for 2025, ")
    assert heads[1:3] == ["Exports read", "Faults that matter"]
    assert ("makes every finding a step less sure" in made.get_text()) is told
    assert [cell.get_text() for cell in made.select("table")[0].select("tbody td")] == [
        *("Revenue", "900", "1,000", "−100", "−10%", "cut-off" if why == "cut_off" else "not explained"),
    ]
