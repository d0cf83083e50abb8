"""Which product family a partner could add next, and where kinds of partner lack what others of their size sell."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
from markupsafe import Markup

from prmkit import charts
from prmkit.charts.frames import first_of, rows_of
from prmkit.publish import titles, words
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, ROWS, Facts, caption, missing
from prmkit.publish.table import Format, table_html
from prmkit.results import Results

_FEWEST_OF_KIND = 10


@EXHIBITS.register("know.fit")
def fit(results: Results) -> Exhibit:
    """The product family each partner could add next, and what it would bring."""
    frame, facts = results.table("know", "fit"), Facts.of(results)
    rows = frame[frame["next_family_value"].notna()].sort_values(
        ["next_family_value", "partner_id"], ascending=[False, True], kind="stable"
    )
    if rows.empty:
        return missing(results, "know", "fit", "next_family_value")
    rows = rows.reindex(columns=list(dict.fromkeys([*rows.columns, "value_low", "value_high", "value_is"])))
    best, head = first_of(rows), rows.head(ROWS)
    what = words.plain(best.value_is) if isinstance(best.value_is, str) else "margin"
    message = (
        f"The best next step is {words.plain(best.product_family)} at {facts.name(best.partner_id)}: "
        f"{facts.amount(best, 'next_family_value', 'value_low', 'value_high')} of {what} a year to be expected"
    )
    labels = [f"{facts.name(row.partner_id)}: {words.plain(row.product_family)}" for row in rows_of(head)]
    drawn = pd.DataFrame(
        {"label": labels, "value": head["next_family_value"].array, "low": head["value_low"].array, "high": head["value_high"].array}
    )
    picture = charts.dot_interval(
        drawn,
        alt=f"{message}.",
        unit=facts.currency,
        axis=f"{facts.currency} of {what} a year, expected",
        locale=facts.locale,
        accent=labels[:1],
        names=300,
    )
    n = facts.count(rows["partner_id"].nunique(), "partner")
    return Exhibit(message, picture, _offers_html(rows, message, facts), caption(results, "know", "fit", n), _note(rows, facts))


def _offers_html(rows: pd.DataFrame, label: str, facts: Facts) -> Markup:
    """The offers with their ranges, and what is on the partner's line card."""
    money, share = partial(Format.money, currency=facts.currency, locale=facts.locale), partial(Format.share, locale=facts.locale)
    shown = {
        "partner_name": Format.text("Partner"),
        "product_family": Format.text("Product family"),
        "next_family_value": money("Worth a year, expected"),
        "value_low": money("Worth, low"),
        "value_high": money("Worth, high"),
        "chance": share("Chance to take it up"),
        "chance_low": share("Chance, low"),
        "chance_high": share("Chance, high"),
        "first_year": money("First year's revenue, if taken up"),
        "expected_share": share("Usual share of purchases"),
        "competing_lines": Format.count("Competing lines", facts.locale),
        "carries_complement": Format.yes_no("Carries a complement"),
    }
    told = rows.assign(partner_name=rows["partner_id"].map(facts.name))
    known = {name: style for name, style in shown.items() if name in told and told[name].notna().any()}
    return _html(told, known, label, facts)


def _html(rows: pd.DataFrame, shown: Mapping[str, Format], label: str, facts: Facts) -> Markup:
    return table_html(
        rows, shown, titles.result_title("know_fit"), f"Table: {label}", locale=facts.locale, whole="results/know_fit.parquet"
    )


def _note(rows: pd.DataFrame, facts: Facts) -> str:
    """What the value is made of, and how likely the best offers are to be taken up."""
    if "chance" not in rows or rows["chance"].isna().all():
        return "Expected: the chance that the partner takes the family up, times what a first year of it brings."
    return (
        "Expected: the chance that the partner takes the family up within 12 months, times what a first year of it brings. Most offers are "
        f"not taken up: the middle chance is {facts.share(rows['chance'].median())}. What a push adds to it is not known."
    )


@EXHIBITS.register("know.fit_kinds")
def fit_kinds(results: Results) -> Exhibit:
    """Families that kinds of partner sell less often than other kinds of their size."""
    frame, facts = results.table("know", "fit"), Facts.of(results)
    wanted = ["kind", "product_family", "sold_by_kind", "sold_by_others", "of_kind"]
    if frame.empty or not set(wanted) <= set(frame.columns):
        return missing(results, "know", "fit")
    cells = frame.loc[frame["kind"].notna() & frame["sold_by_others"].notna(), wanted].drop_duplicates(["kind", "product_family"])
    cells = cells[cells["of_kind"] >= _FEWEST_OF_KIND]
    if cells.empty:
        return _one_kind(results)
    behind = (cells["sold_by_others"] - cells["sold_by_kind"]) * cells["of_kind"]
    cells = cells.assign(behind=behind).sort_values(["behind", "kind", "product_family"], ascending=[False, True, True], kind="stable")
    worst, less = first_of(cells), cells[cells["behind"] > 0]
    head = (less if len(less) else cells).head(ROWS)
    message = _kinds_message(worst, facts)
    drawn = pd.DataFrame(
        {
            "label": [f"{words.plain(row.product_family)}: {words.plain(row.kind)}" for row in rows_of(head)],
            "value": head["sold_by_kind"].array,
            "target": head["sold_by_others"].array,
        }
    )
    picture = charts.bars(drawn, alt=f"{message}.", unit="fraction", axis="Share of partners that sell it", locale=facts.locale)
    shown = {
        "kind": Format.text("Kind of partner"),
        "product_family": Format.text("Product family"),
        "sold_by_kind": Format.share("Of the kind sell it", facts.locale),
        "sold_by_others": Format.share("Of others of that size", facts.locale),
        "of_kind": Format.count("Partners of the kind", facts.locale),
    }
    table = _html(cells, shown, message, facts)
    n = facts.count(len(cells), "pair of kind and family", "pairs of kind and family")
    note = "Bar: partners of that kind. Upright mark: other kinds of the same size. Largest number of partners behind first."
    return Exhibit(message, picture, table, caption(results, "know", "fit", n), note)


def _kinds_message(worst: Any, facts: Facts) -> str:
    family, kind = words.plain(worst.product_family), words.plain(worst.kind)
    if worst.behind <= 0:
        return "No kind of partner sells any family less often than other kinds of its size"
    return (
        f"{family} is sold by {facts.share(worst.sold_by_kind)} of '{kind}', by {facts.share(worst.sold_by_others)} of other kinds "
        "of that size"
    )


def _one_kind(results: Results) -> Exhibit:
    made = missing(results, "know", "fit")
    return Exhibit(
        made.title,
        None,
        made.table,
        "",
        missing=("Partners are of one kind, or of no known type: there is nothing to compare a kind with.",),
    )
