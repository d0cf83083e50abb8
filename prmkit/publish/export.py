"""An executed playbook as a page: prose and outputs, no code, nothing from the network."""

from __future__ import annotations

import base64
import re
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from prmkit import resources
from prmkit.publish import words
from prmkit.publish.page import TABLE_SCRIPT, document

if TYPE_CHECKING:
    from nbconvert.exporters import HTMLExporter
    from nbformat import NotebookNode

LONG = 4  # headings from which a page gets a list of contents
_UNWANTED = "script|iframe|frame|object|embed|applet|form|noscript|template"
_ELEMENT = re.compile(rf"<({_UNWANTED})\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(rf"</?({_UNWANTED}|meta|base|link)\b[^>]*>?", re.IGNORECASE)
_LAB_STYLE = re.compile(r"<style data-lab>.*?</style>", re.DOTALL)
WIDGET = "application/vnd.jupyter.widget-view+json"
_SHOWN = (
    "application/javascript",
    "text/html",
    "text/markdown",
    "image/svg+xml",
    "text/vnd.mermaid",
    "text/latex",
    "image/png",
    "image/jpeg",
)
_HEADING = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)


def export_notebook(notebook: Path | NotebookNode, *, title: str, locale: str = "en_GB") -> str:
    """The page of an executed notebook.

    title: for the window; the visible heading is the notebook's own. Failed cells leave one plain sentence; errors'
    tracebacks, standard error, widgets and scripts are left out.
    """
    node = _read(notebook) if isinstance(notebook, Path) else notebook
    body, contents = _contents(_body(node))
    return document(
        title,
        Markup(body),
        locale=locale,
        script=TABLE_SCRIPT if 'class="table long"' in body else "",
        header=contents,
        footer=Markup("<p>{}</p>").format(f"{words.plain(title)}. Made with prmkit; this page asks the network for nothing."),
    )


def failed_page(title: str, cause: str, *, locale: str = "en_GB") -> str:
    """The page of a playbook that could not be finished: what went wrong, in one line, and what to do."""
    body = Markup(
        "<h1>{} could not be finished</h1>"
        '<div class="missing"><p>{}</p><p>Nothing on this page is a result. Mend what the line above names and run the playbook again; '
        "<code>prmkit check</code> lists what is wrong with the data.</p></div>"
    ).format(words.plain(title), words.plain(cause) or "The cause is not known.")
    return document(title, body, locale=locale)


def clean(html: str) -> Markup:
    """An output's HTML without scripts, frames, forms and the style sheet that is meant for JupyterLab.

    Outputs of prmkit hold no script. For what others put into a playbook the page's content policy is the guard: no
    script runs that is not named by its hash, and nothing is fetched or sent.
    """
    return Markup(_TAG.sub("", _ELEMENT.sub("", _LAB_STYLE.sub("", html))))


def _read(path: Path) -> NotebookNode:
    import nbformat

    node: NotebookNode = nbformat.read(path, as_version=4)
    return node


def _body(node: NotebookNode) -> str:
    """The inside of the page. HTMLExporter's own last step, which parses the whole page once more, is left out."""
    from nbconvert.exporters import TemplateExporter

    exporter = _exporter()
    made = TemplateExporter.from_notebook_node(exporter, node, resources={"prmkit": SimpleNamespace(clean=clean, alt=_alt)})
    return str(made[0])


@cache
def _exporter() -> HTMLExporter:
    from nbconvert.exporters import HTMLExporter
    from traitlets.config import Config

    shelf = resources.folder("templates") / "nbconvert" / "templates"
    # a box that nothing answers is no use: what stands beside it is shown
    priority = {"NbConvertBase": {"display_data_priority": [*_SHOWN, WIDGET, "text/plain"]}}
    exporter = HTMLExporter(
        config=Config(priority), template_name="prmkit", extra_template_basedirs=[str(shelf)], exclude_anchor_links=True
    )
    exporter.register_filter("text_base64", lambda text: base64.b64encode(text.encode("utf-8")).decode("ascii"))
    exporter.register_filter("clean_base64", lambda text: "".join(text.split()))
    return exporter


def _alt(output: Any) -> str:
    """An image's own words for who cannot see it; its plain text where none are given."""
    return words.plain(output.metadata.get("alt", "") or output.data.get("text/plain", "") or "Picture without a description")


def _contents(body: str) -> tuple[str, Markup]:
    """The body with its sections named, and links to them where there are many."""
    titles: list[str] = []

    def named(found: re.Match[str]) -> str:
        titles.append(found[1])
        return f'<h2 id="part-{len(titles)}">{found[1]}</h2>'

    body = _HEADING.sub(named, body)
    if len(titles) < LONG:
        return body, Markup("")
    links = Markup("").join(Markup('<li><a href="#part-{}">{}</a></li>').format(n, Markup(text)) for n, text in enumerate(titles, start=1))
    return body, Markup('<nav class="contents" aria-label="Contents"><ul>{}</ul></nav>').format(links)
