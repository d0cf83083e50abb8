"""Five small worlds whose every figure is known: what is true in them, and what is said of it. Run as a script it writes them anew."""

from __future__ import annotations

import json
import math
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from prmkit.prove.answers import ANSWERS
from prmkit.prove.case import make_case
from prmkit.prove.score import Outcome
from prmkit.simulate import WORLDS

SMALL = {"reference": (1, 90, 24), "heavy_tail": (2, 80, 18), "null": (3, 70, 24), "traps": (4, 90, 18), "dirty": (5, 80, 24)}
KEPT = Path(__file__).with_name("small_worlds.json")


def figures(outcome: Outcome) -> dict[str, Any]:
    """Means of what is true and said, and every count and stake, of one answer in one world."""
    made: dict[str, Any] = {}
    if told := outcome.estimates:
        answered = ~np.isnan(told.tool)
        made |= {
            "units": len(told.truth),
            "answered": int(answered.sum()),
            "should": int(told.should.sum()),
            "truth": float(told.truth.mean()),
        }
        for name in ("tool", "low", "high", "naive", "limit", "limit_low", "limit_high"):
            values = getattr(told, name)
            if not np.isnan(values).all():
                made[name] = float(np.nanmean(values))
    if stakes := outcome.stakes:
        made["stakes"] = [stakes.tool, stakes.naive, stakes.limit]
    if claims := outcome.claims:
        made["claims"] = [claims.made, claims.false, claims.naive_made, claims.naive_false, claims.looked]
    return made


def measured(name: str) -> dict[str, dict[str, Any]]:
    seed, partners, months = SMALL[name]
    with make_case(WORLDS.get(name), seed, partners, months) as case:
        assert not case.failures
        found = {answer: ANSWERS.get(answer).judge(case) for answer in ANSWERS}
        return {answer: figures(outcome) for answer, outcome in found.items() if outcome}


@pytest.mark.parametrize("name", SMALL)
def test_a_small_world_gives_what_it_gave(name: str) -> None:
    wanted, found = json.loads(KEPT.read_text(encoding="utf-8"))[name], measured(name)
    assert found.keys() == wanted.keys()
    for answer, figure in wanted.items():
        assert found[answer].keys() == figure.keys(), answer
        for key, value in figure.items():
            exact = key in {"units", "answered", "should", "truth"}
            near = pytest.approx(value, rel=1e-9 if exact else 1e-3, abs=1e-9 if exact else 1e-3, nan_ok=True)
            assert found[answer][key] == near, f"{answer}, {key}"


def test_the_kept_figures_hold_something() -> None:
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    assert kept.keys() == SMALL.keys()
    assert min(len(answers) for answers in kept.values()) >= 15
    assert all(math.isfinite(figure["truth"]) for answers in kept.values() for figure in answers.values() if "truth" in figure)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    KEPT.write_text(json.dumps({name: measured(name) for name in SMALL}, indent=1) + "\n", encoding="utf-8")
