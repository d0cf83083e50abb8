"""Distributors, and the resellers behind them."""

from __future__ import annotations

import pandas as pd

from prmkit import charts
from prmkit.charts.frames import first_of
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, ROWS, Facts, caption, missing, rows_html
from prmkit.results import Results

_WHOLE = "all"


@EXHIBITS.register("reach.tiers_of_trade")
def tiers_of_trade(results: Results) -> Exhibit:
    """How many resellers stand behind each distributor."""
    frame, facts = results.table("reach", "tiers_of_trade"), Facts.of(results)
    rows = frame[frame["resellers"].notna()]
    parts = rows[rows["distributor_id"] != _WHOLE].sort_values(["resellers", "distributor_id"], ascending=[False, True], kind="stable")
    if parts.empty:
        return missing(results, "reach", "tiers_of_trade")
    whole, first = rows[rows["distributor_id"] == _WHOLE], first_of(parts)
    count = first_of(whole).resellers if len(whole) else parts["resellers"].sum()
    message = (
        f"{facts.count(count, 'reseller')} stand behind {facts.count(len(parts), 'distributor')}; "
        f"{facts.name(first.distributor_id)} supplies {facts.count(first.resellers)} of them"
    )
    drawn = pd.DataFrame({"label": parts["distributor_id"].map(facts.name), "value": parts["resellers"].astype("float64")}).head(ROWS)
    accent = [str(drawn.iloc[0]["label"])]
    picture = charts.bars(drawn, alt=f"{message}.", unit="", axis="resellers supplied in 12 months", locale=facts.locale, accent=accent)
    named = rows.assign(distributor_id=[_WHOLE if one == _WHOLE else facts.name(one) for one in rows["distributor_id"]])
    table = rows_html(results, "reach", "tiers_of_trade", named, message)
    note = "Resellers behind a distributor are not counted among the partners: they count with their distributor."
    return Exhibit(message, picture, table, caption(results, "reach", "tiers_of_trade", facts.count(len(parts), "distributor")), note)
