"""A page is whole, escaped, and runs nothing but its own script; tables read without it."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from prmkit.publish.page import TABLE_SCRIPT, Format, content_policy, document, table_html

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)> $x$ {{7*7}}'
FORMATS = {"name": Format.text("Partner"), "revenue": Format.money("Revenue", "EUR", "en_GB"), "share": Format.share("Share", "en_GB")}


def parsed(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def frame(rows: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": [f"Partner {n}" for n in range(rows)],
            "revenue": [float(n * 1000) for n in range(rows)],
            "share": [n / max(rows, 1) for n in range(rows)],
        }
    )


def test_a_page_has_its_landmarks_and_language() -> None:
    page = parsed(document("Title", Markup("<h1>Hello</h1>"), locale="en_GB", header=Markup("<p>top</p>"), footer="a & b"))
    assert page.html is not None
    assert page.html["lang"] == "en-GB"
    assert page.title is not None
    assert page.title.string == "Title"
    assert [tag.name for tag in page.body.find_all(["header", "main", "footer"])] == ["header", "main", "footer"]  # type: ignore[union-attr]
    skip = page.find("a", class_="skip")
    assert skip is not None
    assert skip["href"] == "#content"
    assert page.find("main", id="content") is not None
    assert page.footer is not None
    assert page.footer.text == "a & b"
    assert not re.search(r"(?:src|href)=\"(?!#|data:)", document("T", ""))


def test_what_others_wrote_is_text() -> None:
    page = document(HOSTILE, HOSTILE, description=HOSTILE, header=HOSTILE, footer=HOSTILE)
    soup = parsed(page)
    assert soup.find("script") is None
    assert soup.find("img") is None
    assert soup.title is not None
    assert soup.title.string == HOSTILE
    assert soup.find("meta", attrs={"name": "description"})["content"] == HOSTILE  # type: ignore[index]


def test_only_the_named_script_may_run() -> None:
    policy = content_policy(TABLE_SCRIPT)
    digest = base64.b64encode(hashlib.sha256(TABLE_SCRIPT.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none';")
    assert "script-src" not in content_policy()
    soup = parsed(document("T", "", script=TABLE_SCRIPT))
    assert soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"] == policy  # type: ignore[index]
    assert soup.find("script").string == TABLE_SCRIPT  # type: ignore[union-attr]


def test_a_script_cannot_close_its_element() -> None:
    with pytest.raises(ValueError, match="must not contain"):
        document("T", "", script="x = '</script>'")
    with pytest.raises(ValueError, match="must not contain"):
        document("T", "", extra_css="</style>")


def test_a_short_table_is_one_table() -> None:
    soup = parsed(table_html(frame(10), FORMATS, "Ten partners", "Partners by revenue"))
    assert soup.find("details") is None
    assert len(soup.select("tbody tr")) == 10
    assert [th.text for th in soup.select("thead th")] == ["Partner", "Revenue, EUR", "Share"]
    assert {th["scope"] for th in soup.select("thead th")} == {"col"}
    assert {th["scope"] for th in soup.select("tbody th")} == {"row"}
    region = soup.find(class_="region")
    assert (region["role"], region["tabindex"], region["aria-label"]) == ("region", "0", "Partners by revenue")  # type: ignore[index]
    assert soup.caption.text == "Ten partners"  # type: ignore[union-attr]
    assert [td.text for td in soup.select("tbody tr")[3].find_all(["th", "td"])] == ["Partner 3", "3k", "30%"]


def test_a_long_table_shows_ten_rows_and_folds_the_rest() -> None:
    soup = parsed(table_html(frame(40), FORMATS, "Forty partners", "Partners"))
    details = soup.find("details")
    assert details is not None
    assert details.summary.text == "30 more rows"  # type: ignore[union-attr]
    assert len(details.select("tbody tr")) == 30
    assert len(soup.select("tbody tr")) == 40
    labels = [region["aria-label"] for region in soup.select(".region")]
    assert len(set(labels)) == 2


def test_a_table_of_thousands_says_where_the_rest_is() -> None:
    html = table_html(frame(2_000), FORMATS, "", "Partners", whole="results/x.parquet", most=50)
    assert len(parsed(html).select("tbody tr")) == 50
    assert "The first 50 of 2,000 rows. All of them are in results/x.parquet." in html


def test_missing_cells_say_so_and_sort_last() -> None:
    rows = frame(12)
    rows.loc[2, "revenue"] = None
    soup = parsed(table_html(rows, FORMATS, "", "Partners"))
    cells = [row.find_all("td")[0] for row in soup.select("tbody tr")]
    assert cells[2].text == "not known"
    assert "data-v" not in cells[2].attrs
    assert cells[3]["data-v"] == "3000"


@given(st.text(max_size=60))
def test_no_name_can_leave_its_cell(name: str) -> None:
    html = table_html(pd.DataFrame({"name": [name]}), {"name": Format.text("Partner", {"x": "y"})}, name, f"x{name}")
    soup = parsed(html)
    assert {tag.name for tag in soup.find_all(True)} <= {"div", "table", "caption", "thead", "tbody", "tr", "th", "td", "bdi"}
    assert len(soup.select("tbody th")) == 1


@pytest.mark.browser
def test_a_table_sorts_and_searches_under_the_pages_own_policy(chromium: Any, tmp_path: Path) -> None:
    rows = frame(40)
    rows.loc[39, "revenue"] = None
    path = tmp_path / "page.html"
    path.write_text(document("T", Markup("<h1>T</h1>") + table_html(rows, FORMATS, "", "Partners"), script=TABLE_SCRIPT), encoding="utf-8")
    page = chromium.new_page(viewport={"width": 800, "height": 800})
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text))
    page.goto(path.as_uri())
    seen = "[...document.querySelectorAll('tbody tr')].filter(row => !row.hidden).map(row => row.cells[0].textContent)"
    assert len(page.evaluate(seen)) == 10
    page.get_by_role("button", name="Revenue, EUR").click()
    assert page.evaluate(seen)[:2] == ["Partner 38", "Partner 37"]
    page.get_by_role("button", name="Revenue, EUR").click()
    assert page.evaluate(seen)[0] == "Partner 0"
    page.get_by_role("button", name="Show all 40 rows").click()
    assert page.evaluate(seen)[-1] == "Partner 39"
    page.get_by_role("searchbox").fill("partner 3")
    assert len(page.evaluate(seen)) == 11
    assert page.get_by_role("status").text_content() == "11 of 40 rows match"
    page.evaluate("const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s)")
    assert page.evaluate("window.ran") is None
    page.close()
    assert len(errors) == 1
    assert "Content Security Policy" in errors[0]


@pytest.mark.browser
def test_a_table_reads_without_script(chromium: Any, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(document("T", Markup("<h1>T</h1>") + table_html(frame(40), FORMATS, "", "Partners")), encoding="utf-8")
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(path.as_uri())
    page.get_by_text("30 more rows").click()
    assert page.get_by_text("Partner 39").is_visible()
    context.close()
