"""Which family a partner is told to take up next, against what it would truly sell of each in the year ahead."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from prmkit.practices.know.range.fit import fit_all
from prmkit.practices.know.range.take_up import SHORTEST, SIGNS
from prmkit.prove.case import Case
from prmkit.prove.score import Answer, Claims, Estimates, Outcome, Stakes
from prmkit.simulate.records.catalogue import FAMILIES, TAKES_UP, TRAINED, WEIGHTS, make_catalogue
from prmkit.simulate.records.sales import THREE_LINES, TWO_LINES
from prmkit.simulate.revenue import expected_revenue
from prmkit.simulate.state import AHEAD, Array, State


@dataclass(frozen=True, eq=False)
class YearAhead:
    """Of each partner and family (n, families): the chance that a line of it is sold in the 12 months ahead, and what a year of it brings.

    Lives and the days on which a partner takes up other families are known; the luck of orders and the day on which this one is taken up,
    where it is not yet, are not.
    """

    chance: Array
    revenue: Array

    @property
    def worth(self) -> Array:
        """Expected revenue of a first year: chance times what it brings."""
        return self.chance * self.revenue


def year_ahead(state: State) -> YearAhead:
    """Work out the year ahead of a made-up programme."""
    catalogue, ahead = make_catalogue(state), np.arange(state.months, state.months + AHEAD)
    orders = (state.network.rate[:, None] * state.lives.factor * state.lives.alive)[:, ahead]
    revenue = expected_revenue(state)[:, ahead]
    weight, n = np.array(WEIGHTS), state.network.size
    open_ = catalogue.taken_up[:, :, None] <= ahead
    known = catalogue.taken_up < state.months
    monthly = TAKES_UP * np.where(state.course.wave[:, None] < ahead, TRAINED, 1.0) * state.lives.alive[:, ahead]
    chance, sold = np.zeros((n, len(FAMILIES))), np.zeros((n, len(FAMILIES)))
    for family in range(len(FAMILIES)):
        others = np.delete(open_ * weight[:, None], family, axis=1).sum(axis=1)
        share = weight[family] / (weight[family] + others)
        none = (1 - TWO_LINES - THREE_LINES) * (1 - share) + TWO_LINES * (1 - share) ** 2 + THREE_LINES * (1 - share) ** 3
        lines = orders * (1 - none)
        later = np.cumsum(lines[:, ::-1], axis=1)[:, ::-1]
        waits = np.cumprod(1 - monthly, axis=1)
        begins = np.concatenate([np.ones((n, 1)), waits[:, :-1]], axis=1) * monthly
        already = known[:, family]
        chance[:, family] = np.where(already, 1 - np.exp(-later[:, 0]), (begins * (1 - np.exp(-later))).sum(axis=1))
        sold[:, family] = (revenue * share).sum(axis=1)
    return YearAhead(chance, sold)


def takers(case: Case) -> Outcome | None:
    """How many of the partners with a family recommended will buy it within 12 months, in all."""
    rows = case.table("know", "fit")
    if rows.empty:
        return None
    fitted, position = case.portfolio.fitted(fit_all), _positions(case)
    named = rows[rows["recommended"]]
    if fitted is None or named.empty:
        truth = year_ahead(case.state).chance
        told = Estimates.single(float(truth.sum()), None, should=_can(case), scale=float(truth.sum()))
        return Outcome(told, claims=_claims(case))
    who, what = named["partner_id"].map(position).to_numpy(), named["product_family"].map(_PLACE).to_numpy()
    truth_total = float(year_ahead(case.state).chance[who.astype(int), what.astype(int)].sum())
    low, high = np.quantile(fitted.offers.taken.sum(axis=0, dtype=np.float64), [0.05, 0.95])
    naive = float(rows.loc[rows["recommended"], "sold_by_kind"].sum())
    said = Estimates.single(truth_total, float(named["chance"].sum()), low, high, naive=naive, scale=truth_total)
    return Outcome(said, claims=_claims(case))


def next_family(case: Case) -> Outcome | None:
    """Expected revenue of a first year from the families named: by the tool, by popularity, and told the truth."""
    rows = case.table("know", "fit")
    if rows.empty or not rows["recommended"].any():
        return None
    truth, position = year_ahead(case.state), _positions(case)
    lacked = rows[rows["chance"].notna()].assign(popular=lambda frame: frame.groupby("product_family")["partner_id"].transform("size"))
    who = lacked["partner_id"].map(position).to_numpy(dtype=int)
    what = lacked["product_family"].map(_PLACE).to_numpy(dtype=int)
    lacked = lacked.assign(true=truth.worth[who, what])
    tool = lacked.loc[lacked["recommended"], "true"].sum()
    naive = lacked.sort_values(["partner_id", "popular", "product_family"]).drop_duplicates("partner_id")["true"].sum()
    limit = lacked.groupby("partner_id")["true"].max().sum()
    return Outcome(stakes=Stakes(float(tool), float(naive), float(limit)))


def _claims(case: Case) -> Claims:
    """Claims that a line card tells who takes a family up: in these worlds line cards are drawn without regard to it."""
    fitted = case.portfolio.fitted(fit_all)
    if fitted is None or fitted.learnt.chance is None or "card" not in fitted.learnt.chance.names:
        return Claims(0, 0, float("nan"), 0, 0)
    looked = sum(sign in fitted.learnt.chance.names + fitted.learnt.chance.dropped for sign in SIGNS if sign != "gained")
    made = sum(sign in fitted.learnt.chance.weight for sign in SIGNS if sign != "gained")
    return Claims(made, made, 0.05 if made else float("nan"), 0, 0, looked=looked)


def _can(case: Case) -> bool:
    return case.state.months >= SHORTEST


def _positions(case: Case) -> dict[str, int]:
    return {name: at for at, name in enumerate(case.truth.partners["partner_id"])}


_PLACE = {name: at for at, name in enumerate(FAMILIES)}

FIT_ANSWERS = (
    Answer(
        "know.takers",
        "know",
        "How many partners will take up the family they are told to add?",
        "all recommended",
        "as many as the share of their kind that sells it",
        "not worked out",
        takers,
    ),
    Answer(
        "know.next_family",
        "know",
        "Which family should a partner add next?",
        "partner",
        "the most popular family it lacks",
        "told what each would truly sell of each",
        next_family,
        # families are taken up here without regard to what else a partner sells: popularity is nearly all that can be had
        least_regret=-0.5,
    ),
)
