"""`prmkit lab`: the playbooks in JupyterLab, as copies that belong to the engagement and may be changed."""

from __future__ import annotations

import difflib
import json
import os
import re
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

from prmkit import resources
from prmkit.engagement import load_engagement
from prmkit.serve.environment import importable
from prmkit.serve.kernelspec import NAME, write_kernelspec
from prmkit.serve.ports import free_port

FIRST_PORT, SHOWN_LINES = 8888, 12
_ENGAGEMENT = re.compile(r"""^(engagement\s*(?::\s*str)?\s*=\s*)(["']).*?\2""", re.MULTILINE)


def lab(folder: Path, *, port: int | None = None, open_browser: bool = True) -> int:
    """Open JupyterLab on the working copies in DIR/playbooks until it is stopped; returns its exit code.

    Copies that are missing are made; one that was changed is never overwritten, and how it differs
    from the playbook that ships is said. Raises PrmkitError when DIR is no engagement.
    """
    engagement = load_engagement(folder)
    for line in working_copies(engagement.folder / "playbooks"):
        typer.echo(line)
    number, token = free_port(port, FIRST_PORT), secrets.token_urlsafe(32)
    with tempfile.TemporaryDirectory(prefix="prmkit-lab-") as name:
        private = Path(name)
        write_kernelspec(private / "share")
        arguments = private / "arguments.json"
        arguments.touch(mode=0o600)
        arguments.write_text(json.dumps(_arguments(settings(engagement.folder, number, token, open_browser))), encoding="utf-8")
        typer.echo(f"\nJupyterLab opens at\n\n  http://127.0.0.1:{number}/lab?token={token}\n\nStop with Ctrl-C.")
        process = subprocess.Popen([sys.executable, "-m", "prmkit.lab", str(arguments)], env=_environment(private))
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        return _until_stopped(process)


def working_copies(place: Path) -> list[str]:
    """Copy the shipped playbooks to `place` where they are missing; returns what was done, and what differs."""
    place.mkdir(parents=True, exist_ok=True)
    said = []
    for shipped in sorted(resources.folder("playbooks").glob("*.ipynb")):
        copy, text = place / shipped.name, for_engagement(shipped.read_text(encoding="utf-8"))
        if not copy.exists():
            copy.write_text(text, encoding="utf-8")
            said.append(f"wrote {copy}")
        elif differences := _differences(copy, text):
            said += [f"{copy} was changed and stays as it is; against the playbook of this version (- ships, + yours):", *differences]
    return said


def for_engagement(notebook: str) -> str:
    """The notebook's text with the parameter `engagement` naming the folder above it, where the copy lies."""
    node = json.loads(notebook)
    for cell in node["cells"]:
        if "parameters" in cell.get("metadata", {}).get("tags", []):
            source = _ENGAGEMENT.sub(r'\1".."', "".join(cell["source"]))
            cell["source"] = source.splitlines(keepends=True)
    return json.dumps(node, indent=1, ensure_ascii=False) + "\n"


def _differences(copy: Path, shipped: str) -> list[str]:
    try:
        yours = _lines(json.loads(copy.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        return ["  it cannot be read as a notebook; move it away to get a fresh copy"]
    changed = [
        line
        for line in difflib.unified_diff(_lines(json.loads(shipped)), yours, n=0, lineterm="")
        if not line.startswith(("---", "+++", "@@"))
    ]
    more = [f"  ... and {len(changed) - SHOWN_LINES} lines more"] if len(changed) > SHOWN_LINES else []
    return [f"  {line}" for line in changed[:SHOWN_LINES]] + more


def _lines(notebook: Mapping[str, Any]) -> list[str]:
    """What a person wrote: the source of each cell, without outputs, counters and metadata."""
    return [line for cell in notebook["cells"] for line in "".join(cell["source"]).splitlines()]


def settings(root: Path, port: int, token: str, open_browser: bool) -> dict[str, Any]:
    """Settings that stand above the user's own: a token, this machine only, nothing asked of the network."""
    return {
        "ServerApp": {
            "root_dir": str(root.resolve()),
            "ip": "127.0.0.1",
            "port": port,
            "port_retries": 0,
            "open_browser": open_browser,
            "allow_root": True,
            "allow_remote_access": False,
            "default_url": "/lab/tree/playbooks",
        },
        "IdentityProvider": {"token": token},
        "PasswordIdentityProvider": {"token": token, "hashed_password": "", "password_required": False},
        "LabApp": {
            "default_url": "/lab/tree/playbooks",
            "extension_manager": "readonly",
            "news_url": None,
            "check_for_updates_class": "jupyterlab.handlers.announcements.NeverCheckForUpdate",
        },
        "MappingKernelManager": {"default_kernel_name": NAME},
    }


def _arguments(values: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The settings as arguments: nothing a user configures stands above those."""
    return [f"--{group}.{name}={value}" for group, pairs in values.items() for name, value in pairs.items()]


def _environment(private: Path) -> dict[str, str]:
    """The user's environment, with this Python as the kernel."""
    known = [part for part in os.environ.get("JUPYTER_PATH", "").split(os.pathsep) if part]
    return importable(os.environ) | {"JUPYTER_PATH": os.pathsep.join([str(private / "share"), *known])}


def _until_stopped(process: subprocess.Popen[bytes]) -> int:
    """JupyterLab asks for itself whether to stop; a second Ctrl-C, or its end, ends the command."""
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


def main() -> None:
    """JupyterLab with the arguments in a file, so that the token does not stand among the running processes."""
    from jupyterlab.labapp import LabApp

    LabApp.launch_instance(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
