"""Which product family a partner could add next."""

from __future__ import annotations

import pandas as pd

from prmkit import charts
from prmkit.charts.frames import first_of, rows_of
from prmkit.publish import words
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, Facts, caption, missing, rows_html
from prmkit.results import Results


@EXHIBITS.register("know.fit")
def fit(results: Results) -> Exhibit:
    """The product family each partner could add next, and what it would bring."""
    frame, facts = results.table("know", "fit"), Facts.of(results)
    rows = frame[frame["next_family_value"].notna()].sort_values(
        ["next_family_value", "partner_id"], ascending=[False, True], kind="stable"
    )
    if rows.empty:
        return missing(results, "know", "fit", "next_family_value")
    head = rows.head(10)
    labels = [f"{facts.name(row.partner_id)}: {words.plain(row.product_family)}" for row in rows_of(head)]
    drawn = pd.DataFrame({"label": labels, "value": head["next_family_value"].to_numpy()})
    best = first_of(head)
    message = (
        f"The best next step is {words.plain(best.product_family)} at {facts.name(best.partner_id)}, "
        f"worth {facts.money(best.next_family_value)} a year"
    )
    picture = charts.bars(
        drawn, alt=f"{message}.", unit=facts.currency, axis=f"{facts.currency} a year", locale=facts.locale, accent=labels[:1]
    )
    n = facts.count(rows["partner_id"].nunique(), "partner")
    return Exhibit(message, picture, rows_html(results, "know", "fit", rows, message), caption(results, "know", "fit", n))
