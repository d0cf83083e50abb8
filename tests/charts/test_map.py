"""The map: true scale, the date line, oceans apart, hexagons that hold their points, and safe text."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmkit import charts
from prmkit.charts.projection import Projection, hexagons, regions, seam
from prmkit.estimators.sphere import kilometres

SVG = "{http://www.w3.org/2000/svg}"
NAME = '<script>"x"</script> & Süd\u202e'


def frames(
    places: list[tuple[float, float]], sites: list[tuple[float, float]] | None = None
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    cells = pd.DataFrame(places, columns=["latitude", "longitude"]).assign(width_km=20.0, value=np.arange(1.0, len(places) + 1))
    partners = cells.assign(territory=NAME)[["latitude", "longitude", "value", "territory"]]
    chosen = pd.DataFrame(sites or [], columns=["latitude", "longitude"]).astype("float64")
    return cells, partners, chosen.assign(rank=range(1, len(chosen) + 1), label=[f"EUR {n}k: {NAME}" for n in range(1, len(chosen) + 1)])


def texts(svg: str) -> list[str]:
    return [str(node.text) for node in ET.fromstring(svg).iter(f"{SVG}text")]


def test_a_km_is_a_km_in_both_directions() -> None:
    lat, lon = np.array([49.0, 51.0]), np.array([8.0, 12.0])
    view = Projection.fitted(lat, lon, 700.0, 500.0)
    for here, there in (((50.0, 9.0), (50.0, 10.0)), ((49.5, 10.0), (50.5, 10.0))):
        x, y = view(np.array([here[0], there[0]]), np.array([here[1], there[1]]))
        px = float(np.hypot(np.diff(x), np.diff(y))[0])
        assert px / view.px_a_km == pytest.approx(float(kilometres(*here, *there)), rel=0.01)
    km, length = view.bar(175.0)
    assert (km, length) == (50.0, pytest.approx(50 * view.px_a_km))


@given(st.lists(st.tuples(st.floats(-80, 80), st.floats(-180, 180)), min_size=1, max_size=30))
def test_every_place_lies_on_the_sheet(places: list[tuple[float, float]]) -> None:
    lat, lon = np.array([one[0] for one in places]), np.array([one[1] for one in places])
    x, y = Projection.fitted(lat, lon, 400.0, 300.0, left=20.0, top=10.0)(lat, lon)
    assert (x >= 20).all()
    assert (x <= 420).all()
    assert (y >= 10).all()
    assert (y <= 310).all()


def test_a_map_is_cut_open_where_nobody_is() -> None:
    assert seam(np.array([178.0, -179.0, -170.0])) == pytest.approx(4.0)
    view = Projection.fitted(np.array([-18.0, -18.0]), np.array([178.0, -179.0]), 400, 300)
    x, _ = view(np.array([-18.0, -18.0]), np.array([178.0, -179.0]))
    assert x[1] > x[0]  # Fiji does not wrap round the world
    assert 180.0 in [abs(one) for one in view.meridians(0, 400)]


def test_continents_are_told_apart_and_one_continent_is_not() -> None:
    europe, america = [(50.0, 8.0), (48.0, 2.0), (52.0, 13.0)], [(40.0, -74.0)]
    lat, lon = (np.array(part) for part in zip(*america, *europe, strict=True))
    assert regions(lat, lon).tolist() == [1, 0, 0, 0]
    assert regions(lat[1:], lon[1:]).tolist() == [0, 0, 0]


@given(st.lists(st.tuples(st.floats(0, 700), st.floats(0, 500)), min_size=1, max_size=60), st.floats(6, 60))
def test_a_hexagon_holds_its_points(points: list[tuple[float, float]], width: float) -> None:
    x, y = np.array([one[0] for one in points]), np.array([one[1] for one in points])
    across, down, which = hexagons(x, y, width)
    assert np.hypot(across[which] - x, down[which] - y).max() <= width / np.sqrt(3) * (1 + 1e-9)
    assert len(which) == len(points)


def test_the_map_says_its_finding_and_names_its_places() -> None:
    made = charts.place_map(
        *frames([(50, 8), (51, 9), (50.5, 8.5)], [(50.2, 8.2), (51, 9)]), alt="Two places are open", unit="EUR", shaded="open"
    )
    for svg in (made.svg, made.narrow):
        assert svg.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
        assert 'aria-label="Two places are open"' in svg
        assert "<script" not in svg
        assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")
        said = texts(svg)
        assert said.count("1") == 2  # on the map and in the list
        assert any(text.endswith(" km") for text in said)
        assert "50°N" in said
        assert any(text.startswith("EUR 1k: <script>") for text in said)
    assert charts.place_map(*frames([(50, 8), (51, 9)]), alt="Again").svg == charts.place_map(*frames([(50, 8), (51, 9)]), alt="Again").svg


def test_regions_with_proposed_places_come_first_and_the_rest_is_counted() -> None:
    places = [(50.0, 8.0)] * 3 + [(40.0, -74.0), (-33.0, 151.0), (35.0, 139.0), (-23.0, -46.0), (19.0, 73.0)]
    made = charts.place_map(*frames(places, [(19.0, 73.0)]), alt="One place")
    said = texts(made.svg)
    assert "2" not in said
    assert said.count("1") == 2
    assert "4 places elsewhere are not drawn." in said  # two regions, a cell and a partner each


def test_twenty_thousand_partners_stay_small() -> None:
    rng = np.random.default_rng(1)
    many = pd.DataFrame({"latitude": rng.normal(50, 2, 20_000), "longitude": rng.normal(10, 3, 20_000), "value": 1.0, "territory": None})
    made = charts.place_map(many.head(400).assign(width_km=20.0), many, frames([(50, 8)])[2].head(0), alt="Many")
    assert len(made.svg) < 700_000
    assert len(re.findall("<circle", made.svg)) < 6_000


def test_a_map_of_nothing_is_refused() -> None:
    nothing = frames([(50, 8)])
    with pytest.raises(ValueError, match="at least one place"):
        charts.place_map(*(frame.head(0) for frame in nothing), alt="Nothing")


def test_markets_are_as_wide_as_they_are_large() -> None:
    rows = pd.DataFrame({"label": [NAME, "B"], "size": [3e6, 1e6], "value": [0.2, 0.1], "better": [0.25, np.nan]})
    made = charts.markets(rows, alt="We sell a part", unit="EUR")
    boxes = [
        (float(one.get("width", 0)), float(one.get("height", 0)))
        for one in ET.fromstring(made.svg).iter(f"{SVG}rect")
        if one.get("fill") == "#0B5C7A"
    ][:2]
    assert (boxes[0][0] + 2) / (boxes[1][0] + 2) == pytest.approx(3, rel=0.01)
    assert boxes[0][1] / boxes[1][1] == pytest.approx(2, rel=0.02)
    assert "<script" not in made.svg
