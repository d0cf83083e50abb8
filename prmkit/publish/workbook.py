"""The workbook: the action list first, then a sheet for every main table, to filter and to work in.

There are no formulas, no hidden sheets and no charts that carry data of their own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from prmkit.practices.result import Finding, columns
from prmkit.publish import titles, verdicts, words
from prmkit.publish.headline import Line, headline
from prmkit.publish.workbook_sheets import Sheets
from prmkit.results import Results

# The tables people work in, one sheet each; the others are in results/.
MAIN_TABLES = (
    *("know_segment_summary", "know_partner_360", "know_alignment", "know_fit"),
    *("reach_plan", "reach_calendar", "reach_levers", "reach_saturation"),
    *("enable_incentives", "enable_budget", "enable_compliance", "enable_training"),
    *("loyalty_risk", "loyalty_service", "loyalty_undermined_partners"),
    *("prune_decisions", "prune_scorecard", "prune_performers"),
)
STATUSES = ("open", "accepted", "disputed", "corrected", "hidden")
_LONG = ("finding", "first_step", "what_was_seen", "how_one_sees_it_worked", "caveats", "comment", "verdict")
_ACTIONS = {
    **dict.fromkeys(_LONG, "long"),
    **dict.fromkeys(("worth_a_year", "worth_low", "worth_high", "computed_worth"), "currency"),
    "rank": "integer",
    "by": "date",
}


def write_workbook(results: Results, path: Path) -> None:
    """Write the workbook of one portfolio's results to `path`.

    Sheets: "Actions" (every finding that is not hidden, the largest sums first; a finding that is
    counted in a larger one names it), one for each of `MAIN_TABLES` that has rows, "Assumptions" with
    cells to sign in, "Not answered" and "About". Dates are dates; fractions are fractions, shown as percent.
    """
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        made = dt.datetime.fromisoformat(str(results.run["finished_at"])).replace(tzinfo=None)
        book.set_properties({"title": words.plain(f"{results.run['client']}, {results.run['portfolio']}"), "created": made})
        sheets = Sheets(book, str(results.run["currency"]))
        _actions(sheets, results)
        for name in MAIN_TABLES:
            practice, table = name.split("_", 1)
            frame = results.table(practice, table)
            if len(frame):
                sheets.table(titles.plain(name), _with_names(frame, results.partners), _kinds(practice, table))
        _assumptions(sheets, results)
        sheets.table("Not answered", _not_answered(results), {"reason": "long", "needs": "long"})
        sheets.table("About", _about(results), {"value": "long"})


def _actions(sheets: Sheets, results: Results) -> None:
    names = dict(zip(results.partners["partner_id"], results.partners["name"], strict=True))
    frame = pd.DataFrame(list(_action_rows(results, names)), columns=_ACTION_COLUMNS, dtype=object)
    sheet = sheets.table("Actions", frame, _ACTIONS)
    place = _ACTION_COLUMNS.index("status")
    sheet.data_validation(
        1,
        place,
        max(len(frame), 1),
        place,
        {
            "validate": "list",
            "source": list(STATUSES),
            "error_title": "Status",
            "error_message": f"Choose one of: {', '.join(STATUSES)}.",
        },
    )


_ACTION_COLUMNS = [
    *(
        "rank",
        "finding",
        "first_step",
        "who",
        "by",
        "worth_a_year",
        "worth_low",
        "worth_high",
        "confidence",
        "status",
        "verdict",
        "owner",
        "comment",
    ),
    *(
        "practice",
        "about",
        "subject_id",
        "name",
        "what_was_seen",
        "how_one_sees_it_worked",
        "caveats",
        "counted_in",
        "computed_worth",
        "finding_id",
    ),
]


def _action_rows(results: Results, names: dict[str, str]) -> Iterator[dict[str, Any]]:
    lines = headline(results.findings)
    by_id = {finding.id: finding for finding in results.findings}
    ranked = [finding for line in (*lines.priced, *lines.unpriced) for finding in line.members]
    for rank, finding in enumerate(ranked, start=1):
        yield _action(finding, names) | {"rank": rank}
    for line in (*lines.priced, *lines.unpriced):
        yield from (_double(by_id[double], line, names) for double in line.counted_in)


def _double(finding: Finding, line: Line, names: dict[str, str]) -> dict[str, Any]:
    return _action(finding, names) | {"counted_in": line.lead.id}


def _action(finding: Finding, names: dict[str, str]) -> dict[str, Any]:
    return {
        "finding": finding.title,
        "first_step": finding.action.what,
        "who": finding.action.who,
        "by": finding.action.by,
        "worth_a_year": finding.worth.amount,
        "worth_low": finding.worth.low,
        "worth_high": finding.worth.high,
        "confidence": finding.confidence,
        "status": finding.status,
        "verdict": verdicts.said(finding) or None,
        "computed_worth": finding.verdict.computed.amount if finding.verdict and finding.worth.amount is not None else None,
        "practice": finding.practice,
        "about": finding.subject_kind,
        "subject_id": finding.subject_id,
        "name": names.get(finding.subject_id) if finding.subject_kind == "partner" else None,
        "what_was_seen": finding.statement,
        "how_one_sees_it_worked": finding.action.measure,
        "caveats": "\n".join(finding.caveats),
        "finding_id": finding.id,
    }


def _assumptions(sheets: Sheets, results: Results) -> None:
    """Every assumption with what it moves and an empty signature; signed, the workbook comes back as assumptions.xlsx."""
    frame = results.tables.get("assumptions")
    if frame is None or frame.empty:
        return
    columns = ["assumption", "what", "value", "unit", "source", "low_setting", "high_setting", "headline", "headline_low", "headline_high"]
    shown = frame[[*columns, "why", "asks", "agreed", "by", "on"]]
    kinds = {"what": "long", "why": "long", "asks": "long", **dict.fromkeys(("headline", "headline_low", "headline_high"), "number")}
    sheet = sheets.table("Assumptions", shown, kinds)
    place = list(shown.columns).index("agreed")
    told = {"validate": "list", "source": ["yes", "no"], "error_title": "Agreed", "error_message": "Choose yes or no."}
    sheet.data_validation(1, place, len(shown), place, told)


def _with_names(frame: pd.DataFrame, partners: pd.DataFrame) -> pd.DataFrame:
    """The table with partners' names beside their ids."""
    if "partner_id" not in frame:
        return frame
    names = frame["partner_id"].map(partners.set_index("partner_id")["name"])
    rest = frame.drop(columns="partner_id")
    return pd.concat([frame["partner_id"], names.rename("name"), rest.drop(columns="name", errors="ignore")], axis=1)


def _kinds(practice: str, table: str) -> dict[str, str]:
    return {column: "text" if word in {"string", "boolean"} or "|" in word else word for column, word in columns(practice, table).items()}


def _not_answered(results: Results) -> pd.DataFrame:
    rows = [
        {
            "question": titles.result_title(item.table),
            "column": item.column,
            "reason": item.reason,
            "needs": item.needs,
            "table": item.table,
        }
        for item in results.not_computed
    ]
    return pd.DataFrame(rows, columns=["question", "column", "reason", "needs", "table"], dtype=object)


def _about(results: Results) -> pd.DataFrame:
    run = results.run
    facts = ("client", "portfolio", "as_of", "currency", "measure", "prmkit_version", "seed", "started_at", "finished_at", "fingerprint")
    rows = [{"fact": titles.plain(key), "value": run.get(key)} for key in facts]
    rows += [{"fact": f"Data: {name}", "value": _source(source)} for name, source in run.get("inputs", {}).items()]
    rows += [{"fact": "Warning", "value": said} for said in run.get("warnings", ())]
    rows.append({"fact": "Ranges", "value": "low and high: nine times in ten the truth lies between them"})
    return pd.DataFrame(rows, columns=["fact", "value"], dtype=object)


def _source(source: dict[str, Any]) -> str:
    files = ", ".join(source["files"])
    dates = f", {source['first']} to {source['last']}" if source.get("first") else ""
    return f"{source['rows']} rows{dates}; {files}"
