"""Where playbooks, templates and samples are: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from prmkit.errors import PrmkitError

Kind = Literal["playbooks", "templates", "data_samples"]
_PACKAGE = Path(__file__).resolve().parent


def folder(kind: Kind) -> Path:
    """The folder of shipped `kind`, found the same way from a checkout and from a wheel."""
    for candidate in (_PACKAGE / kind, _PACKAGE.parent / kind):
        if candidate.is_dir():
            return candidate
    raise PrmkitError(
        f"The folder '{kind}' that belongs to prmkit is missing.", do="Install prmkit again: pip install --force-reinstall prmkit"
    )


def spec(name: str) -> Path:
    """A file of the contract, such as tables.yaml."""
    return _PACKAGE / "spec" / name
