"""How many to sign for the goal, and what today's partners bring."""

from __future__ import annotations

from typing import Any

import pandas as pd

from prmkit import charts
from prmkit.charts.frames import first_of
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, Facts, Ranking, caption, missing, rows_html
from prmkit.results import Results

COUNTS = {
    "recruits_naive": "Plain division: gap by average partner",
    "recruits_p50": "An even chance",
    "recruits_p80": "Four chances in five",
    "recruits_p90": "Nine chances in ten",
}


def _whole(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of the whole portfolio."""
    return frame[frame["territory"] == "all"] if "territory" in frame else frame


@EXHIBITS.register("reach.plan")
def plan(results: Results) -> Exhibit:
    """Partners to sign for the goal, by how sure one wants to be, beside the plain division."""
    frame, facts = results.table("reach", "plan"), Facts.of(results)
    whole = _whole(frame)
    known = {name: whole.iloc[0][name] for name in COUNTS if len(whole) and pd.notna(whole.iloc[0][name])}
    if not known:
        return missing(results, "reach", "plan", "recruits_p80")
    row = first_of(whole)
    drawn = pd.DataFrame({"label": [COUNTS[name] for name in known], "value": [float(value) for value in known.values()]})
    message = f"Sign {facts.count(row.recruits_p80, 'partner')} for four chances in five of the goal"
    if "recruits_naive" in known:
        message += f"; plain division says {facts.count(row.recruits_naive)}"
    picture = charts.bars(drawn, alt=f"{message}.", unit="", axis="partners to sign", locale=facts.locale, accent=[COUNTS["recruits_p80"]])
    note = (
        f"Goal {facts.money(row.goal)}; without new partners "
        f"{facts.amount(row, 'baseline', 'baseline_low', 'baseline_high')}, a chance of {facts.share(row.probability_now)}."
    )
    n = facts.count(row.productive_partners, "active partner")
    return Exhibit(
        message,
        picture,
        rows_html(results, "reach", "plan", frame, message),
        caption(results, "reach", "plan", n, "12 months to the goal's date"),
        note,
    )


@EXHIBITS.register("reach.baseline")
def baseline(results: Results) -> Exhibit:
    """What today's partners would bring without a single recruit, by territory."""
    axis = "{currency}, 12 months to the goal's date"
    rank = Ranking("reach", "plan", "territory", "baseline", "baseline_low", "baseline_high", axis=axis, total="all")

    def title(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        whole = _whole(rows)
        first = next((whole if len(whole) else rows).itertuples())
        said = facts.amount(first, "baseline", "baseline_low", "baseline_high")
        return f"Without a single recruit today's partners bring {said}"

    return rank.exhibit(results, title, ("territory or total", "territories, the total included"), period="12 months to the goal's date")
