"""What the server and its kernels may know of the environment: nothing, but for a short list.

Voila hands a server's whole environment to every kernel, so a database password exported in the
terminal would be within reach of every page. Here the server itself is started with a cleaned one.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import prmkit

if TYPE_CHECKING:
    from prmkit.engagement import Engagement

KEPT = frozenset({"PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "WINDIR", "PATHEXT", "COMSPEC"})
KEPT_PREFIXES = ("LC_", "PRMKIT_", "PYTHON", "OMP_", "OPENBLAS_", "MKL_", "NUMEXPR_")


def cleaned(environment: Mapping[str, str], withheld: Iterable[str] = ()) -> dict[str, str]:
    """The variables on the list above, without those named in `withheld`. No variable of Jupyter's passes."""
    denied = frozenset(withheld)
    return {name: value for name, value in environment.items() if _kept(name) and name not in denied}


def _kept(name: str) -> bool:
    upper = name.upper()
    return upper in KEPT or upper.startswith(KEPT_PREFIXES)


def secrets_of(engagement: Engagement) -> set[str]:
    """The variables an engagement names as holding an address or password: withheld whatever they are called."""
    named = {source.url_env for sources in engagement.sources.values() for source in sources}
    return {name for name in (*named, engagement.store_env) if name}


def importable(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment with this very prmkit on PYTHONPATH, where it is not installed as a package."""
    home = Path(prmkit.__file__).resolve().parent.parent
    if home.name in {"site-packages", "dist-packages"}:
        return dict(environment)
    known = [part for part in environment.get("PYTHONPATH", "").split(os.pathsep) if part]
    return dict(environment) | {"PYTHONPATH": os.pathsep.join(dict.fromkeys([str(home), *known]))}
