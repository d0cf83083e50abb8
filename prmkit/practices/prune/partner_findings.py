"""Findings on single partners: the few that surely cost most."""

from __future__ import annotations

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.confidence import confidence
from prmkit.practices.result import Action, Amount, Finding
from prmkit.publish.words import money, share

MOST_PARTNERS = 5
_STEPS = {
    "fix": ("Open the price and discount talk, with the margin of like partners as the goal", "gross margin rate six months on"),
    "exit": ("Prepare to part ways: customers to move, notice to give, counsel to ask", "its customers moved without loss"),
    "keep": ("Find out what would have to change, and what stands in the way", "fair contribution at the next run"),
}


def partner_findings(portfolio: Portfolio, rows: pd.DataFrame, decisions: pd.DataFrame) -> list[Finding]:
    """Up to five partners surely below the hurdle, the largest fair loss first; those not judged or too early left out."""
    judged = decisions.loc[decisions["decision"].isin(["fix", "exit", "keep"]), ["partner_id", "decision", "why", "gates", "review_on"]]
    listed = rows[(rows["p_below_hurdle"] > 0.9) & (rows["fair_contribution"] < 0)].merge(judged, on="partner_id")
    listed = listed.sort_values(["fair_contribution", "partner_id"]).head(MOST_PARTNERS)
    names = portfolio.partners.set_index("partner_id")["name"]
    return [_finding(portfolio, row, str(names[row["partner_id"]])) for _, row in listed.iterrows()]


def _finding(portfolio: Portfolio, row: pd.Series, name: str) -> Finding:
    locale, currency = portfolio.settings.locale, portfolio.currency
    what, measure = _STEPS[row["decision"]]
    rate = row["gross_margin"] / row["revenue"] if row["revenue"] > 0 else float("nan")
    sold = f"; its gross margin is {share(rate, locale)} of {money(row['revenue'], currency, locale)}" if rate == rate else ""
    caveats = [text for text in (row["missing_costs"], row["gates"]) if text]
    return Finding(
        id=f"prune.decisions.{row['decision']}:partner:{row['partner_id']}",
        practice="prune",
        subject_kind="partner",
        subject_id=str(row["partner_id"]),
        title=f"{name} costs us {money(-row['fair_contribution'], currency, locale)} a year, luck taken out{sold}",
        statement=f"Nine times in ten it brings between {money(row['fair_low'], currency, locale)} and "
        f"{money(row['fair_high'], currency, locale)}; in the books it was {money(row['contribution'], currency, locale)}. "
        f"{str(row['why']).capitalize()}.",
        value=Amount(
            float(row["fair_contribution"]),
            float(row["fair_low"]),
            float(row["fair_high"]),
            currency,
            f"12 months to {portfolio.as_of.date()}",
        ),
        worth=Amount(-float(row["fair_contribution"]), max(0.0, -float(row["fair_high"])), -float(row["fair_low"]), currency, "a year"),
        # one partner's orders are its independent cases; posterior certainty already carries how few they are
        confidence=confidence(basis="measured", n=30, decides=bool(row["fair_high"] < 0), warnings=int(row["cost_missing"])),
        action=Action(what, "its partner manager", f"by {row['review_on'].date()}", measure),
        evidence=(f"prune_scorecard: {row['partner_id']}", f"prune_decisions: {row['partner_id']}"),
        inputs=("sales", "incentives", "support"),
        caveats=tuple(caveats),
    )
