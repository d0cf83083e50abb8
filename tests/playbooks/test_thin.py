"""Playbooks are prose and calls: no logic, no outputs, typed parameters with their meaning."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import nbformat
import pytest

from prmkit import resources, runner
from prmkit.playbook import Playbook
from prmkit.practices import PRACTICES
from prmkit.publish.exhibits import EXHIBITS

SHELF = resources.folder("playbooks")
BOOKS = sorted(SHELF.glob("*.ipynb"))
READ_ALOUD = [path for path in BOOKS if path.stem != "partner_report"]
LOGIC = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While, ast.If, ast.IfExp, ast.Try, ast.With,
    ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.BinOp, ast.Subscript,
)  # fmt: skip


def cells(path: Path, kind: str) -> list[str]:
    return ["".join(cell["source"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == kind]


def calls(path: Path) -> list[tuple[str, list[object]]]:
    """Methods called on the playbook, with their plain arguments."""
    found = []
    for source in cells(path, "code"):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
                found.append((node.func.attr, [arg.value for arg in node.args if isinstance(arg, ast.Constant)]))
    return found


def test_the_shelf_is_complete() -> None:
    assert {path.stem for path in BOOKS} >= {
        "0_readiness",
        "6_action_plan",
        "partner_report",
        *(PRACTICES.get(name).playbook for name in PRACTICES),
    }


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_cells_hold_no_logic(path: Path) -> None:
    for source in cells(path, "code"):
        tree = ast.parse(source)
        assert not [type(node).__name__ for node in ast.walk(tree) if isinstance(node, LOGIC)], source
        assert not re.search(r"groupby|merge|pivot|import pandas|import numpy", source)
        assert len([line for line in source.splitlines() if line.strip()]) <= 4, source


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_a_playbook_is_clean_valid_and_says_its_parameters(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.kernelspec.name == "python3"
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    tagged = [cell for cell in code if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1
    for line in tagged[0].source.splitlines():
        assert re.fullmatch(r'\w+: str = "[^"]*"  # .+', line), line
    assert {"engagement", "portfolio"} <= set(runner.declared(path.stem))


@pytest.mark.parametrize("path", READ_ALOUD, ids=lambda path: path.stem)
def test_prose_and_calls_take_turns(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    first = notebook.cells[0]
    assert first.cell_type == "markdown"
    assert first.source.startswith("# ")
    prose = " ".join(cells(path, "markdown"))
    assert len(prose.split()) > 150
    assert "## For the room" in prose
    assert "<" not in prose
    headings = re.findall(r"^(#+) ", "\n".join(cells(path, "markdown")), re.MULTILINE)
    assert headings.count("#") == 1
    runs = re.findall("c+", "".join(cell.cell_type[0] for cell in notebook.cells))
    assert max(map(len, runs)) <= 3


@pytest.mark.parametrize("path", READ_ALOUD, ids=lambda path: path.stem)
def test_every_call_exists(path: Path) -> None:
    practice = next((name for name in PRACTICES if PRACTICES.get(name).playbook == path.stem), "")
    made = calls(path)
    assert ("open", [practice] if practice else []) in made
    for method, arguments in made:
        assert hasattr(Playbook, method), method
        if method in ("exhibit", "exhibits"):
            assert arguments
            assert all(f"{practice}.{name}" in EXHIBITS for name in arguments)


@pytest.mark.parametrize("name", list(PRACTICES))
def test_a_practice_says_how_sure_it_is_and_what_to_do(name: str) -> None:
    methods = [method for method, _ in calls(SHELF / f"{PRACTICES.get(name).playbook}.ipynb")]
    order = ["answer", "findings", "how_sure", "unknown", "next_steps", "made_of"]
    assert [method for method in methods if method in order] == order


def test_no_playbook_names_a_machine_or_a_tool_of_its_making() -> None:
    for path in BOOKS:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"/home/|/work/|/tmp/|://", text), path
