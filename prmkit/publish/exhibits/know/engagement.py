"""Who does less with us than its kind."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit import charts
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, ROWS, Facts, caption, missing, rows_html
from prmkit.results import Results

_SURE = 0.9
_UNIT = "order days in 12 months"
_KINDS = {"registrations": "deals registered", "trainings": "courses completed", "funds": "campaigns funded", "plans": "promises in plans"}


@EXHIBITS.register("know.engagement")
def engagement(results: Results) -> Exhibit:
    """Partners that engage less than their kind does: of those that still order the widest gaps; the table holds all."""
    frame, facts = results.table("know", "engagement"), Facts.of(results)
    rows = frame[frame["expected"].notna()]
    if rows.empty:
        return missing(results, "know", "engagement", "expected")
    less = rows["does_less"].astype(bool) if "does_less" in rows else rows["seen"] < rows["expected_low"]
    still = rows["seen"] > 0
    ranked = rows.assign(less=less & still, gap=rows["expected"] - rows["seen"]).sort_values(
        ["less", "gap"], ascending=[False, False], kind="stable"
    )
    some, quiet = int((less & still).sum()), int((~still).sum())
    message = (
        f"{facts.count(some, 'partner orders', 'partners order')} clearly less often than {'its' if some == 1 else 'their'} like, "
        f"of {facts.count(len(rows))}; {facts.count(quiet)} ordered nothing"
    )
    unit = str(rows["unit"].dropna().iloc[0]) if "unit" in rows and rows["unit"].notna().any() else _UNIT
    head = ranked[ranked["seen"] > 0].head(ROWS)
    head = head if len(head) else ranked.head(ROWS)
    drawn = pd.DataFrame({"label": head["partner_id"].map(facts.name), "value": head["expected"], "low": head["expected_low"]})
    drawn = drawn.assign(high=head["expected_high"], seen=head["seen"])
    picture = (
        charts.dot_interval(drawn, alt=f"{message}.", unit="order days", axis=unit, locale=facts.locale) if rows["expected"].any() else None
    )
    only = [name for name in ("partner_id", "expected", "expected_low", "expected_high", "seen", "chance_it_does_less") if name in rows]
    kinds = [f"{name}_{part}" for name in _KINDS for part in ("expected", "seen") if f"{name}_{part}" in rows]
    table = rows_html(results, "know", "engagement", ranked, message, [*only, *kinds])
    return Exhibit(message, picture, table, caption(results, "know", "engagement", facts.count(len(rows), "partner")), _note(rows, facts))


def _note(rows: pd.DataFrame, facts: Facts) -> str:
    said = ["Dot and range: order days expected of a partner of this kind, nine in ten lie in the range. Open ring: seen."]
    for name, what in _KINDS.items():
        chance = f"{name}_chance_less"
        short = int(np.sum(rows[chance] > _SURE)) if chance in rows else 0
        if short:
            who = facts.count(short, "partner has", "partners have")
            said.append(f"{who} surely far fewer {what} than {'its' if short == 1 else 'their'} like.")
    return " ".join(said)
