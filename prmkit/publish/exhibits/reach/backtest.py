"""How the forecast of today's partners would have fared before."""

from __future__ import annotations

import pandas as pd

from prmkit import charts
from prmkit.publish import words
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, Facts, caption, missing, rows_html
from prmkit.results import Results

_NOTE = (
    "The bar is the 90% interval and the dot the forecast, made with nothing that was not known on the day; "
    "the ring is what the partners of that day then brought; the grey stroke is the plain rule: the year before again."
)


@EXHIBITS.register("reach.backtest")
def backtest(results: Results) -> Exhibit:
    """What was forecast at each past half-year, what then came, and what the plain rule had said."""
    frame, facts = results.table("reach", "backtests"), Facts.of(results)
    rows = frame[frame["expected"].notna() & frame["seen"].notna() & frame["origin"].notna()].sort_values("origin")
    if rows.empty:
        return missing(results, "reach", "backtests")
    inside, made = int(rows["inside"].astype("boolean").fillna(False).sum()), len(rows)
    closer = int(((rows["expected"] - rows["seen"]).abs() < (rows["naive"] - rows["seen"]).abs()).sum())
    message = (
        f"{facts.count(inside)} of {facts.count(made, 'earlier forecast')} held what then came; nearer to it than the plain rule: {closer}"
    )
    label = [words.month(at, facts.locale) for at in rows["origin"]]
    drawn = pd.DataFrame(
        {
            "label": label,
            "value": rows["expected"].to_numpy(),
            "low": rows["low"].to_numpy(),
            "high": rows["high"].to_numpy(),
            "seen": rows["seen"].to_numpy(),
            "rule": rows["naive"].to_numpy(),
        }
    )
    missed = [name for name, held in zip(label, rows["inside"].astype("boolean").fillna(False), strict=True) if not held]
    months = sorted({int(ahead) for ahead in rows["months"].dropna()})
    span = f"{' or '.join(str(ahead) for ahead in months)} months from each date"
    picture = charts.dot_interval(
        drawn, alt=f"{message}.", unit=facts.currency, axis=f"{facts.currency}, {span}", locale=facts.locale, accent=missed, names=120
    )
    table = rows_html(results, "reach", "backtests", rows, message)
    return Exhibit(message, picture, table, caption(results, "reach", "backtests", facts.count(made, "earlier date"), span), _NOTE)
