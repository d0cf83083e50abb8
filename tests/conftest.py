"""Fixtures that many tests share: AdventureWorks opened once, and assessed once for all workers."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from prmkit import resources
from prmkit.data.client import Client
from prmkit.data.portfolio import Portfolio, open_portfolio
from prmkit.engagement import Engagement, load_engagement

# a busy machine is no fault of the code; what CI finds, anyone finds again
settings.register_profile("prmkit", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("prmkit")

SAMPLE = resources.folder("data_samples") / "adventureworks"
SETTINGS = "\ngoal: {growth: 0.25}\nportfolios: {europe: {region: [Europe]}}\n"


def make_adventureworks(folder: Path) -> Path:
    """An engagement folder on the raw AdventureWorks files, as `prmkit demo` makes it."""
    from prmkit.new import new_engagement

    new_engagement(folder, "adventureworks")
    with (folder / "engagement.yaml").open("a", encoding="utf-8") as settings:
        settings.write(SETTINGS)
    for source in SAMPLE.glob("*.csv*"):
        shutil.copyfile(source, folder / "data" / source.name)
    return folder


@pytest.fixture(scope="session")
def adventureworks_client(tmp_path_factory: pytest.TempPathFactory) -> Client:
    """The AdventureWorks client, loaded from its raw files."""
    from prmkit.data.load import load

    folder = make_adventureworks(tmp_path_factory.mktemp("adventureworks"))
    engagement: Engagement = load_engagement(folder)
    return load(engagement, folder / "out" / ".cache")


@pytest.fixture(scope="session")
def adventureworks(adventureworks_client: Client) -> Portfolio:
    """All 701 resellers as of the last partner sale."""
    return open_portfolio(adventureworks_client)


@pytest.fixture(scope="session")
def adventureworks_europe(adventureworks_client: Client) -> Portfolio:
    """The view of the European resellers."""
    return open_portfolio(adventureworks_client, "europe")


def once(root: Path, name: str, make: Callable[[Path], None]) -> Path:
    """`root`/name made by one worker while the others wait for it."""
    folder, done, lock = root / name, root / f"{name}.done", root / f"{name}.lock"
    try:
        os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        for _ in range(3000):
            if done.exists():
                assert done.read_text(encoding="utf-8") == "ok", f"{name} failed in another worker"
                return folder
            time.sleep(0.2)
        raise TimeoutError(f"{name} was not made in ten minutes") from None
    outcome = "failed"
    try:
        make(folder)
        outcome = "ok"
    finally:
        done.write_text(outcome, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def shared_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of one run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@pytest.fixture(scope="session")
def assessed(shared_root: Path) -> Path:
    """An engagement folder after `prmkit assess` and `prmkit report` for two partners, both editions."""

    def make(folder: Path) -> None:
        from prmkit.publish.assessment import assess
        from prmkit.publish.partner_reports import report

        make_adventureworks(folder)
        assert assess(folder, formats=("html", "xlsx"), workers=2) == 0
        assert report(folder, partners=["1", "10"], editions=("internal", "partner"), workers=2) == 0

    return once(shared_root, "assessed", make)
