"""Of each partner the latest word counts, and no word that is too old."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from prmkit.data.portfolio import open_portfolio
from prmkit.practices.survey import Voices, voices
from tests.data.handmade import client, line


def said(
    response: str, partner: str | None, day: str, question: str, score: float | None = None, text: str | None = None
) -> dict[str, Any]:
    row = {"response_id": response, "respondent": "partner", "partner_id": partner, "date": day, "question_id": question, "score": score}
    return {**row, "text": text}


def heard(folder: Path, *rows: dict[str, Any]) -> Voices:
    lines = [line("2025-06-30", partner, "100") for partner in "AB"]
    tables = {"surveys": list(rows)} if rows else {}
    return voices(open_portfolio(client(folder, lines, partners=[{"partner_id": one, "name": one} for one in "AB"], **tables)))


def test_of_several_waves_the_last_one_counts_for_each_partner(tmp_path: Path) -> None:
    made = heard(
        tmp_path,
        said("R1", "A", "2024-05-10", "nps", 2),
        said("R2", "A", "2025-05-01", "nps", 9),
        said("R3", "A", "2025-04-10", "nps", 7),
        said("R4", "B", "2024-05-12", "nps", 5),
        said("R5", None, "2025-02-01", "nps", 1),
        said("R6", "B", "2023-06-30", "nps", 10),
    )
    assert made.scores["nps"].to_dict() == {"R2": 9.0, "R3": 7.0, "R4": 5.0, "R5": 1.0}
    assert made.by_partner(made.scores)["nps"].to_dict() == {"A": 8.0, "B": 5.0}


def test_questions_are_called_by_name_and_texts_are_kept(tmp_path: Path) -> None:
    made = heard(
        tmp_path,
        said("R1", "A", "2025-05-10", "need:margin:importance", 5),
        said("R1", "A", "2025-05-10", "need:leads:importance", 3),
        said("R1", "A", "2025-05-10", "need:leads:satisfaction", 2),
        said("R1", "A", "2025-05-10", "worry", text="=price wars"),
        {**said("C1", "A", "2025-05-10", "nps", 1), "respondent": "customer"},
    )
    assert made.named("need:", ":importance").loc["R1"].to_dict() == {"leads": 3.0, "margin": 5.0}
    assert list(made.scores.columns) == ["need:leads:importance", "need:leads:satisfaction", "need:margin:importance"]
    assert made.texts[["response_id", "text"]].to_numpy().tolist() == [["R1", "=price wars"]]


def test_nobody_asked_is_empty(tmp_path: Path) -> None:
    made = heard(tmp_path)
    assert len(made.responses) == len(made.scores) == len(made.texts) == 0
    assert made.named("driver:").shape == (0, 0)
