"""The boxes of the plan in an app: changed by keyboard, the answer follows, a fault stands at its box; and the page without a kernel."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from prmkit import assess, results
from prmkit.engagement import load_engagement
from prmkit.publish import style
from prmkit.publish.export import export_notebook
from prmkit.serve.environment import cleaned
from prmkit.serve.gallery import Gallery
from prmkit.serve.launch import Running, private_root, running, server_environment
from prmkit.serve.notebooks import write_app
from prmkit.serve.settings import ServerSettings
from prmkit.what_if import WhatIfPage
from tests.conftest import make_adventureworks, once

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.slow]


@pytest.fixture(scope="module")
def planned(shared_root: Path) -> Path:
    """An engagement folder with the results of reach alone."""

    def make(folder: Path) -> None:
        engagement = load_engagement(make_adventureworks(folder))
        made = assess.compute(assess.load_client(engagement), "all", ["reach"], effects=False)
        results.write(made, assess.output(engagement) / "results")

    return once(shared_root, "planned", make)


@pytest.fixture(scope="module")
def app(planned: Path) -> Iterator[Running]:
    """The what-if of one engagement behind the hardened server."""
    source = f"from prmkit.playbook import Playbook\nPlaybook.open({str(planned)!r}, 'all', 'reach').what_if()"
    cells = [new_markdown_cell("# What if\n\nWhat if an input were another?\n\n## The boxes"), new_code_cell(source)]
    with private_root() as root:
        write_app(new_notebook(cells=cells), "What if", root / "apps" / "what_if.ipynb")
        settings = ServerSettings(str(root), str(root / "apps"), str(root / "run"), "key", None, style.css(), "en", Gallery("A client", ()))
        with running(settings, server_environment(root, cleaned(os.environ)), subprocess.DEVNULL) as server:
            yield server


@pytest.mark.parametrize("width", [1280, 320])
def test_a_box_changed_by_keyboard_moves_the_answer(app, window, width):
    opened = window(width).go(app.url).go(f"{app.address}/voila/render/what_if.ipynb")
    page = opened.page
    box = page.get_by_label("Activation, %")
    box.wait_for()
    said = page.locator(".what-if-said")
    assert "Change a number" in said.inner_text()
    page.locator(".what-if-cell input[aria-describedby]").nth(17).wait_for()
    help_, fault = (page.locator(f"[id='{name}']") for name in box.get_attribute("aria-describedby").split())
    assert help_.inner_text().startswith("Share of those signed that ever sell. The plan: 90%")
    assert fault.inner_text() == ""
    assert opened.axe() == []
    assert opened.too_wide() == []
    assert opened.unreachable() == []
    box.fill("70")
    box.press("Tab")
    said.filter(has_text="more recruits").wait_for()
    assert page.locator(".what-if-live").get_attribute("aria-live") == "polite"
    page.get_by_role("cell", name="What if").or_(page.get_by_role("columnheader", name="What if")).first.wait_for()
    assert "activation: 0.7" in page.get_by_label("These numbers as settings, for engagement.yaml").input_value()
    answer = said.inner_text()
    box.fill("300")
    box.press("Tab")
    page.get_by_role("alert").filter(has_text="Activation runs from 0% to 100%, not 300%.").wait_for()
    assert "last good one" in said.inner_text()
    box.fill("70")
    box.press("Tab")
    said.filter(has_text=answer).wait_for()
    assert page.get_by_role("alert").count() == 0
    assert opened.axe() == []
    assert opened.too_wide() == []
    page.get_by_role("button", name="Back to the plan").press("Enter")
    said.filter(has_text="The plan: ").wait_for()
    assert float(box.input_value()) == pytest.approx(90.4)
    assert opened.outside == []
    assert opened.complaints == []


def test_the_page_without_a_kernel_shows_every_input_and_no_box(planned, window, tmp_path):
    engagement = load_engagement(planned)
    shown = dict(WhatIfPage(assess.read(engagement), planned)._repr_mimebundle_())
    assert "application/vnd.jupyter.widget-view+json" in shown
    cell = new_code_cell("playbook.what_if()", outputs=[new_output("display_data", data=shown)])
    page = tmp_path / "page.html"
    page.write_text(
        export_notebook(new_notebook(cells=[new_markdown_cell("# What if\n\n## The inputs"), cell]), title="What if"), encoding="utf-8"
    )
    opened = window(375).go(page)
    assert opened.page.locator("tbody th").count() == 18 + 12
    assert opened.page.locator("input").count() == 0
    assert opened.too_wide() == []
    assert opened.axe() == []
    assert opened.complaints == []
