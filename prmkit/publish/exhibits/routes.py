"""Partners against direct: what each route leaves of its revenue, and what would make them level."""

from __future__ import annotations

from typing import Any

import pandas as pd

from prmkit import charts
from prmkit.charts.frames import rows_of
from prmkit.charts.scale import finite
from prmkit.publish import words
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, Facts, caption, missing, rows_html
from prmkit.results import Results

NAMES = {
    "partner": "Through partners",
    "partner_one_tier": "of these, bought from us",
    "partner_two_tier": "of these, through a distributor",
    "direct": "Direct",
}
_SHOWN = (
    *("route", "revenue", "margin", "incentives", "cost_of_sale", "before_cost_of_sale", "contribution_rate", "low", "high"),
    *("orders", "order_size", "customers", "new_customers", "revenue_per_customer", "customers_per_partner"),
    *("gross_retention", "missing_costs"),
)
_BESIDE = {
    **dict.fromkeys(("order_size", "revenue_per_customer"), "currency"),
    **dict.fromkeys(("before_cost_of_sale", "gross_retention"), "fraction"),
    **dict.fromkeys(("orders", "customers", "new_customers"), "integer"),
    "customers_per_partner": "number",
}


@EXHIBITS.register("reach.routes")
def routes(results: Results) -> Exhibit:
    """What each route to market leaves of a unit of revenue."""
    frame, facts = results.table("reach", "routes"), Facts.of(results)
    rows = frame[frame["contribution_rate"].notna()]
    if rows.empty:
        return missing(results, "reach", "routes", "contribution_rate")
    message = _title(rows, facts)
    drawn = pd.DataFrame(
        {"label": [_label(row) for row in rows_of(rows)], "value": rows["contribution_rate"], "low": rows["low"], "high": rows["high"]}
    )
    picture = charts.dot_interval(
        drawn,
        alt=f"{message}.",
        unit="fraction",
        axis="contribution, share of revenue, after the costs on record",
        locale=facts.locale,
        accent=[label for label in drawn["label"] if label.startswith(NAMES["partner"])],
    )
    shown = [column for column in _SHOWN if column in frame and frame[column].notna().any()]
    table = rows_html(results, "reach", "routes", frame.assign(route=frame["route"].map(_name)), message, shown, _BESIDE)
    return Exhibit(message, picture, table, caption(results, "reach", "routes", facts.count(len(rows), "route")), _note(rows, facts))


@EXHIBITS.register("know.routes")
def know_routes(results: Results) -> Exhibit:
    """The same, in the first playbook."""
    return routes(results)


def _label(row: Any) -> str:
    """What a row of the picture is; whether the cost of selling is in it."""
    bare = str(row.route) in ("partner", "direct") and pd.isna(row.cost_of_sale)
    return f"{_name(row.route)}, before the cost of selling" if bare else _name(row.route)


def _name(route: Any) -> str:
    return NAMES.get(str(route)) or words.plain(route)


def _title(rows: pd.DataFrame, facts: Facts) -> str:
    known = {str(row.route): row for row in rows_of(rows)}
    partner, direct = known.get("partner"), known.get("direct")
    even = None if partner is None else finite(getattr(partner, "break_even", None))
    if partner is not None and direct is not None and even is not None and even > 0 and pd.isna(direct.cost_of_sale):
        said = facts.amount(partner, "break_even", "break_even_low", "break_even_high", unit="fraction")
        more = "" if pd.notna(partner.cost_of_sale) else ", above what selling through them costs"
        return f"Partners are the cheaper route if selling direct costs more than {said} of its revenue{more}"
    first = rows.sort_values("contribution_rate", ascending=False, kind="stable").iloc[0]
    left = facts.amount(first, "contribution_rate", "low", "high", unit="fraction")
    return f"'{_name(first.route)}' leaves the most: {left} of its revenue"


def _note(rows: pd.DataFrame, facts: Facts) -> str:
    said = [
        f"Not in it, {_name(row.route).lower()}: {words.plain(row.missing_costs)}."
        for row in rows_of(rows)
        if str(row.route) in ("partner", "direct") and pd.notna(row.missing_costs) and row.missing_costs
    ]
    alike = rows[rows["like_for_like"].notna()] if "like_for_like" in rows else rows.head(0)
    for row in rows_of(alike):
        less = facts.share(abs(row.like_for_like))
        more = "more" if row.like_for_like > 0 else "less"
        said.append(f"At the same {words.plain(row.mix_of)} partners leave {less} of revenue {more} than direct sales.")
    return " ".join(said)
