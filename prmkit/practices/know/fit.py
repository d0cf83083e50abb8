"""Which product families a partner sells, which are usual for its kind, and which one it should add next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.bootstrap import LEVEL
from prmkit.estimators.nested_share import nested_share
from prmkit.practices.know.family_margin import FamilyMargin, family_margin
from prmkit.practices.know.line_cards import LineCards, line_cards
from prmkit.practices.know.product_mix import CENT, ProductMix, product_mix
from prmkit.practices.know.take_up import Array, Codes, Learnt, Look, learn, look, value_inputs
from prmkit.practices.result import NotComputed

FEWEST_ALIKE = 10
_THIRDS = ("smallest third", "middle third", "largest third")
_ENDS = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)


@dataclass(frozen=True)
class Fit:
    """Everything fitted for the table, once for the whole client.

    rows: the table of all partners, None where no sale carries a family. draws: (pairs recommended, draws) of the expected value, in the
    order of the recommended rows. learnt: what the past taught. cards: line cards beside partners and families.
    """

    rows: pd.DataFrame | None
    reason: str
    draws: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))
    learnt: Learnt | None = None
    cards: LineCards | None = None
    margin: FamilyMargin | None = None
    left_out: int = 0


def fit(portfolio: Portfolio) -> pd.DataFrame | None:
    """know_fit of a portfolio; None where no sale through a partner carries a product family.

    One row a partner and family that was on offer or sold in the 12 months. actual_share, expected_share (with expected_low,
    expected_high): of the partner's 12-month purchases, and of those of its `kind`. chance (chance_low, chance_high): that it takes up a
    family it does not sell within 12 months. first_year: revenue of the 12 months after, if it does. next_family_value
    (value_low, value_high): chance x first year x margin, of the one family `recommended`; `value_is` margin or revenue.
    sold_by_kind, sold_by_others: share of the partners of its kind (`of_kind` many), and of other types of its size, that sell the family.
    `reason`: why there is no value. competing_lines, carries_complement: other vendors' lines of that category on its line card.
    """
    made = portfolio.fitted(fit_all).rows
    if made is None:
        return None
    return made[made["partner_id"].isin(portfolio.partners["partner_id"])].reset_index(drop=True)


def fit_all(portfolio: Portfolio) -> Fit:
    """The fit of a whole client (hand it to `portfolio.fitted`)."""
    mix = product_mix(portfolio)
    if mix is None:
        return Fit(None, "no sale through a partner says which product family it is of")
    seed = portfolio.settings.seed
    learnt = learn(mix, 0, seed)
    seen = look(mix, 0, learnt.look_back or min(12, mix.depth))
    cards = line_cards(portfolio, mix.partner_id, mix.family)
    margin = family_margin(portfolio, mix.family)
    shown = np.flatnonzero(seen.on_offer | (mix.sold(0, 12) > CENT).any(axis=0))
    offers = _offers(mix, seen, learnt, margin, seed)
    rows = _rows(mix, seen, learnt, cards, margin, offers, shown)
    return Fit(rows, "", offers.draws, learnt, cards, margin, mix.left_out)


def not_fitted(portfolio: Portfolio) -> list[NotComputed]:
    """What of know_fit the data could not carry."""
    found = portfolio.fitted(fit_all)
    if found.rows is None or found.learnt is None or found.cards is None:
        return [NotComputed("fit", None, found.reason, "products.family")]
    missing = []
    if why := found.learnt.reason or found.learnt.value_reason:
        missing.append(NotComputed("fit", "next_family_value", why, "a longer sales history"))
    if not found.cards.known.any():
        why = "which other vendors' lines partners carry is not on record: families fit by sales alone"
        missing += [NotComputed("fit", column, why, "line_card") for column in ("carries_complement", "competing_lines")]
    if found.rows["expected_share"].isna().all():
        missing.append(
            NotComputed("fit", "expected_share", f"fewer than {FEWEST_ALIKE} partners bought in the 12 months", "a longer sales history")
        )
    return missing


@dataclass(frozen=True)
class _Offers:
    """Per partner and family (n, k), nan where nothing is said; `best`: (n,) the family recommended, -1 where none."""

    chance: Array
    chance_low: Array
    chance_high: Array
    first_year: Array
    best: Codes
    value: Array
    low: Array
    high: Array
    draws: NDArray[np.float32]


def _offers(mix: ProductMix, seen: Look, learnt: Learnt, margin: FamilyMargin, seed: int) -> _Offers:
    shape = seen.held.shape
    chance, low, high, first = (np.full(shape, np.nan) for _ in range(4))
    best = np.full(shape[0], -1, dtype=np.int64)
    value, value_low, value_high = (np.full(shape[0], np.nan) for _ in range(3))
    none = np.zeros((0, 0), dtype=np.float32)
    at = seen.partner, seen.family
    if learnt.chance is not None and len(seen.partner):
        features = np.column_stack(list(seen.features.values()))
        chance[at], low[at], high[at] = learnt.chance.chance(features)
        if learnt.value is not None:
            inputs = value_inputs(mix, seen.size[seen.partner], seen.partner)
            first[at] = learnt.value.expected(inputs, seen.family, slice(0, 1))[:, 0]
            worth = np.where(np.isfinite(chance * first), chance * first * margin.rate, -np.inf)
            chosen = worth.argmax(axis=1)
            best = np.where(worth.max(axis=1) > 0, chosen, -1)
            pair = np.flatnonzero(best[seen.partner] == seen.family)
            rate = margin.rate[seen.family[pair]][:, None]
            taken = learnt.chance.ahead(features[pair], np.random.default_rng([seed, 53])).drawn
            brings = learnt.value.expected(inputs[pair], seen.family[pair])[:, 1:]
            none = (taken * brings * rate).astype(np.float32)
            who = seen.partner[pair]
            value[who] = worth[who, best[who]]
            ends = np.quantile(none, _ENDS, axis=1) if len(who) else np.zeros((2, 0))
            value_low[who], value_high[who] = np.minimum(ends[0], value[who]), np.maximum(ends[1], value[who])
    return _Offers(chance, low, high, first, best, value, value_low, value_high, none)


def _rows(
    mix: ProductMix, seen: Look, learnt: Learnt, cards: LineCards, margin: FamilyMargin, offers: _Offers, shown: Codes
) -> pd.DataFrame:
    n, k = len(mix.partner_id), len(shown)
    bought = np.maximum(mix.sold(0, 12), 0.0)
    total = bought.sum(axis=1, keepdims=True)
    known = seen.active & (total[:, 0] > CENT)
    actual = np.divide(bought, total, out=np.full(bought.shape, np.nan), where=known[:, None])
    enough = known.sum() >= FEWEST_ALIKE
    blank = np.full(actual.shape, np.nan)
    usual = nested_share(np.nan_to_num(actual), known, (seen.kind, seen.kind * 3 + seen.third)) if enough else None
    split = [np.where(known[:, None], part, np.nan) for part in (usual.expected, usual.low, usual.high)] if usual else [blank] * 3
    best = offers.best[:, None] == shown
    among = _sellers(seen)
    carded = np.broadcast_to(cards.known[:, None], best.shape)

    def flat(values: Array) -> Array:
        return values[:, shown].ravel()

    def at_best(values: Array) -> Array:
        return np.where(best, values[:, None], np.nan).ravel()

    return pd.DataFrame(
        {
            "partner_id": np.repeat(mix.partner_id.to_numpy(dtype=object), k),
            "product_family": np.tile(np.array(mix.family, dtype=object)[shown], n),
            "carries_complement": pd.array(flat(cards.complementing > 0), dtype="boolean"),
            "competing_lines": pd.array(flat(cards.competing), dtype="Int64"),
            "expected_share": flat(split[0]),
            "actual_share": flat(actual),
            "next_family_value": at_best(offers.value),
            "value_low": at_best(offers.low),
            "value_high": at_best(offers.high),
            "value_is": np.where(best.ravel(), "margin" if margin.known else "revenue", None),
            "recommended": best.ravel(),
            "chance": flat(offers.chance),
            "chance_low": flat(offers.chance_low),
            "chance_high": flat(offers.chance_high),
            "first_year": flat(offers.first_year),
            "expected_low": flat(split[1]),
            "expected_high": flat(split[2]),
            "kind": np.repeat(_kind_names(mix, seen), k),
            "sold_by_kind": flat(among[0]),
            "sold_by_others": flat(among[1]),
            "of_kind": np.repeat(among[2], k),
            "reason": _reasons(mix, seen, learnt, offers, best, shown),
        }
    ).assign(
        carries_complement=lambda frame: frame["carries_complement"].mask(~carded.ravel()),
        competing_lines=lambda frame: frame["competing_lines"].mask(~carded.ravel()),
    )


def _sellers(seen: Look) -> tuple[Array, Array, Array]:
    """Share of the active partners of a partner's kind that sell each family (n, k), of other types of its size, and how many are of it."""
    code = seen.kind * 3 + seen.third
    groups = 3 * (int(seen.kind.max(initial=0)) + 1)
    held = seen.held & seen.active[:, None]
    n = np.bincount(code[seen.active], minlength=groups).astype(np.float64)
    have = np.stack([np.bincount(code, held[:, at], minlength=groups) for at in range(held.shape[1])], axis=1)
    like_sized = np.arange(groups)[:, None] % 3 == np.arange(groups) % 3
    shares = []
    for count, of in ((have, n), (like_sized @ have - have, like_sized @ n - n)):
        share = np.divide(count, of[:, None], out=np.full(count.shape, np.nan), where=of[:, None] > 0)
        shares.append(np.where(seen.active[:, None], share[code], np.nan))
    return shares[0], shares[1], np.where(seen.active, n[code], np.nan)


def _kind_names(mix: ProductMix, seen: Look) -> NDArray[np.object_]:
    """The kind a partner is compared within: its type where ten or more are of it, and its third by size; null where nothing was bought."""
    third = np.array(_THIRDS, dtype=object)[seen.third]
    typed = np.where(seen.kind > 0, mix.kind, "other types" if (seen.kind > 0).any() else "partners")
    named = np.array([f"{kind}, {size}" for kind, size in zip(typed, third, strict=True)], dtype=object)
    return np.where(seen.active, named, None)


def _reasons(mix: ProductMix, seen: Look, learnt: Learnt, offers: _Offers, best: NDArray[Any], shown: Codes) -> NDArray[np.object_]:
    """Why a row has no value: the first of these that holds."""
    unlearnt = learnt.reason or learnt.value_reason
    said = (
        "bought nothing in the 12 months",
        "sells it already",
        "no longer on offer, or bought by too few to learn from",
        f"not worked out: {unlearnt}",
        "no family it lacks is expected to leave a margin",
        "another family is worth more to it",
        "recommended",
    )
    code = np.select(
        [
            np.broadcast_to(~seen.active[:, None], best.shape),
            seen.held[:, shown],
            np.broadcast_to(~seen.on_offer[shown], best.shape),
            np.full(best.shape, bool(unlearnt)),
            np.broadcast_to((offers.best < 0)[:, None], best.shape),
            ~best,
        ],
        range(6),
        default=6,
    )
    words = np.array([*said[:6], None], dtype=object)
    made: NDArray[np.object_] = words[code.ravel()]
    return made
