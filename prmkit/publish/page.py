"""A complete page: one HTML file that asks the network for nothing and runs no script but its own."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from markupsafe import Markup, escape

from prmkit.publish import style, words
from prmkit.publish.table import Format, table_html

__all__ = ["TABLE_SCRIPT", "Format", "content_policy", "document", "table_html"]

TABLE_SCRIPT = (Path(__file__).parent / "table.js").read_text(encoding="utf-8")


def document(
    title: str,
    body: str,
    *,
    locale: str = "en_GB",
    description: str = "",
    script: str = "",
    header: str = "",
    footer: str = "",
    extra_css: str = "",
) -> str:
    """A whole page from its parts, as text to write to a file.

    title: for the window and the bookmark; the visible heading belongs to the body.
    body, header, footer: Markup; a plain str is text and is escaped.
    script: one of our own scripts, such as TABLE_SCRIPT; allowed by its hash, nothing else runs.
    extra_css: rules of this page alone.
    """
    about = Markup('<meta name="description" content="{}">').format(description) if description else Markup("")
    top = Markup('<header class="page-head">{}</header>').format(header) if header else Markup("")
    foot = Markup('<footer class="page-foot">{}</footer>').format(footer) if footer else Markup("")
    code = Markup("<script>") + _checked(script, "</") + Markup("</script>") if script else Markup("")
    sheet = _checked(style.css() + extra_css, "</")
    page = Markup(
        '<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<title>{title}</title>\n{about}<style>{sheet}</style>\n</head>\n<body>\n'
        '<a class="skip" href="#content">Skip to the content</a>\n{top}\n<main id="content" tabindex="-1">\n{body}\n</main>\n{foot}\n'
        "{code}</body>\n</html>\n"
    ).format(
        lang=words.language(locale),
        policy=content_policy(script),
        title=title,
        about=about,
        sheet=sheet,
        top=top,
        body=escape(body),
        foot=foot,
        code=code,
    )
    return str(page)


def content_policy(script: str = "") -> str:
    """What a page may load: nothing; its own inline style; images inside the file; `script` and no other."""
    rules = ["default-src 'none'", "style-src 'unsafe-inline'", "img-src data:", "base-uri 'none'", "form-action 'none'"]
    if script:
        digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
        rules.append(f"script-src 'sha256-{digest}'")
    return "; ".join(rules)


def _checked(source: str, forbidden: str) -> Markup:
    if forbidden in source:
        raise ValueError(f"a script or style sheet of a page must not contain {forbidden!r}")
    return Markup(source)
