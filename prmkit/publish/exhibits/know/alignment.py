"""Our place in each partner's business, now and a year ago."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from prmkit import charts
from prmkit.charts.picture import Picture
from prmkit.publish import words
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, Facts, caption, missing, reasons, rows_html
from prmkit.publish.table import Format, table_html
from prmkit.results import Results

ROLES = {"primary": "our products are its main line", "core": "one of its core lines", "add_on": "an add-on", "unknown": "not known"}
_SHORT = {"primary": "Main line", "core": "Core line", "add_on": "Add-on", "unknown": "Not known"}
_SHOWN = (
    *("partner_id", "portfolio_role", "role_probability", "margin_of_call", "share_of_wallet", "share_low", "share_high", "basis"),
    *("evidence", "contradiction", "role_before", "moved", "moved_chance"),
)
_FALLS = (("primary", "core"), ("primary", "add_on"), ("core", "add_on"))


@EXHIBITS.register("know.alignment")
def alignment(results: Results) -> Exhibit:
    """Our place in each partner's business, by partners and by revenue, and who moved in a year."""
    rows, facts = results.table("know", "alignment"), Facts.of(results)
    counts = {str(word): int(number) for word, number in rows["portfolio_role"].value_counts().items()}
    if not counts:
        return missing(results, "know", "alignment", "portfolio_role")
    moves = results.table("know", "alignment_moves")
    message = _title(counts, moves, facts)
    picture = _flows(moves, facts, message) if len(moves) and moves["revenue"].sum() > 0 else _bars(counts, facts, message)
    ordered = rows.sort_values("revenue_12m" if "revenue_12m" in rows else "share_of_wallet", ascending=False, kind="stable")
    chances = [column for column in ("margin_of_call", "moved_chance") if column in rows]
    ordered = ordered.assign(**{column: ordered[column].map(facts.share) for column in chances})
    table = Markup("{}{}").format(rows_html(results, "know", "alignment", ordered, message, _present(rows)), _approaches(rows))
    note = "A band is as wide as the revenue of the 12 months it stands for; the darker ones lead to a smaller place. "
    note = note if len(moves) and moves["revenue"].sum() > 0 else ""
    if any(item.table == "know_alignment" for item in results.not_computed):
        note += " ".join(reasons(results, "know", "alignment"))
    return Exhibit(
        message, picture, table, caption(results, "know", "alignment", facts.count(len(rows), "partner", "partners")), note.strip()
    )


def _title(counts: dict[str, int], moves: pd.DataFrame, facts: Facts) -> str:
    known = sum(number for word, number in counts.items() if word != "unknown")
    if not known:
        return f"Our place in the business of {facts.count(sum(counts.values()), 'partner')} is not known"
    said = (
        f"We are the main line of {facts.count(counts.get('primary', 0))} and an add-on at {facts.count(counts.get('add_on', 0))} "
        f"of {facts.count(known)} partners whose business we know"
    )
    fell = _fallen(moves)
    return f"{said}; at {facts.count(int(fell['partners'].sum()))} our place shrank in a year" if len(fell) else said


def _fallen(moves: pd.DataFrame) -> pd.DataFrame:
    return moves[[(start, end) in _FALLS for start, end in zip(moves["from_role"], moves["to_role"], strict=True)]]


def _present(rows: pd.DataFrame) -> tuple[str, ...]:
    return tuple(column for column in _SHOWN if column in rows and (column != "contradiction" or rows[column].notna().any()))


def _flows(moves: pd.DataFrame, facts: Facts, message: str) -> Picture:
    rows = moves[(moves["revenue"] > 0) & moves["from_role"].notna() & moves["to_role"].notna()].rename(
        columns={"from_role": "start", "to_role": "end", "revenue": "value"}
    )
    total = rows["value"].sum()

    def told(side: str) -> dict[str, str]:
        sums = rows.groupby(side)[["partners", "value"]].sum()
        return {
            str(
                role
            ): f"{_SHORT[str(role)]}\n{facts.count(row['partners'], 'partner', 'partners')}\n{facts.share(row['value'] / total)} of revenue"
            for role, row in sums.iterrows()
        }

    return charts.flows(
        rows, list(ROLES), alt=f"{message}.", heads=("12 months ago", "Now"), before=told("start"), after=told("end"), accent=_FALLS
    )


def _bars(counts: dict[str, int], facts: Facts, message: str) -> Picture:
    drawn = pd.DataFrame([{"label": said, "value": counts.get(word, 0)} for word, said in ROLES.items()])
    return charts.bars(drawn, alt=f"{message}.", axis="partners", locale=facts.locale, accent=[ROLES["primary"]])


def _approaches(rows: pd.DataFrame) -> Markup:
    """How to work with the partners of each role."""
    if "approach" not in rows:
        return Markup("")
    each = rows.groupby("portfolio_role", as_index=False)["approach"].first()
    each = each.assign(role=each["portfolio_role"].map(_SHORT), approach=each["approach"].map(words.plain))
    shown = {"role": Format.text("Our place"), "approach": Format.text("How to work with them")}
    return table_html(each, shown, "How to work with partners by our place", "Table: how to work with partners by our place")
