"""How the sheets of a data request look: one set of formats, texts written as text, and a print that fits its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from prmkit.publish.workbook_sheets import safe_name, write_text

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

INK, MUTED, ACCENT, BAND, RULE, PAPER = "#1B2430", "#56616F", "#0B5C7A", "#BCD3DC", "#D9D6CF", "#F7F6F3"
_A3, _A4 = 8, 9
_LINED = {"border": 1, "border_color": RULE, "align": "left", "indent": 1}
_STYLES: Mapping[str, Mapping[str, Any]] = {
    "title": {"bold": True, "font_size": 18},
    "heading": {"bold": True, "font_size": 12, "font_color": ACCENT},
    "text": {"text_wrap": True},
    "muted": {"text_wrap": True, "font_color": MUTED},
    "link": {"font_color": ACCENT, "underline": 1},
    "head": {"align": "left", "indent": 1, "bold": True, "text_wrap": True, "bg_color": PAPER, "bottom": 2, "bottom_color": ACCENT},
    "needed": {"align": "left", "indent": 1, "bold": True, "text_wrap": True, "bg_color": BAND, "bottom": 2, "bottom_color": ACCENT},
    "helps": {"align": "left", "indent": 1, "text_wrap": True, "bg_color": PAPER, "bottom": 1, "bottom_color": RULE},
    "cell": {"text_wrap": True, **_LINED},
    "strong": {"text_wrap": True, "bold": True, **_LINED},
    "linked": {"text_wrap": True, "bold": True, "font_color": ACCENT, "underline": 1, **_LINED},
    "number": {"num_format": "#,##0", **_LINED},
    "figure": _LINED,
    "blank": {"num_format": "@", "text_wrap": True, **_LINED},
    "short": {"num_format": "@", **_LINED},
    "day": {"num_format": "yyyy-mm-dd", **_LINED},
}


class Style:
    """The formats of one workbook, and what every sheet does alike."""

    def __init__(self, book: Workbook) -> None:
        body = {"valign": "top", "font_name": "Arial", "font_size": 10, "font_color": INK}
        self.book = book
        self.formats: Mapping[str, Format] = {name: book.add_format({**body, **style}) for name, style in _STYLES.items()}

    def sheet(
        self, name: str, widths: Sequence[float], *, head: str, large: bool = False, frozen: tuple[int, int] | None = (1, 1)
    ) -> Worksheet:
        """A new sheet with columns of these widths; `head` stands above each printed page."""
        made: Worksheet = self.book.add_worksheet(safe_name(name))
        for place, width in enumerate(widths):
            made.set_column(place, place, width)
        made.hide_gridlines(2)
        made.set_landscape()
        made.set_paper(_A3 if large else _A4)
        made.set_margins(left=0.4, right=0.4, top=0.75, bottom=0.6)
        made.fit_to_pages(1, 0)
        made.set_header(f"&L&10{head.replace('&', '&&')}")
        made.set_footer("&L&8&A&R&8&P / &N")
        if frozen:
            made.freeze_panes(*frozen)
            made.repeat_rows(0)
        return made

    def write(self, sheet: Worksheet, row: int, place: int, value: object, style: str = "cell") -> None:
        """A text as text; a number as a number; nothing as an empty cell of the same look."""
        if value is None or value == "":
            sheet.write_blank(row, place, None, self.formats[style])
        elif isinstance(value, int | float) and not isinstance(value, bool):
            sheet.write_number(row, place, value, self.formats[style])
        else:
            write_text(sheet, row, place, value, self.formats[style])

    def row(self, sheet: Worksheet, row: int, values: Sequence[object], style: str = "cell") -> None:
        """One row of cells in one look."""
        for place, value in enumerate(values):
            self.write(sheet, row, place, value, style)

    def choices(self, sheet: Worksheet, place: tuple[int, int, int], words: Sequence[str], *, title: str, prompt: str = "") -> None:
        """A drop-down in rows first to last of a column (`place`: first, last, column); anything else is refused."""
        first, last, column = place
        rule = {
            "validate": "list",
            "source": list(words),
            "error_title": title,
            "error_message": "Please choose one of the list.",
        }
        if prompt:
            rule |= {"input_title": title, "input_message": prompt}
        sheet.data_validation(first, column, last, column, rule)


def height(texts: Sequence[tuple[object, float]], line: float = 13.5) -> float:
    """Points that a row of wrapped cells needs: (text, column's width in characters) each."""
    lines = [sum(max(1, -(-len(part) // max(1, int(width - 2)))) for part in str(text or "").split("\n")) for text, width in texts]
    return line * max([1, *lines]) + 3
