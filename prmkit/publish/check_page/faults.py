"""Every fault in one table, errors first: what, where, the value, how many rows, what to do."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup

from prmkit.errors import Fault
from prmkit.publish import titles, words
from prmkit.publish.check_page.section import visible
from prmkit.publish.table import Format, table_html

MOST = 2000
"""Rows of the table; beyond them the same kinds of fault come again."""
_WEIGHT = {
    "error": Markup('<span class="status bad">to mend</span>'),
    "warning": Markup('<span class="status watch">to look at</span>'),
}


def ordered(faults: Sequence[Fault]) -> list[Fault]:
    """Errors first, then by table, file and row: as the terminal shows them."""
    return sorted(faults, key=lambda fault: (fault.severity != "error", fault.table, fault.file, fault.row, fault.column))


def section(faults: Sequence[Fault], locale: str) -> Markup:
    """The section as HTML."""
    if not faults:
        return Markup('<section id="faults"><h2>No fault was found</h2><p>Every value that was read is what it should be.</p></section>')
    return Markup('<section id="faults" class="faults"><h2>{}</h2>{}</section>').format(_title(faults, locale), _table(faults, locale))


def _title(faults: Sequence[Fault], locale: str) -> str:
    errors = sum(fault.severity == "error" for fault in faults)
    mend = f"{words.count(errors, locale)} to mend" if errors else ""
    look = f"{words.count(len(faults) - errors, locale)} to look at" if len(faults) > errors else ""
    return f"Every fault: {' and '.join(filter(None, (mend, look)))}"


def _table(faults: Sequence[Fault], locale: str) -> Markup:
    frame = pd.DataFrame([_row(fault) for fault in ordered(faults)], dtype="object")
    formats = {
        "what": Format("What is wrong", str, numeric=False),
        "do": Format("What to do", str, numeric=False),
        "where": Format("Where", str, numeric=False),
        "value": Format("Value", str, numeric=False),
        "rows": Format("Rows", lambda count: words.count(count, locale) if count else ""),
        "weight": Format("Weight", _WEIGHT.__getitem__, numeric=False),
    }
    return table_html(frame, formats, "", "Every fault", locale=locale, most=MOST)


def _row(fault: Fault) -> dict[str, object]:
    return {
        "what": visible(fault.why),
        "do": visible(fault.do) or "Nothing, if it is as it should be.",
        "where": place(fault),
        "value": visible(fault.value, 80),
        "rows": fault.count if fault.row else 0 if fault.count <= 1 else fault.count,
        "weight": fault.severity,
    }


def place(fault: Fault) -> str:
    """Table, file, row and column as far as they are known: "Sales lines: pos.csv, row 12, column date"."""
    table = titles.export_title(fault.table) or titles.plain(visible(fault.table, 40))
    spot = [
        visible(fault.file, 120),
        f"row {fault.row}" if fault.row else "",
        f"column {visible(fault.column, 80)}" if fault.column else "",
    ]
    return ": ".join(filter(None, (table, ", ".join(filter(None, spot)))))
