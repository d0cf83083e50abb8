"""Know your partners: who they are, how they earn, where we stand in their business."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from prmkit import charts
from prmkit.charts.frames import first_of, rows_of
from prmkit.publish import words
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, Facts, Ranking, caption, missing, reasons, rows_html, tally
from prmkit.results import Results

MEASURES = {
    "top_10_share": "The largest tenth of the partners",
    "top_20_share": "The largest fifth of the partners",
    "gini": "Unevenness (0 all equal, 1 one partner)",
    "hhi": "Concentration index (0 to 1)",
    "effective_partners": "As if there were so many equal partners",
}
BASIS = {"measured": "measured from records", "surveyed": "asked of the partner", "estimated": "estimated", "none": "not known"}
ROLES = {"primary": "our products are its main line", "core": "one of its core lines", "add_on": "an add-on", "unknown": "not known"}
PERFORMING = {"yes": "returns what it receives", "no": "returns less than it receives", "cannot_tell": "the data cannot tell"}
VERDICTS = {"shown": "shown in sales", "not_shown": "not shown in sales", "too_little": "too little data to tell"}


@EXHIBITS.register("know.revenue")
def revenue(results: Results) -> Exhibit:
    """Revenue a year, through partners and direct."""
    facts, frame = Facts.of(results), results.table("know", "revenue").dropna(subset=["year", "route"])
    if frame.empty:
        return missing(results, "know", "revenue")
    sums = frame.groupby(["year", "route"], as_index=False)["revenue"].sum()
    drawn = pd.DataFrame(
        {
            "at": pd.to_datetime(sums["year"].astype(str) + "-12-31"),
            "series": sums["route"].map({"partner": "Through partners", "direct": "Direct"}),
            "value": sums["revenue"],
        }
    )
    latest = int(sums["year"].max())
    here = sums[(sums["year"] == latest) & (sums["route"] == "partner")]["revenue"].sum()
    everything = sums[sums["year"] == latest]["revenue"].sum()
    message = f"Partners brought {facts.money(here)} of {facts.money(everything)} in {latest}"
    axis = f"Revenue, {facts.currency} a year"
    if drawn["at"].nunique() > 1:
        picture = charts.lines(
            drawn, alt=f"{message}.", unit=facts.currency, axis=axis, locale=facts.locale, accent=["Through partners"], yearly=True
        )
    else:
        rows = drawn.rename(columns={"series": "label"}).sort_values("value", ascending=False)
        picture = charts.bars(rows, alt=f"{message}.", unit=facts.currency, axis=axis, locale=facts.locale, accent=["Through partners"])
    latest_first = frame.sort_values(["year", "revenue"], ascending=[False, False], kind="stable")
    years = facts.count(sums["year"].nunique(), "year")
    note = f"The data end on {words.day(facts.as_of, facts.locale)}; the first and the last year may be parts of a year."
    return Exhibit(
        message,
        picture,
        rows_html(results, "know", "revenue", latest_first, message),
        caption(results, "know", "revenue", years, "all data"),
        note,
    )


@EXHIBITS.register("know.concentration")
def concentration(results: Results) -> Exhibit:
    """How much of revenue hangs on a few partners."""
    frame, facts = results.table("know", "concentration"), Facts.of(results)
    shares = frame[frame["measure"].isin(["top_10_share", "top_20_share", "gini"]) & frame["value"].notna()]
    if shares.empty:
        return missing(results, "know", "concentration")
    drawn = shares.assign(label=shares["measure"].map(MEASURES)).sort_values("value", ascending=False)
    ten = shares[shares["measure"] == "top_10_share"]
    if len(ten):
        said = facts.amount(first_of(ten), "value", "low", "high", unit="fraction")
        message = f"The largest tenth of the partners brings {said} of partner revenue"
    else:
        message = "How much of partner revenue hangs on a few partners"
    picture = charts.dot_interval(drawn, alt=f"{message}.", unit="fraction", locale=facts.locale, accent=[MEASURES["top_10_share"]])
    table = rows_html(
        results, "know", "concentration", frame.assign(measure=frame["measure"].map(MEASURES).fillna(frame["measure"])), message
    )
    n = facts.count(len(results.partners), "partner")
    return Exhibit(message, picture, table, caption(results, "know", "concentration", n))


@EXHIBITS.register("know.segments")
def segments(results: Results) -> Exhibit:
    """The segments by revenue, with the treatment each calls for."""
    rank = Ranking("know", "segment_summary", "segment", "revenue", axis="Revenue, {currency}, 12 months", accent_first=True)

    def title(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        return (
            f"{facts.count(len(rows), 'segment')}: '{words.plain(first.segment)}' brings the most, "
            f"{facts.money(first.revenue)} from {facts.count(first.partners, 'partner')}"
        )

    return rank.exhibit(results, title, ("segment", "segments"), note="Each partner is counted in its likeliest segment.")


@EXHIBITS.register("know.alignment")
def alignment(results: Results) -> Exhibit:
    """Our place in each partner's business."""

    def title(counts: Mapping[str, int], facts: Facts) -> str:
        known = sum(number for word, number in counts.items() if word != "unknown")
        if not known:
            return f"Our place in the business of {facts.count(sum(counts.values()), 'partner')} is not known"
        return (
            f"We are the main line of {facts.count(counts.get('primary', 0))} and an add-on at {facts.count(counts.get('add_on', 0))} "
            f"of {facts.count(known)} partners whose business we know"
        )

    shown = ("partner_id", "portfolio_role", "role_probability", "share_of_wallet", "share_low", "share_high", "basis")
    note = " ".join(reasons(results, "know", "alignment")) if any(n.table == "know_alignment" for n in results.not_computed) else ""
    return tally(
        results, "know", "alignment", "portfolio_role", title, said=ROLES, accent="primary", by="share_of_wallet", shown=shown, note=note
    )


@EXHIBITS.register("know.economics")
def economics(results: Results) -> Exhibit:
    """How partners earn with us, and how we know."""

    def title(counts: Mapping[str, int], facts: Facts) -> str:
        every = sum(counts.values())
        return f"How a partner earns is measured for {facts.count(counts.get('measured', 0))} of {facts.count(every, 'partner')}"

    return tally(results, "know", "economics", "basis", title, said=BASIS, accent="measured", by="resale_margin")


@EXHIBITS.register("know.partner_360")
def partner_360(results: Results) -> Exhibit:
    """What each partner receives and what it returns."""

    def title(counts: Mapping[str, int], facts: Facts) -> str:
        every, cannot = sum(counts.values()), counts.get("cannot_tell", 0)
        if cannot == every:
            return f"The data cannot tell which of {facts.count(every, 'partner')} return what they receive"
        return (
            f"{facts.count(counts.get('yes', 0))} of {facts.count(every, 'partner')} return what they receive, "
            f"{facts.count(counts.get('no', 0))} do not; for {facts.count(cannot)} the data cannot tell"
        )

    return tally(results, "know", "partner_360", "performing", title, said=PERFORMING, accent="yes", by="output")


@EXHIBITS.register("know.profile")
def profile(results: Results) -> Exhibit:
    """How complete the partner records are, weighted with revenue."""
    rank = Ranking("know", "profile", "attribute", "filled_revenue_share", ascending=True, unit="fraction", axis="share of revenue")

    def title(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        blank = rows[rows["filled_revenue_share"] == 0]
        name = words.plain(first.attribute).replace("_", " ")
        if blank.empty:
            return f"Least is known of '{name}': {facts.share(first.filled_revenue_share)} of revenue"
        return f"{facts.count(len(blank))} of {facts.count(len(rows), 'attribute')} of the partner records are empty"

    return rank.exhibit(results, title, ("attribute", "attributes"), period="as of today's records")


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


@EXHIBITS.register("know.engagement")
def engagement(results: Results) -> Exhibit:
    """Partners that engage less than their kind does."""
    frame = results.table("know", "engagement")
    short = frame[frame["seen"] < frame["expected_low"]]
    rank = Ranking("know", "engagement", "partner_id", "expected", "expected_low", "expected_high", seen="seen", unit="points")

    def title(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        return (
            f"{facts.count(len(short), 'partner engages', 'partners engage')} less than expected of their kind, of {facts.count(len(rows))}"
        )

    return rank.exhibit(results, title, ("partner", "partners"), note="Dot and range: expected of a partner of this kind. Open ring: seen.")


@EXHIBITS.register("know.drivers")
def drivers(results: Results) -> Exhibit:
    """What drives partners' satisfaction."""
    rank = Ranking("know", "drivers", "driver", "share_explained", "share_low", "share_high", unit="fraction", accent_first=True)

    def title(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        said = facts.amount(first, "share_explained", "share_low", "share_high", unit="fraction")
        return f"'{words.plain(first.driver)}' matters most to partners: {said} of what explains their satisfaction"

    return rank.exhibit(results, title, ("driver", "drivers"), period="latest survey")


@EXHIBITS.register("know.worries")
def worries(results: Results) -> Exhibit:
    """What keeps partners awake at night."""
    rank = Ranking("know", "worries", "theme", "share", "share_low", "share_high", unit="fraction", accent_first=True)

    def title(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        said = facts.amount(first, "share", "share_low", "share_high", unit="fraction")
        return f"'{words.plain(first.theme)}' worries the most partners: {said} name it"

    return rank.exhibit(results, title, ("theme", "themes"), period="latest survey")


@EXHIBITS.register("know.differentiation")
def differentiation(results: Results) -> Exhibit:
    """Whether a partner's claimed strength shows in its sales."""

    def title(counts: Mapping[str, int], facts: Facts) -> str:
        return f"Of {facts.count(sum(counts.values()), 'claimed strength')}, {facts.count(counts.get('shown', 0))} show in sales"

    return tally(results, "know", "differentiation", "verdict", title, said=VERDICTS, noun=("claim", "claims"), accent="shown", by="lift")
