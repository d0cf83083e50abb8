"""The rows of know_fit: partner by partner and family by family, what is known, expected and recommended."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.estimators.nested_share import nested_share
from prmkit.practices.know.range.family_margin import FamilyMargin
from prmkit.practices.know.range.fit_offers import Offers
from prmkit.practices.know.range.product_mix import CENT, ProductMix
from prmkit.practices.know.range.take_up import Array, Codes, Learnt, Look

FEWEST_ALIKE = 10
_THIRDS = ("smallest third", "middle third", "largest third")
_SAID = (
    "bought nothing in the 12 months",
    "sells it already",
    "no longer on offer, or bought by too few to learn from",
    "not worked out: {}",
    "no family it lacks is expected to leave a margin",
    "another family is worth more to it",
)


def fit_rows(mix: ProductMix, seen: Look, learnt: Learnt, margin: FamilyMargin, offers: Offers) -> pd.DataFrame:
    """One row a partner and family that is on offer or was sold in the 12 months."""
    shown = np.flatnonzero(seen.on_offer | (mix.sold(0, 12) > CENT).any(axis=0))
    n, k = len(mix.partner_id), len(shown)
    actual, expected, low, high = _shares(mix, seen)
    best = offers.best[:, None] == shown
    of_kind, of_others, alike = _sellers(seen)
    bare = ~np.broadcast_to(mix.cards.known[:, None], best.shape).ravel()

    def flat(values: Any) -> Any:
        return values[:, shown].ravel()

    def at_best(values: Array) -> Array:
        made: Array = np.where(best, values[:, None], np.nan).ravel()
        return made

    return pd.DataFrame(
        {
            "partner_id": np.repeat(mix.partner_id.to_numpy(dtype=object), k),
            "product_family": np.tile(np.array(mix.family, dtype=object)[shown], n),
            "carries_complement": pd.Series(flat(mix.cards.lines(competes=False) > 0)).astype("boolean").mask(bare),
            "competing_lines": pd.Series(flat(mix.cards.lines(competes=True))).astype("Int64").mask(bare),
            "expected_share": flat(expected),
            "actual_share": flat(actual),
            "next_family_value": at_best(offers.value),
            "value_low": at_best(offers.low),
            "value_high": at_best(offers.high),
            "value_is": pd.Series("margin" if margin.known else "revenue", index=range(n * k), dtype="str").where(best.ravel()),
            "recommended": best.ravel(),
            "chance": flat(offers.chance),
            "chance_low": flat(offers.chance_low),
            "chance_high": flat(offers.chance_high),
            "first_year": flat(offers.first_year),
            "expected_low": flat(low),
            "expected_high": flat(high),
            "kind": np.repeat(_kind_names(mix, seen), k),
            "sold_by_kind": flat(of_kind),
            "sold_by_others": flat(of_others),
            "of_kind": np.repeat(alike, k),
            "reason": _reasons(seen, learnt, offers, best, shown),
        }
    )


def _shares(mix: ProductMix, seen: Look) -> tuple[Array, Array, Array, Array]:
    """Shares (n, k) of the 12-month purchases: a partner's own, those usual for its kind, and the ends of their interval."""
    bought = np.maximum(mix.sold(0, 12), 0.0)
    total = bought.sum(axis=1, keepdims=True)
    known = seen.active & (total[:, 0] > CENT)
    actual = np.divide(bought, total, out=np.full(bought.shape, np.nan), where=known[:, None])
    if known.sum() < FEWEST_ALIKE:
        blank = np.full(actual.shape, np.nan)
        return actual, blank, blank, blank
    usual = nested_share(np.nan_to_num(actual), known, (seen.third, seen.kind * 3 + seen.third))
    expected, low, high = (np.where(known[:, None], part, np.nan) for part in (usual.expected, usual.low, usual.high))
    return actual, expected, low, high


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
    other = "other types" if (seen.kind > 0).any() else "partners"
    code = np.where(seen.active, seen.kind * 3 + seen.third, -1)
    names = np.full(3 * (int(seen.kind.max(initial=0)) + 1) + 1, None, dtype=object)
    at, first = np.unique(code, return_index=True)
    for one, row in zip(at, first, strict=True):
        if one >= 0:
            names[one] = f"{mix.kind[row] if seen.kind[row] else other}, {_THIRDS[one % 3]}"
    made: NDArray[np.object_] = names[code]
    return made


def _reasons(seen: Look, learnt: Learnt, offers: Offers, best: NDArray[np.bool_], shown: Codes) -> NDArray[np.object_]:
    """Why a row has no value: the first of these that holds."""
    why = learnt.reason or learnt.value_reason
    holds = (
        np.broadcast_to(~seen.active[:, None], best.shape),
        seen.held[:, shown],
        np.broadcast_to(~seen.on_offer[shown], best.shape),
        np.full(best.shape, bool(why)),
        np.broadcast_to((offers.best < 0)[:, None], best.shape),
        ~best,
    )
    words = np.array([*(said.replace("{}", why) for said in _SAID), None], dtype=object)
    made: NDArray[np.object_] = words[np.select(holds, range(6), default=6).ravel()]
    return made
