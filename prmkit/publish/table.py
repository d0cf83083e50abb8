"""A table as HTML: semantic, escaped, ten rows open and the rest at hand.

Without script the rest opens below; with `page.TABLE_SCRIPT` in the page it can be sorted and searched.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup, escape

from prmkit.charts.scale import finite
from prmkit.publish import words
from prmkit.publish.words import plain

OPEN_ROWS = 10
MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class Format:
    """How one column reads: its heading, its values in words, and whether they are numbers (aligned right)."""

    title: str
    words: Callable[[Any], str]
    numeric: bool = True

    @classmethod
    def text(cls, title: str, names: Mapping[str, str] | None = None) -> Format:
        """Text as it is; `names` replaces ids or codes by what a person calls them."""
        named = names or {}
        return cls(title, lambda value: words.NOT_KNOWN if pd.isna(value) else plain(named.get(value, value)), numeric=False)

    @classmethod
    def money(cls, title: str, currency: str, locale: str) -> Format:
        """Short money, the currency in the heading: "410k" under "Revenue, EUR"."""
        return cls(f"{title}, {currency}", lambda value: words.money(value, "", locale))

    @classmethod
    def share(cls, title: str, locale: str) -> Format:
        """A fraction as a percentage."""
        return cls(title, lambda value: words.share(value, locale))

    @classmethod
    def count(cls, title: str, locale: str) -> Format:
        """A whole number."""
        return cls(title, lambda value: words.count(value, locale))

    @classmethod
    def number(cls, title: str, locale: str) -> Format:
        """Any other number, to three figures."""
        return cls(title, lambda value: words.number(value, locale))

    @classmethod
    def day(cls, title: str, locale: str) -> Format:
        """A date."""
        return cls(title, lambda value: words.day(value, locale, short=True), numeric=False)

    @classmethod
    def yes_no(cls, title: str) -> Format:
        """A truth as a word."""
        return cls(title, lambda value: words.NOT_KNOWN if pd.isna(value) else "yes" if value else "no", numeric=False)


def table_html(
    frame: pd.DataFrame,
    formats: Mapping[str, Format],
    caption: str,
    label: str,
    *,
    locale: str = "en_GB",
    most: int = MOST_ROWS,
    whole: str = "",
) -> Markup:
    """`frame` as a table of the columns in `formats`, in that order; the first column heads its row.

    caption is shown above the rows; label names the scrolling region for a screen reader and must be unique on
    the page. At most `most` rows go into the page; `whole` says where all of them are.
    """
    shown = frame.head(most)
    long = len(shown) > OPEN_ROWS
    cells = [_cells(shown[column], style, head=rank == 0, sortable=long) for rank, (column, style) in enumerate(formats.items())]
    rows = [f"<tr>{''.join(row)}</tr>" for row in zip(*cells, strict=True)]
    heads = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(Markup(' class="num"') if style.numeric else "", style.title)
        for style in formats.values()
    )
    parts = [_table(rows[:OPEN_ROWS], heads, caption, label)]
    if long:
        rest = _table(rows[OPEN_ROWS:], heads, "", f"{label}, further rows")
        parts.append(
            Markup('<details class="rest"><summary>{}</summary>{}</details>').format(
                f"{words.count(len(rows) - OPEN_ROWS, locale)} more rows", rest
            )
        )
    if len(frame) > len(shown):
        place = f" All of them are in {whole}." if whole else ""
        parts.append(
            Markup('<p class="caption">{}</p>').format(
                f"The first {words.count(len(shown), locale)} of {words.count(len(frame), locale)} rows.{place}"
            )
        )
    return Markup('<div class="table{}">{}</div>').format(" long" if long else "", Markup("").join(parts))


def _table(rows: list[str], heads: Markup, caption: str, label: str) -> Markup:
    said = Markup("<caption>{}</caption>").format(caption) if caption else Markup("")
    return Markup(
        '<div class="region" role="region" tabindex="0" aria-label="{}"><table class="data">{}<thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>"
    ).format(plain(label), said, heads, Markup("".join(rows)))


def _cells(values: pd.Series[Any], style: Format, *, head: bool, sortable: bool) -> list[str]:
    """One column's cells as HTML text; everything that is not ours goes through `escape`."""
    tag, scope = ("th", ' scope="row"') if head else ("td", "")
    made = []
    for value in values.tolist():
        said = style.words(value)
        classes = " ".join(name for name, on in (("num", style.numeric), ("unknown", said == words.NOT_KNOWN)) if on)
        css = f' class="{classes}"' if classes else ""
        number = finite(value) if sortable and style.numeric else None
        sort = "" if number is None else f' data-v="{number:.6g}"'
        inside = escape(said) if style.numeric else f"<bdi>{escape(said)}</bdi>"
        made.append(f"<{tag}{scope}{css}{sort}>{inside}</{tag}>")
    return made
