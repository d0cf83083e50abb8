"""The page: every failure first, every column explained, nothing in a name taken for markup."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from prmkit.prove.columns import COLUMNS
from prmkit.prove.gates import Gate, judge
from prmkit.prove.ledger import Plan
from prmkit.prove.page import page, text
from prmkit.prove.pooled import pool
from prmkit.prove.run import Failure, Proof
from prmkit.prove.score import Answer, Claims, Estimates, Outcome, Stakes
from prmkit.prove.tally import tally
from prmkit.simulate.worlds import WORLDS

HOSTILE = "a|b <script>alert(1)</script> *bold* `code` [x](y)\n# no heading \\"
ANSWER = Answer("prune.fair_contribution", "prune", "What is it worth?", "partner", "last year's profit", "told all", lambda case: None)
PLANS = (Plan(WORLDS.get("thin"), 80, 15), Plan(WORLDS.get("null"), 500, 36))


def proof(*, half: float = 1.7, answer: Answer = ANSWER, failures: tuple[Failure, ...] = ()) -> Proof:
    """Two worlds of one answer over 200 programmes, its errors -1.6, -0.8, 0, 0.8, 1.6 in turn."""
    scores = []
    for plan in PLANS:
        tallies = []
        for seed in range(200):
            off = 0.8 * (seed % 5 - 2)
            told = Estimates.of(
                [0.0, 1.0], [off, 1.0 + off], [off - half, 1 + off - half], [off + half, 1 + off + half], naive=[4.0, 5.0], limit=[0.0, 1.0]
            )
            tallies.append(tally(Outcome(told, Stakes(2.0, 0.0, 4.0), Claims(2, 1, 0.5, 4, 3, looked=50))))
        scores.append(pool(answer.name, plan.world.name, tallies, [1.26] * 200))
    gates: tuple[Gate, ...] = tuple(gate for score in scores for gate in judge(answer, score))
    return Proof(PLANS, tuple(range(1, 201)), (answer,), tuple(scores), gates, failures)


def rows(made: str, heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, header first."""
    part = re.split(r"^#+ ", made.partition(f"# {heading}\n")[2], flags=re.MULTILINE)[0]
    table = [line for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in table if not line.startswith("| ---")]


def test_a_row_says_what_the_score_says() -> None:
    header, thin, null = rows(page(proof(), "prmkit prove"), "prune.fair_contribution")
    told = dict(zip(header, thin, strict=True))
    assert told["coverage"] == "**100% (97 to 100) too wide**"
    assert (told["bias"], told["typical error"], told["interval score"]) == ("0 / +4.00 / 0", "1.13 / 4.00 / 0", "3.40 / –")
    assert (told["programmes × units"], told["decision"], told["seconds"]) == ("200 × 2", "50% (50 to 50)", "1.3")
    assert told["false claims"] == "50% of 400 / 50% stated / 75% of 800"
    assert told["claims where none is true"] == "–"
    assert dict(zip(header, null, strict=True))["claims where none is true"].startswith("2.0% (")
    # nothing to say of them in any world
    assert {"width", "limit covers", "no answer"}.isdisjoint(header)


def test_failures_come_first_and_are_counted() -> None:
    made = page(proof(), "prmkit prove")
    assert "Of 8 gates that could be judged, **2 failed**" in made
    assert rows(made, "In short")[1][:3] == ["prune.fair_contribution", "thin", "coverage"]
    assert made.index("too wide") < made.index("## How to read")
    assert "60% (51 to 69) too narrow" in page(proof(half=1.5), "prmkit prove")
    failed = page(
        proof(failures=(Failure("thin", 3, "reach", "ValueError: x"), Failure("thin", 4, "reach", "ValueError: x"))), "prmkit prove"
    )
    assert "| thin | reach | 2 of 200 | ValueError: x |" in failed


def test_every_column_and_every_world_is_explained_and_the_command_is_there() -> None:
    made = page(proof(), "prmkit prove --worlds 200 --seed 1")
    for column in COLUMNS:
        assert f"- **{column.name}**: {column.meaning}" in made
    assert [row[:3] for row in rows(made, "The worlds")[1:]] == [["thin", "80", "15"], ["null", "500", "36"]]
    assert "```\nprmkit prove --worlds 200 --seed 1\n```" in made
    assert "All data here are made up." in made
    assert made.endswith(".\n")
    assert "nan" not in made


def test_the_same_outcomes_make_the_same_page() -> None:
    assert page(proof(), "x") == page(proof(), "x")


def test_nothing_in_a_name_is_taken_for_markup() -> None:
    hostile = replace(ANSWER, name=f"prune.{HOSTILE}", question=HOSTILE, unit=HOSTILE, naive_rule=HOSTILE, limit_rule=HOSTILE)
    made = page(proof(answer=hostile, failures=(Failure("thin", 3, HOSTILE, HOSTILE),)), "prmkit prove")
    assert "<script>" not in made
    assert "\n# no heading" not in made
    assert "\\*bold\\*" in made
    for line in made.splitlines():
        if line.startswith("| thin | a"):
            assert len(re.split(r"(?<!\\)\|", line)) == 6


@pytest.mark.parametrize(
    ("words", "shown"), [("fair_contribution", "fair_contribution"), ("_x_", "\\_x\\_"), ("a\n b", "a b"), ("5 < 6", "5 &lt; 6")]
)
def test_words_as_markdown_shows_them(words: str, shown: str) -> None:
    assert text(words) == shown
