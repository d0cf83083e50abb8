"""The apps in a browser: the gallery, a playbook, widgets that answer, and nothing asked of another host."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from prmkit.publish import style
from prmkit.serve.environment import cleaned
from prmkit.serve.gallery import App, Gallery, Shelf
from prmkit.serve.launch import Running, private_root, running, server_environment
from prmkit.serve.notebooks import write_app
from prmkit.serve.settings import ServerSettings

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

DOUBLE = """
import time
import ipywidgets
number = ipywidgets.IntText(value=2, description="Partners to sign")
answer = ipywidgets.HTML()
def work(change):
    time.sleep(1)
    answer.value = f"<p>Doubled: {change.new * 2}</p>"
number.observe(work, "value")
ipywidgets.VBox([number, answer])
"""
HOSTILE = """
from IPython.display import HTML, Javascript, display
display(HTML("<img src=x onerror='document.title=`hit`'><script>document.title='hit'</script>"))
display(Javascript("document.title='hit'"))
import ipywidgets
ipywidgets.HTML("<img src=y onerror='document.title=`hit`'><script>document.title='hit'</script>")
"""


@pytest.fixture(scope="module")
def apps() -> Iterator[Running]:
    """Two small apps behind the hardened server."""
    with private_root() as root:
        for name, source in (("double", DOUBLE), ("hostile", HOSTILE)):
            cells = [
                new_markdown_cell(f"# The {name} app\n\nWhat does it do?"),
                new_code_cell(source),
                new_markdown_cell("## The end\n\n$x^2$"),
            ]
            write_app(new_notebook(cells=cells), f"The {name} app", root / "apps" / f"{name}.ipynb")
        shelf = Shelf("all", "As of 2026-09-30", (App("The double app", "What is twice as much?", "2 findings", "double.ipynb"),))
        gallery = Gallery("A client with a rather long name, Incorporated", (shelf, Shelf("europe", "", shelf.apps)))
        settings = ServerSettings(str(root), str(root / "apps"), str(root / "run"), "key", None, style.css(), "en", gallery)
        with running(settings, server_environment(root, cleaned(os.environ)), subprocess.DEVNULL) as server:
            yield server


@pytest.mark.parametrize("width", [1280, 375])
def test_an_app_answers_says_when_it_is_busy_and_is_accessible(apps, window, width):
    opened = window(width).go(apps.url)
    assert opened.page.url == f"{apps.address}/", "the key is not left in the address"
    assert opened.axe() == []
    assert opened.too_wide() == []
    opened.page.get_by_role("link", name="The double app").first.click()
    field = opened.page.get_by_label("Partners to sign")
    field.wait_for()
    opened.page.keyboard.press("Tab")
    assert opened.page.evaluate("document.activeElement.textContent") == "Skip to the content"
    opened.page.keyboard.press("Enter")
    assert opened.page.evaluate("document.activeElement.tagName") == "MAIN"
    field.fill("21")
    field.press("Tab")
    changed = time.monotonic()
    status = opened.page.get_by_role("status")
    status.filter(has_text="Working it out").wait_for()
    assert time.monotonic() - changed < 1.2
    opened.page.get_by_text("Doubled: 42").wait_for()
    opened.page.wait_for_selector("#busy", state="hidden")
    assert opened.page.title() == "The double app"
    assert opened.page.locator("html").get_attribute("lang") == "en"
    assert opened.page.get_by_role("main").get_by_role("heading", level=1).inner_text().startswith("The double app")
    assert opened.axe() == []
    assert opened.too_wide() == []
    assert opened.unreachable() == []
    assert opened.outside == []
    assert opened.complaints == []


def _kernel(asked: list[str]) -> str:
    """The address of the kernel that a page spoke to."""
    return next(url.partition("?")[0] for url in asked if re.search(r"/api/kernels/[\w-]+(\?|$)", url))


def test_an_app_is_usable_at_320_px_and_its_kernel_ends_with_its_page(apps, window):
    opened = window(320).go(apps.url).go(f"{apps.address}/voila/render/double.ipynb")
    field = opened.page.get_by_label("Partners to sign")
    field.wait_for()
    assert opened.too_wide() == []
    box = field.bounding_box()
    assert box["height"] >= 24
    assert box["x"] + box["width"] <= 320
    kernel = _kernel(opened.asked)
    assert opened.page.request.get(kernel).status == 200
    opened.go(apps.address + "/")
    end = time.monotonic() + 15
    while opened.page.request.get(kernel).status == 200 and time.monotonic() < end:
        time.sleep(0.2)
    assert opened.page.request.get(kernel).status == 404


def test_an_app_that_was_stopped_says_so(apps, window):
    opened = window().go(apps.url).go(f"{apps.address}/voila/render/double.ipynb")
    opened.page.get_by_label("Partners to sign").wait_for()
    kernel = _kernel(opened.asked)
    xsrf = next(cookie["value"] for cookie in opened.page.context.cookies() if cookie["name"] == "_xsrf")
    assert opened.page.request.delete(kernel, headers={"X-XSRFToken": xsrf}).status == 204
    opened.page.get_by_role("status").filter(has_text="This app was stopped").wait_for(timeout=15_000)
    assert opened.axe() == []


def test_markup_in_data_is_shown_but_never_run(apps, window):
    opened = window().go(apps.url).go(f"{apps.address}/voila/render/hostile.ipynb")
    opened.page.locator(".widget-html img").wait_for(state="attached")
    opened.page.wait_for_timeout(500)
    assert opened.page.title() == "The hostile app"
    assert any("Content Security Policy" in line for line in opened.complaints), "it was tried"


@pytest.mark.slow
def test_prmkit_serve_from_the_command_to_a_playbook_and_back(assessed, window, tmp_path):
    with (
        (tmp_path / "log").open("wb") as log,
        subprocess.Popen(
            [sys.executable, "-m", "prmkit", "serve", str(assessed), "--portfolio", "europe", "--no-browser"],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join([str(Path.cwd()), *sys.path]), "PYTHONUNBUFFERED": "1"},
            start_new_session=True,
        ) as process,
    ):
        try:
            assert process.stdout is not None
            url = next(line.strip() for line in process.stdout if "token=" in line)
            opened = window(375).go(url)
            assert opened.page.get_by_role("heading", level=2).all_inner_texts() == ["europe"]
            assert len(opened.page.locator(".apps a").all()) == 7
            assert re.search(r"\d+ findings?", opened.page.locator(".apps").inner_text())
            opened.page.get_by_role("link", name="Under-performers").click()
            opened.page.get_by_role("heading", name="How the numbers were made").wait_for()
            opened.page.wait_for_load_state()
            assert opened.page.locator(".failed").all_inner_texts() == []
            assert opened.page.locator("main figure, main svg, main table").count() > 3
            assert opened.page.locator(".tools button").count() > 0, "long tables sort and filter as on every page of ours"
            assert opened.too_wide() == []
            assert opened.axe() == []
            assert opened.outside == []
            assert str(assessed) not in opened.page.content(), "where the engagement lies is nobody's business"
            opened.go(url.partition("?")[0])
            process.send_signal(signal.SIGINT)
            assert process.wait(30) == 0
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
    assert (tmp_path / "log").read_text(encoding="utf-8") == ""
