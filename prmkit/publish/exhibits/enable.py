"""Training and incentives: what is needed, and what it truly adds."""

from __future__ import annotations

from typing import Any

import pandas as pd

from prmkit import charts
from prmkit.publish import words
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, Facts, Ranking, caption, missing, reasons, rows_html
from prmkit.results import Results

PARTNERS = ("partner", "partners")


@EXHIBITS.register("enable.incentives")
def incentives(results: Results) -> Exhibit:
    """Where the incentive money goes, and for how much of it the effect can be told."""
    frame, facts = results.table("enable", "incentives"), Facts.of(results)
    rows = frame[frame["spend"].notna()].sort_values(["spend", "programme"], ascending=[False, True], kind="stable")
    if rows.empty:
        return missing(results, "enable", "incentives")
    told = rows["identifiable"].fillna(False).astype(bool)
    spend = facts.money(rows["spend"].sum())
    if told.any():
        message = f"The effect of {facts.money(rows.loc[told, 'spend'].sum())} of {spend} incentive spend can be told from the data"
    else:
        message = f"These data cannot tell what {spend} of incentive spend brought"
    labels = rows["programme"].map(words.plain)
    drawn = pd.DataFrame({"label": labels, "value": rows["spend"]})
    picture = charts.bars(
        drawn, alt=f"{message}.", unit=facts.currency, axis=f"Spend, {facts.currency}", locale=facts.locale, accent=[*labels[told], ""]
    )
    note = " ".join(reasons(results, "enable", "incentives", "effect")) if not told.all() else ""
    n = facts.count(len(rows), "programme")
    return Exhibit(
        message, picture, rows_html(results, "enable", "incentives", rows, message), caption(results, "enable", "incentives", n), note
    )


@EXHIBITS.register("enable.roi")
def roi(results: Results) -> Exhibit:
    """What a unit of incentive money brings back."""
    rank = Ranking(
        "enable",
        "incentives",
        "programme",
        "roi",
        "roi_low",
        "roi_high",
        axis="margin gained for each unit spent, less the unit",
        reference=0.0,
        reference_name="pays for itself",
    )

    def title(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        pays = rows[rows["roi_low"] > 0]
        said = facts.count(len(pays), "programme pays for itself", "programmes pay for themselves")
        return f"{said} beyond doubt, of {facts.count(len(rows))} whose effect can be told"

    return rank.exhibit(results, title, ("programme", "programmes"))


@EXHIBITS.register("enable.training")
def training(results: Results) -> Exhibit:
    """Training still owed, by partner."""
    frame, facts = results.table("enable", "training"), Facts.of(results)
    sums = frame.groupby("partner_id", as_index=False)[["gap_hours", "gap_cost"]].sum(min_count=1)
    rows = sums[sums["gap_hours"] > 0].sort_values(["gap_hours", "partner_id"], ascending=[False, True], kind="stable")
    if frame["gap_hours"].notna().sum() == 0:
        return missing(results, "enable", "training")
    total = facts.count(rows["gap_hours"].sum(), "hour")
    message = f"{total} of training are missing at {facts.count(len(rows), *PARTNERS)}"
    drawn = pd.DataFrame({"label": rows["partner_id"].map(facts.name), "value": rows["gap_hours"]})
    picture = charts.bars(drawn, alt=f"{message}.", axis="hours of training missing", locale=facts.locale) if len(rows) else None
    ordered = frame.sort_values("gap_hours", ascending=False, kind="stable")
    return Exhibit(
        message,
        picture,
        rows_html(results, "enable", "training", ordered, message),
        caption(results, "enable", "training", facts.count(frame["partner_id"].nunique(), *PARTNERS)),
    )


@EXHIBITS.register("enable.training_effect")
def training_effect(results: Results) -> Exhibit:
    """What a course adds to sales."""
    rank = Ranking(
        "enable",
        "training_effect",
        "course_id",
        "effect",
        "effect_low",
        "effect_high",
        unit="fraction",
        axis="change of revenue in the 12 months after",
        reference=0.0,
        reference_name="no change",
    )

    def title(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        works = rows[rows["effect_low"] > 0]
        return f"{facts.count(len(works))} of {facts.count(len(rows), 'course')} raise sales beyond doubt"

    return rank.exhibit(results, title, ("course", "courses"))


@EXHIBITS.register("enable.compliance")
def compliance(results: Results) -> Exhibit:
    """Discounts given for a tier that is not earned."""
    frame, facts = results.table("enable", "compliance"), Facts.of(results)
    sums = frame.groupby("partner_id", as_index=False)["unearned_discount"].max()
    rows = sums[sums["unearned_discount"] > 0].sort_values(["unearned_discount", "partner_id"], ascending=[False, True], kind="stable")
    if frame.empty:
        return missing(results, "enable", "compliance")
    apart = frame[frame["tier_held"].notna() & frame["tier_earned"].notna() & (frame["tier_held"] != frame["tier_earned"])]
    every = facts.count(frame["partner_id"].nunique())
    message = f"{facts.count(apart['partner_id'].nunique(), *PARTNERS)} of {every} hold another tier than they earn"
    if len(rows):
        message += f"; {facts.money(rows['unearned_discount'].sum())} of discount is not earned"
    drawn = pd.DataFrame({"label": rows["partner_id"].map(facts.name), "value": rows["unearned_discount"]})
    axis = f"Discount not earned, {facts.currency}"
    picture = charts.bars(drawn, alt=f"{message}.", unit=facts.currency, axis=axis, locale=facts.locale) if len(rows) else None
    table = rows_html(results, "enable", "compliance", frame.sort_values("unearned_discount", ascending=False, kind="stable"), message)
    return Exhibit(message, picture, table, caption(results, "enable", "compliance", facts.count(frame["partner_id"].nunique(), *PARTNERS)))


@EXHIBITS.register("enable.budget")
def budget(results: Results) -> Exhibit:
    """What moving the incentive budget would bring."""
    rank = Ranking(
        "enable",
        "budget",
        "programme",
        "margin_change",
        "margin_change_low",
        "margin_change_high",
        axis="Change of margin, {currency} a year",
        reference=0.0,
    )

    def title(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        return (
            f"The best move of budget is at '{words.plain(first.programme)}': "
            f"{facts.amount(first, 'margin_change', 'margin_change_low', 'margin_change_high', period='a year')}"
        )

    return rank.exhibit(results, title, ("programme", "programmes"))


@EXHIBITS.register("enable.launches")
def launches(results: Results) -> Exhibit:
    """How many partners will sell a new product family in its first year, and how many do now."""
    rank = Ranking(
        "enable",
        "launches",
        "product_family",
        "partners_expected_12m",
        "expected_low",
        "expected_high",
        seen="partners_selling",
        unit="partners",
        axis="partners selling it twelve months after launch",
        accent_first=True,
    )

    def title(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        expected = facts.amount(first, "partners_expected_12m", "expected_low", "expected_high", unit="partners")
        return f"'{words.plain(first.product_family)}' should reach {expected}; {facts.count(first.partners_selling)} sell it now"

    if results.table("enable", "launches")["partners_expected_12m"].notna().any():
        return rank.exhibit(
            results, title, ("launch", "launches"), note="Dot and range: expected after twelve months. Open ring: selling now."
        )
    plain = Ranking(
        "enable", "launches", "product_family", "partners_selling", unit="partners", axis="partners selling it", accent_first=True
    )

    def count(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        return (
            f"'{words.plain(first.product_family)}' is sold by {facts.count(first.partners_selling, *PARTNERS)}, "
            f"the most of {facts.count(len(rows), 'launch', 'launches')}"
        )

    return plain.exhibit(results, count, ("launch", "launches"))


@EXHIBITS.register("enable.attention")
def attention(results: Results) -> Exhibit:
    """Time that goes to new products."""
    rank = Ranking("enable", "attention", "group", "new_time_share", unit="fraction", axis="share of time on new products")

    def title(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        return f"{words.plain(first.group).capitalize()} give new products the most time: {facts.share(first.new_time_share)}"

    return rank.exhibit(results, title, ("group", "groups"))


@EXHIBITS.register("enable.support_link")
def support_link(results: Results) -> Exhibit:
    """Support cost beyond what certified partners of the kind need."""
    rank = Ranking(
        "enable",
        "support_link",
        "partner_id",
        "excess",
        "excess_low",
        "excess_high",
        axis="{currency} a year beyond the expected",
        reference=0.0,
    )

    def title(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        sure = rows[rows["excess_low"] > 0]
        return f"{facts.count(len(sure), 'partner needs', 'partners need')} more support than a certified partner would, beyond doubt"

    return rank.exhibit(results, title, PARTNERS)
