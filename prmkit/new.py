"""`prmkit new`: an engagement folder with commented settings and a note on which export goes where."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from prmkit import resources
from prmkit.data.presets import PRESETS, Preset
from prmkit.data.readiness import TableNeeds, declared
from prmkit.data.tables import Table, tables
from prmkit.engagement.loading import FILE, parse_engagement, quoted
from prmkit.errors import PrmkitError
from prmkit.practices import PRACTICES
from prmkit.request import write_new

NOTE = "data/README.md"
FIRST_WAVE = ("partners", "sales")
ASIDE = {
    "goals": "Sets results against what was agreed.",
    "history": "Shows partners as they were on an earlier day, which tests on the past need.",
    "rates": "Converts amounts in other currencies.",
}
"""What the tables are for that no result needs by itself."""
NOT_READ = "Checked and kept; no result reads it yet."


def new_engagement(folder: Path, preset: str | None = None) -> list[Path]:
    """Make an engagement folder; the files written are returned.

    `engagement.yaml` has every key of the contract, all but `client` commented out; with a preset, its
    defaults are filled in and a source is named for each of its tables. `data/README.md` says which export goes
    where, `data_request.xlsx` asks the client for them; what is there already is left alone. An engagement.yaml with
    anything in it is an error (PrmkitError).
    """
    folder = Path(folder)
    settings, note = folder / FILE, folder / NOTE
    if folder.exists() and not folder.is_dir():
        raise PrmkitError("There is a file of this name already.", where=str(folder), do="Name another folder.")
    if settings.is_dir() or (settings.exists() and settings.stat().st_size):
        raise PrmkitError("This folder holds an engagement already; nothing was changed.", where=str(settings), do="Name another folder.")
    known = PRESETS.get(preset) if preset is not None else None
    text = settings_text(folder.resolve().name or "New client", known)
    read = parse_engagement(text, settings)
    try:
        note.parent.mkdir(parents=True, exist_ok=True)
        written = [settings]
        if not note.exists():
            _write(note, note_text(known))
            written.append(note)
        _write(settings, text)
        written += write_new(read)
    except OSError as error:
        do = "Choose a place where you may write."
        raise PrmkitError(f"The folder cannot be made: {error.strerror}.", where=str(folder), do=do) from None
    return written


def settings_text(client: str, preset: Preset | None, known: Mapping[str, str] | None = None) -> str:
    """The text of engagement.yaml: the template with the client's name, what a preset knows and what is `known` besides filled in."""
    text = (resources.folder("templates") / "engagement" / FILE).read_text(encoding="utf-8")
    for key, value in {"client": client, **(preset.engagement if preset else {}), **(known or {})}.items():
        text = _filled(text, key, value)
    if preset:
        sources = "\n".join(f"  {table}: {{path: data, preset: {preset.name}}}" for table in preset.tables)
        text = re.sub(r"^#sources:\n(#  .*\n)+", lambda _: f"sources:\n{sources}\n", text, count=1, flags=re.MULTILINE)
    return text


def _filled(text: str, key: str, value: object) -> str:
    """The template with one top-level line switched on and its value replaced; the comment beside it stays."""
    line = re.compile(rf"^#?{re.escape(key)}:[^#\n]*(?P<comment>#.*)?$", re.MULTILINE)
    if not isinstance(value, str | int | float) or line.search(text) is None:
        raise ValueError(f"the preset's default for '{key}' has no line in the template")
    written = f"{key}: {quoted(value) if isinstance(value, str) else value}"
    return line.sub(lambda found: f"{written:<31} {found['comment']}" if found["comment"] else written, text, count=1)


def note_text(preset: Preset | None) -> str:
    """The text of data/README.md: for each canonical table what a row is, which columns it needs, and what it unlocks."""
    parts = [
        "# Where the exports go",
        "Put the client's exports into this folder. A file named after a table below (`partners.csv`) needs nothing more; any other"
        " name is given under `sources` in engagement.yaml. Columns not listed as needed may be missing or empty: `prmkit check`"
        " says what each absence costs. The first line of a file holds the names of its columns.",
        "`data_request.xlsx`, beside this folder, asks the client for these exports, wave by wave. Its sheet for partner managers comes"
        " back into this folder as `partner_managers.xlsx` (or `.csv`), the answers of the partner pulse as `partner_pulse.xlsx`,"
        " what was said in interviews as `interview_notes.xlsx`.",
    ]
    if preset:
        parts += _preset_part(preset)
    parts += ["## First: partners and sales", "Most answers need nothing else."]
    parts += [_table_part(tables()[name]) for name in FIRST_WAVE]
    parts += ["## Then, as far as the client has them", "Those that have a part in most results come first."]
    rest = [table for name, table in tables().items() if name not in FIRST_WAVE]
    parts += [_table_part(table) for table in sorted(rest, key=lambda table: -len(unlocked_by(table.name)))]
    return "\n\n".join(parts) + "\n"


def _preset_part(preset: Preset) -> list[str]:
    rows = []
    for name, table in preset.tables.items():
        rows.append(f"| {name} | {', '.join(f'`{file}`' for file in table.files) or 'its export'} |")
    return [f"## The files of {preset.title}", "\n".join(["| table | made from |", "|---|---|", *rows])]


def _table_part(table: Table) -> str:
    needed = ", ".join(f"`{name}`" for name in table.required_names)
    lines = [f"### {table.name}", f"{table.grain[0].upper()}{table.grain[1:]}.", f"- Needed: {needed or 'no column in particular'}."]
    by_practice: dict[str, list[str]] = {}
    for told in unlocked_by(table.name):
        by_practice.setdefault(PRACTICES.get(told.practice).title, []).append(told.table.replace("_", " "))
    lines += [f"- {title}: {', '.join(names)}." for title, names in by_practice.items()]
    return "\n".join(lines if by_practice else [*lines, f"- {ASIDE.get(table.name, NOT_READ)}"])


def unlocked_by(table: str) -> tuple[TableNeeds, ...]:
    """The results tables that a canonical table has a part in."""
    return tuple(
        told
        for told in declared()
        if any(alternative.table == table for need in (*told.needs, *told.helps) for alternative in need.alternatives)
    )


def _write(path: Path, text: str) -> None:
    """Write a whole file or none of it."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
