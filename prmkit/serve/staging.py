"""Working copies of the playbooks, one folder a portfolio, outside the engagement's data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from prmkit import assess, runner
from prmkit.engagement import Engagement
from prmkit.errors import PrmkitError
from prmkit.practices import PRACTICES, Practice
from prmkit.publish.assessment import playbooks
from prmkit.publish.slug import slug
from prmkit.results import Results
from prmkit.serve.gallery import App, Gallery, Shelf
from prmkit.serve.notebooks import write_app


def stage(engagement: Engagement, portfolios: Sequence[str], apps: Path) -> Gallery:
    """Write each playbook with this engagement and portfolio as its parameters; returns what the gallery shows.

    apps: an empty private folder. The copies hold the absolute path of the engagement, so that
    they read its results from where they lie; nothing of the engagement is copied.
    """
    return Gallery(engagement.client, tuple(_shelf(engagement, name, apps) for name in portfolios))


def _shelf(engagement: Engagement, portfolio: str, apps: Path) -> Shelf:
    place = apps / slug(portfolio)
    place.mkdir(mode=0o700)
    made = _results(engagement, portfolio)
    by_playbook = {PRACTICES.get(name).playbook: PRACTICES.get(name) for name in PRACTICES}
    staged = []
    for name, title in playbooks(()).items():
        notebook = runner.parameterised(name, {"engagement": str(engagement.folder.resolve()), "portfolio": portfolio})
        practice = by_playbook.get(name)
        question = practice.question if practice else _first_sentence(notebook)
        write_app(notebook, title, place / f"{name}.ipynb")
        staged.append(App(title, question, _status(practice, made), f"{place.name}/{name}.ipynb"))
    note = f"As of {made.run['as_of']}" if made else ""
    return Shelf(portfolio, note, tuple(staged))


def _results(engagement: Engagement, portfolio: str) -> Results | None:
    try:
        return assess.read(engagement, portfolio)
    except PrmkitError:
        return None


def _status(practice: Practice | None, made: Results | None) -> str:
    if practice is None or made is None:
        return ""
    found = len([finding for finding in made.of(practice.name) if finding.status != "hidden"])
    missing = {item.needs for item in made.not_computed if item.table.startswith(f"{practice.name}_") and item.column is None}
    said = f"{found} finding{'s' * (found != 1)}" if found else "No findings"
    return f"{said}; part of it needs more data" if missing else said


def _first_sentence(notebook: Mapping[str, Any]) -> str:
    """What a playbook is for, in its own words: the first sentence below its title."""
    prose = next((cell.source for cell in notebook["cells"] if cell.cell_type == "markdown"), "")
    text = " ".join(line.strip() for line in prose.splitlines() if not line.startswith("#")).replace("*", "").strip()
    found = re.match(r".+?[.?!](?=\s|$)", text)
    return found.group() if found else text
