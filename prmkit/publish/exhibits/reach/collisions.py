"""Where partners, or we ourselves, work the same customers, who it is, and what it costs."""

from __future__ import annotations

from typing import Any

import pandas as pd

from prmkit import charts
from prmkit.charts.frames import first_of
from prmkit.publish import titles, words
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, ROWS, Facts, Ranking, caption, missing, rows_html
from prmkit.results import Results

_OURS = "direct"
_NAMED = 0.1
_LAWYER = "Before rules on who may sell to whom, on ending contracts or on prices go out to partners, a lawyer reads them."


@EXHIBITS.register("reach.conflict")
def conflict(results: Results) -> Exhibit:
    """Where partners, or we ourselves, sell to the same customers."""
    rank = Ranking(
        "reach",
        "conflict",
        "territory",
        "shared_customer_share",
        unit="fraction",
        axis="share of customers worked by two or more",
        accent_first=True,
    )

    def title(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        if not rows["shared_customer_share"].any():
            return "No customer is worked by two partners"
        return (
            f"{facts.share(first.shared_customer_share)} of customers in "
            f"{words.plain(first.territory)} are worked by two or more, the most of all"
        )

    return rank.exhibit(results, title, ("territory", "territories"), note=_LAWYER)


@EXHIBITS.register("reach.collision_pairs")
def collision_pairs(results: Results) -> Exhibit:
    """Who collides with whom, beside what chance would have made."""
    frame, facts = results.table("reach", "collision_pairs"), Facts.of(results)
    frame = frame.dropna(subset=["partner_id", "other_partner_id", "shared_customers"])
    if frame.empty:
        return missing(results, "reach", "collision_pairs")
    named = frame[frame["q"] <= _NAMED]
    shown = (named if len(named) else frame).sort_values("shared_customers", ascending=False, kind="stable")
    others = frame["other_partner_id"].map(lambda other: "our own people" if other == _OURS else facts.name(other))
    pair = [f"{facts.name(one)} / {other}" for one, other in zip(shown["partner_id"], others.loc[shown.index], strict=True)]
    drawn = pd.DataFrame(
        {"label": pair, "value": shown["shared_customers"], "low": None, "high": None, "seen": shown["expected_by_chance"]}
    )
    first = first_of(shown)
    pairs = facts.count(len(named), "pair") if len(named) else "No pair"
    work = "works" if len(named) <= 1 else "work"
    message = f"{pairs} {work} more of the same customers than chance explains"
    if len(named):
        message += f"; at most {facts.count(first.shared_customers)} together"
    picture = charts.dot_interval(
        drawn, alt=f"{message}.", axis="customers in common; ring: by chance", locale=facts.locale, accent=pair[:1] if len(named) else []
    )
    table = rows_html(results, "reach", "collision_pairs", frame.assign(other_partner_id=others), message)
    said = facts.count(len(frame), "pair")
    note = (
        f"Named are pairs of which at most one in ten is luck; the first {min(len(shown), ROWS)} are drawn. "
        "It names partners to each other: for our own people only."
    )
    return Exhibit(message, picture, table, caption(results, "reach", "collision_pairs", f"{said} with two or more in common"), note)


@EXHIBITS.register("reach.registrations")
def registrations(results: Results) -> Exhibit:
    """How often two register one customer, and how long partners wait for a decision."""
    rank = Ranking(
        "reach",
        "registrations",
        "territory",
        "collision_rate",
        "collision_low",
        "collision_high",
        unit="fraction",
        axis="share of registrations that collide",
        total="all",
    )
    frame, facts = results.table("reach", "registrations"), Facts.of(results)
    notes = []
    for row in frame[frame["territory"] == "all"].head(1).to_dict("records"):
        if pd.notna(row["approval_days"]):
            waited, slowest = facts.count(row["approval_days"], "day"), facts.count(row["approval_days_p90"], "day")
            notes.append(f"Half of the decisions took {waited} or less, nine of ten {slowest}.")
        if pd.notna(row["within_promise"]):
            notes.append(f"Within the promise: {facts.share(row['within_promise'])}.")
        if pd.notna(row["expired_blocking"]) and row["expired_blocking"] > 0:
            notes.append(f"{facts.count(row['expired_blocking'], 'registration')} ran out unworked and kept another partner waiting.")

    def title(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        whole = rows[rows["territory"] == "all"]
        row = first_of(whole if len(whole) else rows)
        rate = facts.amount(row, "collision_rate", "collision_low", "collision_high", unit="fraction")
        return f"{rate} of registrations name a customer somebody else has"

    return rank.exhibit(results, title, ("territory or total", "territories, the total included"), note=" ".join(notes))


@EXHIBITS.register("reach.price_erosion")
def price_erosion(results: Results) -> Exhibit:
    """The discount by how many partners quote, at the same deal."""
    frame, facts = results.table("reach", "price_erosion"), Facts.of(results)
    rows = frame[frame["adjusted"].notna() & frame["quoting_partners"].notna()].sort_values("quoting_partners", kind="stable")
    if len(rows) < 2:
        return missing(results, "reach", "price_erosion", "adjusted")
    label = [facts.count(number, "partner") for number in rows["quoting_partners"]]
    drawn = pd.DataFrame({"label": label, "value": rows["adjusted"], "low": rows["low"], "high": rows["high"], "seen": rows["discount"]})
    one, two = rows.iloc[0], rows.iloc[1]
    message = (
        f"With {label[1]} at the customer the same deal goes at {facts.share(two['adjusted'])} off list, with {label[0]} at "
        f"{facts.share(one['adjusted'])}"
    )
    picture = charts.dot_interval(
        drawn, alt=f"{message}.", unit="fraction", axis="discount off list; ring: as it stands", locale=facts.locale, accent=label[1:2]
    )
    n = facts.count(rows["deals"].sum(), "deal")
    return Exhibit(
        message,
        picture,
        rows_html(results, "reach", "price_erosion", frame, message),
        caption(results, "reach", "price_erosion", n, "36 months"),
        "Each customer is compared with itself; the rings are plain means, which mix in larger and harder customers.",
    )


@EXHIBITS.register("reach.conflict_cost")
def conflict_cost(results: Results) -> Exhibit:
    """The parts of what conflict costs a year, and which are not known."""
    frame, facts = results.table("reach", "conflict_cost"), Facts.of(results)
    every = frame[frame["territory"] == "all"]
    rows = (every if len(every) else frame).dropna(subset=["cost", "part"]).sort_values("cost", ascending=False, kind="stable")
    if rows.empty:
        return missing(results, "reach", "conflict_cost", "cost")
    drawn = rows.assign(label=rows["part"].map(titles.plain), value=rows["cost"])
    first = first_of(rows)
    message = (
        f"{titles.plain(first.part)}: {facts.amount(first, 'cost', 'low', 'high')} a year, the largest known part of what conflict costs"
    )
    picture = charts.dot_interval(
        drawn,
        alt=f"{message}.",
        unit=facts.currency,
        axis=f"{facts.currency} a year",
        locale=facts.locale,
        accent=[titles.plain(first.part)],
    )
    unknown = [titles.plain(part).lower() for part in every.loc[every["cost"].isna(), "part"].dropna().unique()]
    assumed = [titles.plain(part).lower() for part in rows.loc[rows["basis"] == "assumed", "part"].unique()]
    notes = [f"Not known: {'; '.join(unknown)}." if unknown else "", f"Assumed: {'; '.join(assumed)}." if assumed else ""]
    table = rows_html(results, "reach", "conflict_cost", frame, message)
    said = facts.count(len(rows), "part")
    return Exhibit(message, picture, table, caption(results, "reach", "conflict_cost", said), " ".join(note for note in notes if note))
