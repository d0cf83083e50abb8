"""Money that does not come back, partners that pay without being paid for, and those of whom nothing can be said yet."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.confidence import FEW, confidence
from prmkit.practices.know.exchange.give_and_take import give_and_take
from prmkit.practices.phrases import Phrases, last_year
from prmkit.practices.result import Action, Amount, Finding

_SMALL = 0.05
_SPARE = 0.5
_NEEDS = {
    "no cost on its lines": "the cost of its lines",
    "neither incentives": "what is spent on partners",
    "luck cannot": "more partners",
}


def give_and_take_findings(portfolio: Portfolio, tables: Mapping[str, pd.DataFrame]) -> list[Finding | None]:
    """Of the tables partner_360 and partner_360_summary."""
    rows = tables["partner_360"]
    return [
        _not_returned(portfolio, rows),
        _kind(portfolio, tables["partner_360_summary"]),
        _spared(portfolio, rows),
        _open(portfolio, rows),
    ]


def _not_returned(portfolio: Portfolio, rows: pd.DataFrame) -> Finding | None:
    """What goes into partners that do not return it, and how much of it is lost a year."""
    lost = rows[(rows["performing"] == "no") & (rows["invested"] > 0)]
    if lost.empty:
        return None
    say = Phrases.of(portfolio)
    spent = float(lost["invested"].sum())
    share, output = spent / float(rows["invested"].sum()), say.money(lost["output"].sum())
    value = Amount(spent, unit=portfolio.currency, period=last_year(portfolio))
    count = len(lost)
    return Finding(
        id=f"know.partner_360.not_returned:portfolio:{portfolio.name}",
        practice="know",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=f"{say.money(spent)} went to {say.counted(count)} that {'does' if count == 1 else 'do'} not return it",
        statement=(
            f"That is {say.share(share)} of all that was put into partners. In the 12 months they brought {output}; "
            f"with the luck of the year taken out they cost more than they bring by {say.interval(_lost(portfolio, lost))}."
        ),
        value=value,
        worth=Amount(None, unit=portfolio.currency, period="a year"),
        confidence=confidence(basis="measured", n=count, decides=True),
        action=Action(
            what="Settle for each what it has to bring for what it gets, and move the rest to partners that return it",
            who="partner managers",
            by="within 60 days",
            measure="output per unit put in, above 1 for each",
        ),
        evidence=("know_partner_360 performing=no",),
        inputs=_inputs(portfolio),
        caveats=(
            "Each is called so where the chance that it returns what it receives is one in twenty or less.",
            "Not priced here: what could be won by fixing or parting, customers that stay counted, is the fifth practice's question.",
        ),
    )


def _lost(portfolio: Portfolio, lost: pd.DataFrame) -> Amount:
    """What these cost a year more than they bring, luck taken out."""
    both = give_and_take(portfolio)
    amount = float((lost["invested"] - lost["expected_output"]).sum())
    if both.draws is None:
        return Amount(amount, unit=portfolio.currency, period="a year")
    at = pd.Index(both.rows["partner_id"]).get_indexer(lost["partner_id"])
    drawn = float(lost["invested"].sum()) - both.draws[at].sum(axis=0, dtype=float)
    low, high = np.quantile(drawn, [0.05, 0.95])
    return Amount(amount, float(min(low, amount)), float(max(high, amount)), portfolio.currency, "a year")


def _kind(portfolio: Portfolio, rows: pd.DataFrame) -> Finding | None:
    """The kind of partner that takes most and does not return it, as a group."""
    kinds = rows[(rows["portfolio_role"] == "all") != (rows["segment"] == "all")]
    short = kinds[(kinds["high"] < 1) & (kinds["invested"] > 0) & (kinds["invested_share"] >= _SMALL)]
    if short.empty:
        return None
    say = Phrases.of(portfolio)
    row = short.sort_values("invested", ascending=False, kind="stable").iloc[0]
    name = f"'{row['segment']}'" if row["portfolio_role"] == "all" else f"'{str(row['portfolio_role']).replace('_', ' ')}'"
    back = Amount(float(row["output_per_unit"]), float(row["low"]), float(row["high"]), "per unit put in", last_year(portfolio))
    return Finding(
        id=f"know.partner_360_summary.short:segment:{row['segment'] if row['portfolio_role'] == 'all' else row['portfolio_role']}",
        practice="know",
        subject_kind="segment",
        subject_id=str(row["segment"] if row["portfolio_role"] == "all" else row["portfolio_role"]),
        title=f"Partners of the kind {name} take {say.share(row['invested_share'])} of what we put in and do not return it as a group",
        statement=(
            f"{say.counted(int(row['partners']))} received {say.money(row['invested'])} and brought {say.money(row['output'])}: "
            f"{back.amount:.2f} for each unit put in, and {back.low:.2f} to {back.high:.2f} with the luck of the year allowed for."
        ),
        value=back,
        worth=Amount(None, unit=portfolio.currency, period="a year"),
        confidence=confidence(basis="measured", n=int(row["partners"]), decides=True),
        action=Action(
            what=f"Set a limit to what a partner of the kind {name} gets before it has sold, and a date by which it must have",
            who="channel director",
            by="within 90 days",
            measure="output per unit put in of this kind",
        ),
        evidence=(f"know_partner_360_summary segment={row['segment']}",),
        inputs=_inputs(portfolio),
        caveats=("Not priced: newcomers are paid for before they sell, and some of them will return it later.",),
    )


def _spared(portfolio: Portfolio, rows: pd.DataFrame) -> Finding | None:
    """Partners that surely pay and get little: less than half of what others get for what they bring."""
    known = rows[rows["invested"].notna() & rows["expected_output"].notna()]
    usual = known["invested"].sum() / known["output"].sum() if known["output"].sum() > 0 else 0.0
    spared = known[(known["performing"] == "yes") & (known["invested"] < _SPARE * usual * known["expected_output"])]
    if usual <= 0 or len(spared) < FEW:
        return None
    say = Phrases.of(portfolio)
    output, given = spared["output"].sum() / known["output"].sum(), spared["invested"].sum() / known["invested"].sum()
    blind = spared["not_counted"].notna()
    unseen = (f"For {say.count(blind.sum())} of them some of what we put in is not on record.",) if blind.any() else ()
    return Finding(
        id=f"know.partner_360.spared:portfolio:{portfolio.name}",
        practice="know",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=f"{say.counted(len(spared))} bring {say.share(output)} of the output on {say.share(given)} of what we put in",
        statement=(
            f"Each of them surely returns what it receives, and gets less than half of what is usual for what it brings "
            f"({say.share(usual)} of output)."
        ),
        value=Amount(float(len(spared)), unit="partners", period=last_year(portfolio)),
        worth=Amount(None, unit=portfolio.currency, period="a year"),
        confidence=confidence(basis="measured", n=len(spared), decides=True, warnings=int(2 * blind.sum() > len(spared))),
        action=Action(
            what="Ask each what would let it sell more, before a competitor does",
            who="partner managers",
            by="within 60 days",
            measure="each has had the talk, and what it needs is on record",
        ),
        evidence=("know_partner_360 performing=yes",),
        inputs=_inputs(portfolio),
        caveats=("Not priced: that they do well with little does not say that more would bring more.", *unseen),
    )


def _open(portfolio: Portfolio, rows: pd.DataFrame) -> Finding | None:
    """Of how many it cannot be told, and what would tell."""
    touched = rows[(rows["output"] != 0) | (rows["invested"] > 0)]
    unclear = touched[touched["performing"] == "cannot_tell"]
    if unclear.empty:
        return None
    say = Phrases.of(portfolio)
    close = int(unclear["reason"].str.startswith("the range holds").sum())
    wanted = {said: int(unclear["reason"].str.contains(word, regex=False).sum()) for word, said in _NEEDS.items()}
    parts = [f"{say.counted(count)} lack {said}" for said, count in wanted.items() if count]
    parts += [f"{say.count(close)} are too close to call on one year of orders"] if close else []
    first = max(wanted, key=lambda said: wanted[said]) if any(wanted.values()) else ""
    record = "Put on record " + first + ", so that what comes out can be set against what goes in"
    watch = "Leave these as they are for now, and look again in six months: more orders narrow the range"
    return Finding(
        id=f"know.partner_360.open:portfolio:{portfolio.name}",
        practice="know",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=f"It cannot be told yet whether {say.count(len(unclear))} of {say.counted(len(touched))} return what they receive",
        statement=f"Why: {'; '.join(parts)}." if parts else "Their figures do not carry a judgement.",
        value=Amount(float(len(unclear)), unit="partners", period=last_year(portfolio)),
        worth=Amount(None, unit=portfolio.currency, period="a year"),
        confidence=confidence(basis="measured", n=len(touched), decides=True),
        action=Action(
            what=record if first and wanted[first] >= close and first != "more partners" else watch,
            who="channel operations",
            by="within 90 days",
            measure="fewer partners of whom it cannot be told",
        ),
        evidence=("know_partner_360 performing=cannot_tell",),
        inputs=_inputs(portfolio),
        caveats=("Not priced: a judgement that is not made costs nothing yet.",),
    )


def _inputs(portfolio: Portfolio) -> tuple[str, ...]:
    return ("sales", *(table for table in ("incentives", "support") if portfolio.has(table)))
