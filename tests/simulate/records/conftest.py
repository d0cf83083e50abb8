"""One programme of the reference world, large enough to tell rates apart from luck."""

from __future__ import annotations

import pytest

from prmkit.simulate import WORLDS, Programme, simulate


@pytest.fixture(scope="session")
def wide() -> Programme:
    return simulate(WORLDS.get("reference"), 6, partners=4_000, months=36)
