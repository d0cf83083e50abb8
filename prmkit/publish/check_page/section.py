"""A part of the page that others write: a title, a sentence or two, and a table of texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from prmkit.publish.table import Format, table_html

LONGEST = 400
"""Characters of a text that the page shows; what is cut ends in an ellipsis."""


@dataclass(frozen=True, slots=True)
class Section:
    """What was found or proposed beside the faults: every text is taken as text, whatever is in it.

    intro: what to do with the rows; may be empty. rows: as many cells as `head` has names.
    """

    title: str
    intro: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]

    def html(self, locale: str) -> Markup:
        """The section; its rows beyond the tenth at hand below."""
        intro = Markup("<p>{}</p>").format(visible(self.intro)) if self.intro else Markup("")
        return Markup("<section><h2>{}</h2>{}{}</section>").format(visible(self.title), intro, self._table(locale))

    def _table(self, locale: str) -> Markup:
        if not self.head or not self.rows:
            return Markup("")
        names = [f"c{place}" for place, _ in enumerate(self.head)]
        frame = pd.DataFrame([[visible(cell, 200) for cell in row] for row in self.rows], columns=names, dtype="object")
        formats = {name: Format(visible(said, 80), str, numeric=False) for name, said in zip(names, self.head, strict=True)}
        return table_html(frame, formats, "", visible(self.title, 80), locale=locale)


def visible(text: object, most: int = LONGEST) -> str:
    """A text on one line, at most `most` characters; what the eye would miss or a browser would obey is written out.

    Control and direction characters and odd spaces become "\\u202e"; line ends become spaces.
    """
    raw = str(text)
    kept = raw[: most + 1]
    said = "".join(letter if letter.isprintable() else _written(letter) for letter in kept)
    said = " ".join(said.split(" "))
    return said if len(raw) <= most and len(said) <= most else said[: most - 1] + "…"


def _written(letter: str) -> str:
    return " " if letter in "\t\r\n" else f"\\u{ord(letter):04x}"
