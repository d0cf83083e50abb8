"""The front page of a portfolio: what to do next and what it is worth, on one page that opens anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup

from prmkit.publish import words
from prmkit.publish.front import findings, made, message, practices, unanswered
from prmkit.publish.front.links import PlaybookLink
from prmkit.publish.headline import headline
from prmkit.publish.page import TABLE_SCRIPT, document
from prmkit.results import Results

__all__ = ["PlaybookLink", "front_page"]

_CSS = (Path(__file__).parent / "front.css").read_text(encoding="utf-8")


def front_page(results: Results, *, playbooks: Sequence[PlaybookLink]) -> str:
    """The whole page as HTML that asks the network for nothing.

    In this order: the next step and its worth, the five practices, the ten findings worth most,
    what could not be answered, how the numbers were made. A playbook that failed is named where
    its practice stands and in the last section.
    """
    run = results.run
    lines = headline(results.findings)
    said = message.message(results, lines)
    body = Markup("\n").join(
        (
            said.html(),
            practices.section(results, lines, playbooks),
            findings.section(results, lines, playbooks),
            unanswered.section(results),
            made.section(results, playbooks),
        )
    )
    return document(
        f"{words.plain(run['client'])}, {words.plain(run['portfolio'])}: front page",
        body,
        locale=str(run["locale"]),
        description=said.sentence,
        script=TABLE_SCRIPT,
        footer=Markup("<p>{}</p>").format(_foot(results)),
        extra_css=_CSS,
    )


def _foot(results: Results) -> str:
    run = results.run
    return (
        f"Made with prmkit {run['prmkit_version']} from results {str(run['fingerprint'])[:12]}. Confidential: {words.plain(run['client'])}."
    )
