"""`prmkit simulate`: a made-up programme as an engagement folder, written whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.markup import escape

from prmkit.engagement import FILE
from prmkit.errors import PrmkitError
from prmkit.publish.progress import progress
from prmkit.simulate.dirt import dirty
from prmkit.simulate.exports import make_exports
from prmkit.simulate.exports.writing import write_csv
from prmkit.simulate.history import sizes
from prmkit.simulate.programme import Programme, simulate
from prmkit.simulate.settings import note, settings
from prmkit.simulate.truth import FOLDER as TRUTH
from prmkit.simulate.truth import write_truth
from prmkit.simulate.worlds import WORLDS

LARGEST_SEED = 2**63 - 1
DATA, ACTS = "data", "dirt.csv"


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the folder, how many files of exports, sales lines in the clean data and acts of dirt."""

    folder: Path
    files: int
    lines: int
    acts: int


def run(folder: Path, partners: int | None, months: int | None, seed: int, world: str, console: Console) -> int:
    """Make a programme of a world and write it to `folder`; the exit code.

    PrmkitError for an unknown world, a size or seed that cannot be, a folder that holds anything already, or a disk that cannot be
    written to; nothing is left behind then.
    """
    known = WORLDS.get(world)
    sizes(known, partners, months)
    if not 0 <= seed <= LARGEST_SEED:
        raise PrmkitError(f"A programme cannot have seed {seed:,}.", where="--seed", do=f"Give 0 to {LARGEST_SEED:,}.")
    check_empty(folder)
    with console.status("Making the programme ...") if console.is_terminal else nullcontext():
        programme = simulate(known, seed, partners, months)
    written = write_programme(programme, folder, console)
    size = f"{len(programme.tables['partners']):,} partners, {programme.state.months} months, {written.lines:,} sales lines"
    dirt = f", {written.acts:,} acts of dirt" if written.acts else ""
    console.print(f"Made up: {size}{dirt} (world {known.name}, seed {seed}).", soft_wrap=True)
    console.print(f"wrote {written.files} exports to {escape(str(folder / DATA))}", soft_wrap=True)
    console.print(f"wrote the truth to {escape(str(folder / TRUTH))}, which prmkit never reads as data", soft_wrap=True)
    console.print(f"Next: prmkit check {escape(str(folder))}", soft_wrap=True)
    return 0


def check_empty(folder: Path) -> None:
    """Refuse a place where something is already: nothing is ever overwritten."""
    if folder.is_dir() and not any(folder.iterdir()):
        return
    if folder.exists() or folder.is_symlink():
        what = "This folder holds something already" if folder.is_dir() else "There is a file of this name already"
        raise PrmkitError(f"{what}; nothing was changed.", where=str(folder), do="Name another folder.")


def write_programme(programme: Programme, folder: Path, console: Console) -> Written:
    """Write a programme's exports, settings and truth to `folder`, which appears whole or not at all."""
    world, seed = programme.state.world, programme.state.seed
    files, acts = make_exports(programme.tables), None
    if world.dirt:
        spoilt = dirty(files, seed)
        files, acts = spoilt.files, spoilt.acts
    with _appearing(folder) as home, progress(console) as shown:
        data = home / DATA
        data.mkdir()
        task = shown.add_task("Writing exports", total=len(files))
        for name, frame in files.items():
            write_csv(frame, data / f"{name}.csv")
            shown.advance(task)
        _write_text(data / "README.md", note(files))
        _write_text(home / FILE, settings(world, seed, programme.tables))
        write_truth(programme, home)
        _write_acts(acts, home / TRUTH / ACTS)
    return Written(folder, len(files), len(programme.tables["sales"]), 0 if acts is None else len(acts))


@contextmanager
def _appearing(folder: Path) -> Iterator[Path]:
    """A folder to write into beside the one wanted; it takes its place at the end, or goes when anything stops the writing."""
    unfinished = folder.absolute().with_name(f".{folder.absolute().name}.{os.getpid()}")
    try:
        unfinished.mkdir(parents=True)
        yield unfinished
        check_empty(folder)
        if folder.exists():
            folder.rmdir()
        unfinished.replace(folder)
    except OSError as error:
        reason = error.strerror or str(error)
        do = "Make room on the disk, or choose a place where you may write; nothing was left behind."
        raise PrmkitError(f"The programme cannot be written: {reason}.", where=str(folder), do=do, exit_code=1) from None
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _write_acts(acts: pd.DataFrame | None, path: Path) -> None:
    if acts is not None:
        write_csv(acts, path)
