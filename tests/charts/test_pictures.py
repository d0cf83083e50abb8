"""Pictures: right places, safe text, the same bytes, two widths, nothing from outside."""

from __future__ import annotations

import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest

from prmkit import charts
from prmkit.charts.picture import Picture

SVG = "{http://www.w3.org/2000/svg}"
LONG = "Aktiengesellschaft für Bürobedarf und Vertriebsdienstleistungen Süddeutschland Hauptniederlassung"
NAMES = [
    LONG,
    "شركة التوزيع المتقدمة للحلول",
    "株式会社パートナー東京",
    "🚲 Bikes 👩‍👩‍👧",
    '<script>"x"</script> & $\\frac{1}{2}$',
    "a\x00b\u202ec",
]
MONTHS = pd.date_range("2024-01-31", periods=24, freq="ME")


def rows(count: int = 6) -> pd.DataFrame:
    value = np.linspace(400_000, -50_000, count)
    names = [NAMES[rank] if rank < len(NAMES) else f"Partner {rank}" for rank in range(count)]
    return pd.DataFrame({"label": names, "value": value, "low": value - 80_000, "high": value + 120_000})


def timeline() -> pd.DataFrame:
    both = [
        pd.DataFrame({"at": MONTHS, "series": name, "value": np.linspace(1, 2, 24) * size})
        for name, size in ((NAMES[0], 1e6), ("Small", 4e5))
    ]
    return pd.concat(both).assign(forecast=lambda frame: frame["at"] > "2025-06-30")


def funnel() -> Picture:
    points = pd.DataFrame({"volume": [5, 10, 400], "value": [0.9, 0.2, 0.3], "outside": [True, False, False], "label": NAMES[:3]})
    limits = pd.DataFrame({"volume": [1, 50, 400], "centre": 0.3, "low": [-0.4, 0.1, 0.25], "high": [1, 0.5, 0.35]})
    return charts.funnel(points, limits, alt="One partner is outside", unit="fraction")


DRAWN: dict[str, Callable[[], Picture]] = {
    "dot_interval": lambda: charts.dot_interval(
        rows(), alt="A finding", unit="EUR", axis="EUR a year", reference=0.0, reference_name="hurdle"
    ),
    "bars": lambda: charts.bars(rows().assign(previous=1e5, target=2e5), alt="A finding", unit="EUR", accent=[NAMES[0]]),
    "practice_bars": lambda: charts.practice_bars(
        pd.DataFrame({"label": NAMES[:3], "now": [3.2, None, 1], "last": [2.0, 2.5, None], "target": [4, 4, None]}),
        alt="Know stands at 3.2",
    ),
    "balance": lambda: charts.balance(
        rows().assign(put_in=2e5, comes_out=lambda frame: frame["value"], told="3 return it, 1 not, 2 open"),
        alt="A finding",
        unit="EUR",
        axis="EUR, 12 months",
        names=("put in", "comes out"),
    ),
    "waterfall": lambda: charts.waterfall(
        pd.DataFrame({"label": NAMES[:3], "value": [49, 21, 70], "total": [True, False, True]}), alt="70 instead of 49"
    ),
    "lines": lambda: charts.lines(timeline(), alt="Revenue grows", unit="EUR", accent=[NAMES[0]], reference=1.5e6, reference_name="goal"),
    "small_multiples": lambda: charts.small_multiples(timeline().rename(columns={"series": "panel"}), alt="All grow", unit="EUR"),
    "funnel": funnel,
    "whale": lambda: charts.whale(pd.DataFrame({"rank": range(1, 5), "cumulative": [50.0, 90, 80, 60]}), alt="Two earn 90", unit="EUR"),
    "quantile_dots": lambda: charts.quantile_dots(list(np.linspace(50, 90, 20)), alt="Half above 70", threshold=70, name="budget"),
    "sparkline": lambda: charts.sparkline([1, 3, None, 2], alt="Up and down"),
}


def tree(svg: str) -> ET.Element:
    return ET.fromstring(svg)


def texts(svg: str) -> list[str]:
    return [node.text or "" for node in tree(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_is_safe_named_and_complete(name: str) -> None:
    picture = DRAWN[name]()
    for svg in filter(None, (picture.svg, picture.narrow)):
        root = tree(svg)
        assert (root.get("role"), root.get("aria-label")) == ("img", picture.alt)
        assert {node.tag.removeprefix(SVG) for node in root.iter()} <= {"svg", "text", "path", "rect", "circle"}
        assert not [node for node in root.iter() if node.get("id") or any(key.startswith("on") or "href" in key for key in node.attrib)]
        assert "nan" not in svg.lower().replace("finance", "")
        assert "://" not in svg.replace("http://www.w3.org/2000/svg", "")
    assert (picture.narrow == "") == (name == "sparkline")


@pytest.mark.parametrize("name", DRAWN)
def test_nothing_leaves_the_sheet(name: str) -> None:
    picture = DRAWN[name]()
    for svg in filter(None, (picture.svg, picture.narrow)):
        root = tree(svg)
        width, height = float(root.get("width", 0)), float(root.get("height", 0))
        for node in root.iter(f"{SVG}text"):
            x, y = float(node.get("x", 0)), float(node.get("y", 0))
            assert 0 <= x <= width
            assert 0 <= y <= height
        for node in root.iter(f"{SVG}rect"):
            assert float(node.get("x", 0)) >= -0.1
            assert float(node.get("x", 0)) + float(node.get("width", 0)) <= width + 0.1


@pytest.mark.parametrize("name", DRAWN)
def test_the_same_table_gives_the_same_bytes_in_threads_too(name: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(lambda _: DRAWN[name]().svg, range(8)))
    assert len(made) == 1


def test_each_picture_takes_a_few_milliseconds() -> None:
    started = time.process_time()
    for _ in range(5):
        for draw in DRAWN.values():
            draw()
    assert (time.process_time() - started) / (5 * len(DRAWN)) < 0.06


def test_drawing_loads_no_plotting_library() -> None:
    import subprocess

    code = "import sys, prmkit.charts; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_hostile_names_stay_text() -> None:
    said = texts(charts.bars(rows(), alt="x", unit="EUR").svg)
    assert NAMES[1] in said
    assert any(text.startswith('<script>"x"') for text in said)
    assert "a b c" in said
    assert not any("Hauptniederlassung" in text and len(text) > 60 for text in said)


def circles(svg: str) -> list[float]:
    return [float(node.get("cx", 0)) for node in tree(svg).iter(f"{SVG}circle")]


def test_dots_stand_where_their_values_are() -> None:
    table = pd.DataFrame({"label": ["a", "b", "c"], "value": [0.0, 50.0, 100.0], "low": [0.0, 40, 90], "high": [0.0, 60, 100]})
    at = circles(charts.dot_interval(table, alt="x").svg)
    assert at[1] - at[0] == pytest.approx(at[2] - at[1], abs=0.11)
    assert at[2] == pytest.approx(720 - 176 - 16, abs=0.11)


def test_an_endless_interval_is_cut_and_marked() -> None:
    table = pd.DataFrame({"label": ["a", "b"], "value": [10.0, 20.0], "low": [5.0, 10.0], "high": [15.0, 1e9]})
    picture = charts.dot_interval(table, alt="x")
    at = circles(picture.svg)
    assert at[0] - 232 > 50
    assert texts(picture.svg)[-1].endswith("to 1,000,000,000")
    assert 'd="M529 ' in picture.svg


def test_a_value_that_is_not_known_has_no_mark() -> None:
    table = pd.DataFrame({"label": ["a", "b"], "value": [10.0, None], "low": [5.0, None], "high": [15.0, None]})
    picture = charts.dot_interval(table, alt="x")
    assert len(circles(picture.svg)) == 1
    assert "not known" in texts(picture.svg)


def test_bars_start_at_zero_and_go_both_ways() -> None:
    svg = charts.bars(pd.DataFrame({"label": ["up", "down"], "value": [100.0, -100.0]}), alt="x").svg
    up, down = ((float(node.get("x", 0)), float(node.get("width", 0))) for node in tree(svg).iter(f"{SVG}rect"))
    assert up[0] == pytest.approx(down[0] + down[1], abs=0.11)
    assert up[1] == pytest.approx(down[1], abs=0.11)
    assert "\u2212100" in texts(svg)


def test_only_ten_rows_are_drawn_and_none_says_so() -> None:
    assert len(circles(charts.dot_interval(rows(14), alt="x", unit="EUR").svg)) == 10
    assert texts(charts.bars(rows(6).head(0), alt="x").svg) == ["There are no rows to draw."]
    assert texts(charts.dot_interval(rows(6).head(0), alt="x").svg) == ["There are no rows to draw."]


def test_a_waterfall_adds_up() -> None:
    table = pd.DataFrame({"label": list("abcd"), "value": [40.0, 20.0, -10.0, 50.0], "total": [True, False, False, True]})
    svg = charts.waterfall(table, alt="x").svg
    bars = [(float(node.get("x", 0)), float(node.get("width", 0))) for node in tree(svg).iter(f"{SVG}rect")]
    ends = [x + width for x, width in bars]
    assert bars[1][0] == pytest.approx(ends[0], abs=0.11)
    assert ends[2] == pytest.approx(ends[1], abs=0.11)
    assert bars[2][0] == pytest.approx(ends[3], abs=0.11)
    assert {"+20", "\u221210", "40", "50"} <= set(texts(svg))


def test_a_whale_names_its_peak_and_what_is_given_back() -> None:
    said = texts(DRAWN["whale"]().svg)
    assert "Peak EUR 90 after 2 partners" in said
    assert "EUR 30 given back" in said
    assert "EUR 60 is left" in said


def test_a_whale_of_twenty_thousand_stays_small_and_keeps_its_peak() -> None:
    contribution = np.sort(np.random.default_rng(1).normal(1_000, 5_000, 20_000))[::-1]
    table = pd.DataFrame({"rank": np.arange(1, 20_001), "cumulative": contribution.cumsum()})
    picture = charts.whale(table, alt="x", unit="EUR")
    assert len(picture.svg) < 12_000
    assert any(f"after {int(contribution.cumsum().argmax()) + 1:,} partners" in text for text in texts(picture.svg))


def test_quantile_dots_count_those_beyond() -> None:
    picture = DRAWN["quantile_dots"]()
    assert "10 in 20 at or above budget" in texts(picture.svg)
    assert len(circles(picture.svg)) == 20


def test_names_of_lines_do_not_cover_each_other() -> None:
    at = pd.concat([pd.DataFrame({"at": MONTHS, "series": f"S{n}", "value": 100.0 + n}) for n in range(6)])
    svg = charts.lines(at, alt="x").svg
    heights = sorted(
        float(node.get("y", 0)) for node in tree(svg).iter(f"{SVG}text") if (node.text or "").startswith("S") and len(node.text or "") == 2
    )
    assert len(heights) == 6
    assert min(np.diff(heights)) >= 15.9


def test_small_multiples_share_one_scale() -> None:
    table = pd.concat([pd.DataFrame({"panel": name, "at": MONTHS, "value": size}) for name, size in (("big", 100.0), ("small", 50.0))])
    svg = charts.small_multiples(table, alt="x").svg
    dots = [float(node.get("cy", 0)) for node in tree(svg).iter(f"{SVG}circle")]
    foot, head = 24 + 120 - 20, 24 + 36
    assert dots[0] == pytest.approx(head, abs=0.11)
    assert dots[1] == pytest.approx((foot + head) / 2, abs=0.11)


def test_a_picture_without_words_is_refused() -> None:
    with pytest.raises(ValueError, match="alternative text"):
        charts.bars(rows(), alt=" ")


def test_one_point_and_flat_series_are_drawn() -> None:
    one = pd.DataFrame({"at": MONTHS[:1], "series": "a", "value": [5.0]})
    assert len(circles(charts.lines(one, alt="x").svg)) == 1
    flat = pd.DataFrame({"at": MONTHS, "series": "a", "value": 0.0})
    assert "nan" not in charts.lines(flat, alt="x").svg
    assert charts.sparkline([], alt="").alt == "No history"


def test_what_goes_in_stands_above_what_comes_out_on_one_scale() -> None:
    table = pd.DataFrame(
        {"label": ["A", "B"], "put_in": [100.0, None], "comes_out": [300.0, -50.0], "low": [250.0, None], "high": [330.0, None]}
    )
    svg = charts.balance(table.assign(told="x"), alt="x", unit="EUR", names=("put in", "comes out")).svg
    boxes = [box.attrib for box in ET.fromstring(svg).iter(f"{SVG}rect")][2:]  # after the two of the key
    widths = [float(box["width"]) for box in boxes]
    assert len(boxes) == 3  # what is not known has no bar
    assert widths[1] == pytest.approx(3 * widths[0], abs=0.2)
    assert float(boxes[1]["y"]) > float(boxes[0]["y"])
    assert float(boxes[2]["x"]) < float(boxes[0]["x"])
    assert widths[2] == pytest.approx(widths[0] / 2, abs=0.2)
