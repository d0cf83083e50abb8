"""The tokens: contrast computed, sizes and spaces held, one source for every page."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import matplotlib
import pytest
from matplotlib.figure import Figure

from prmkit.publish import style
from prmkit.publish.style import COLOURS

HERE = Path(style.__file__).parent
TEXT = ("ink", "muted", "accent", "accent-2", "good", "watch", "bad")
MARKS = (*TEXT, "context")


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_published() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize(("name", "ground"), [*itertools.product(TEXT, ("white", "paper"))])
def test_text_can_be_read(name: str, ground: str) -> None:
    assert contrast(COLOURS[name], COLOURS[ground]) >= 4.5


@pytest.mark.parametrize(("name", "ground"), [*itertools.product(MARKS, ("white", "paper"))])
def test_marks_can_be_seen(name: str, ground: str) -> None:
    assert contrast(COLOURS[name], COLOURS[ground]) >= 3


@pytest.mark.parametrize("name", ["ink", "accent", "muted"])
def test_marks_on_an_interval_can_be_seen(name: str) -> None:
    assert contrast(COLOURS[name], COLOURS["band"]) >= 3


def rules() -> str:
    return re.sub(r"/\*.*?\*/", "", style.css(), flags=re.DOTALL)


def test_every_colour_and_size_comes_from_a_token() -> None:
    root, rest = rules().split("\n", 1)
    assert not re.findall(r"#[0-9A-Fa-f]{3,8}\b", rest)
    assert not re.findall(r"font(?:-size)?:[^;}]*\d+px", rest)
    used = set(re.findall(r"var\((--[\w-]+)\)", rest))
    assert used <= set(style.tokens())
    assert set(re.findall(r"--size-\d:(\d+)px", root)) == {"13", "15", "18", "24", "34"}


def test_space_goes_in_steps_of_four() -> None:
    sheets = "".join((HERE / name).read_text(encoding="utf-8") for name in ("page.css", "parts.css"))
    found = re.findall(r"(?<![\w-])(?:margin|padding|gap|top|left)(?:-\w+)*:([^;{}]+)", sheets)
    sizes = {int(size) for value in found for size in re.findall(r"(?<![\w.-])-?(\d+)px", value)}
    assert sizes
    assert {size for size in sizes if size % style.STEP} == set()


def test_the_sheet_asks_for_nothing_and_has_one_theme() -> None:
    sheet = style.css()
    assert "url(" not in sheet
    assert "@import" not in sheet
    assert "prefers-color-scheme" not in sheet
    assert "shadow" not in sheet
    assert "gradient" not in sheet


def test_scoped_rules_touch_nothing_outside() -> None:
    scoped = style.scoped_css()
    assert scoped.startswith(".prmkit{--ink:#1B2430;")
    assert scoped.count("{") == scoped.count("}")
    assert "body{" not in scoped


def test_a_figure_of_ones_own_keeps_its_text_and_its_bytes() -> None:
    import io

    def drawn() -> str:
        with matplotlib.rc_context(style.matplotlib_style()):
            axes = (figure := Figure()).add_axes((0.1, 0.1, 0.8, 0.8))
            axes.bar(["$a$ & b"], [3])
            figure.savefig(page := io.StringIO(), format="svg", metadata={"Date": None})
        return page.getvalue()

    first = drawn()
    assert first == drawn()
    assert ">$a$ &amp; b</text>" in first
