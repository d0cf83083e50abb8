"""Whom to sign where: the allocation, what holds it back, and where the next partner goes."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup

from prmkit import charts
from prmkit.charts.frames import first_of, rows_of
from prmkit.publish import words
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, ROWS, Facts, Ranking, caption, missing, rows_html
from prmkit.publish.table import Format, table_html
from prmkit.results import Results

_MOST_TYPES = 8


@EXHIBITS.register("reach.allocation")
def allocation(results: Results) -> Exhibit:
    """How many partners of which type to sign in which territory, at least cost for the goal."""
    frame, facts = results.table("reach", "allocation"), Facts.of(results)
    rows = frame[frame["recruits"].notna() & (frame["recruits"] > 0)]
    if rows.empty:
        return missing(results, "reach", "allocation")
    message = _title(results, rows, facts)
    named = rows.assign(label=[f"{words.plain(row.territory)}, {words.plain(row.partner_type)}" for row in rows_of(rows)])
    drawn = named.sort_values(["recruits", "label"], ascending=[False, True], kind="stable").head(ROWS)
    picture = charts.bars(
        drawn.rename(columns={"recruits": "value"})[["label", "value"]],
        alt=f"{message}.",
        unit="",
        axis="partners to sign",
        locale=facts.locale,
        accent=[str(drawn.iloc[0]["label"])],
    )
    table = Markup("").join([_grid(rows, facts), rows_html(results, "reach", "allocation", rows, message)])
    count = facts.count(len(rows), "choice of territory and type", "choices of territory and type")
    return Exhibit(message, picture, table, caption(results, "reach", "allocation", count, "until the goal's date"), _note(results, facts))


def _title(results: Results, rows: pd.DataFrame, facts: Facts) -> str:
    total, places = int(rows["recruits"].sum()), rows["territory"].nunique()
    said = f"{facts.count(total, 'recruit')} in {facts.count(places, 'territory', 'territories')}"
    rules = results.table("reach", "allocation_rules").set_index("rule")
    if "least_cost" in rules.index:
        mine = rules.loc["least_cost"]
        mine = mine.iloc[0] if isinstance(mine, pd.DataFrame) else mine
        chance = f" with a chance of {facts.share(mine['chance'])}" if pd.notna(mine["chance"]) else ""
        cost = f" for {facts.money(mine['cost'])}" if pd.notna(mine["cost"]) else ""
        return f"{said}{cost} reach the goal{chance}"
    return f"{said} bring most for their cost"


def _grid(rows: pd.DataFrame, facts: Facts) -> Markup:
    """Territories by types, the number to sign in each cell."""
    wide = rows.pivot_table(index="territory", columns="partner_type", values="recruits", aggfunc="sum").astype("float64")
    kinds = list(wide.sum().sort_values(ascending=False, kind="stable").index[:_MOST_TYPES])
    grid = wide[kinds].assign(total=wide.sum(axis=1)).sort_values("total", ascending=False, kind="stable").reset_index()
    frame = grid.set_axis(["territory", *(f"type_{number}" for number in range(len(kinds))), "total"], axis=1)
    formats = {"territory": Format.text("Territory")}
    formats |= {f"type_{number}": _number(words.plain(kind), facts) for number, kind in enumerate(kinds)}
    formats["total"] = _number("All types" if len(kinds) == wide.shape[1] else "All types, others too", facts)
    return table_html(frame, formats, "Partners to sign", "Table: partners to sign by territory and type", locale=facts.locale)


def _number(title: str, facts: Facts) -> Format:
    return Format(title, lambda value: "" if pd.isna(value) else facts.count(value))


def _note(results: Results, facts: Facts) -> str:
    rules = results.table("reach", "allocation_rules")
    plain = rules[rules["rule"] == "last_years_shares"]
    limits = results.table("reach", "allocation_limits")
    said = []
    asked = results.table("reach", "plan").query("territory == 'all'")["recruits_asked"].dropna()
    if len(asked):
        said.append(f"Signed as they came so far, of every type and everywhere, it takes {facts.count(asked.iloc[0], 'recruit')}.")
    for row in rows_of(plain.head(1)):
        cost = f" and {facts.money(row.cost)}" if pd.notna(row.cost) else ""
        broken = ", and breaks limits that this keeps" if pd.notna(row.keeps_limits) and not row.keeps_limits else ""
        said.append(f"Spread like last year's revenue the same chance takes {facts.count(row.recruits, 'recruit')}{cost}{broken}.")
    said += [words.plain(row.words) for row in rows_of(limits[limits["binding"].eq(True).fillna(False)].head(2))]
    return " ".join(said)


@EXHIBITS.register("reach.allocation_limits")
def allocation_limits(results: Results) -> Exhibit:
    """What holds the allocation back, and what easing it would save."""
    frame, facts = results.table("reach", "allocation_limits"), Facts.of(results)
    if frame.empty:
        return missing(results, "reach", "allocation_limits")
    binding = frame[frame["binding"].eq(True).fillna(False)]
    message = "No limit holds the allocation back"
    if len(binding):
        first = first_of(binding.sort_values(["saves", "limit"], ascending=[False, True], kind="stable"))
        message = f"{facts.count(len(binding), 'limit holds', 'limits hold')} the allocation back, '{words.plain(first.limit)}' first"
    saves = frame[frame["saves"].notna() & (frame["saves"] > 0)].sort_values("saves", ascending=False, kind="stable").head(ROWS)
    picture = None
    if len(saves):
        priced = results.table("reach", "allocation")["cost"].notna().any()
        drawn = pd.DataFrame({"label": saves["limit"].map(words.plain), "value": saves["saves"]})
        unit = facts.currency if priced else ""
        axis = f"saved by easing it, {facts.currency}" if priced else "recruits saved by easing it"
        picture = charts.bars(drawn, alt=f"{message}.", unit=unit, axis=axis, locale=facts.locale)
    shown = ("words", "binding", *(("saves",) if frame["saves"].notna().any() else ()))
    table = rows_html(results, "reach", "allocation_limits", frame, message, shown)
    return Exhibit(
        message, picture, table, caption(results, "reach", "allocation_limits", facts.count(len(frame), "limit"), "until the goal's date")
    )


@EXHIBITS.register("reach.next_partner")
def next_partner(results: Results) -> Exhibit:
    """Where one more partner brings most, and whether it may go there."""
    frame = results.table("reach", "next_partner")
    if frame.empty:
        return missing(results, "reach", "next_partner")
    barred = frame[frame["allowed"].eq(False).fillna(False)]
    rank = Ranking("reach", "next_partner", "territory", "revenue", "revenue_low", "revenue_high", axis="{currency} until the goal's date")

    def title(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        open_ = rows[rows["allowed"].ne(False).fillna(True)]
        if open_.empty:
            return "No territory is free for one more partner"
        best = first_of(open_)
        said = facts.amount(best, "revenue", "revenue_low", "revenue_high")
        where = "Where nothing stands against it, the next" if len(open_) < len(rows) else "The next"
        return f"{where} partner brings most in {words.plain(best.territory)}, type {words.plain(best.partner_type)}: {said}"

    note = ""
    if len(barred):
        count = Facts.of(results).count(len(barred), "territory is", "territories are")
        note = f"{count} kept clear: {', '.join(words.plain(name) for name in barred['territory'].head(3))}; the table says why."
    return rank.exhibit(results, title, ("territory", "territories"), period="until the goal's date", note=note)
