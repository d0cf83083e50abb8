"""Which answers the data can carry, which in part and which not yet, by practice, and what to ask for next."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from prmkit.practices import PRACTICES
from prmkit.publish import titles, words
from prmkit.publish.front.unanswered import lower
from prmkit.publish.sources import export_name, exports_table
from prmkit.publish.table import Format, table_html

_STATUS = {"ready": ("good", "In full"), "partial": ("watch", "In part"), "missing": ("none", "Not yet")}
SETTINGS = "engagement.yaml"


def section(ready: pd.DataFrame | None, wanted: pd.DataFrame | None, locale: str) -> Markup:
    """Both sections as HTML; a sentence where nothing could be loaded."""
    if ready is None or ready.empty:
        return Markup(
            '<section id="answers"><h2>What the data can answer is not known yet</h2>'
            "<p>There are no partners with sales to judge by. Mend what is listed below, and check again.</p></section>"
        )
    rows = Markup("\n").join(_practice(str(name), tables, locale) for name, tables in ready.groupby("practice", sort=False))
    return Markup('<section id="answers"><h2>{}</h2><ul class="practices">{}</ul>{}</section>\n{}').format(
        _title(ready, locale), rows, _costs(ready, locale), _exports(wanted, locale)
    )


def counts(ready: pd.DataFrame) -> dict[str, int]:
    """How many answers are ready, partial and missing."""
    return {word: int((ready["status"] == word).sum()) for word in _STATUS}


def _title(ready: pd.DataFrame, locale: str) -> str:
    found = counts(ready)
    return (
        f"Of {words.counted(len(ready), 'answer', locale=locale)}, {words.count(found['ready'], locale)} can be given in full, "
        f"{words.count(found['partial'], locale)} in part, {words.count(found['missing'], locale)} not yet"
    )


def _practice(name: str, tables: pd.DataFrame, locale: str) -> Markup:
    parts = [_answers(tables, status, shape, said, locale) for status, (shape, said) in _STATUS.items()]
    return Markup("<li><h3>{}</h3><div>{}</div></li>").format(PRACTICES.get(name).title, Markup("").join(parts))


def _answers(tables: pd.DataFrame, status: str, shape: str, said: str, locale: str) -> Markup:
    own = tables[tables["status"] == status]
    if own.empty:
        return Markup("")
    listed = "; ".join(titles.result_title(f"{row['practice']}_{row['table']}") for row in own.to_dict("records"))
    return Markup('<p><span class="status {}">{} ({}):</span> {}</p>').format(shape, said, words.count(len(own), locale), listed)


def _costs(ready: pd.DataFrame, locale: str) -> Markup:
    """What the answers in part and those missing lack, behind a click."""
    lacking = ready[ready["status"] != "ready"]
    if lacking.empty:
        return Markup("")
    named = lacking.assign(
        answer=[titles.result_title(f"{row['practice']}_{row['table']}") for row in lacking.to_dict("records")],
        order=lacking["status"].map({"missing": 0, "partial": 1}),
    ).sort_values("order", kind="stable")
    formats = {
        "answer": Format.text("Answer"),
        "status": Format.text("Given", {word: said for word, (_, said) in _STATUS.items()}),
        "effect": Format.text("What that costs"),
        "needs": Format.text("Needs"),
    }
    table = table_html(named, formats, "", "What is missing for each answer", locale=locale)
    return Markup("<details><summary>What is missing for each</summary>{}</details>").format(table)


def _exports(wanted: pd.DataFrame | None, locale: str) -> Markup:
    if wanted is None or wanted.empty:
        return Markup('<section id="next"><h2>No further export is needed</h2><p>None would unlock another answer.</p></section>')
    return Markup('<section id="next"><h2>{}</h2>{}</section>').format(ask(wanted, locale), exports_table(wanted, locale))


def ask(wanted: pd.DataFrame, locale: str) -> str:
    """The one more export that would unlock most: "Ask next for cost to serve by partner: it unlocks six more answers"."""
    exports = wanted[wanted["export"] != SETTINGS]
    if exports.empty:
        first = wanted.iloc[0]
        return f"No export is missing; {words.plain(first['columns'])} in engagement.yaml would unlock {_more(first['unlocks'], locale)}"
    first = exports.iloc[0]
    name = lower(export_name(str(first["export"])))
    if not first["unlocks"]:
        return f"Ask next for {name}: with the exports after it, it unlocks more answers"
    return f"Ask next for {name}: it unlocks {_more(first['unlocks'], locale)}"


def _more(count: int, locale: str) -> str:
    return f"{words.spelled(int(count), locale)} more {'answer' if count == 1 else 'answers'}"
