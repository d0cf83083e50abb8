"""The page of open matches in a browser: whole, alone, legible on a small phone."""

from __future__ import annotations

from pathlib import Path

import pytest

from prmkit.check import check
from prmkit.publish.matches_page import PAGE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.slow]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("matches")
    (folder / "data").mkdir()
    long = "Internationale" + "vertriebs" * 8 + "gesellschaft"
    rows = [f"P1,{long} GmbH,DE,10115,{long.lower()}.example", f"P2,{long.upper()},DE,10115,", "P3,Beta,FR,,"]
    partners = "\n".join(["partner_id,name,country,postal_code,domain", *rows])
    (folder / "data" / "partners.csv").write_text(partners, encoding="utf-8")
    (folder / "data" / "sales.csv").write_text("date,partner_id,revenue\n2026-01-15,P1,900\n2026-01-15,beta,100\n", encoding="utf-8")
    (folder / "engagement.yaml").write_text("client: Example\ncurrency: EUR\n", encoding="utf-8")
    check(folder)
    return folder / PAGE


@pytest.mark.parametrize("width", [1280, 320])
def test_it_is_whole_alone_and_fits(page, window, width):
    opened = window(width)
    opened.go(page)
    assert opened.page.locator(".question").count() == 2
    assert [url for url in opened.asked if url != page.as_uri() and not url.startswith("data:")] == []
    assert opened.too_wide() == []
    assert opened.unreachable() == []
    assert opened.axe() == []
    assert opened.complaints == []
