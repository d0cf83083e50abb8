"""From a folder with nothing but exports in it to an engagement that can be assessed: made, shown, confirmed once."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from prmkit.check_view import clean, proposal_grid
from prmkit.data import discovery
from prmkit.data.mapping import plain
from prmkit.data.proposals import FILE as PROPOSALS
from prmkit.data.proposals import Proposal, accepted
from prmkit.data.recognition.columns import ways
from prmkit.data.recognition.peek import MANY, peek
from prmkit.data.sources import files_in, stem_of
from prmkit.data.tables import tables
from prmkit.data.words import read_currency
from prmkit.engagement import FILE, Engagement, load_engagement
from prmkit.errors import PrmkitError
from prmkit.new import settings_text
from prmkit.proposing import look, write
from prmkit.results import replacing

if TYPE_CHECKING:
    from rich.console import Console

Ask = Callable[[str], bool]
_CURRENCY = frozenset({"currency", *ways("sales", "currency")})


def begin(folder: Path) -> Path | None:
    """Write an engagement.yaml where there is none and exports lie in the folder or in its `data`; None where nothing was to do."""
    if not folder.is_dir() or any(path.stem.casefold() == "engagement" for path in folder.iterdir()):
        return None  # one that is there under another ending is for a person to rename
    place = next((place for place in (folder / "data", folder) if exports(place)), None)
    if place is None:
        return None
    own: dict[str, str] = {} if place.name == "data" else {"data": "."}
    currency = _currency(place)
    text = settings_text(folder.resolve().name or "New client", None, {**own, **({"currency": currency} if currency else {})})
    with replacing(folder / FILE) as draft:
        draft.write_text(text, encoding="utf-8")
    return folder / FILE


def exports(place: Path) -> list[Path]:
    """The files of a folder that may be a client's exports."""
    return [path for path in files_in(place) if discovery.may_be_export(path) or stem_of(path) in tables()]


def _currency(place: Path) -> str:
    """The one currency that all exports with a column of currencies name; empty where there is none or are several."""
    named: set[str] = set()
    for path in exports(place):
        seen = peek(path, MANY)
        for position, record in enumerate(seen.records[:60]):
            found = [number for number, cell in enumerate(record) if plain(cell) in _CURRENCY]
            if found:
                named |= {row[found[0]].strip() for row in seen.below(position) if found[0] < len(row) and len(row) == len(record)}
                break
    codes = {word.meaning for name in named - {""} if (word := read_currency(name)).meaning and not word.fault}
    return str(codes.pop()) if len(codes) == 1 else ""


def ready(folder: Path, console: Console, *, yes: bool = False, ask: Ask | None = None) -> None:
    """See to it that an assessment can start: there is an engagement, and no proposal is open.

    In a terminal the open ones are shown and asked about once; elsewhere they stop the work (PrmkitError, exit code 2) unless `yes`.
    """
    made = begin(folder)
    if made:
        console.print(
            Text(clean(f"No engagement was there; {made} says how the exports are read. Nothing else was changed.")), soft_wrap=True
        )
    engagement = load_engagement(folder)
    if not made and not any(not one.decision for one in discovery.proposals(engagement)):
        return
    seen = look(engagement, engagement.folder / "out" / ".check")
    if not seen.open:
        return
    _show(engagement, seen.open, console)
    asked = ask or (_ask(console) if sys.stdin.isatty() and console.is_terminal else None)
    if not yes and asked is None:
        raise PrmkitError(
            f"{_readings(len(seen.open))} to be confirmed first.",
            where=str(folder / PROPOSALS),
            do=f"Answer there, decision: yes or no; or take all: prmkit assess {folder} --yes",
        )
    if not yes and asked is not None and not asked(f"Take {'this reading' if len(seen.open) == 1 else 'these readings'} and go on?"):
        raise PrmkitError(
            "Nothing was taken and nothing assessed.",
            where=str(folder / PROPOSALS),
            do="Correct what is wrong there, write yes or no behind each decision, and run the same command again.",
        )
    write(engagement.folder, accepted(seen.proposals))


def _readings(number: int) -> str:
    return "1 reading of the exports has" if number == 1 else f"{number} readings of the exports have"


def _ask(console: Console) -> Ask:
    def answer(question: str) -> bool:
        return console.input(f"{question} (y/N) ").strip().casefold() in {"y", "yes"}

    return answer


def _show(engagement: Engagement, asked: tuple[Proposal, ...], console: Console) -> None:
    console.print(proposal_grid(asked), soft_wrap=not console.is_terminal)
    console.print(Text(f"Amounts are read as {engagement.currency} (currency in {FILE})."), soft_wrap=True)
