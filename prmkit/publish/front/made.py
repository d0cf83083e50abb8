"""How the numbers were made: the data, their faults, the totals against finance's, the method and the run."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from prmkit.publish import assumed, sources, totals, words
from prmkit.publish.front.links import PlaybookLink, linked
from prmkit.publish.front.message import measure_words
from prmkit.results import Results


def section(results: Results, playbooks: Sequence[PlaybookLink]) -> Markup:
    """The section as HTML: our totals beside finance's come first, since all the rest hangs on them."""
    frame = results.tables.get("reconciliation")
    so = totals.consequence(frame)
    return Markup(
        '<section id="made"><h2>{title}</h2>\n<h3>{totals_title}</h3>{consequence}{totals}\n'
        "{assumed}<h3>Exports read</h3>{data}\n<h3>Faults that matter</h3>{faults}\n"
        "<h3>{pages_title}</h3>{pages}\n<h3>The run</h3>{run}</section>"
    ).format(
        title=_title(results),
        totals_title=totals.heading(frame, str(results.run["locale"])),
        consequence=Markup('<p class="missing">{}</p>').format(so) if so else "",
        assumed=_assumed(results, playbooks),
        data=sources.data_read(results).markup,
        faults=sources.warnings(results).markup,
        totals=sources.reconciliation(results).markup,
        pages_title=_pages_title(playbooks),
        pages=_pages(playbooks),
        run=_run(results),
    )


def _assumed(results: Results, playbooks: Sequence[PlaybookLink]) -> Markup:
    """One line on the assumptions, which leads to the page that lists them."""
    said = assumed.message(results)
    if not said:
        return Markup("")
    page = next((link for link in playbooks if link.href and link.href.endswith("0_readiness.html") and link.status == "ok"), None)
    more = Markup(" {}").format(linked("All of them, and what each moves", page)) if page else Markup("")
    return Markup("<h3>Assumptions</h3><p>{}{}</p>\n").format(said, more)


def _title(results: Results) -> str:
    locale, sales = str(results.run["locale"]), results.run["inputs"].get("sales")
    if not sales:
        return "How the numbers were made"
    lines = words.counted(sales["rows"], "sales line", locale=locale)
    if not sales.get("first"):
        return f"The numbers rest on {lines}"
    # a line with a later date, right or mistyped, is not read
    last = min(str(sales["last"]), str(results.run["as_of"]))
    return f"The numbers rest on {lines}, {words.day(sales['first'], locale)} to {words.day(last, locale)}"


def _pages_title(playbooks: Sequence[PlaybookLink]) -> str:
    failed = [link for link in playbooks if link.status != "ok"]
    if not playbooks:
        return "No playbook was run"
    if not failed:
        return f"All {len(playbooks)} playbooks ran"
    return (
        f"{words.spelled(len(failed)).capitalize()} of {len(playbooks)} playbooks {'is' if len(failed) == 1 else 'are'} not to be relied on"
    )


def _pages(playbooks: Sequence[PlaybookLink]) -> Markup:
    shapes = {"ok": ("good", "done"), "failed": ("bad", "failed"), "missing": ("watch", "not there")}
    rows = [
        Markup('<li>{} <span class="status {}">{}</span>{}</li>').format(
            linked(words.plain(link.title), link), *shapes[link.status], f": {words.plain(link.note)}" if link.note else ""
        )
        for link in playbooks
    ]
    return Markup('<ul class="pages">{}</ul>').format(Markup("").join(rows)) if rows else Markup("")


def _run(results: Results) -> Markup:
    run, locale = results.run, str(results.run["locale"])
    facts = {
        "Revenue counted": measure_words(str(run["measure"])),
        "Currency": str(run["currency"]),
        "As of": words.day(run["as_of"], locale),
        "Method": f"prmkit {run['prmkit_version']}",
        "Seed of every draw": str(run["seed"]),
        "Computed": _moment(str(run["finished_at"]), locale),
        "Fingerprint": str(run["fingerprint"])[:12],
    }
    rows = Markup("").join(Markup("<dt>{}</dt><dd>{}</dd>").format(name, words.plain(value)) for name, value in facts.items())
    return Markup(
        '<dl class="facts">{}</dl><p class="note">The same data, settings and version, as the fingerprint says, give the same numbers.</p>'
    ).format(rows)


def _moment(text: str, locale: str) -> str:
    return f"{words.day(text, locale)}, {text[11:16]} UTC" if len(text) > 16 else words.day(text, locale)
