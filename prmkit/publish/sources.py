"""Where the numbers come from: exports read, what they can carry, finance's totals beside ours, and the run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from prmkit import charts
from prmkit.data.reconciliation import shares
from prmkit.publish import titles, words
from prmkit.publish.exhibit import Block, Exhibit
from prmkit.publish.table import Format, table_html
from prmkit.results import Results

FILES_NAMED = 3
"""Files of one export that a table names; the run and the check in a terminal name all."""
STATUS = {"ready": "in full", "partial": "in part", "missing": "not at all"}


def data_read(results: Results) -> Block:
    """Each export: rows, first and last date, files."""
    locale = str(results.run["locale"])
    inputs: dict[str, Any] = dict(results.run["inputs"])
    if not inputs:
        said = "The run does not say which files it read."
        return Block(Markup("<p>{}</p>").format(said), said)
    named = "\n".join(f"{export_name(name)}: {words.count(source['rows'], locale)} rows" for name, source in inputs.items())
    return Block(files_table(inputs, locale), named)


def export_name(table: str) -> str:
    """What people call a canonical table; its own name in plain words where it has none."""
    return titles.export_title(table) or titles.plain(table)


def files_table(inputs: Mapping[str, Mapping[str, Any]], locale: str) -> Markup:
    """Canonical table -> {rows, first, last, files} as a table."""
    rows = [
        {
            "data": export_name(name),
            "rows": source["rows"],
            "first": source.get("first"),
            "last": source.get("last"),
            "files": ", ".join(_some(source.get("files") or ())),
        }
        for name, source in inputs.items()
    ]
    formats = {
        "data": Format.text("Data"),
        "rows": Format.count("Rows", locale),
        "first": _day("First date", locale),
        "last": _day("Last date", locale),
        "files": Format.text("Files"),
    }
    return table_html(pd.DataFrame(rows), formats, "", "Exports read", locale=locale)


def _some(files: Sequence[str]) -> Sequence[str]:
    more = len(files) - FILES_NAMED
    return files if more < 2 else (*files[:FILES_NAMED], f"and {more:,} more")


def _day(title: str, locale: str) -> Format:
    return Format(title, lambda value: "no dates" if pd.isna(value) else words.day(value, locale, short=True), numeric=False)


def readiness(results: Results) -> Exhibit:
    """Which answers the data can carry, in full, in part or not at all."""
    frame = results.tables.get("readiness")
    if frame is None or frame.empty:
        return Exhibit("What the data can answer is not known", None, Markup(""), "", missing=("The results hold no readiness table.",))
    locale = str(results.run["locale"])
    counts = {word: int((frame["status"] == word).sum()) for word in STATUS}
    message = (
        f"{words.count(counts['ready'])} of {words.counted(len(frame), 'answer')} can be given in full, "
        f"{words.count(counts['partial'])} in part, {words.count(counts['missing'])} not at all"
    )
    drawn = pd.DataFrame({"label": [STATUS[word].capitalize() for word in counts], "value": list(counts.values())})
    picture = charts.bars(drawn, alt=f"{message}.", axis="answers", locale=locale, accent=["In full"])
    named = frame.assign(
        answer=[titles.result_title(f"{practice}_{table}") for practice, table in zip(frame["practice"], frame["table"], strict=True)],
        order=frame["status"].map({"missing": 0, "partial": 1, "ready": 2}),
    ).sort_values("order", kind="stable")
    formats = {
        "answer": Format.text("Answer"),
        "status": Format.text("Given", STATUS),
        "coverage": Format.share("Covered", locale),
        "needs": Format.text("Needs"),
        "effect": Format(
            "What that costs", lambda value: words.plain(value) if isinstance(value, str) and value else "nothing", numeric=False
        ),
    }
    table = table_html(named, formats, "", "Answers and what they need", locale=locale)
    return Exhibit(message, picture, table, f"{words.counted(len(frame), 'answer')}, all data. Source: results/readiness.parquet.")


def ask_next(results: Results) -> Block:
    """The exports to ask for next, each the one that unlocks most of what is then still missing."""
    from prmkit.data.readiness.table import unlocks

    frame, locale = results.tables.get("readiness"), str(results.run["locale"])
    wanted = unlocks(frame) if frame is not None and len(frame) else pd.DataFrame()
    if wanted.empty:
        said = "No further export is needed: everything that can be answered is answered."
        return Block(Markup("<p>{}</p>").format(said), said)
    named = "\n".join(f"{titles.export_title(row['export']) or row['export']}: {row['unlocks']}" for row in wanted.to_dict("records"))
    return Block(exports_table(wanted, locale), named)


def exports_table(wanted: pd.DataFrame, locale: str) -> Markup:
    """What `unlocks` returned, as a table."""
    named = wanted.assign(
        title=[titles.export_title(export) or export for export in wanted["export"]],
        answers=["; ".join(map(titles.result_title, tables.split(", "))) if tables else "nothing alone" for tables in wanted["tables"]],
    )
    formats = {
        "title": Format.text("Ask for"),
        "unlocks": Format.count("Answers it unlocks", locale),
        "answers": Format.text("Which"),
        "columns": Format("What it has to hold", lambda value: words.plain(value) or "any columns", numeric=False),
    }
    return table_html(
        named, formats, "In the order to ask in; each count is of what is then still missing.", "Exports to ask for next", locale=locale
    )


def reconciliation(results: Results) -> Block:
    """Our totals beside finance's, and what explains a difference."""
    frame, locale = results.tables.get("reconciliation"), str(results.run["locale"])
    if frame is None or frame.empty:
        said = "There is nothing to compare with: engagement.yaml names no control totals of finance (control_totals)."
        return Block(Markup("<p>{}</p>").format(said), said)
    named = "\n".join(f"{row['period']} {row['measure']}: {row['difference']}" for row in frame.to_dict("records"))
    return Block(totals_table(frame, locale), named)


def totals_table(frame: pd.DataFrame, locale: str) -> Markup:
    """What `reconcile` returned, as a table: figures in whole units, so that a small difference between large ones is seen."""

    def exact(value: float) -> str:
        return words.count(value, locale) if abs(value) >= 100 or value == 0 else words.number(value, locale)

    causes = {"cut_off": "cut-off", "unknown": "not explained"}
    formats = {
        "period": Format.text("Period"),
        "measure": Format("Measure", lambda value: titles.plain(str(value)), numeric=False),
        "ours": Format("Ours", exact),
        "theirs": Format("Finance's", exact),
        "difference": Format("Difference", exact),
        "share": Format("Of finance's", lambda value: words.share(value, locale) if value else ""),
        "explained_by": Format(
            "Explained by", lambda value: "no difference" if pd.isna(value) else causes.get(value, value), numeric=False
        ),
    }
    shown = frame.assign(
        share=shares(frame).where(frame["explained_by"].notna(), 0.0),
        difference=frame["difference"].where(frame["theirs"].abs() < 100, frame["difference"].round()),
    )
    return table_html(shown, formats, "", "Our totals beside finance's", locale=locale)


def warnings(results: Results) -> Block:
    """What is wrong with the data and matters."""
    said = list(dict.fromkeys(words.plain(warning).lstrip(": ") for warning in results.run["warnings"]))
    if not said:
        return Block(Markup("<p>No fault that matters was found.</p>"), "No fault that matters was found.")
    rows = [Markup("<li>{}</li>").format(line) for line in said]
    head, rest = Markup("<ul>{}</ul>").format(Markup("").join(rows[:10])), rows[10:]
    more = Markup("<details><summary>{} more</summary><ul>{}</ul></details>").format(len(rest), Markup("").join(rest))
    return Block(head + more if rest else head, "\n".join(said))


def made_of(results: Results) -> Block:
    """Version, seed, as-of date and the export lines behind the numbers: what gives the same numbers again."""
    run, locale = results.run, str(results.run["locale"])
    sales = run["inputs"].get("sales") or {}
    facts = {
        "As of": words.day(run["as_of"], locale),
        "Revenue counted": titles.plain(str(run["measure"])),
        "Sales lines": words.count(sales.get("rows"), locale),
        "Partners": words.count(len(results.partners), locale),
        "Method": f"prmkit {run['prmkit_version']}",
        "Seed of every draw": str(run["seed"]),
        "Fingerprint": str(run["fingerprint"])[:12],
    }
    rows = Markup("").join(Markup("<dt>{}</dt><dd>{}</dd>").format(name, words.plain(value)) for name, value in facts.items())
    note = "The same data, settings and version give the same numbers; the fingerprint stands for all three."
    markup = Markup('<dl class="facts">{}</dl><p class="note">{}</p>').format(rows, note)
    return Block(markup, "\n".join(f"{name}: {value}" for name, value in facts.items()))
