"""Forms that came back: files whose names begin with a form's, alone or one from each person."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from prmkit.data.forms import FORMS
from prmkit.data.sources import READABLE, Origin, is_called, suffix_of


def filled_forms(lying: Iterable[Path], used: Collection[Path] = ()) -> dict[str, Origin]:
    """Canonical table -> the origin of its filled forms; files that are `used` (resolved) are read as the settings say instead."""
    free = [path for path in lying if suffix_of(path) in READABLE and path.resolve() not in used]
    forms = [FORMS.get(name) for name in FORMS]
    made = {form.table: (form, tuple(path for path in free if is_called(path, f"{form.name}*"))) for form in forms}
    return {table: Origin(table, files=files, form=form) for table, (form, files) in made.items() if files}
