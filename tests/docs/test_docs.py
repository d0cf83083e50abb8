"""Docs held against the code: generated pages are current, links lead somewhere, nothing names a machine or a registry."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode or not listed.stdout:
        pytest.skip("not a git checkout")
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


@pytest.mark.parametrize("page", ["commands.md", "tables.md", "settings.md", "faults.md", "presets.md"])
def test_generated_pages_are_current(page: str) -> None:
    import sys

    sys.path.insert(0, str(ROOT))
    from docs.generate import PAGES

    assert (ROOT / "docs" / page).read_text(encoding="utf-8") == PAGES[page](), "run: python tasks.py docs"


def test_links_lead_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "benchmarks" / "README.md"]:
        for link in LINK.findall(page.read_text(encoding="utf-8")):
            if "://" not in link:
                assert (page.parent / link).exists(), f"{page.relative_to(ROOT)} links to {link}"


def test_every_command_of_the_contract_exists_and_is_documented() -> None:
    contract = (ROOT / "prmkit" / "spec" / "commands.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `prmkit (\w+)", contract, re.MULTILINE))
    assert len(named) == 15
    documented = set(re.findall(r"^## prmkit (\w+)", (ROOT / "docs" / "commands.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert named == documented


def test_every_estimator_has_a_method_card_with_all_its_parts() -> None:
    parts = (
        "Question",
        "Estimand",
        "How it is worked out",
        "Assumptions",
        "When it abstains",
        "Published case it reproduces",
        "Beside the spreadsheet rule",
    )
    cards = sorted((ROOT / "docs" / "methods").glob("*.md"))
    assert len(cards) >= 5
    for card in cards:
        text = card.read_text(encoding="utf-8")
        missing = [part for part in parts if f"## {part}" not in text]
        assert not missing or card.stem == "confidence", f"{card.name} lacks {missing}"


def test_no_file_names_a_machine_path_or_a_registry() -> None:
    words = ("pypi" + ".org", "python" + "hosted", "npmjs" + ".com", "deb.debian" + ".org", "/wo" + "rk/main", "/tm" + "p/awquick")
    for path in tracked():
        if path.suffix in {".png", ".gz", ".parquet", ".xlsx"}:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        assert not [word for word in words if word in text], path


def test_locks_are_hashed_and_hold_no_address_and_pin_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for name, wanted in (
        ("requirements.lock", project["dependencies"] + project["optional-dependencies"]["build"]),
        ("requirements-dev.lock", project["dependencies"] + project["optional-dependencies"]["dev"]),
    ):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        pinned = {line.split("==")[0].split("[")[0].lower() for line in text.splitlines() if "==" in line and not line.startswith(" ")}
        for requirement in wanted:
            assert re.split(r"[\[<>=!~]", requirement)[0].lower().replace(".", "-") in pinned
        entries = re.split(r"\n(?=\S)", text.strip())
        assert all("--hash=sha256:" in entry for entry in entries)
    core = dict(re.findall(r"^([\w.-]+)(?:\[\w+\])?==(\S+)", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE))
    dev = dict(re.findall(r"^([\w.-]+)(?:\[\w+\])?==(\S+)", (ROOT / "requirements-dev.lock").read_text(encoding="utf-8"), re.MULTILINE))
    assert {name: dev[name] for name in core} == core


def test_environment_yml_has_the_same_ranges_as_pyproject() -> None:
    from ruamel.yaml import YAML

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    conda = YAML(typ="safe").load(ROOT / "environment.yml")["dependencies"]
    pip = next(item["pip"] for item in conda if isinstance(item, dict))
    listed = {item for item in [*conda, *pip] if isinstance(item, str)}
    wanted = {re.sub(r"\[.*\]", "", item.lower().replace("jupyter-server", "jupyter_server")) for item in project["dependencies"]}
    assert {item.lower() for item in listed} == wanted | {f"python{project['requires-python']}", "pip", "-e ."}
