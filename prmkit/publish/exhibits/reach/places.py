"""Where partners and customers are, and where the next partners should be."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from prmkit import charts
from prmkit.charts.frames import first_of, rows_of
from prmkit.charts.picture import Picture
from prmkit.publish import words
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, Facts, Ranking, caption, missing, reasons, rows_html
from prmkit.results import Results

_RULES = {
    "chosen_together": "the best choice of as many",
    "one_after_the_other": "one after the other",
    "largest_first": "the places with most open",
}


@EXHIBITS.register("reach.sites")
def sites(results: Results) -> Exhibit:
    """Places for the next partners, best first: on a map where places are known, else as bars."""
    frame, facts = results.table("reach", "sites"), Facts.of(results)
    rows = frame[frame["demand_covered"].notna() & frame["rank"].notna()].sort_values(["rank", "place"], kind="stable")
    if rows.empty:
        return missing(results, "reach", "sites")
    first = first_of(rows)
    amount = facts.amount(first, "demand_covered", "demand_low", "demand_high")
    message = f"Most of what nobody serves lies around {words.plain(first.place)}: {amount} a year is open there"
    on_ground = rows[(rows["basis"] == "places") & rows["latitude"].notna() & rows["longitude"].notna()]
    picture = _map(results, on_ground, facts, message) if len(on_ground) else _bars(rows, facts, message)
    table = rows_html(results, "reach", "sites", _whose(rows, facts), message, _present(rows))
    n = facts.count(len(rows), "place")
    return Exhibit(message, picture, table, caption(results, "reach", "sites", n), _note(results, on_ground, facts))


def _map(results: Results, rows: pd.DataFrame, facts: Facts, message: str) -> Picture:
    cells, partners = (results.table("reach", name).dropna(subset=["latitude", "longitude"]) for name in ("areas", "catchments"))
    value = "open_demand" if cells["open_demand"].notna().any() else "customers_open"
    named = [f"{facts.money(row.demand_covered)}: {words.plain(row.place)}" for row in rows_of(rows)]
    return charts.place_map(
        cells.assign(value=cells[value])[["latitude", "longitude", "width_km", "value"]],
        partners.assign(value=partners["revenue"])[["latitude", "longitude", "value", "territory"]],
        rows.assign(rank=rows["rank"].astype(int), label=named)[["rank", "latitude", "longitude", "label"]],
        alt=f"{message}. Map of {facts.count(len(partners), 'partner')}, what is open, and {facts.count(len(rows), 'proposed place')}.",
        unit=facts.currency if value == "open_demand" else "",
        locale=facts.locale,
        shaded=f"open to a newcomer, {facts.currency} a year" if value == "open_demand" else "customers that nobody serves",
    )


def _bars(rows: pd.DataFrame, facts: Facts, message: str) -> Picture:
    head = rows.head(10)
    drawn = pd.DataFrame({"label": head["place"].map(words.plain), "value": head["demand_covered"]})
    drawn = drawn.assign(low=head["demand_low"], high=head["demand_high"])
    return charts.dot_interval(
        drawn,
        alt=f"{message}.",
        unit=facts.currency,
        axis=f"{facts.currency} a year",
        locale=facts.locale,
        accent=[str(drawn["label"].iloc[0])],
    )


def _whose(rows: pd.DataFrame, facts: Facts) -> pd.DataFrame:
    """Neighbours by name."""
    said = [", ".join(facts.name(one) for one in str(ids).split("; ") if one) if pd.notna(ids) else "" for ids in rows["neighbours"]]
    return rows.assign(neighbours=said)


def _note(results: Results, on_ground: pd.DataFrame, facts: Facts) -> str:
    if on_ground.empty:
        return " ".join(reasons(results, "reach", "sites", "latitude")) if _told(results) else ""
    row = first_of(on_ground)
    said = (
        f"A place covers what lies within {facts.count(row.radius_km)} km, the distance that holds four fifths of partners' sales. "
        "The range is that of the demand, not of how good the partner found will be."
    )
    rules = results.table("reach", "site_rules").drop_duplicates("rule").set_index("rule")["share_of_chosen"]
    beside = [
        f"{name} would cover {facts.share(rules[rule])}" for rule, name in _RULES.items() if rule in rules.index and pd.notna(rules[rule])
    ]
    return f"{said} Against what these cover together, {', '.join(beside)}." if beside else said


def _told(results: Results) -> bool:
    return any(item.table == "reach_sites" for item in results.not_computed)


def _present(rows: pd.DataFrame) -> tuple[str, ...]:
    order = (
        *("rank", "place", "territory", "customers_open", "demand_covered", "demand_low", "demand_high", "stability"),
        *("taken_from_neighbours", "neighbours", "nearest_partner_km", "active_partners", "next_partner_revenue", "latitude", "longitude"),
    )
    return tuple(column for column in order if rows[column].notna().any())


@EXHIBITS.register("reach.catchments")
def catchments(results: Results) -> Exhibit:
    """Customers each partner has, against those it would have if size and distance alone decided."""
    rank = Ranking(
        "reach",
        "catchments",
        "partner_id",
        "expected_customers",
        "expected_low",
        "expected_high",
        seen="customers",
        by="customers",
        unit="",
        axis="customers with a place",
    )
    frame, facts = results.table("reach", "catchments"), Facts.of(results)
    rows = frame[frame["expected_customers"].notna() & frame["customers"].notna()]
    if rows.empty:
        return missing(results, "reach", "catchments")
    more = int((rows["customers"] > rows["expected_high"]).sum())
    fewer = int((rows["customers"] < rows["expected_low"]).sum())
    message = (
        f"{facts.count(more, 'partner')} {'has' if more == 1 else 'have'} more customers than size and distance explain, "
        f"{facts.count(fewer)} fewer, "
        f"of {facts.count(len(rows))}"
    )
    ordered = rank.rows(results)
    table = Markup("{}{}").format(rows_html(results, "reach", "catchments", ordered, message), _gravity_rows(results))
    n = facts.count(len(rows), "partner")
    return Exhibit(message, rank.picture(results, f"{message}."), table, caption(results, "reach", "catchments", n), _pull(results, facts))


def _gravity_rows(results: Results) -> Markup:
    rows = results.table("reach", "gravity")
    return rows_html(results, "reach", "gravity", rows, "what decides whom a customer buys from") if len(rows) else Markup("")


def _pull(results: Results, facts: Facts) -> str:
    """How far size and distance decide, and how well they name the partner of customers left out."""
    rows = results.table("reach", "gravity").drop_duplicates("measure").set_index("measure")
    said = "A ring is what a partner has, a dot what it would have by size and distance, with the range of luck."
    if "hit_rate" in rows.index and "hit_rate_nearest" in rows.index:
        said += (
            f" Of customers left out, size and distance name the partner of {facts.share(rows.loc['hit_rate', 'value'])}; the nearest "
            f"partner is it for {facts.share(rows.loc['hit_rate_nearest', 'value'])}."
        )
    elif "distance_exponent" in rows.index:
        said += " How far size and distance weigh is taken as usual, not learnt from these sales."
    return said


@EXHIBITS.register("reach.areas")
def areas(results: Results) -> Exhibit:
    """Areas with customers and no active partner: none in the postal area, or none within the usual distance."""
    frame, facts = results.table("reach", "areas"), Facts.of(results)
    rows = frame[frame["customers"].notna() & (frame["customers"] > 0)]
    if rows.empty:
        return missing(results, "reach", "areas")
    rows = rows.sort_values(["customers", "area"], ascending=[False, True], kind="stable")
    bare, where = _without(results, rows, facts)
    total = rows["customers"].sum()
    if len(bare):
        message = (
            f"{facts.share(bare['customers'].sum() / total)} of {facts.count(total, 'customer')} are in areas {where[0]}, "
            f"most in {words.plain(bare['area'].iloc[0])}"
        )
    else:
        message = f"All {facts.count(total, 'customer')} are in areas {where[1]}"
    head = (bare if len(bare) else rows).head(10)
    drawn = pd.DataFrame({"label": head["area"].map(words.plain), "value": head["customers"]})
    axis = "customers" + (" without an active partner" if len(bare) else "")
    picture = charts.bars(drawn, alt=f"{message}.", unit="", axis=axis, locale=facts.locale, accent=[str(drawn["label"].iloc[0])])
    table = rows_html(results, "reach", "areas", rows, message)
    return Exhibit(message, picture, table, caption(results, "reach", "areas", facts.count(len(rows), "area")))


def _without(results: Results, rows: pd.DataFrame, facts: Facts) -> tuple[pd.DataFrame, tuple[str, str]]:
    """Areas without a partner, and what areas without and with one are called."""
    pull = results.table("reach", "gravity")
    radius = pull.loc[pull["measure"] == "radius_km", "value"]
    if (rows["basis"] == "places").all() and len(radius):
        km = facts.count(float(radius.iloc[0]))
        said = f"with no active partner within {km} km", f"with an active partner within {km} km"
        return rows[rows["nearest_partner_km"] > float(radius.iloc[0])], said
    return rows[rows["active_partners"] == 0], ("without an active partner", "with an active partner")
