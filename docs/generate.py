"""The generated pages of docs/: commands, tables, settings, faults. `python tasks.py docs` writes them again."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click
import typer.main

DOCS = Path(__file__).resolve().parent


def commands() -> str:
    """Every command with its arguments and options, from the command line itself."""
    from prmkit.cli import app

    group = typer.main.get_command(app)
    parts = [
        "# Commands",
        "`python -m prmkit` is the same as `prmkit`. Exit codes: 0 done; 1 done with failures, each named; "
        "2 bad input or usage, nothing written. Errors go to stderr: what is wrong, where, what to do. "
        "`--debug` before the command shows the traceback.",
    ]
    assert isinstance(group, click.Group) or hasattr(group, "commands")
    for name, command in group.commands.items():
        parts += [f"## prmkit {name}", command.help or "", _options(command)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _options(command: click.Command) -> str:
    rows = []
    for parameter in command.params:
        shown = parameter.metavar or parameter.human_readable_name
        name = f"`{', '.join([*parameter.opts, *parameter.secondary_opts])}`" if parameter.param_type_name == "option" else f"`{shown}`"
        value = f" `{parameter.metavar}`" if parameter.param_type_name == "option" and parameter.metavar else ""
        rows.append(f"| {name}{value} | {getattr(parameter, 'help', '') or ''} |")
    return "\n".join(["| | |", "|---|---|", *rows]) if rows else ""


def tables() -> str:
    """Every canonical table and column, from the contract."""
    from prmkit.data.tables import TABLES

    parts = [
        "# Tables",
        "What a client's exports are mapped onto. Ids are text and kept as written. A table is found when its file is named after it "
        "(csv, csv.gz, parquet, xlsx), or through `sources` in engagement.yaml. Only partners and sales are required.",
    ]
    for table in TABLES.values():
        needed = " (required)" if table.required else ""
        rows = [f"| `{c.name}` | {_kind(c)} | {'yes' if c.required else ''} | {_notes(c)} |" for c in table.columns.values()]
        parts += [f"## {table.name}{needed}", f"{table.grain[:1].upper()}{table.grain[1:]}."]
        parts += ["\n".join(["| column | type | required | meaning |", "|---|---|---|---|", *rows])]
    return "\n\n".join(parts) + "\n"


def _kind(column: object) -> str:
    words = getattr(column, "words", ()) or ()
    return " \\| ".join(words) if words else str(getattr(column, "kind", ""))


def _notes(column: object) -> str:
    said = [str(getattr(column, key)) for key in ("unit", "note") if getattr(column, key, None)]
    stand_in = getattr(column, "stand_in", None)
    return "; ".join([*said, *([f"without it: {stand_in}"] if stand_in else [])]).replace("|", "\\|")


def settings() -> str:
    """Every key of engagement.yaml."""
    from prmkit.engagement import settings_page

    return settings_page()


def faults() -> str:
    """Every fault a file can have, and its remedy."""
    from prmkit.data.faults import faults_page

    return faults_page()


PAGES: dict[str, Callable[[], str]] = {"commands.md": commands, "tables.md": tables, "settings.md": settings, "faults.md": faults}


def main() -> None:
    """Write every page."""
    for name, make in PAGES.items():
        (DOCS / name).write_text(make(), encoding="utf-8", newline="\n")
        sys.stdout.write(f"wrote docs/{name}\n")


if __name__ == "__main__":
    main()
