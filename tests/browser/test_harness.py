"""The harness itself: it must see what it is there to see."""

from __future__ import annotations

from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def _page(folder: Path, body: str, head: str = "<title>A page</title>") -> Path:
    path = folder / "page.html"
    path.write_text(f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>', encoding="utf-8")
    return path


def test_it_sees_requests_to_other_hosts_and_they_do_not_succeed(browser, tmp_path, request):
    window = request.getfixturevalue("window")(1280)
    window.go(_page(tmp_path, '<main><h1>x</h1><img src="https://cdn.example/a.png" alt=""></main>'))
    assert window.outside == ["https://cdn.example/a.png"]
    assert window.page.evaluate("document.images[0].naturalWidth") == 0
    window.asked.clear()


def test_it_sees_what_is_not_accessible_and_what_sticks_out(window, tmp_path):
    narrow = window(320).go(_page(tmp_path, '<main><h1>x</h1><div style="width:600px;background:red">x</div><input></main>'))
    assert any(line.startswith("label:") for line in narrow.axe())
    assert narrow.too_wide()[0] == "608 of 320 px"
    good = window(320).go(_page(tmp_path, "<main><h1>x</h1><p>y</p></main>"))
    assert (good.axe(), good.too_wide()) == ([], [])


def test_it_sees_a_control_that_the_keyboard_does_not_reach(window, tmp_path):
    body = '<a href="#a">a</a><button>b</button><button tabindex="-1">never</button><button disabled>off</button><input aria-label="c">'
    assert window().go(_page(tmp_path, body)).unreachable() == ['<button tabindex="-1" data-rank="2">never</button>']


@pytest.mark.parametrize(("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_without_a_browser_they_are_skipped_but_fail_in_ci(chromium_finder, monkeypatch, ci, outcome):
    monkeypatch.setenv("CI", ci)
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("PRMKIT_CHROMIUM", raising=False)
    with pytest.raises(outcome, match="no Chromium"):
        chromium_finder()
    monkeypatch.setenv("PRMKIT_CHROMIUM", "/somewhere/chrome")
    assert chromium_finder() == "/somewhere/chrome"
