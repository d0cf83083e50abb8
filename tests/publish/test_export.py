"""Exported playbooks: prose and outputs, nothing that runs, nothing from the network."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from prmkit.publish.export import clean, export_notebook, failed_page
from prmkit.publish.page import TABLE_SCRIPT


def notebook(*outputs: NotebookNode, prose: str = "# A title\n\nSome *prose*.") -> NotebookNode:
    return new_notebook(cells=[new_markdown_cell(prose), new_code_cell("secret_code = 1", outputs=list(outputs))])


def html(data: str) -> NotebookNode:
    return new_output("execute_result", data={"text/html": data, "text/plain": "x"})


def test_prose_and_outputs_without_code() -> None:
    page = export_notebook(notebook(html("<b>shown</b>"), new_output("stream", name="stdout", text="'007' <b>")), title="T", locale="en_GB")
    assert "secret_code" not in page
    assert "<h1>A title</h1>" in page
    assert "<b>shown</b>" in page
    assert "&#39;007&#39; &lt;b&gt;" in page
    soup = BeautifulSoup(page, "html.parser")
    assert soup.html["lang"] == "en-GB"  # type: ignore[index]
    assert len(soup.find_all("main")) == 1
    assert soup.title.string == "T"  # type: ignore[union-attr]


def test_a_page_asks_the_network_for_nothing() -> None:
    page = export_notebook(notebook(html("<b>x</b>")), title="T")
    assert not re.findall(r"(?:src|href|data|action)\s*=\s*[\"']?\s*(?:https?:)?//", page)
    policy = BeautifulSoup(page, "html.parser").find("meta", attrs={"http-equiv": "Content-Security-Policy"})
    assert policy["content"].startswith("default-src 'none';")  # type: ignore[index,union-attr]
    assert "@import" not in page
    assert "<script" not in page
    assert len(page) < 20_000


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<SCRIPT SRC=//x>alert(1)</SCRIPT >",
        "<script>unclosed",
        "<iframe src=//x></iframe>",
        "<meta http-equiv=refresh content='0;//x'>",
        "<base href=//x>",
        "<form action=//x><p>kept</p></form>",
        "<object data=//x></object><embed src=//x>",
        "<link rel=stylesheet href=//x>",
    ],
)
def test_what_runs_or_loads_is_taken_out(attack: str) -> None:
    soup = BeautifulSoup(export_notebook(notebook(html(f"<p>before</p>{attack}")), title="T"), "html.parser")
    main = soup.main
    assert main is not None
    assert not main.find_all(["script", "iframe", "meta", "base", "form", "object", "embed", "link"])
    assert "before" in main.text


def test_the_style_for_jupyterlab_is_left_out_and_no_other() -> None:
    assert clean("<style data-lab>a{}</style><style>b{}</style>") == "<style>b{}</style>"


def test_scripts_and_widgets_as_outputs_are_dropped() -> None:
    script = new_output("display_data", data={"application/javascript": "alert(1)", "text/plain": "<Javascript>"})
    widget = new_output("display_data", data={"application/vnd.jupyter.widget-view+json": {"model_id": "m"}, "text/plain": "Slider"})
    page = export_notebook(notebook(script, widget), title="T")
    assert "alert" not in page
    assert "model_id" not in page


def test_a_failed_step_is_a_sentence() -> None:
    error = new_output("error", ename="ValueError", evalue="no <column>", traceback=["Traceback (most recent call last)", "secret frame"])
    page = export_notebook(notebook(error, new_output("stream", name="stderr", text="noise")), title="T")
    assert "This step could not be finished: ValueError, no &lt;column&gt;" in page
    assert "secret frame" not in page
    assert "noise" not in page


def test_a_failed_playbook_has_a_page_that_says_what_to_do() -> None:
    page = failed_page("Know <your> partners", "ValueError: no <b>column</b>", locale="en_GB")
    assert "<h1>Know &lt;your&gt; partners could not be finished</h1>" in page
    assert "no &lt;b&gt;column&lt;/b&gt;" in page
    assert "prmkit check" in page


def test_pictures_of_others_stand_in_the_page_with_words() -> None:
    image = new_output("display_data", data={"image/png": "aGVs\nbG8=", "text/plain": "<Figure>"})
    image.metadata["alt"] = 'Sales "grew"'
    vector = new_output("display_data", data={"image/svg+xml": "<svg onload='x'/>", "text/plain": "<Figure>"})
    soup = BeautifulSoup(export_notebook(notebook(image, vector), title="T"), "html.parser")
    first, second = soup.main.find_all("img")  # type: ignore[union-attr]
    assert (first["alt"], first["src"]) == ('Sales "grew"', "data:image/png;base64,aGVsbG8=")
    assert second["src"].startswith("data:image/svg+xml;base64,")
    assert soup.main.find("svg") is None  # type: ignore[union-attr]


def test_long_pages_have_contents_that_lead_somewhere() -> None:
    prose = "# T\n\n" + "\n\n".join(f"## Part *{n}* & more" for n in range(5))
    soup = BeautifulSoup(export_notebook(notebook(prose=prose), title="T"), "html.parser")
    links = soup.select("nav.contents a")
    assert [link.text for link in links] == [f"Part {n} & more" for n in range(5)]
    assert all(soup.find(id=str(link["href"])[1:]).name == "h2" for link in links)  # type: ignore[union-attr]
    assert BeautifulSoup(export_notebook(notebook(), title="T"), "html.parser").find("nav") is None


def test_long_tables_bring_their_script(tmp_path: Path) -> None:
    path = tmp_path / "x.ipynb"
    nbformat.write(notebook(html('<div class="table long"></div>')), path)
    assert TABLE_SCRIPT in export_notebook(path, title="T")
