"""Every kind of page that an assessment leaves, in a browser: whole, alone, legible, reachable."""

from __future__ import annotations

from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.slow]


def _pages(assessed: Path) -> list[Path]:
    """All pages of the portfolio "all", and the front page of another one."""
    out = assessed / "out"
    pages = [out / "all" / "index.html", *sorted((out / "all" / "playbooks").glob("*.html")), out / "all" / "partners" / "index.html"]
    one = sorted((out / "all" / "partners").glob("*/internal.html"))[0]
    return [*pages, one, one.with_name("partner.html"), out / "europe" / "index.html"]


_SHAPE = """() => {
  const links = [...document.querySelectorAll("a[href^='#']")], id = (link) => link.getAttribute("href").slice(1);
  return {
    lang: document.documentElement.lang,
    title: document.title.trim(),
    skip: links[0]?.getAttribute("href"),
    mains: document.querySelectorAll("main").length,
    h1: document.querySelectorAll("h1").length,
    target: !!document.getElementById(links[0] && id(links[0]))?.closest("main"),
    dead: links.map(id).filter((name) => !document.getElementById(name)),
  };
}"""


def test_every_page_is_whole_and_asks_for_nothing(assessed, window):
    faults = []
    wide = window()
    pages = _pages(assessed)
    assert len(pages) == 12
    for path in pages:
        wide.asked.clear()
        wide.go(path)
        found = wide.page.evaluate(_SHAPE)
        wanted = {"mains": 1, "h1": 1, "target": True, "dead": []}
        faults += [f"{path.name}: {key} is {found[key]}" for key, value in wanted.items() if found[key] != value]
        faults += [f"{path.name}: no {key}" for key in ("lang", "title", "skip") if not found[key]]
        faults += [f"{path.name}: asks for {url}" for url in wide.asked if url != path.as_uri() and not url.startswith("data:")]
    assert faults == []
    assert wide.complaints == []


@pytest.mark.parametrize("width", [1280, 375])
def test_axe_finds_nothing(assessed, window, width):
    opened = window(width)
    faults = [f"{path.parent.name}/{path.name}: {line}" for path in _pages(assessed) for line in opened.go(path).axe()]
    assert faults == []


def test_nothing_scrolls_sideways_on_a_small_phone(assessed, window):
    narrow = window(320)
    faults = [f"{path.parent.name}/{path.name}: {line}" for path in _pages(assessed) for line in narrow.go(path).too_wide()]
    assert faults == []


def test_the_keyboard_reaches_every_control(assessed, window):
    wide = window()
    faults = [f"{path.parent.name}/{path.name}: {line}" for path in _pages(assessed) for line in wide.go(path).unreachable()]
    assert faults == []


def test_the_skip_link_is_first_and_leads_to_the_content(assessed, window):
    page = window().go(_pages(assessed)[0]).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getBoundingClientRect().top >= 0 && document.activeElement.textContent").startswith("Skip")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "MAIN"


def test_links_lead_to_pages_that_are_there(assessed):
    import re

    faults = []
    for path in _pages(assessed):
        for link in re.findall(r'<a [^>]*href="([^"#]+)', path.read_text(encoding="utf-8")):
            if not link.startswith(("mailto:", "data:")) and not (path.parent / link).exists():
                faults.append(f"{path.parent.name}/{path.name}: {link}")
    assert faults == []
