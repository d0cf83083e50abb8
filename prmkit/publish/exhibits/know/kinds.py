"""Page one of the first practice: who each kind of partner is, whether it is ours, what it wants, gets and returns, what to do."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup

from prmkit import charts
from prmkit.charts.frames import first_of, rows_of
from prmkit.charts.picture import Picture
from prmkit.publish import words
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, Facts, caption, missing
from prmkit.results import Results

OURS = ("primary", "core")
_FIRST = "First find out why its sales leave a loss: price, discount or mix. Put more in only then. "
_CALLS = {"yes": "return it", "no": "do not", "cannot_tell": "cannot be told"}


@EXHIBITS.register("know.kinds")
def kinds(results: Results) -> Exhibit:
    """One card a segment, largest revenue first."""
    facts, summary = Facts.of(results), results.table("know", "segment_summary")
    summary = summary[summary["partners"].fillna(0) > 0].sort_values(["revenue", "segment"], ascending=[False, True], kind="stable")
    if summary.empty:
        return missing(results, "know", "segment_summary")
    whole = _Whole(results, facts)
    cards = Markup("").join(_card(row, whole) for row in rows_of(summary))
    n, message = facts.count(int(summary["partners"].sum()), "partner"), _message(summary, whole)
    found = [words.plain(kind) for kind in dict.fromkeys(summary["kind"].dropna())] if "kind" in summary else []
    how = f" These kinds: {found[0]}." if found else ""
    ring = " Open ring: its share of what we put in." if whole.share_of_invested(0.0) is not None else ""
    return Exhibit(
        message,
        _picture(summary, whole, message),
        Markup('<ol class="kinds">{}</ol>').format(cards),
        caption(results, "know", "segment_summary", n),
        f"Dot: a kind's share of revenue.{ring} Each partner is counted in its likeliest kind.{how}",
        open_table=True,
    )


class _Whole:
    """The partners of all kinds together, so that each kind can be said as a part of them."""

    def __init__(self, results: Results, facts: Facts) -> None:
        """Segment, role, need, money and call of every partner in one frame."""
        self.facts = facts
        lines, roles = (results.table("know", name) for name in ("partner_360", "alignment"))
        kind = results.table("know", "segments")[["partner_id", "segment"]]
        own = lines[[name for name in ("partner_id", "main_need", "invested", "output", "performing", "output_is") if name in lines]]
        self.rows = kind.merge(roles[["partner_id", "portfolio_role"]], how="left", on="partner_id").merge(own, how="left", on="partner_id")
        self.revenue = float(results.table("know", "segment_summary")["revenue"].clip(lower=0).sum())

    def of(self, kind: str) -> pd.DataFrame:
        """The partners of one kind."""
        return self.rows[self.rows["segment"] == kind]

    def share_of_invested(self, amount: float) -> float | None:
        """`amount` as a share of all that was put in; None where nothing is on record."""
        total = float(self.rows["invested"].clip(lower=0).sum())
        return amount / total if total > 0 else None


def _message(summary: pd.DataFrame, whole: _Whole) -> str:
    facts, first = whole.facts, first_of(summary)
    known = whole.rows[whole.rows["portfolio_role"].isin([*OURS, "add_on"])]
    share = first.revenue / whole.revenue if whole.revenue > 0 else None
    brings = f"'{words.plain(first.segment)}' brings {facts.share(share)} of revenue" if share else "none has bought in the 12 months"
    number = int(known["portfolio_role"].isin(OURS).sum())
    ours = f"; we are a main or core line for {facts.count(number)} of {facts.count(len(known))} whose business we know"
    return f"{facts.count(len(summary), 'kind')} of partner: {brings}{ours if len(known) else ''}"


def _picture(summary: pd.DataFrame, whole: _Whole, message: str) -> Picture | None:
    """Share of revenue of each kind, and its share of what we put in."""
    if whole.revenue <= 0:
        return None
    spent = whole.rows.groupby("segment")["invested"].sum(min_count=1)
    drawn = pd.DataFrame(
        {
            "label": summary["segment"].map(words.plain),
            "value": summary["revenue"] / whole.revenue,
            "low": None,
            "high": None,
            "seen": summary["segment"].map(spent).map(lambda amount: None if pd.isna(amount) else whole.share_of_invested(amount)),
        }
    )
    return charts.dot_interval(drawn, alt=f"{message}.", unit="fraction", axis="share of all", locale=whole.facts.locale)


def _card(row: Any, whole: _Whole) -> Markup:
    rows, facts = whole.of(row.segment), whole.facts
    idle = not row.revenue and not rows["invested"].fillna(0).any()
    lines = (
        {"How many": _size(row, whole)}
        if idle
        else {
            "How many": _size(row, whole),
            "Main or core line?": _ours(rows, facts),
            "Want most": _need(rows, facts),
            "In and out": _money(rows, whole),
            "Returns it?": _calls(rows, facts),
        }
    )
    said = Markup("").join(Markup("<dt>{}</dt><dd>{}</dd>").format(name, line) for name, line in lines.items())
    return Markup('<li><h4>{}</h4><p>{}</p><dl>{}</dl><p class="do">{}</p></li>').format(
        words.plain(row.segment),
        words.plain(row.rule),
        said,
        f"Do: {_FIRST if rows['output'].sum() < 0 else ''}{words.plain(row.treatment)}",
    )


def _size(row: Any, whole: _Whole) -> str:
    facts = whole.facts
    share = f", {facts.share(row.revenue / whole.revenue)} of revenue" if whole.revenue > 0 else ""
    growth = "" if pd.isna(row.growth) else f", {'up' if row.growth >= 0 else 'down'} {facts.share(abs(row.growth))} on the year before"
    return f"{facts.count(row.partners, 'partner')}{share}{growth}"


def _ours(rows: pd.DataFrame, facts: Facts) -> str:
    counts = rows["portfolio_role"].value_counts()
    known = int(counts.drop("unknown", errors="ignore").sum())
    if not known:
        return "not known for any"
    ours, add_on = int(counts.reindex(OURS, fill_value=0).sum()), int(counts.get("add_on", 0))
    return f"yes for {facts.count(ours)}, an add-on for {facts.count(add_on)}, of {facts.count(known)} whose business we know"


def _need(rows: pd.DataFrame, facts: Facts) -> str:
    told = rows["main_need"].dropna()
    if told.empty:
        return "not known: ask them"
    counts = told.value_counts().sort_index().sort_values(ascending=False, kind="stable")
    return f"{words.plain(counts.index[0])} ({facts.count(int(counts.iloc[0]))} of {facts.count(len(told))} for which it is clear)"


def _money(rows: pd.DataFrame, whole: _Whole) -> str:
    facts = whole.facts
    if rows["output"].isna().all():
        return "not on record"
    spent, brought = float(rows["invested"].sum()), float(rows["output"].sum())
    share = whole.share_of_invested(spent)
    put = "what we put in is not on record" if share is None else f"{facts.money(spent)} put in ({facts.share(share)} of all we put in)"
    names = set(rows["output_is"].dropna()) if "output_is" in rows else set()
    back = "revenue" if names == {"revenue"} else "margin"
    came = f"a loss of {facts.money(-brought)} comes out" if brought < 0 else f"{facts.money(brought)} of {back} comes out"
    return f"{put}, {came}" if spent or brought else "nothing in, nothing out"


def _calls(rows: pd.DataFrame, facts: Facts) -> str:
    counts = rows["performing"].value_counts()
    return ", ".join(f"{facts.count(int(counts.get(word, 0)))} {said}" for word, said in _CALLS.items())
