"""How many visitors, how long a kernel lives, and that everything ends when the command does."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from prmkit.errors import PrmkitError
from prmkit.serve.environment import cleaned
from prmkit.serve.launch import listening_port
from prmkit.serve.ports import bind, free_port

pytestmark = pytest.mark.xdist_group("serve")


def eventually(what: Callable[[], object], seconds: float = 20) -> bool:
    """Whether `what` comes true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.1)
    return False


@pytest.fixture(scope="module")
def small(serve_tiny, tmp_path_factory):
    """A server with one place and little patience: six seconds without use, four for a cell, eight for a page."""
    limits = {"live_kernels": 1, "idle_seconds": 6, "cull_every_seconds": 1, "cell_seconds": 4, "page_seconds": 8}
    with serve_tiny(tmp_path_factory.mktemp("small"), cleaned(os.environ), **limits) as server:
        yield server


def test_the_second_visitor_is_told_to_wait_and_comes_in_when_the_first_kernel_has_slept(small):
    first, second = small.visitor.come_in(), small.visitor.come_in()
    page, kernel = first.open("environment", keep=True)
    assert page.status == 200
    full, _ = second.open("environment")
    assert full.status == 503
    assert "All places are taken" in full.text
    assert "kernelId" not in full.text
    assert len(small.kernels()) == 1
    assert eventually(lambda: first.ask(f"/api/kernels/{kernel}").status == 404), "stopped after a time without use"
    assert eventually(lambda: not small.kernels())
    again, kernel = second.open("environment")
    assert again.status == 200


def test_two_at_the_same_moment_do_not_both_get_the_last_place(small):
    assert eventually(lambda: not small.kernels())
    visitors = [small.visitor.come_in() for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        pages = list(pool.map(lambda visitor: visitor.open("environment", keep=True)[0].status, visitors))
    assert sorted(pages) == [200, 503, 503]


def test_who_leaves_before_the_page_is_whole_takes_the_kernel_along(small):
    assert eventually(lambda: not small.kernels())
    with pytest.raises(TimeoutError):
        small.visitor.ask("/voila/render/slow.ipynb", seconds=2)
    assert eventually(lambda: not small.kernels(), 10)
    page, _ = small.visitor.open("environment")
    assert page.status == 200, "the place is free again"


@pytest.mark.parametrize(("app", "limit"), [("slow", 4), ("long", 8)])
def test_neither_a_cell_nor_a_page_lasts_for_ever(small, app, limit):
    assert eventually(lambda: not small.kernels())
    started = time.monotonic()
    page, _ = small.visitor.open(app)
    assert page.status == 200
    assert "took too long and was stopped" in page.text
    assert limit <= time.monotonic() - started < limit + 15


def test_the_server_its_kernels_and_its_files_go_when_the_command_goes(serve_tiny, tmp_path):
    with serve_tiny(tmp_path, cleaned(os.environ)) as server:
        server.visitor.open("environment", keep=True)
        assert len(server.kernels()) == 1
        server.running.process.stdin.close()  # what the system does when the command is killed
        assert server.running.process.wait(20) == 0
        assert not server.kernels()
        assert not server.root.exists()


def test_a_port_in_use_is_refused_not_replaced():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PrmkitError) as caught:
            bind(port, 8866)
        assert free_port(None, port) != port
    assert caught.value.what == f"Port {port} is in use."
    assert "--port" in caught.value.do
    assert free_port(port, 8866) == port


@pytest.mark.parametrize(
    ("said", "what"),
    [('{"what": "Port 1 is in use.", "where": "", "do": "Take another."}', "Port 1 is in use."), ("", "The apps could not be started")],
)
def test_a_server_that_does_not_start_says_why(said, what):
    with (
        subprocess.Popen([sys.executable, "-c", f"print({said!r})"], stdout=subprocess.PIPE) as process,
        pytest.raises(PrmkitError) as caught,
    ):
        listening_port(process)
    assert caught.value.what.startswith(what)


def test_the_server_listens_on_this_machine_only(small):
    port = int(small.running.address.rpartition(":")[2])
    lines = [line.split() for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]]
    listening = {fields[1] for fields in lines if fields[3] == "0A" and int(fields[1].partition(":")[2], 16) == port}
    assert listening == {f"0100007F:{port:04X}"}
    assert replace(small.visitor, token=None).ask("/").status == 302
