"""`prmkit prove`: many made-up programmes, a table on the terminal, and a page if one is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from prmkit.errors import PrmkitError
from prmkit.practices import PRACTICES
from prmkit.prove.columns import shown
from prmkit.prove.ledger import Plan
from prmkit.prove.page import page
from prmkit.prove.run import Proof, prove
from prmkit.publish.progress import progress
from prmkit.simulate.history import FEWEST_MONTHS, FEWEST_PARTNERS, MOST_MONTHS, MOST_PARTNERS
from prmkit.simulate.worlds import WORLDS

FIRST_SEED = 1


def run(
    practices: Sequence[str],
    names: Sequence[str],
    count: int,
    out: Path,
    console: Console,
    *,
    partners: int | None = None,
    months: int | None = None,
    seed: int = FIRST_SEED,
    workers: int | None = None,
    to: Path | None = None,
    fresh: bool = False,
) -> int:
    """Prove, print, and write the page; 1 where a gate fails or something could not be done, else 0.

    count: programmes of each named world, with the seeds `seed`, `seed` + 1, ...: a larger count adds to the same ones. partners, months:
    the world's own where None. Raises PrmkitError for bad usage, before anything is written.
    """
    for value, low, high, option in (
        (count, 1, 100_000, "--worlds"),
        (seed, 0, 2**31, "--seed"),
        (workers, 1, 1_000, "--workers"),
        (partners, FEWEST_PARTNERS, MOST_PARTNERS, "--partners"),
        (months, FEWEST_MONTHS, MOST_MONTHS, "--months"),
    ):
        if value is not None and not low <= value <= high:
            raise PrmkitError(f"{option} {value:,} is out of range.", where=option, do=f"Give a number from {low:,} to {high:,}.")
    chosen = [PRACTICES.get(name).name for name in dict.fromkeys(practices)]
    worlds = [WORLDS.get(name) for name in dict.fromkeys(names or WORLDS)]
    plans = [Plan(world, partners or world.partners, months or world.months) for world in worlds]
    for path, wrong in ((out, out.exists() and not out.is_dir()), (to, to is not None and to.is_dir())):
        if wrong:
            raise PrmkitError("A file and a folder are mixed up here.", where=str(path), do="--out takes a folder, --page a file.")
    proof = _proved(plans, range(seed, seed + count), chosen, out, workers, fresh, console)
    _print(proof, console)
    if to is not None:
        _write(to, page(proof, _command(chosen, names, count, partners, months, seed)))
        console.print(f"wrote {escape(str(to))}", soft_wrap=True)
    return 1 if proof.failed or proof.failures else 0


def _proved(
    plans: Sequence[Plan], seeds: range, practices: Sequence[str], out: Path, workers: int | None, fresh: bool, console: Console
) -> Proof:
    with progress(console) as bars:
        bar = bars.add_task("Made-up programmes", total=len(plans) * len(seeds))

        def step(done: int, total: int) -> None:
            bars.update(bar, completed=done, total=total)

        return prove(plans, seeds, practices, out, workers=workers, fresh=fresh, step=step)


def _print(proof: Proof, console: Console) -> None:
    for answer in proof.answers:
        scores, gates = proof.of(answer)
        if not scores:
            continue
        columns = shown(scores, gates, brief=True)
        table = Table(title=escape(f"{answer.name}: {answer.question}"), title_justify="left")
        for column in columns:
            table.add_column(column.name)
        for score in scores:
            cells = [(escape(column.show(score, gates[score.world])), column.failed(gates[score.world])) for column in columns]
            table.add_row(*(f"[bold red]{cell}[/]" if failed else cell for cell, failed in cells))
        console.print(table)
    console.print("All programmes are made up. Three numbers apart by / are those of the tool, the spreadsheet and the limit.")
    for failure in proof.failures:
        console.print(
            f"[bold red]could not be done[/] {escape(f'{failure.what} in {failure.world}, seed {failure.seed}: {failure.why}')}",
            soft_wrap=True,
        )
    for gate in proof.failed:
        console.print(f"[bold red]failed[/] {escape(f'{gate.answer} in {gate.world}, {gate.name}: {gate.why}')}", soft_wrap=True)
    unjudged = sum(gate.state == "not judged" for gate in proof.gates)
    if unjudged:
        console.print(
            f"{unjudged:,} of {len(proof.gates):,} gates were not judged: too few worlds. More come with a larger --worlds.", soft_wrap=True
        )


def _command(practices: Sequence[str], names: Sequence[str], count: int, partners: int | None, months: int | None, seed: int) -> str:
    words = ["prmkit prove", *(f"--practice {name}" for name in practices), f"--worlds {count}", *(f"--world {name}" for name in names)]
    words += [f"{option} {value}" for option, value in (("--partners", partners), ("--months", months)) if value is not None]
    return " ".join([*words, f"--seed {seed}"])


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.draft")
    draft.write_text(text, encoding="utf-8", newline="\n")
    draft.replace(file)
