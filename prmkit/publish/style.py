"""The look of every page, app and picture: tokens once, and what is made of them.

Light theme only; print is the same page. Colour never carries a meaning alone.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

COLOURS = MappingProxyType(
    {
        "ink": "#1B2430",  # text, actual values
        "muted": "#56616F",  # secondary text, axis labels
        "accent": "#0B5C7A",  # the one thing a picture is about; links
        "accent-2": "#B4531A",  # the second thing, only where two are compared
        "good": "#1F7A4D",  # status, always with a word or a shape beside it
        "watch": "#8A6100",
        "bad": "#B3261E",
        "context": "#838C98",  # marks that are only context: at 3:1 on white and paper, too light for text
        "band": "#BCD3DC",  # intervals; with an ink or accent edge where a boundary carries meaning
        "rule": "#D9D6CF",  # hairlines
        "paper": "#F7F6F3",  # page ground
        "white": "#FFFFFF",  # ground of tables and fields
    }
)
SIZES = (13, 15, 18, 24, 34)
STEP = 4
SANS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Noto Sans', 'DejaVu Sans', sans-serif"
WIDE, NARROW = 720, 343  # widths a picture is drawn for: a page or print, and a 375 px phone

_HERE = Path(__file__).parent


def tokens() -> dict[str, str]:
    """Every token as a CSS custom property: "--ink" -> "#1B2430", "--size-1" -> "13px"."""
    sizes = {f"--size-{rank}": f"{size}px" for rank, size in enumerate(SIZES, start=1)}
    return {f"--{name}": value for name, value in COLOURS.items()} | sizes | {"--sans": SANS}


@cache
def css() -> str:
    """The style sheet of a whole page: pages, apps and print."""
    root = "".join(f"{name}:{value};" for name, value in tokens().items())
    return f":root{{{root}}}\n{_read('page.css')}\n{_read('parts.css')}\n{_read('partner.css')}"


@cache
def scoped_css(scope: str = ".prmkit") -> str:
    """Only the parts (exhibits, tables, findings), and only inside `scope`: for a page that is not ours, such as JupyterLab."""
    root = "".join(f"{name}:{value};" for name, value in tokens().items())
    face = "font:var(--size-2)/1.45 var(--sans);font-variant-numeric:tabular-nums;"
    ground = f"padding:4px 12px 12px;background:var(--white);color:var(--ink);{face}"
    return f"{scope}{{{root}{ground}\n{_read('parts.css')}\n{_read('partner.css')}}}"


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def matplotlib_style() -> dict[str, Any]:
    """rcParams for a figure of one's own beside ours: `with matplotlib.rc_context(matplotlib_style()): ...`.

    Text stays text (selectable, drawn in the page's own font) and the same figure gives the same file.
    """
    small, text, large = SIZES[0], SIZES[1], SIZES[2]
    colours = [COLOURS[name] for name in ("accent", "ink", "context", "accent-2")]
    return {
        "svg.fonttype": "none",
        "svg.hashsalt": "prmkit",
        "font.family": "sans-serif",
        "font.size": small,
        "text.parse_math": False,
        "text.color": COLOURS["ink"],
        "axes.titlesize": large,
        "axes.titlelocation": "left",
        "axes.labelsize": small,
        "axes.labelcolor": COLOURS["muted"],
        "axes.edgecolor": COLOURS["rule"],
        "axes.facecolor": "none",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.spines.left": False,
        "axes.unicode_minus": True,
        "axes.grid": True,
        "axes.grid.axis": "x",
        "axes.prop_cycle": f"cycler('color', {colours})",
        "grid.color": COLOURS["rule"],
        "xtick.color": COLOURS["muted"],
        "ytick.color": COLOURS["muted"],
        "xtick.bottom": False,
        "ytick.left": False,
        "legend.frameon": False,
        "legend.fontsize": text,
        "lines.linewidth": 2,
        "figure.dpi": 72,
        "figure.figsize": (WIDE / 72, 5),
        "figure.facecolor": COLOURS["white"],
        "savefig.facecolor": COLOURS["white"],
    }
