"""Which families to offer to whom next, which kinds of partner lack what others sell, and where rivals fill the line card."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import stats

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.bootstrap import interval
from prmkit.practices.confidence import confidence
from prmkit.practices.know.range.fit import Fit, fit_all
from prmkit.practices.know.range.fit_backtest import FitBacktest, fit_backtest
from prmkit.practices.phrases import Phrases, last_year
from prmkit.practices.result import Action, Amount, Finding
from prmkit.publish import words

MOST_OFFERS = 3
FEWEST = 3
FEWEST_OF_KIND = 10
COMMON = 0.2
CROWDED = 0.5
_FIRST = 3
_ERROR = 0.05


def fit_findings(portfolio: Portfolio, rows: pd.DataFrame) -> list[Finding]:
    """The findings on product fit; none without a row."""
    if rows.empty:
        return []
    made = [*_offers(portfolio, rows), _lacking(portfolio, rows), _crowded(portfolio, rows)]
    return [finding for finding in made if finding is not None]


def _offers(portfolio: Portfolio, rows: pd.DataFrame) -> Iterator[Finding]:
    """The families that are worth most as the next one, each with how many partners and who first."""
    offers = rows[rows["recommended"]]
    sums = offers.groupby("product_family")["next_family_value"].agg(["sum", "size"])
    sums = sums[sums["size"] >= FEWEST].sort_values("sum", ascending=False, kind="stable")
    if sums.empty:
        return
    fitted, tested = portfolio.fitted(fit_all), portfolio.fitted(fit_backtest)
    if fitted is None:
        return
    for family in sums.index[:MOST_OFFERS]:
        yield _offer(portfolio, offers[offers["product_family"] == family], str(family), fitted, tested)


def _offer(portfolio: Portfolio, offers: pd.DataFrame, family: str, fitted: Fit, tested: FitBacktest | None) -> Finding:
    say = Phrases.of(portfolio)
    whole = fitted.rows.loc[fitted.rows["recommended"], ["partner_id", "product_family"]].reset_index(drop=True)
    own = whole.index[(whole["product_family"] == family) & whole["partner_id"].isin(offers["partner_id"])]
    total = float(offers["next_family_value"].sum())
    low, high = interval(fitted.offers.worth[own].sum(axis=0, dtype=np.float64))
    takers = fitted.offers.taken[own].sum(axis=0, dtype=np.float64)
    few, many = interval(takers)
    learnt = fitted.learnt.chance
    events, thin = (learnt.model.events, learnt.pooled) if learnt else (0, True)
    value = Amount(total, min(low, total), max(high, total), portfolio.currency, "a year")
    n, called = len(offers), words.plain(family)
    what = "margin" if fitted.margin.known else "revenue"
    names = portfolio.partners.set_index("partner_id")["name"]
    first = offers.sort_values(["next_family_value", "partner_id"], ascending=[False, True], kind="stable")["partner_id"].head(_FIRST)
    named = ", ".join(words.plain(names.get(one) if isinstance(names.get(one), str) else one) for one in first)
    return Finding(
        id=f"know.fit.next_family:product:{family}",
        practice="know",
        subject_kind="product",
        subject_id=family,
        title=f"{called} is the family to offer next to {say.counted(n)}: {say.money(total)} of {what} a year to be expected",
        statement=(
            f"{say.counted(n)} do not sell it, and of all families they lack it is worth most to them. "
            f"{say.count(offers['chance'].sum())} of them ({say.count(few)} to {say.count(many)}) should take it up in 12 months, with "
            f"{say.money(offers['first_year'].mean())} of revenue each in the first year: {say.interval(value)} of {what}. First: {named}."
        ),
        value=value,
        worth=value if fitted.margin.known else Amount(None, unit=portfolio.currency, period="a year"),
        confidence=confidence(
            basis="estimated",
            n=events,
            decides=(value.low or 0.0) > 0,
            warnings=int(thin) + int(tested is None or tested.auc <= tested.popular_auc),
        ),
        action=Action(
            what=f"Offer {called} to these partners, largest first; leave a tenth out by lot, to measure what the push adds",
            who="partner managers",
            by="within 90 days",
            measure=f"partners that bought {called}, against those left out",
        ),
        evidence=(f"know_fit product_family={family}",),
        inputs=("sales", "products"),
        caveats=(
            "An expectation over many partners, most of whom will not take it up; learnt from how families spread so far. "
            "What a push adds to that is not known.",
            _tested(say, tested),
            fitted.margin.said,
        ),
    )


def _tested(say: Phrases, tested: FitBacktest | None) -> str:
    """How the past year would have gone, in a sentence."""
    if tested is None:
        return "Not tested on a past year: the history is too short for it, or too little was taken up."
    return (
        f"Tested on the past year: {say.share(tested.taken)} of {say.counted(tested.partners)} took up the family named as likeliest, "
        f"{say.share(tested.popular_taken)} the most popular one they lacked."
    )


def _lacking(portfolio: Portfolio, rows: pd.DataFrame) -> Finding | None:
    """The kinds of partner that hardly sell what the others sell widely."""
    cells = lacking_kinds(rows)
    if cells.empty:
        return None
    say, worst = Phrases.of(portfolio), cells.iloc[0]
    kinds, families = cells["kind"].nunique(), cells["product_family"].nunique()
    without, lacked = (1 - worst["sold_by_kind"]) * worst["of_kind"], words.plain(worst["product_family"])
    listed = "; ".join(
        f"{words.plain(row.product_family)} at {words.plain(row.kind)} ({say.share(row.sold_by_kind)}, elsewhere "
        f"{say.share(row.sold_by_others)})"
        for row in cells.head(_FIRST).itertuples()
    )
    who = f"{say.counted(kinds, 'kind')} of partner hardly {'sells' if kinds == 1 else 'sell'}"
    return Finding(
        id="know.fit.lacking_kinds:portfolio:" + portfolio.name,
        practice="know",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=f"{who} {say.counted(families, 'family', 'families')} that others of their size sell widely",
        statement=f"Less than half as many sell it as among other types of their size, beyond what chance would do: {listed}.",
        value=Amount(float(round(without)), unit="partners", period=last_year(portfolio)),
        worth=Amount(None, unit=portfolio.currency, period="a year"),
        confidence=confidence(basis="measured", n=int(worst["of_kind"]), decides=True),
        action=Action(
            what=f"Ask five of these partners why they do not sell {lacked}: no demand, no knowledge, or a rival's line",
            who="channel marketing",
            by="within 60 days",
            measure="a reason on record for each pair of kind and family; an offer where it is knowledge",
        ),
        evidence=("know_fit sold_by_kind",),
        inputs=("sales", "products"),
        caveats=("Not priced: what single partners are expected to bring stands with the families to offer next.",),
    )


def lacking_kinds(rows: pd.DataFrame) -> pd.DataFrame:
    """kind, product_family, sold_by_kind, sold_by_others, of_kind where a kind of ten or more partners sells a family less than half as
    often as other types of its size, a fifth or more of whom sell it; most partners without it first.

    The upper end of the kind's share (Jeffreys) lies below half of the others', at an error of 5% over all pairs looked at (Bonferroni).
    """
    columns = ["kind", "product_family", "sold_by_kind", "sold_by_others", "of_kind"]
    cells = rows[rows["kind"].notna()].drop_duplicates(["kind", "product_family"])[columns]
    cells = cells[(cells["of_kind"] >= FEWEST_OF_KIND) & (cells["sold_by_others"] >= COMMON)]
    if cells.empty:
        return cells
    n = cells["of_kind"].to_numpy(dtype=float)
    have = np.rint(cells["sold_by_kind"].to_numpy(dtype=float) * n)
    top = stats.beta.ppf(1 - _ERROR / len(cells), have + 0.5, n - have + 0.5)
    found = cells[top < cells["sold_by_others"].to_numpy(dtype=float) / 2]
    without = (found["sold_by_others"] - found["sold_by_kind"]) * found["of_kind"]
    made: pd.DataFrame = found.iloc[np.argsort(-without.to_numpy(), kind="stable")].reset_index(drop=True)
    return made


def _crowded(portfolio: Portfolio, rows: pd.DataFrame) -> Finding | None:
    """Partners that carry a competing line in at least half of our families."""
    known = rows[rows["competing_lines"].notna()]
    if known["partner_id"].nunique() < FEWEST_OF_KIND:
        return None
    by = known.assign(met=known["competing_lines"] > 0).groupby("partner_id")["met"].mean()
    crowded = by.index[by >= CROWDED]
    if len(crowded) < FEWEST:
        return None
    say = Phrases.of(portfolio)
    bought = portfolio.per_partner()
    share = bought.reindex(crowded).sum() / bought.sum() if bought.sum() > 0 else np.nan
    fitted = portfolio.fitted(fit_all)
    weighed = fitted is not None and fitted.learnt.chance is not None and "competing" in fitted.learnt.chance.weight
    return Finding(
        id="know.fit.crowded_out:portfolio:" + portfolio.name,
        practice="know",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=f"{say.counted(len(crowded))} {'carries' if len(crowded) == 1 else 'carry'} a rival's line in at least half of our families",
        statement=(
            f"Of {say.counted(len(by))} with a line card on record {say.count(len(crowded))} carry a competing line in half or more of our "
            f"families; they brought {say.share(share)} of revenue. "
            + (
                "In the past a competing line lowered the chance that a partner took up a family; the offers allow for it."
                if weighed
                else "That a competing line kept partners from taking up a family is not to be seen in this record, and is not claimed."
            )
        ),
        value=Amount(float(len(crowded)), unit="partners", period=""),
        worth=Amount(None, unit=portfolio.currency, period="a year"),
        confidence=confidence(basis="surveyed", n=len(by), decides=True),
        action=Action(
            what="Choose one family a partner in which we can win against the rival it carries, and leave the others alone",
            who="partner managers",
            by="next planning round",
            measure="families sold by these partners a year from now",
        ),
        evidence=("know_fit competing_lines",),
        inputs=("line_card",),
        caveats=("Line cards are read as they are now; lines that partners have dropped are not on them. Not priced.",),
    )
