"""The one rule for high, medium and low, as its method card tells it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmkit.practices.confidence import Basis, confidence

ORDER = {"low": 0, "medium": 1, "high": 2}


@pytest.mark.parametrize(
    ("basis", "n", "decides", "warnings", "word"),
    [
        ("measured", 30, True, 0, "high"),
        ("measured", 29, True, 0, "medium"),
        ("measured", 9, True, 0, "low"),
        ("measured", 500, False, 0, "medium"),
        ("measured", 500, True, 1, "medium"),
        ("measured", 500, True, 2, "low"),
        ("surveyed", 500, True, 0, "medium"),
        ("estimated", 500, True, 0, "medium"),
        ("estimated", 500, False, 0, "low"),
        ("surveyed", 29, True, 0, "low"),
    ],
)
def test_the_rule(basis: Basis, n: int, decides: bool, warnings: int, word: str) -> None:
    assert confidence(basis=basis, n=n, decides=decides, warnings=warnings) == word


@given(st.sampled_from(["measured", "surveyed", "estimated"]), st.integers(0, 1000), st.booleans(), st.integers(0, 5))
def test_more_evidence_never_lowers_it(basis: Basis, n: int, decides: bool, warnings: int) -> None:
    word = ORDER[confidence(basis=basis, n=n, decides=decides, warnings=warnings)]
    assert ORDER[confidence(basis=basis, n=n + 1, decides=decides, warnings=warnings)] >= word
    assert ORDER[confidence(basis=basis, n=n, decides=True, warnings=warnings)] >= word
    assert ORDER[confidence(basis="measured", n=n, decides=decides, warnings=warnings)] >= word
    assert ORDER[confidence(basis=basis, n=n, decides=decides, warnings=warnings + 1)] <= word


def test_counts_are_not_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        confidence(basis="measured", n=-1, decides=True)
    with pytest.raises(ValueError, match="negative"):
        confidence(basis="measured", n=1, decides=True, warnings=-1)
