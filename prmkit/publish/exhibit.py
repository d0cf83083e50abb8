"""What a playbook shows and a page holds: a message, a picture, its table, and where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from prmkit.charts.picture import Picture

NOT_YET = ": not known yet"
"""How the title of an exhibit ends that could not be made."""


@dataclass(frozen=True)
class Block:
    """A piece of a page: HTML that is escaped already, and the same in plain text."""

    markup: Markup
    text: str

    def html(self) -> Markup:
        """The piece, inside the class that the style sheet for pages of others is scoped to."""
        return Markup('<div class="prmkit">{}</div>').format(self.markup)

    def _repr_html_(self) -> str:
        return str(self.html())

    def __repr__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Exhibit:
    """One exhibit.

    title: the message, a sentence with its number. picture: None where there is nothing to draw, and then `note` says
    why. table: HTML of all rows behind it, folded away unless `open_table`. caption: n, period and source.
    missing: why it could not be made, and what would make it, one sentence a line.
    """

    title: str
    picture: Picture | None
    table: Markup
    caption: str
    note: str = ""
    missing: tuple[str, ...] = ()
    open_table: bool = False

    def html(self) -> Markup:
        """The exhibit as a figure with a heading of the third level."""
        parts = [Markup('<h3 class="exhibit-title">{}</h3>').format(self.title)]
        if self.missing:
            said = Markup("").join(Markup("<p>{}</p>").format(line) for line in self.missing)
            parts.append(Markup('<div class="missing">{}</div>').format(said))
        if self.picture is not None:
            parts.append(self.picture.html())
        if self.note:
            parts.append(Markup('<p class="note">{}</p>').format(self.note))
        if self.caption:
            parts.append(Markup('<p class="caption">{}</p>').format(self.caption))
        if self.table and self.missing:
            parts.append(Markup("<details><summary>What there is of it</summary>{}</details>").format(self.table))
        elif self.table:
            shown = (
                self.table
                if self.picture is None or self.open_table
                else Markup("<details><summary>{}</summary>{}</details>").format("The numbers behind the picture", self.table)
            )
            parts.append(shown)
        return Markup('<div class="prmkit"><figure class="exhibit">{}</figure></div>').format(Markup("").join(parts))

    def _repr_html_(self) -> str:
        return str(self.html())

    def __repr__(self) -> str:
        return "\n".join(line for line in (self.title, *self.missing, self.note, self.caption) if line)


def together(made: Sequence[Exhibit]) -> Block:
    """Several exhibits as one piece; those that are missing for the same reason say it once."""
    bare: dict[tuple[str, ...], list[str]] = {}
    for one in made:
        if one.missing and not one.table:
            bare.setdefault(one.missing, []).append(one.title.removesuffix(NOT_YET))
    shown: list[Exhibit] = []
    for one in made:
        if not one.missing or one.table:
            shown.append(one)
        elif names := bare.pop(one.missing, []):
            shown.append(replace(one, title="; ".join(dict.fromkeys(names)) + NOT_YET))
    return Block(Markup("").join(one.html() for one in shown), "\n\n".join(map(repr, shown)))
