"""Forms that came back: files whose names begin with a form's, alone or one from each person."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from prmkit.data.forms import FORMS
from prmkit.data.sources import READABLE, Origin, is_called, suffix_of


def filled_forms(lying: Iterable[Path], used: Collection[Path] = ()) -> dict[str, list[Origin]]:
    """Canonical table -> an origin for each kind of its filled forms; files that are `used` (resolved) are read as settings say."""
    free = [path for path in lying if suffix_of(path) in READABLE and path.resolve() not in used]
    made: dict[str, list[Origin]] = {}
    for form in (FORMS.get(name) for name in FORMS):
        if files := tuple(path for path in free if is_called(path, f"{form.name}*")):
            made.setdefault(form.table, []).append(Origin(form.table, files=files, form=form))
    return made
