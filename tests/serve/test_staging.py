"""Working copies: the right parameters, nothing of another run, and names that are safe in an address."""

from __future__ import annotations

import ast
import re
import stat
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

from prmkit import runner
from prmkit.engagement import load_engagement
from prmkit.errors import PrmkitError
from prmkit.practices import PRACTICES
from prmkit.practices.result import NotComputed
from prmkit.serve import command, staging
from prmkit.serve.launch import Running

NAMES = ["0_readiness", *(PRACTICES.get(name).playbook for name in PRACTICES), "6_action_plan"]


@pytest.fixture
def engagement(tmp_path):
    folder = tmp_path / 'it\'s "one" folder'
    folder.mkdir()
    settings = "client: Müller & Söhne\nportfolios:\n  Nord und Süd: {region: [Europe]}\n  EMEA: {region: [Asia]}\n"
    (folder / "engagement.yaml").write_text(settings, encoding="utf-8")
    return load_engagement(folder)


@pytest.fixture
def apps(tmp_path) -> Path:
    place = tmp_path / "apps"
    place.mkdir(mode=0o700)
    return place


def _injected(notebook) -> dict[str, object]:
    cell = next(cell for cell in notebook.cells if "injected-parameters" in cell.metadata.get("tags", []))
    return {node.targets[0].id: ast.literal_eval(node.value) for node in ast.parse(cell.source).body if isinstance(node, ast.Assign)}


def test_each_playbook_of_each_portfolio_is_staged_with_its_parameters(engagement, apps):
    gallery = staging.stage(engagement, ["all", "Nord und Süd", "EMEA"], apps)
    assert gallery.client == "Müller & Söhne"
    assert [shelf.portfolio for shelf in gallery.shelves] == ["all", "Nord und Süd", "EMEA"]
    seen = set()
    for shelf in gallery.shelves:
        assert [Path(app.path).stem for app in shelf.apps] == NAMES
        for app in shelf.apps:
            path = (apps / app.path).resolve()
            assert path.is_relative_to(apps)
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            assert re.fullmatch(r"[a-z0-9-]+/\w+\.ipynb", app.path), "needs no escaping in an address"
            seen.add(path)
            notebook = nbformat.read(path, as_version=4)
            assert _injected(notebook) == {"engagement": str(engagement.folder.resolve()), "portfolio": shelf.portfolio}
            assert notebook.metadata["title"] == app.title
            assert "papermill" not in notebook.metadata
            assert all(cell.get("outputs", []) == [] for cell in notebook.cells)
            assert app.question.endswith((".", "?"))
    assert len(seen) == 3 * len(NAMES)


def test_the_questions_of_the_practices_are_those_of_the_white_paper(engagement, apps):
    shelf = staging.stage(engagement, ["all"], apps).shelves[0]
    assert [app.question for app in shelf.apps[1:-1]] == [PRACTICES.get(name).question for name in PRACTICES]
    assert shelf.apps[0].question.startswith("Before any number is read aloud")


def _made(found: int, *missing: NotComputed) -> SimpleNamespace:
    return SimpleNamespace(
        run={"as_of": "2026-09-30"},
        of=lambda name: (SimpleNamespace(status="open"),) * found + (SimpleNamespace(status="hidden"),),
        not_computed=missing,
    )


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (None, ""),
        (_made(0), "No findings"),
        (_made(1), "1 finding"),
        (_made(7, NotComputed("reach_plan", None, "no goal", "goal")), "7 findings"),
        (_made(7, NotComputed("know_economics", "margin", "no cost", "sales")), "7 findings"),
        (_made(2, NotComputed("know_whale", None, "no cost", "sales")), "2 findings; part of it needs more data"),
    ],
)
def test_status_words(made, said):
    assert staging._status(PRACTICES.get("know"), made) == said
    assert staging._status(None, made) == ""


def test_a_portfolio_that_does_not_exist_is_refused_with_the_known_ones(engagement):
    assert command.portfolios(engagement, None) == ["all", "Nord und Süd", "EMEA"]
    assert command.portfolios(engagement, "all") == ["all"]
    with pytest.raises(PrmkitError, match=r"There is no portfolio 'EMEO'. Did you mean 'EMEA'\?"):
        command.portfolios(engagement, "EMEO")


def test_the_browser_is_opened_by_way_of_a_private_file(tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr(command.webbrowser, "open", opened.append)
    command._open(Running(SimpleNamespace(), "http://127.0.0.1:1", "k&<"), tmp_path)
    assert opened == [(tmp_path / "open.html").as_uri()], "the key is no argument of a process"
    assert stat.S_IMODE((tmp_path / "open.html").stat().st_mode) == 0o600
    assert "url=http://127.0.0.1:1/?token=k&amp;&lt;" in (tmp_path / "open.html").read_text(encoding="utf-8")


def test_a_playbook_takes_no_other_parameter():
    assert set(runner.declared("1_know_your_partners")) == {"engagement", "portfolio"}
