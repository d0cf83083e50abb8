"""The runner: typed and known parameters only, whole files, a failure shown as one."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from prmkit import resources, runner
from prmkit.errors import PrmkitError


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of small playbooks in the place of the shipped ones."""
    folder = tmp_path / "playbooks"
    folder.mkdir()
    monkeypatch.setattr(resources, "folder", lambda kind: folder if kind == "playbooks" else _shipped(kind))
    runner.declared.cache_clear()
    yield folder
    runner.declared.cache_clear()


_shipped = resources.folder


def write(folder: Path, name: str, *cells: str) -> None:
    parameters = new_code_cell('partner_id: str = ""  # whose\nlimit: int = 3  # how many', metadata={"tags": ["parameters"]})
    notebook = new_notebook(cells=[new_markdown_cell("# A title"), parameters, *map(new_code_cell, cells)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / f"{name}.ipynb")


def job(folder: Path, name: str, **parameters: runner.Parameter) -> runner.Job:
    return runner.Job(name, parameters, folder / "out" / f"{name}.ipynb", folder / "out" / f"{name}.html", folder, "A title")


def test_an_id_stays_what_it_is(shelf: Path) -> None:
    write(shelf, "echo", "print(repr(partner_id), limit)")
    outcome = runner.execute(job(shelf, "echo", partner_id="007", limit=2))
    assert (outcome.status, outcome.cause) == ("ok", "")
    page = (shelf / "out" / "echo.html").read_text(encoding="utf-8")
    assert "&#39;007&#39; 2" in page or "'007' 2" in page
    assert sorted(path.name for path in (shelf / "out").iterdir()) == ["echo.html", "echo.ipynb"]


def test_a_failing_playbook_is_an_outcome_and_a_page(shelf: Path) -> None:
    write(shelf, "broken", "raise ValueError('no such <b>column</b>')")
    write(shelf, "fine", "print('well')")
    outcomes = {o.job.playbook: o for o in runner.execute_all([job(shelf, "broken"), job(shelf, "fine")], workers=1)}
    assert outcomes["broken"].status == "failed"
    assert outcomes["broken"].cause == "ValueError: no such <b>column</b>"
    assert outcomes["fine"].status == "ok"
    page = (shelf / "out" / "broken.html").read_text(encoding="utf-8")
    assert "no such &lt;b&gt;column" in page
    assert "Traceback" not in page


def test_a_dead_kernel_is_a_failure_whatever_the_file_says(shelf: Path) -> None:
    write(shelf, "dies", "import os; os.kill(os.getpid(), 9)", "print('never')")
    outcome = runner.execute(job(shelf, "dies"))
    assert outcome.status == "failed"
    assert "died" in outcome.cause.lower()


def test_parameters_are_checked_before_anything_runs(shelf: Path) -> None:
    write(shelf, "echo", "print(1)")
    with pytest.raises(PrmkitError, match="Did you mean 'partner_id'"):
        runner.checked("echo", {"partner_ids": "1"})
    with pytest.raises(PrmkitError, match="takes int, not str"):
        runner.checked("echo", {"limit": "3"})
    with pytest.raises(PrmkitError, match="takes str, not int"):
        runner.checked("echo", {"partner_id": 7})
    with pytest.raises(PrmkitError, match="echo"):
        runner.playbook_path("ecko")


@given(st.text(max_size=40))
def test_no_parameter_name_is_ever_code(name: str) -> None:
    if name in runner.declared("partner_report"):
        return
    with pytest.raises(PrmkitError):
        runner.checked("partner_report", {name: "x"})


def test_the_shipped_playbooks_declare_what_assess_hands_them() -> None:
    for path in resources.folder("playbooks").glob("*.ipynb"):
        known = runner.declared(path.stem)
        assert {"engagement": "str", "portfolio": "str"}.items() <= known.items()
    assert {"partner_id": "str", "edition": "str"}.items() <= runner.declared("partner_report").items()


@given(st.text(max_size=60))
def test_a_hostile_id_is_only_ever_a_string_literal(partner_id: str) -> None:
    notebook = runner.parameterised("partner_report", {"partner_id": partner_id})
    injected = next(cell.source for cell in notebook.cells if "injected-parameters" in cell.metadata.get("tags", []))
    namespace: dict[str, object] = {}
    exec(injected, {"__builtins__": {}}, namespace)
    assert namespace == {"partner_id": partner_id}


@pytest.mark.slow
def test_kernels_that_start_side_by_side_do_not_meet(shelf: Path) -> None:
    write(shelf, "echo", "print(partner_id)")
    jobs = [
        runner.Job("echo", {"partner_id": str(n)}, shelf / f"out{n}" / "a.ipynb", shelf / f"out{n}" / "a.html", shelf, "A title")
        for n in range(6)
    ]
    with ThreadPoolExecutor(3) as pool:
        outcomes = list(pool.map(runner.execute, jobs))
    assert [outcome.status for outcome in outcomes] == ["ok"] * 6
    assert sorted(path.name for path in shelf.iterdir()) == ["echo.ipynb", *(f"out{n}" for n in range(6))]
