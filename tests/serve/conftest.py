"""A hardened server on tiny notebooks, asked over plain HTTP."""

from __future__ import annotations

import json
import os
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from prmkit.serve.environment import cleaned
from prmkit.serve.gallery import App, Gallery, Shelf
from prmkit.serve.launch import Running, private_root, running, server_environment
from prmkit.serve.notebooks import write_app
from prmkit.serve.settings import ServerSettings

TOKEN = "the-team-key"
NOTEBOOKS = {
    "environment": "import json, os\nprint('ENV' + json.dumps(dict(os.environ)) + 'VNE')",
    "failing": "# a comment nobody should see\nsecret_value = 41\nprint('shown')\nraise ValueError('CANARY-9')",
    "dying": "import os\nos.kill(os.getpid(), 9)",
    "slow": "import time\ntime.sleep(60)",
    "long": "import time\ntime.sleep(2)",
}
LONG = 20


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


@dataclass(frozen=True)
class Answer:
    """One response, redirects not followed."""

    status: int
    headers: Mapping[str, str]
    text: str


@dataclass
class Visitor:
    """A browser's stand-in: keeps cookies; `token` is sent as a header when given."""

    address: str
    token: str | None = TOKEN
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, path: str, method: str = "GET", headers: Mapping[str, str] | None = None, seconds: float = 60) -> Answer:
        """The answer to one request."""
        sent = dict(headers or {})
        if self.token:
            sent["Authorization"] = f"token {self.token}"
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        request = urllib.request.Request(self.address + path, method=method, headers=sent)
        try:
            with urllib.request.build_opener(_Stay).open(request, timeout=seconds) as response:  # a stalled socket, not a slow page
                return self._keep(response.status, response)
        except urllib.error.HTTPError as error:
            with error:
                return self._keep(error.code, error)

    def _keep(self, status: int, response: Any) -> Answer:
        for cookie in response.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(status, dict(response.headers), response.read().decode("utf-8", "replace"))

    def come_in(self) -> Visitor:
        """Exchange the token for the cookie, as a browser that opens the link does."""
        link = replace(self, token=None, cookies={})
        link.ask(f"/?token={TOKEN}")
        return link

    def open(self, name: str, *, keep: bool = False) -> tuple[Answer, str]:
        """Open an app: the page, and the id of the kernel it started, which is ended again unless it is kept."""
        page = self.ask(f"/voila/render/{name}.ipynb")
        found = re.search(r'"kernelId": "([\w-]+)"', page.text)
        kernel = found.group(1) if found else ""
        if kernel and not keep:
            assert self.close(kernel) in {204, 404}
        return page, kernel

    def close(self, kernel: str) -> int:
        """Do what a page does when it is closed; the status of the answer."""
        return self.ask(f"/voila/api/shutdown/{kernel}", "POST", {"X-XSRFToken": self.cookies["_xsrf"]}).status


@dataclass(frozen=True)
class Served:
    """A running server, and where its files are."""

    running: Running
    root: Path
    log: Path

    @property
    def visitor(self) -> Visitor:
        """Someone with the token who has not been here before."""
        return Visitor(self.running.address)

    def kernels(self) -> set[int]:
        """Processes of kernels that this server started."""
        return {pid for pid, command in _processes() if "ipykernel_launcher" in command and str(self.root) in command}


def _processes() -> Iterator[tuple[int, str]]:
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            yield int(entry.name), (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue


@contextmanager
def _serve(folder: Path, environment: Mapping[str, str], **changed: Any) -> Iterator[Served]:
    with private_root() as root, (folder / "log.txt").open("wb") as log:
        apps = root / "apps"
        for name, source in NOTEBOOKS.items():
            cells = [new_code_cell(source) for _ in range(LONG if name == "long" else 1)]
            notebook = new_notebook(cells=[new_markdown_cell(f"# The {name} app"), *cells])
            write_app(notebook, f"The {name} app", apps / f"{name}.ipynb")
        for name in ("picture.png", "drawing.svg", "page.html", "table.csv", "code.py"):
            (apps / name).write_text("CANARY", encoding="utf-8")
        shelf = Shelf("all", "As of 2026-09-30", (App("The environment app", "What is known?", "2 findings", "environment.ipynb"),))
        settings = ServerSettings(
            root=str(root),
            apps=str(apps),
            runtime=str(root / "run"),
            token=TOKEN,
            port=None,
            css="main{color:black}",
            lang="en",
            gallery=Gallery('Smith & "Sons" <script>', (shelf,)),
        )
        with running(replace(settings, **changed), server_environment(root, environment), log) as server:
            yield Served(server, root, folder / "log.txt")


@pytest.fixture(scope="session")
def serve_tiny() -> Callable[..., AbstractContextManager[Served]]:
    """Start a server of one's own: serve_tiny(folder, environment, live_kernels=1)."""
    return _serve


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for many tests, started by a user whose configuration and environment would undo the hardening."""
    home = tmp_path_factory.mktemp("home")
    undoing = {
        "VoilaConfiguration": {"show_tracebacks": True, "allow_theme_override": "YES", "file_allowlist": [".*"], "strip_sources": False},
        "Voila": {"token": "", "auto_token": False},
    }
    for place in (home / ".jupyter", home / ".config" / "jupyter"):
        place.mkdir(parents=True)
        (place / "voila.json").write_text(json.dumps(undoing), encoding="utf-8")
    inherited = dict(os.environ) | {
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home / ".jupyter"),
        "JUPYTER_TOKEN": "",
        "DB_PASSWORD": "CANARY-1",
        "PRMKIT_WAREHOUSE": "CANARY-2",
        "PRMKIT_NOTE": "passes",
        "AWS_SECRET_ACCESS_KEY": "CANARY-3",
    }
    with _serve(tmp_path_factory.mktemp("served"), cleaned(inherited, {"PRMKIT_WAREHOUSE"})) as server:
        yield server

    """A notebook with one cell."""
    return new_notebook(cells=[new_code_cell("1 + 1")])
