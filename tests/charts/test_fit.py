"""Text cut to its room, and scales with round ticks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmkit.charts.fit import fit, text_width, wrap
from prmkit.charts.scale import Scale, counts, domain, said, tick_step


@given(st.text(max_size=200), st.floats(20, 400))
def test_text_never_exceeds_its_room(text: str, room: float) -> None:
    assert text_width(fit(text, room, 13), 13) <= room


@given(st.text(max_size=200))
def test_wrapped_text_has_at_most_its_lines(text: str) -> None:
    lines = wrap(text, 200, 13, 2)
    assert len(lines) <= 2
    assert all(text_width(line, 13) <= 200 for line in lines)


def test_text_that_fits_is_left_alone() -> None:
    assert fit("Plain Ltd", 200, 13) == "Plain Ltd"
    assert fit("Aktiengesellschaft für Bürobedarf", 100, 13).endswith("…")
    assert wrap("one two three four five six seven eight nine ten", 120, 13, 2)[1].endswith("…")
    assert wrap("one two", 300, 13, 2) == ["one two"]


def test_wide_scripts_take_more_room() -> None:
    assert text_width("株式会社", 10) > text_width("abcd", 10) * 1.5


@given(st.floats(-1e9, 1e9), st.floats(1e-6, 1e6))
def test_ticks_are_round_few_and_inside(low: float, spread: float) -> None:
    high = low + spread * max(abs(low), 1e-3)
    step = tick_step(low, high)
    ticks = Scale(low, high, 0, 100).ticks()
    assert len(ticks) <= 6
    assert all(low - step * 1e-6 <= tick <= high + step * 1e-6 for tick in ticks)
    mantissa = float(f"{step:e}".split("e")[0])
    assert mantissa == pytest.approx(1) or mantissa in {2.0, 2.5, 5.0}


def test_counts_get_whole_ticks() -> None:
    assert counts([3, 9.0, None], "")
    assert not counts([3.5], "")
    assert not counts([3], "EUR")
    assert Scale(0, 9, 0, 100).ticks(5, whole=True) == [0, 5]
    assert Scale(0, 3, 0, 100).ticks(5, whole=True) == [0, 1, 2, 3]


def test_domains_are_never_empty() -> None:
    assert domain([]) == (0.0, 1.0)
    assert domain([5.0]) == (0.0, 5.0)
    assert domain([0.0]) == (0.0, 1.0)
    assert domain([3.0, 3.0], zero=False) == (0.0, 6.0)
    assert domain([1e9, 1e9 + 1e-6], zero=False)[1] > 1.9e9
    assert domain([-2.0, None, float("nan")]) == (-2.0, 0.0)


def test_labels_keep_the_unit_of_their_ticks() -> None:
    assert said(250_000, "EUR", "en_GB", 250_000.0) == "250k"
    assert said(0.5, "fraction", "en_GB", 0.5) == "50%"
    assert said(100, "", "en_GB", 100.0) == "100"
    assert said(None, "EUR", "en_GB") == "not known"
