"""What is true of a made-up programme lies in a folder of its own, which no data may come from."""

from __future__ import annotations

from pathlib import Path

SEALED_BY = "TRUTH.txt"
"""A folder that holds a file of this name is sealed: nothing in or below it is ever read as data."""


def is_sealed(path: Path) -> bool:
    """Whether a file lies, links followed, in or below a sealed folder."""
    return any((folder / SEALED_BY).exists() for folder in path.resolve().parents)
