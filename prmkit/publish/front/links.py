"""The playbooks a front page leads to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from prmkit.practices import PRACTICES


@dataclass(frozen=True, slots=True)
class PlaybookLink:
    """A playbook's page: where it is, what became of it, and why when it failed."""

    title: str
    href: str
    status: Literal["ok", "failed", "missing"] = "ok"
    note: str = ""


def of_practice(playbooks: Sequence[PlaybookLink], practice: str) -> PlaybookLink | None:
    """The playbook of a practice; None when it was not run."""
    name = PRACTICES.get(practice).playbook
    return next((link for link in playbooks if name in link.href), None)


def linked(text: str, link: PlaybookLink | None) -> Markup:
    """`text` leading to a playbook's page; plain text where there is no page or no safe address."""
    if link is None or link.status == "missing" or not relative(link.href):
        return Markup("{}").format(text)
    return Markup('<a href="{}">{}</a>').format(link.href, text)


def relative(href: str) -> bool:
    """Whether an address stays within the folder of the page."""
    return re.fullmatch(r"[\w.#%-][\w./#%-]*", href) is not None and ".." not in href.split("/")
