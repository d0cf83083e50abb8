"""The kernel that playbooks run in: this very Python, wherever another kernel of that name is installed."""

from __future__ import annotations

import json
import sys
from pathlib import Path

NAME = "python3"


def write_kernelspec(share: Path) -> None:
    """Describe this Python as the kernel "python3" under `share`, a folder for JUPYTER_PATH."""
    place = share / "kernels" / NAME
    place.mkdir(parents=True)
    spec = {
        "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "Python (prmkit)",
        "language": "python",
        "metadata": {"debugger": True, "supported_encryption": ["curve"]},
    }
    (place / "kernel.json").write_text(json.dumps(spec, indent=1), encoding="utf-8")
