"""A world happens the same way on every machine: fixed fingerprints, and the same with the processor's vector units off."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import fields, is_dataclass

import numpy as np
import pytest

from prmkit.simulate.history import make_state
from prmkit.simulate.state import State
from prmkit.simulate.worlds import WORLDS

FINGERPRINTS = {
    "reference": "41f7c27180729d20",
    "thin": "ce73399a65a06a4a",
    "heavy_tail": "3797e9f82bdf3dd2",
    "null": "e74d651f37d79b3f",
    "traps": "468f7d5979c81915",
    "surge": "35f48e7a1c71b6be",
    "wrong_model": "c914b3150c6a9f43",
    "dirty": "41f7c27180729d20",
}


def fingerprint(state: State) -> str:
    """SHA-256 over every array of a state."""
    digest = hashlib.sha256()
    for layer in (state.calendar, state.network, state.course, state.funding, state.lives, state.orders):
        assert is_dataclass(layer)
        for field in fields(layer):
            value = getattr(layer, field.name)
            if isinstance(value, np.ndarray):
                kept = value.astype("U").tolist() if value.dtype.kind == "U" else np.ascontiguousarray(value).tobytes()
                digest.update(repr(kept).encode() if isinstance(kept, list) else kept)
    return digest.hexdigest()[:16]


@pytest.mark.parametrize("name", list(WORLDS))
def test_a_world_never_changes(name: str) -> None:
    assert fingerprint(make_state(WORLDS.get(name), 11, partners=150, months=24)) == FINGERPRINTS[name]


def test_other_seeds_and_sizes_are_other_worlds() -> None:
    world = WORLDS.get("reference")
    made = {fingerprint(make_state(world, seed, partners=partners, months=24)) for seed, partners in ((11, 150), (12, 150), (11, 151))}
    assert len(made) == 3


def test_the_same_without_vector_units_and_with_another_hash_seed() -> None:
    features = [name for name, there in np._core._multiarray_umath.__cpu_features__.items() if there]
    baseline = np._core._multiarray_umath.__cpu_baseline__
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); from test_history import fingerprint; from prmkit.simulate.history import make_state;"
        "from prmkit.simulate.worlds import WORLDS; print(*[fingerprint(make_state(WORLDS.get(n), 11, 150, 24)) for n in WORLDS])"
    )
    off = " ".join(name for name in np._core._multiarray_umath.__cpu_dispatch__ if name in features and name not in baseline)
    plain = {"NPY_DISABLE_CPU_FEATURES": off, "PYTHONHASHSEED": "4242", "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-c", program, os.path.dirname(__file__)]  # noqa: PTH120
    done = subprocess.run(command, env=os.environ | plain, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [FINGERPRINTS[name] for name in WORLDS]
