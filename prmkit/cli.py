"""The command line. Heavy libraries are imported inside the commands, so that --help is quick."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from prmkit import __version__
from prmkit.errors import DataFaults, PrmkitError

app = typer.Typer(
    name="prmkit",
    help="Five best practices of partner relationship management, worked out on your own data.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The engagement folder.")]
Portfolios = Annotated[list[str] | None, typer.Option("--portfolio", metavar="NAME", help="Only this portfolio; may be repeated.")]
_state = {"debug": False}


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"prmkit {__version__}")
        raise typer.Exit


@app.callback()
def common(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")] = False,
) -> None:
    """Options that every command takes."""
    _state["debug"] = debug


@app.command()
def demo(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where to work; made when missing.")] = Path("prmkit_demo"),
) -> None:
    """The whole job on the bundled samples; ends by naming the page to open."""
    from prmkit.demo import demo as run

    raise typer.Exit(run(out))


@app.command()
def new(
    folder: Folder,
    preset: Annotated[str | None, typer.Option("--preset", metavar="NAME", help="Settings for exports of this kind.")] = None,
) -> None:
    """An engagement folder with a commented engagement.yaml and where to put which export."""
    from prmkit.new import new_engagement

    for path in new_engagement(folder, preset):
        typer.echo(f"wrote {path}")
    typer.echo(f"Next: copy your exports to {folder / 'data'}, then run: prmkit check {folder}")


@app.command()
def request(folder: Folder) -> None:
    """Write data_request.xlsx again for what is still missing; an earlier one is kept beside it."""
    from prmkit.request import rewrite

    wrote, *kept = rewrite(folder)
    typer.echo(f"wrote {wrote}")
    for path in kept:
        typer.echo(f"kept the earlier one as {path}")


@app.command()
def check(
    folder: Folder,
    accept: Annotated[bool, typer.Option("--accept", help="Take every proposal as it is.")] = False,
) -> None:
    """Load, map and validate: every fault in one table, and which answers the data can carry; also as a page, out/check.html."""
    from rich.console import Console

    from prmkit.check import run

    raise typer.Exit(run(folder, accept, Console()))


@app.command()
def assess(
    folder: Folder,
    portfolio: Portfolios = None,
    practice: Annotated[list[str] | None, typer.Option("--practice", metavar="NAME", help="Only this practice; may be repeated.")] = None,
    formats: Annotated[str, typer.Option("--format", metavar="LIST", help="html, xlsx; pdf and pptx are not there yet.")] = "html",
    workers: Annotated[int | None, typer.Option("--workers", metavar="N", help="Playbooks executed side by side.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Take open proposals of how exports are read, without asking.")] = False,
    assumptions: Annotated[
        bool, typer.Option("--assumptions", help="Work out what each assumption moves, also for more than 3,000 partners.")
    ] = False,
) -> None:
    """Answer the five practices per portfolio, execute the playbooks, leave pages and results.

    A folder with nothing but exports in it will do: settings are made, and what is unsure is asked once.
    """
    from rich.console import Console

    from prmkit.beginning import ready
    from prmkit.publish.assessment import FORMATS, check_formats, playbooks
    from prmkit.publish.assessment import assess as run

    check_formats(formats.split(","), FORMATS)
    playbooks(practice or [])
    ready(folder, Console(), yes=yes)
    raise typer.Exit(run(folder, portfolio or [], practice or [], formats.split(","), workers=workers, assumptions=assumptions))


@app.command()
def report(
    folder: Folder,
    portfolio: Annotated[str, typer.Option("--portfolio", metavar="NAME", help="The portfolio whose partners to report on.")] = "all",
    partner: Annotated[list[str] | None, typer.Option("--partner", metavar="ID", help="Only this partner; may be repeated.")] = None,
    edition: Annotated[str, typer.Option("--edition", metavar="LIST", help="internal, partner, or both with a comma.")] = "internal",
    formats: Annotated[str, typer.Option("--format", metavar="LIST", help="html; pdf is not there yet.")] = "html",
    workers: Annotated[int | None, typer.Option("--workers", metavar="N", help="Reports made side by side.")] = None,
    cluster: Annotated[str | None, typer.Option("--cluster", metavar="ADDRESS", help="Not there yet.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Make every report again, also those that still fit.")] = False,
) -> None:
    """One report per partner; goes on where it was stopped."""
    from prmkit.publish.partner_reports import report as run

    if cluster:
        _not_there_yet("report --cluster", "Leave it out: reports are made on this machine, several at a time.")
    raise typer.Exit(run(folder, portfolio, partner or [], edition.split(","), formats.split(","), workers=workers, fresh=fresh))


@app.command()
def verdict(
    folder: Folder,
    finding: Annotated[
        str | None, typer.Argument(metavar="FINDING", help="Its id, or enough of the beginning; all are listed if not given.")
    ] = None,
    word: Annotated[str | None, typer.Argument(metavar="VERDICT", help="accept, dispute, correct, hide or reopen.")] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; dispute, correct and hide need it.")] = "",
    value: Annotated[
        float | None, typer.Option("--value", metavar="N", help="The right figure, to correct the worth (or, without a price, the value).")
    ] = None,
    low: Annotated[float | None, typer.Option("--low", metavar="N", help="Low end of the right figure's range.")] = None,
    high: Annotated[float | None, typer.Option("--high", metavar="N", help="High end of the right figure's range.")] = None,
    by: Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who says so; the user of this machine if not given.")] = None,
) -> None:
    """What a person says of a finding; it survives the next runs and is asked again when the figure moves."""
    from rich.console import Console

    from prmkit.verdicts.command import run

    raise typer.Exit(run(folder, finding, word, Console(), reason=reason, figure=(value, low, high), by=by))


@app.command()
def lab(
    folder: Folder,
    port: Annotated[int | None, typer.Option("--port", metavar="N", help="The port to listen on.")] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open a browser.")] = True,
) -> None:
    """The playbooks in JupyterLab on this engagement."""
    from prmkit.lab import lab as run

    raise typer.Exit(run(folder, port=port, open_browser=browser))


@app.command()
def serve(
    folder: Folder,
    portfolio: Annotated[str | None, typer.Option("--portfolio", metavar="NAME", help="Only this portfolio.")] = None,
    port: Annotated[int | None, typer.Option("--port", metavar="N", help="The port to listen on.")] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open a browser.")] = True,
) -> None:
    """The playbooks as Voila apps for the consultant's own team."""
    from prmkit.serve import serve as run

    raise typer.Exit(run(folder, port=port, portfolio=portfolio, open_browser=browser))


@app.command()
def simulate(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make; it may not hold anything yet.")],
    partners: Annotated[int | None, typer.Option("--partners", metavar="N", help="30 to 20,000; the world's own if not given.")] = None,
    months: Annotated[int | None, typer.Option("--months", metavar="M", help="12 to 60; the world's own if not given.")] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="S", help="The same seed, the same files byte for byte.")] = 20260930,
    world: Annotated[
        str, typer.Option("--world", metavar="NAME", help="What is true: docs/made_up_programmes.md lists the worlds.")
    ] = "reference",
) -> None:
    """A made-up programme: a client's exports, and the truth kept apart in DIR/truth."""
    from rich.console import Console

    from prmkit.simulate.command import run

    raise typer.Exit(run(folder, partners, months, seed, world, Console()))


@app.command()
def prove(
    practice: Annotated[list[str] | None, typer.Option("--practice", metavar="NAME", help="Only this practice; may be repeated.")] = None,
    worlds: Annotated[int, typer.Option("--worlds", metavar="N", help="Made-up programmes of each kind of world.")] = 40,
    world: Annotated[list[str] | None, typer.Option("--world", metavar="NAME", help="Only this kind; may be repeated.")] = None,
    partners: Annotated[int | None, typer.Option("--partners", metavar="N", help="Partners in each, instead of the world's own.")] = None,
    months: Annotated[int | None, typer.Option("--months", metavar="M", help="Months of history, instead of the world's own.")] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="S", help="Seed of the first programme; the next have the seeds that follow.")] = 1,
    workers: Annotated[int | None, typer.Option("--workers", metavar="N", help="Programmes worked on side by side.")] = None,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where results are kept, to go on later.")] = Path("prmkit_prove"),
    page: Annotated[Path | None, typer.Option("--page", metavar="FILE", help="Write the tables to this markdown file too.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Start anew instead of going on.")] = False,
) -> None:
    """How near the estimators come to the truth of made-up programmes; 1 where a gate fails."""
    from rich.console import Console

    from prmkit.prove.command import run

    sizes = {"partners": partners, "months": months}
    raise typer.Exit(run(practice or [], world or [], worlds, out, Console(), **sizes, seed=seed, workers=workers, to=page, fresh=fresh))


TO_COME = {"ignore_unknown_options": True, "allow_extra_args": True}


def _not_there_yet(command: str, instead: str) -> NoReturn:
    raise PrmkitError(f"'prmkit {command}' is not there yet.", do=instead)


@app.command(context_settings=TO_COME)
def workshop(folder: Folder) -> None:
    """A facilitated session with join link and code. Not there yet."""
    _not_there_yet("workshop", f"Meanwhile the playbooks can be shown to a room with: prmkit serve {folder}")


@app.command(context_settings=TO_COME)
def answer(folder: Folder) -> None:
    """The guided questions for one person. Not there yet."""
    _not_there_yet("answer", f"Meanwhile the playbooks ask the questions in prose: prmkit lab {folder}")


@app.command(context_settings=TO_COME)
def milestone(folder: Folder, name: Annotated[str, typer.Argument(metavar="NAME", help="What to call it.")]) -> None:
    """Freeze results and answers. Not there yet."""
    _not_there_yet("milestone", f"Meanwhile keep a copy of {folder / 'out'}.")


@app.command(context_settings=TO_COME)
def compare(folder: Folder, since: Annotated[str, typer.Option("--since", metavar="NAME", help="The milestone to compare with.")]) -> None:
    """What changed since a milestone. Not there yet."""
    _not_there_yet("compare", "Meanwhile compare findings.json of two runs: a finding keeps its id.")


def show_error(error: PrmkitError) -> None:
    """Say what is wrong, where, and what to do, on stderr; all faults of the data, not only the first."""
    from rich.console import Console
    from rich.markup import escape

    from prmkit.check_view import clean

    console = Console(stderr=True, soft_wrap=True, highlight=False)
    console.print(f"[bold red]Error:[/] {escape(clean(error.what))}")
    if isinstance(error, DataFaults):
        from prmkit.check import fault_table

        console.print(fault_table(error.faults))
    elif error.where:
        console.print(f"Where: {escape(clean(error.where))}")
    if error.do:
        console.print(f"What to do: {escape(clean(error.do))}")


def main() -> None:
    """Entry point of `prmkit` and `python -m prmkit`."""
    try:
        app()
    except PrmkitError as error:
        if _state["debug"]:
            raise
        show_error(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        typer.echo("\nStopped. What was finished stays; run the same command to go on.", err=True)
        sys.exit(130)


if __name__ == "__main__":
    main()
