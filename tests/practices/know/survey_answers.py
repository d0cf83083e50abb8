"""Surveys written by hand: respondents, what they marked, and the clients they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from prmkit.data.portfolio import Portfolio, open_portfolio
from tests.data.handmade import client, line


def reply(response: str, partner: str | None, day: str = "2025-05-10", **marks: float | None) -> list[dict[str, Any]]:
    """Rows of one respondent; marks by question, with __ for : and a space for _ (need__margin__importance)."""
    head = {"response_id": response, "respondent": "partner", "partner_id": partner, "date": day, "role": "sales"}
    asked = {question.replace("__", ":").replace("_", " "): mark for question, mark in marks.items()}
    return [{**head, "question_id": question, "score": mark} for question, mark in asked.items() if mark is not None]


def portfolio(
    folder: Path,
    replies: Iterable[Iterable[Mapping[str, Any]]],
    partners: int = 40,
    settings: dict[str, Any] | None = None,
    name: str = "all",
    about: Mapping[str, Any] | None = None,
    **tables: Any,
) -> Portfolio:
    """Partners P000, P001 ... of which every second one bought in June 2025, and the replies."""
    folder.mkdir(exist_ok=True)
    rows = [row for one in replies for row in one]
    lines = [line("2025-06-30", f"P{number:03d}", str(100 + number)) for number in range(0, partners, 2)]
    listed = [
        {"partner_id": f"P{number:03d}", "name": f"P{number:03d}", **(about or {}).get(f"P{number:03d}", {})} for number in range(partners)
    ]
    if rows:
        tables["surveys"] = rows
    return open_portfolio(client(folder, lines, settings, partners=listed, **tables), name)


def pulse(count: int, seed: int = 1, *, per_partner: int = 1, anonymous: bool = False) -> list[list[dict[str, Any]]]:
    """`count` replies to the pulse: leads matter most and please least; fair dealing goes with the recommendation, support does not."""
    rng = np.random.default_rng(seed)
    made = []
    for number in range(count):
        style, fair, support = rng.normal(size=3)

        def mark(mean: float, style: float = style, rng: np.random.Generator = rng) -> float:
            return float(np.clip(np.rint(mean + 0.6 * rng.normal() + 0.4 * style), 1, 5))

        needs = {"margin": (3.4, 3.4), "leads": (4.4, 2.4), "technical_help": (3.0, 3.6)}
        marks = {
            f"need__{name}__{part}": mark(mean)
            for name, pair in needs.items()
            for part, mean in zip(("importance", "satisfaction"), pair, strict=True)
        }
        nps = float(np.clip(np.rint(6.5 + 1.6 * fair + 0.6 * rng.normal()), 0, 10))
        marks |= {"driver__fair_dealing": mark(3.3 + 0.9 * fair), "driver__support": mark(3.3 + 0.9 * support), "nps": nps}
        made.append(reply(f"R{number:03d}", None if anonymous else f"P{number // per_partner:03d}", **marks))
    return made
