"""The generated pages of docs/: commands, tables, settings, faults, presets. `python tasks.py docs` writes them again."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import typer.main

from prmkit.data.tables import Column

DOCS = Path(__file__).resolve().parent


def commands() -> str:
    """Every command with its arguments and options, from the command line itself."""
    from prmkit.cli import app

    group: Any = typer.main.get_command(app)
    parts = [
        "# Commands",
        "`python -m prmkit` is the same as `prmkit`. Exit codes: 0 done; 1 done with failures, each named; "
        "2 bad input or usage, nothing written. Errors go to stderr: what is wrong, where, what to do. "
        "`--debug` before the command shows the traceback.",
    ]
    for name, command in group.commands.items():
        parts += [f"## prmkit {name}", command.help or "", _options(command)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _options(command: Any) -> str:
    rows = []
    for parameter in command.params:
        option = parameter.opts[0].startswith("-")
        shown = ", ".join([*parameter.opts, *parameter.secondary_opts]) if option else str(parameter.metavar or parameter.name)
        value = f" `{parameter.metavar}`" if option and parameter.metavar else ""
        rows.append(f"| `{shown}`{value} | {getattr(parameter, 'help', '') or ''} |")
    return "\n".join(["| | |", "|---|---|", *rows]) if rows else ""


def tables() -> str:
    """Every canonical table and column, from the contract."""
    from prmkit.data.tables import tables as canonical

    parts = [
        "# Tables",
        "What a client's exports are mapped onto. Ids are text and kept as written. A table is found when its file is named after it "
        "(csv, csv.gz, parquet, xlsx), or through `sources` in engagement.yaml. Only partners and sales are required.",
    ]
    for table in canonical().values():
        needed = " (required)" if table.required else ""
        rows = [f"| `{c.name}` | {_kind(c)} | {'yes' if c.required else ''} | {_notes(c)} |" for c in table.columns]
        parts += [f"## {table.name}{needed}", f"{table.grain[:1].upper()}{table.grain[1:]}."]
        parts += ["\n".join(["| column | type | required | meaning |", "|---|---|---|---|", *rows])]
    return "\n\n".join(parts) + "\n"


def _kind(column: Column) -> str:
    return " \\| ".join(column.words) if column.words else column.kind


def _notes(column: Column) -> str:
    without = f"without it: {column.stand_in}" if column.stand_in else ""
    return "; ".join(part for part in (column.unit, column.note, without) if part).replace("|", "\\|")


def settings() -> str:
    """Every key of engagement.yaml."""
    from prmkit.engagement import settings_page

    return settings_page()


def faults() -> str:
    """Every fault a file can have, and its remedy, from the fault book."""
    from prmkit.data.fault_book import CHAPTERS

    parts = [
        "# Faults and remedies",
        "`prmkit check` shows every fault of the data in one table. An error stops an assessment; a warning is shown with the results. "
        "Words in braces stand for names and values of your own files.",
    ]
    for chapter, book in CHAPTERS.items():
        rows = [f"| `{code}` | {kind.severity} | {_cell(kind.why)} | {_cell(kind.do)} |" for code, kind in book.items()]
        parts += [f"## {chapter}", "\n".join(["| code | severity | what is wrong | what to do |", "|---|---|---|---|", *rows])]
    return "\n\n".join(parts) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def presets() -> str:
    """Every system whose exports are known: how an export is told, which headers are read, which tables it makes."""
    from prmkit.data.presets import PRESETS

    parts = [
        "# Systems and their exports",
        "An export is recognised by its headers, whatever the file is called: all those that tell it have to be there, in any of their "
        "spellings; case, spaces and punctuation do not count. Other headers are read where they are there. `prmkit check` says what "
        "each file was taken for, and proposes what is unsure.",
    ]
    for name in PRESETS:
        preset = PRESETS.get(name)
        if not preset.exports:
            continue
        parts += [f"## {preset.title}", f"Preset `{name}`."]
        for raw, export in preset.exports.items():
            made = {table: one for table, one in preset.tables.items() if raw in one.files}
            parts += [_export(raw, export.title, export.told_by, export.also, made)]
        asked = [f"- {table}, only when a person agrees: {one.stand_in}." for table, one in preset.tables.items() if one.stand_in]
        parts += ["\n".join(asked)] if asked else []
    return "\n\n".join(parts) + "\n"


def _export(raw: str, title: str, told_by: Sequence[str], also: Mapping[str, Sequence[str]], made: Mapping[str, Any]) -> str:
    headers = {header: None for one in made.values() for header in one.headers(raw)}
    rows = [f"| {_cell(header)} | {'yes' if header in told_by else ''} | {_cell(', '.join(also.get(header, ())))} |" for header in headers]
    head = f"### {title[0].upper()}{title[1:]}\n\nRaw file `{raw}`; makes {', '.join(made)}.\n\n"
    return head + "\n".join(["| header | told by | other spellings |", "|---|---|---|", *rows])


PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands,
    "tables.md": tables,
    "settings.md": settings,
    "faults.md": faults,
    "presets.md": presets,
}


def main() -> None:
    """Write every page."""
    for name, make in PAGES.items():
        (DOCS / name).write_text(make(), encoding="utf-8", newline="\n")
        sys.stdout.write(f"wrote docs/{name}\n")


if __name__ == "__main__":
    main()
