"""Which product families a partner sells, which are usual for its kind, and which one it should add next."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.know.range.family_margin import FamilyMargin, family_margin
from prmkit.practices.know.range.fit_offers import Offers, make_offers
from prmkit.practices.know.range.fit_rows import FEWEST_ALIKE, fit_rows
from prmkit.practices.know.range.line_cards import LineCards
from prmkit.practices.know.range.product_mix import product_mix
from prmkit.practices.know.range.take_up import Learnt, learn, look
from prmkit.practices.result import NotComputed


@dataclass(frozen=True)
class Fit:
    """Everything fitted for the table, once for the whole client: rows of all partners, and what they rest on. left_out: families
    beyond the largest forty."""

    rows: pd.DataFrame
    learnt: Learnt
    offers: Offers
    margin: FamilyMargin
    cards: LineCards
    left_out: int


def fit(portfolio: Portfolio) -> pd.DataFrame | None:
    """know_fit of a portfolio; None where no sale through a partner carries a product family.

    One row a partner and family that is on offer or was sold in the 12 months. actual_share, expected_share (with expected_low,
    expected_high): of the partner's 12-month purchases, and of those of its `kind`. chance (chance_low, chance_high): that it takes up a
    family it does not sell within 12 months. first_year: revenue of the 12 months after, if it does. next_family_value
    (value_low, value_high): chance x first year x margin, of the one family `recommended`; `value_is` margin or revenue.
    sold_by_kind, sold_by_others: share of the partners of its kind (`of_kind` many), and of other types of its size, that sell the family.
    `reason`: why there is no value. competing_lines, carries_complement: other vendors' lines of that category on its line card.
    """
    found = portfolio.fitted(fit_all)
    if found is None:
        return None
    rows = found.rows
    return rows[rows["partner_id"].isin(portfolio.partners["partner_id"])].reset_index(drop=True)


def fit_all(portfolio: Portfolio) -> Fit | None:
    """The fit of a whole client (hand it to `portfolio.fitted`)."""
    mix = product_mix(portfolio)
    if mix is None:
        return None
    seed = portfolio.settings.seed
    learnt = learn(mix, 0, seed)
    seen = look(mix, 0, learnt.look_back or min(12, mix.depth))
    margin = family_margin(portfolio, mix.family)
    offers = make_offers(mix, seen, learnt, margin, seed)
    return Fit(fit_rows(mix, seen, learnt, margin, offers), learnt, offers, margin, mix.cards, mix.left_out)


def not_fitted(portfolio: Portfolio) -> list[NotComputed]:
    """What of know_fit the data could not carry."""
    found = portfolio.fitted(fit_all)
    if found is None:
        return [NotComputed("fit", None, "no sale through a partner says which product family it is of", "products.family")]
    missing = []
    if why := found.learnt.reason or found.learnt.value_reason:
        missing.append(NotComputed("fit", "next_family_value", why, "a longer sales history"))
    if not found.cards.known.any():
        why = "which other vendors' lines partners carry is not on record: families fit by sales alone"
        missing += [NotComputed("fit", column, why, "line_card") for column in ("carries_complement", "competing_lines")]
    if found.rows["expected_share"].isna().all():
        why = f"fewer than {FEWEST_ALIKE} partners bought in the 12 months: too few to say what is usual"
        missing.append(NotComputed("fit", "expected_share", why, "a longer sales history"))
    return missing
