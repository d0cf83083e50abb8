"""Nothing outside the rooms that make and judge programmes knows their truth."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import prmkit
from prmkit import resources
from prmkit.data.sealed import is_sealed
from prmkit.simulate import truth

HOUSE = Path(prmkit.__file__).parent
ROOMS = ("simulate", "prove")
MAY_START = {"cli.py": {"prmkit.simulate.command", "prmkit.prove.command"}}
MODULES = [path for path in sorted(HOUSE.rglob("*.py")) if path.relative_to(HOUSE).parts[0] not in ROOMS]


def imported(tree: ast.AST) -> set[str]:
    """Every module that a module imports, wherever in it."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


def texts(tree: ast.AST) -> list[str]:
    """Every text in a module that is no docstring of its own line."""
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told
    ]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(HOUSE).as_posix())
def test_no_other_module_imports_them_or_names_the_folder(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    rooms = tuple(f"prmkit.{room}" for room in ROOMS)
    found = {name for name in imported(tree) if name.startswith(rooms)}
    allowed = MAY_START.get(path.relative_to(HOUSE).as_posix(), set())
    assert {name for name in found if not name.startswith(tuple(allowed) or ("-",))} == set()
    assert [text for text in texts(tree) if text == truth.FOLDER or f"{truth.FOLDER}/" in text] == []


def test_the_search_would_find_an_import_and_a_name() -> None:
    tree = ast.parse(
        'def f():\n    """In truth/ lies what is true."""\n    from prmkit.simulate import truth\n    open("truth/partners.csv")'
    )
    assert imported(tree) == {"prmkit.simulate", "prmkit.simulate.truth"}
    assert texts(tree) == ["truth/partners.csv"]


def test_the_truth_of_the_bundled_programme_is_sealed_and_its_exports_are_not() -> None:
    sample = resources.folder("data_samples") / "made_up_programme"
    assert is_sealed(sample / "truth" / "partners.csv")
    assert not is_sealed(sample / "data" / "zendesk_tickets.csv")
