"""What lies in a data folder that is no file, or no longer one, and names of every kind: nothing is waited for, nothing runs in circles."""

from __future__ import annotations

import gzip
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from prmkit.data import csvfile, parquetfile, workbook
from prmkit.data.load import inspect
from tests.data.conftest import SALES, codes, engagement
from tests.data.hostile.cases import MAIN, Case, Content, Outcome, judge, run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes, devices and such names are those of other systems")


def at(pattern: str) -> str:
    return f'{MAIN}sources: {{sales: {{path: "{pattern}"}}}}\n'


def place(what: str, make: Callable[[Path], object], *errors: str, rows: int | None = None) -> Case:
    """Something that is made as data/sales.csv by a function."""
    return Case(what, {"data/sales.csv": None, "data/.made": lambda path: make(path.parent / "sales.csv") and None}, errors, rows)


def named(name: str, *errors: str, rows: int | None = 3, content: Content = SALES) -> Case:
    """A file of an odd name, found by a pattern."""
    return Case(f"called {name!r}", {"data/sales.csv": None, f"data/{name}": content}, errors, rows, at("data/[!p]*"))


def circle(path: Path) -> None:
    path.mkdir()
    (path / "x.csv").write_text(SALES, encoding="utf-8")
    for number in range(4):
        (path / f"again_{number}").symlink_to(path, target_is_directory=True)


CASES = [
    place("a pipe", os.mkfifo, "table_missing"),
    place("a folder", Path.mkdir, "table_missing"),
    place("a device that never ends", lambda path: path.symlink_to("/dev/zero"), "table_missing"),
    place("a link to itself", lambda path: path.symlink_to(path.name), "table_missing"),
    place("a link to nothing", lambda path: path.symlink_to("nowhere.csv"), "table_missing"),
    place("a link to a file", lambda path: (path.parent / "real").write_text(SALES) and path.symlink_to("real"), rows=3),
    Case("links that lead round in circles", {"data/a": circle}, (), 3, at("data/**/x.csv")),
    Case("a pattern that is none", {}, ("no_match",), None, at("data/**x")),
    Case("a path longer than a disk can hold", {}, ("no_match",), None, at("x" * 5000)),
    Case("a path deeper than a disk can hold", {}, ("no_match",), None, at("a/" * 3000)),
    Case("three thousand stars", {}, ("no_match",), None, at("*" * 3000)),
    Case("NUL in a path", {}, ("no_match",), None, at("a\\0b")),
    Case("a device by its path", {}, ("no_match",), None, at("/dev/zero")),
    Case("names that differ in capitals only", {"data/SALES.csv": SALES}, ("two_files",)),
    Case("a folder that looks like a column", {}, (), 3, folder="revenue=5"),
    Case("a folder that looks like a pattern", {}, (), 3, folder="a[b]*{c,d}"),
    Case("a folder that looks like code", {}, (), 3, folder="'; DROP TABLE x; --\"\n%20$(x)"),
    Case("a folder with a question mark", {}, ("question mark",), folder="what?"),
    named("sales 'q' \"q\".csv"),
    named("sales\n1.csv"),
    named("sales\x1b[2J\u202e.csv"),
    named("sales*[x]?.csv"),
    named("-rf;%s.csv"),
    named("con.csv"),
    named("s" * 240 + ".csv"),
    named("sales_\udcff.csv"),
    named("sales_\udcff.csv.gz", content=gzip.compress(SALES.encode())),
]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    return run(CASES, tmp_path_factory.mktemp("places"))


@pytest.mark.parametrize("case", CASES, ids=[ascii(case.what) for case in CASES])
def test_place(case: Case, outcomes: dict[str, Outcome]) -> None:
    judge(case, outcomes[case.what])


def test_a_socket_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = engagement(tmp_path, {"data/sales.csv": None})
    monkeypatch.chdir(tmp_path / "data")  # the name of a socket may not be long
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("sales.csv")
    assert codes(inspect(made, tmp_path / "cache"), "error") == {"table_missing"}


CHANGES: dict[str, Callable[[Path], object]] = {
    "vanishes": Path.unlink,
    "is cut short": lambda path: os.truncate(path, 50),
    "becomes another encoding": lambda path: path.write_bytes(b"\xfc\n" * 1000),
    "becomes a pipe": lambda path: (path.unlink(), os.mkfifo(path)),
    "becomes a folder": lambda path: (path.unlink(), path.mkdir()),
}


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize("suffix", [".csv", ".csv.gz", ".xlsx", ".parquet"])
def test_a_file_that_changes_while_it_is_read(what: str, suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The change comes between the first look at the file and its reading."""
    path = tmp_path / "data" / f"sales{suffix}"

    def then(module: object, name: str) -> None:
        before = getattr(module, name)

        def changed(*given: object, **more: object) -> object:
            made = before(*given, **more)
            if path.is_file():
                CHANGES[what](path)
            return made

        monkeypatch.setattr(module, name, changed)

    made = engagement(tmp_path, {"data/sales.csv": None, f"data/sales{suffix}": _content(suffix)})
    then(csvfile, "find_layout")
    then(workbook, "header_row")
    then(parquetfile, "choose")
    monkeypatch.setattr(csvfile, "_at_once", lambda *given: None)
    found = inspect(made, tmp_path / "cache")
    assert codes(found, "error") >= {"file_changed"}


def _content(suffix: str) -> Content:
    if suffix == ".csv":
        return SALES
    if suffix == ".csv.gz":
        return gzip.compress(SALES.encode())
    from tests.data.hostile.test_parquet_files import written
    from tests.data.hostile.test_workbooks import book

    return book({}) if suffix == ".xlsx" else written()
