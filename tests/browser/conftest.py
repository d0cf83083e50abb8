"""A real browser that may not leave this machine, and says what it was asked to fetch."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]
TABLE_ROWS = 30


def find_chromium() -> str:
    """The browser to use; without one the tests are skipped, but never where they are meant to run."""
    found = os.environ.get("PRMKIT_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if found:
        return found
    reason = "no Chromium: install one, or name it in PRMKIT_CHROMIUM"
    if os.environ.get("CI", "").lower() in {"1", "true"}:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def chromium_finder() -> Callable[[], str]:
    """What decides which browser is used, for a test of its own."""
    return find_chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One headless browser for a module: it must be gone before other tests start an event loop of their own."""
    executable = find_chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield started
        started.close()


@dataclass
class Window:
    """One page of one visitor, with all it asked for and complained about."""

    page: Any
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @property
    def outside(self) -> list[str]:
        """Addresses asked for that are neither this machine nor the file itself."""
        return [url for url in self.asked if not _inside(url)]

    def go(self, target: str | Path) -> Window:
        """Open a file or an address."""
        self.page.goto(target.as_uri() if isinstance(target, Path) else target)
        return self

    def axe(self) -> list[str]:
        """What axe finds wrong, one line a rule with the first places.

        Of a long table only the first rows are looked at: the others are made alike, and take minutes.
        """
        from axe_playwright_python.sync_playwright import Axe

        self.page.evaluate(_SHORTER_TABLES, TABLE_ROWS)
        found = Axe().run(self.page, options={"resultTypes": ["violations"], "preload": False}).response["violations"]
        return [f"{rule['id']}: " + " | ".join(node["html"][:160] for node in rule["nodes"][:3]) for rule in found]

    def too_wide(self) -> list[str]:
        """Empty when nothing has to be scrolled sideways, else what sticks out."""
        return list(self.page.evaluate(_STICKING_OUT))

    def unreachable(self) -> list[str]:
        """Controls that can be seen, but that the Tab key does not reach."""
        return list(_tabbed(self.page))


_SHORTER_TABLES = (
    "(kept) => document.querySelectorAll('tbody').forEach((body) => [...body.rows].slice(kept).forEach((row) => row.remove()))"
)
_STICKING_OUT = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const out = [...document.body.querySelectorAll("*")].filter((node) => node.getBoundingClientRect().right > width + 1);
  return [`${document.documentElement.scrollWidth} of ${width} px`, ...out.slice(0, 3).map((node) => node.outerHTML.slice(0, 120))];
}"""
_CONTROLS = """() => {
  const all = document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex="-1"])');
  let rank = 0;
  for (const node of all) {
    const box = node.getBoundingClientRect();
    const seen = node.checkVisibility() && box.width > 0 && box.height > 0;
    if (seen && !node.disabled && !(node.type === "radio" && !node.checked)) node.dataset.rank = rank++;
  }
  document.activeElement?.blur();
  window.scrollTo(0, 0);
  return rank;
}"""
_FOCUSED = "() => document.activeElement?.dataset?.rank ?? null"


def _tabbed(page: Any) -> Iterator[str]:
    count = page.evaluate(_CONTROLS)
    reached: set[str] = set()
    for _ in range(count + 5):
        page.keyboard.press("Tab")
        rank = page.evaluate(_FOCUSED)
        if rank is not None:
            reached.add(rank)
        if len(reached) == count:
            return
    for rank in sorted({str(number) for number in range(count)} - reached, key=int):
        yield page.evaluate("(rank) => document.querySelector(`[data-rank='${rank}']`).outerHTML.slice(0, 160)", rank)


def _inside(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"file", "data", "blob", "about"} or parts.hostname in {"127.0.0.1", "localhost"}


@pytest.fixture
def window(browser: Any) -> Iterator[Callable[..., Window]]:
    """Open a window of a width: window(375). At the end none may have asked another host for anything."""
    opened: list[tuple[Any, Window]] = []

    def make(width: int = 1280) -> Window:
        context = browser.new_context(viewport={"width": width, "height": 800})
        page = context.new_page()
        made = Window(page)
        page.on("request", lambda request: made.asked.append(request.url))
        page.on("pageerror", lambda error: made.complaints.append(str(error)))
        page.on("console", lambda message: made.complaints.append(message.text) if message.type == "error" else None)
        page.set_default_timeout(40_000)
        opened.append((context, made))
        return made

    yield make
    outside = [url for _, made in opened for url in made.outside]
    for context, _ in opened:
        context.close()
    assert outside == []
