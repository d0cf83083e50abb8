"""Start the server process, know when it listens, and be sure that it ends."""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from prmkit import resources
from prmkit.errors import PrmkitError
from prmkit.publish.page import TABLE_SCRIPT
from prmkit.serve.environment import importable
from prmkit.serve.kernelspec import write_kernelspec
from prmkit.serve.settings import ServerSettings

START_SECONDS, STOP_SECONDS = 90, 20


@dataclass(frozen=True, slots=True)
class Running:
    """A server that listens. `address` is without the token, `url` opens the gallery."""

    process: subprocess.Popen[bytes]
    address: str
    token: str

    @property
    def url(self) -> str:
        """The link for the team."""
        return f"{self.address}/?token={self.token}"


@contextmanager
def private_root() -> Iterator[Path]:
    """A folder only this user can enter, gone at the end; short enough for kernels to be reached by files in it.

    In it: the kernel's description, and the script that makes long tables sort and filter, as on every page of ours.
    """
    short = Path("/tmp")
    where = short if os.name == "posix" and len(tempfile.gettempdir()) > 20 and os.access(short, os.W_OK) else None
    root = Path(tempfile.mkdtemp(prefix="prmkit-", dir=where))
    try:
        for name in ("apps", "run", "share", "config", "data", "ipython"):
            (root / name).mkdir(mode=0o700)
        write_kernelspec(root / "share")
        program = root / "share" / "voila" / "templates" / "prmkit" / "static"
        program.mkdir(parents=True)
        (program / "table.js").write_text(TABLE_SCRIPT, encoding="utf-8")
        yield root
    finally:
        shutil.rmtree(root, ignore_errors=True)


def server_environment(root: Path, kept: Mapping[str, str]) -> dict[str, str]:
    """`kept`, and Jupyter and IPython turned away from every configuration of the user's."""
    return {
        "OMP_NUM_THREADS": "1",
        **importable(kept),
        "JUPYTER_CONFIG_DIR": str(root / "config"),
        "JUPYTER_DATA_DIR": str(root / "data"),
        "JUPYTER_RUNTIME_DIR": str(root / "run"),
        "JUPYTER_PATH": os.pathsep.join([str(root / "share"), str(resources.folder("templates"))]),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "IPYTHONDIR": str(root / "ipython"),
    }


@contextmanager
def running(settings: ServerSettings, environment: Mapping[str, str], log: IO[bytes] | None = None) -> Iterator[Running]:
    """The server, listening; ended on the way out, by force when it must be. log: where it writes, else the terminal."""
    process = subprocess.Popen(
        [sys.executable, "-m", "prmkit.serve.server"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        env=dict(environment),
        cwd=settings.root,
        start_new_session=True,
    )
    try:
        assert process.stdin is not None
        process.stdin.write(settings.dump().encode("utf-8") + b"\n")
        process.stdin.flush()
        yield Running(process, f"http://127.0.0.1:{listening_port(process)}", settings.token)
    finally:
        _end(process)


def listening_port(process: subprocess.Popen[bytes]) -> int:
    """The port, once the server says so; PrmkitError with its reason when it does not."""
    said: queue.Queue[bytes] = queue.Queue()
    assert process.stdout is not None
    stdout = process.stdout
    threading.Thread(target=lambda: said.put(stdout.readline()), daemon=True).start()
    try:
        line = said.get(timeout=START_SECONDS)
    except queue.Empty:
        raise PrmkitError(f"The apps did not start within {START_SECONDS} seconds.", exit_code=1) from None
    message = json.loads(line) if line.startswith(b"{") else {}
    if "port" in message:
        return int(message["port"])
    raise PrmkitError(
        message.get("what", "The apps could not be started; the lines above say why."),
        where=message.get("where", ""),
        do=message.get("do", ""),
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    """Closing its input asks the server to stop; its kernels end with it."""
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with suppress(OSError):
                stream.close()
    for force in (process.terminate, process.kill):
        try:
            process.wait(STOP_SECONDS)
            return
        except subprocess.TimeoutExpired:
            force()
    process.wait(STOP_SECONDS)
