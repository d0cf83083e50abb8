"""Which partner took up which product family within a year of an earlier look, and what was known of both then."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data import calendar
from prmkit.estimators.co_holding import CoHolding, affinity, co_holding
from prmkit.estimators.first_year import FirstYear, fit_first_year
from prmkit.estimators.take_up import TakeUp, fit_take_up
from prmkit.practices.know.range.product_mix import CENT, FEWEST_SELLERS, ProductMix

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Codes = NDArray[np.int64]

AHEAD = 12
SHORTEST = 18
FEWEST_PARTNERS = 30
SIGNS = {"gained": 1, "competing": -1, "complementing": 1}
_EVERY = 3
_OLDEST = 36
_MOST_PAIRS = 30_000
_MOST_CASES = 4_000
_COMMON_TYPE = 10
_PEERS = 10.0
_SETTLED = 6


@dataclass(frozen=True)
class Look:
    """What was known at the end of `month`: who bought (`active`), what was on offer, and each pair of both that was not sold.

    active (n,), on_offer (k,), held (n, k): net sales above zero in the look-back. size: (n,) log of net revenue of the 12 months.
    often: (n,) months of them with net sales above zero.
    kind, third: (n,) codes of partner type and of the third by size. partner, family: (m,) the pairs. features: name -> (m,). together:
    which families are sold by the same partners.
    """

    month: int
    active: Mask
    on_offer: Mask
    held: Mask
    size: Array
    often: Array
    kind: Codes
    third: Codes
    partner: Codes
    family: Codes
    features: dict[str, Array]
    together: CoHolding


@dataclass(frozen=True)
class Learnt:
    """What the past taught: the chance of take-up and what a first year brings, each None with why in `reason` and `value_reason`.

    value: of first years in units of `usual`, (k,) the usual share that a family has in what its sellers buy.
    """

    chance: TakeUp | None
    value: FirstYear | None
    usual: Array
    reason: str
    value_reason: str
    look_back: int
    looks: tuple[int, ...]


def look_back(depth: int) -> int:
    """Months without a sale after which a family counts as not sold: two years where there are four, one where there are two."""
    return 24 if depth >= 48 else min(12, depth - AHEAD)


def look(mix: ProductMix, month: int, back: int) -> Look:
    """What was knowable at the end of `month`, with a family not sold in the last `back` months counting as not sold."""
    total = mix.bought(month, min(12, back))
    active = total > CENT
    on_offer = mix.on_offer(month, back)
    held = mix.sold(month, back) > CENT
    size = np.log(np.maximum(total, 1e-9))
    often = (mix.often[min(month + min(12, back), mix.depth)] - mix.often[month]).astype(np.float64)
    kind, third = _kinds(mix, active), _thirds(total, active)
    together = co_holding(held[active][:, on_offer]) if active.any() and on_offer.sum() > 1 else None
    lift = np.zeros((held.shape[1],) * 2)
    if together is not None:
        lift[np.ix_(on_offer, on_offer)] = together.log_lift
    partner, family = np.nonzero(active[:, None] & on_offer & ~held)
    features = _features(mix, month, back, active, held, size, often, total, kind, third, lift, partner, family)
    empty = CoHolding(np.zeros((0, 0)), np.zeros((0, 0)), np.zeros((0, 0)), np.inf)
    return Look(month, active, on_offer, held, size, often, kind, third, partner, family, features, together or empty)


def learn(mix: ProductMix, now: int, seed: int) -> Learnt:
    """Learn from looks whose year had passed at the end of month `now` (0 = as_of); nothing later than it is read."""
    depth, nothing = mix.depth - now, np.full(len(mix.family), np.nan)
    if depth < SHORTEST:
        return Learnt(None, None, nothing, f"{depth} months of sales by product family, {SHORTEST} are needed", "", 0, ())
    back = look_back(depth)
    months = range(now + AHEAD, min(mix.depth - back, now + _OLDEST) + 1, _EVERY)
    looks = [look(mix, month, back) for month in months]
    buyers = int(looks[0].active.sum())
    if buyers < FEWEST_PARTNERS:
        return Learnt(None, None, nothing, f"{buyers} partners bought a year ago, {FEWEST_PARTNERS} are needed to learn from", "", back, ())
    rng = np.random.default_rng([seed, 51])
    chosen = _sample(looks, len(mix.partner_id), rng)
    stacked = {
        name: np.concatenate([one.features[name][use] for one, use in zip(looks, chosen, strict=True)]) for name in looks[0].features
    }
    partner = np.concatenate([one.partner[use] for one, use in zip(looks, chosen, strict=True)])
    family = np.concatenate([one.family[use] for one, use in zip(looks, chosen, strict=True)])
    event = np.concatenate([taken_up(mix, one)[use] for one, use in zip(looks, chosen, strict=True)])
    which = np.repeat(np.arange(len(looks)), [int(use.sum()) for use in chosen])
    chance = fit_take_up(stacked, event, partner, family, which, rng, signs=SIGNS) if len(event) else None
    usual = usual_shares(mix, now)
    value, why = first_years(mix, now, usual, seed)
    reason = "" if chance is not None else f"{int(event.sum())} families were taken up in the years on record, 10 are needed to learn from"
    return Learnt(chance, value, usual, reason, why, back, tuple(months))


def taken_up(mix: ProductMix, seen: Look) -> Mask:
    """Whether each pair of a look had net sales above zero in the 12 months after it."""
    if seen.month < AHEAD:
        raise ValueError(f"the twelve months after month {seen.month} have not passed yet")
    made: Mask = mix.sold(seen.month - AHEAD, AHEAD)[seen.partner, seen.family] > CENT
    return made


def usual_shares(mix: ProductMix, now: int) -> Array:
    """The share (k,) a family usually has in what its sellers buy, from its first sale to each on, at most the 12 months to `now`.

    The median over sellers, in logs; families that fewer than three sell have the middle share of all.
    """
    first = mix.first_month - now
    partner, family = np.nonzero(first >= 0)
    end = np.minimum(first[partner, family] + 1, AHEAD) + now
    own = mix.running[end, partner, family] - mix.running[now, partner, family]
    total = mix.total[end, partner] - mix.total[now, partner]
    there = (own > CENT) & (total > CENT)
    logs = pd.Series(np.log(own[there] / total[there])).groupby(family[there])
    middle = logs.median()[logs.size() >= FEWEST_SELLERS].reindex(range(len(mix.family)))
    made: Array = np.exp(middle.fillna(middle.median() if middle.notna().any() else 0.0).to_numpy(dtype=np.float64))
    return made


def first_years(mix: ProductMix, now: int, usual: Array, seed: int) -> tuple[FirstYear | None, str]:
    """What partners that had bought other families for half a year sold of a new one in the 12 months from its first sale.

    In units of `usual`, so that a family not yet taken up often is expected to bring what its share so far says.
    """
    first, depth = mix.first_month - now, mix.depth - now
    since = first.max(axis=1)
    began = (first >= AHEAD - 1) & (first <= since[:, None] - _SETTLED) & (first <= depth - 1 - _SETTLED)
    partner, family = np.nonzero(began)
    if len(partner) > _MOST_CASES:
        use = np.sort(np.random.default_rng([seed, 52]).permutation(len(partner))[:_MOST_CASES])
        partner, family = partner[use], family[use]
    month = first[partner, family] + now
    year = mix.running[month + 1, partner, family] - mix.running[month + 1 - AHEAD, partner, family]
    ends = np.minimum(month + 1 + 12, mix.depth)
    before = mix.total[ends, partner] - mix.total[month + 1, partner]
    whole = (before > CENT) & (year > CENT)
    partner, family, year, before, month, ends = partner[whole], family[whole], year[whole], before[whole], month[whole], ends[whole]
    scale = 12 / np.minimum(ends - month - 1, since[partner] + now - month)
    often = (mix.often[ends, partner] - mix.often[month + 1, partner]) * scale
    inputs = value_inputs(mix, np.log(before * scale), often, partner)
    fit = fit_first_year(year / usual[family], inputs, family, len(mix.family), partner, seed=seed) if len(year) else None
    return fit, "" if fit is not None else f"{len(year)} first years of a new family can be followed, 10 are needed to price one"


def value_inputs(mix: ProductMix, size: Array, often: Array, partner: Codes) -> Array:
    """Inputs (m, p) of a first year: the buyer's size, how many months of the year it buys in, and its type where ten are of it."""
    common = _common(mix.kind)
    return np.column_stack([size, np.log1p(often), *(mix.kind[partner] == name for name in common[1:])]).astype(np.float64)


def _sample(looks: list[Look], partners: int, rng: np.random.Generator) -> list[Mask]:
    """Pairs to learn from: those of as many partners, taken whole, as leave about 30,000."""
    pairs = sum(len(one.partner) for one in looks)
    chosen = rng.uniform(size=partners) < _MOST_PAIRS / max(pairs, 1)
    return [chosen[one.partner] for one in looks]


def _features(
    mix: ProductMix,
    month: int,
    back: int,
    active: Mask,
    held: Mask,
    size: Array,
    often: Array,
    total: Array,
    kind: Codes,
    third: Codes,
    lift: Array,
    partner: Codes,
    family: Codes,
) -> dict[str, Array]:
    """Features of pairs, most telling first."""
    recent = max(back // 2, 1)
    older = mix.sold(month + recent, back - recent) > CENT
    lately = mix.sold(month, recent) > CENT
    ready = active[:, None] & ~older
    age = np.clip(mix.first_month.max(axis=0) - month + 1, 1, back)
    gained = _pace((lately & ready).sum(axis=0), ready.sum(axis=0), np.minimum(age, recent))
    carried = _log_odds(held[active].sum(axis=0), np.full(held.shape[1], active.sum()))
    goes = affinity(lift, held)
    among = _peers(held, active, kind, third)
    half = np.maximum(mix.bought(month, 6), 0)
    before = np.maximum(total - half, 0)
    bought = np.stack([mix.bought(month + back_then, 1) > CENT for back_then in range(min(back, mix.depth - month))])
    last = np.where(bought.any(axis=0), bought.argmax(axis=0), float(back))
    ever = mix.running[mix.depth] - mix.running[min(month + back, mix.depth)] > CENT
    floor = 0.05 * total[active].mean() + 1e-9 if active.any() else 1.0
    day, known = calendar.month_end(mix.portfolio.as_of, month), mix.cards.known
    made = {
        "gained": gained[family],
        "affinity": goes[partner, family],
        "size": size[partner],
        "breadth": np.log1p(held.sum(axis=1))[partner],
        "peers": (among - carried)[partner, family],
        "buying": np.log1p(often)[partner],
        "carried": carried[family],
        "silent": np.log1p(last)[partner],
        "trend": np.log((half + floor) / (before + floor))[partner],
        "earlier": ever[partner, family].astype(float),
        "age": np.log(age)[family],
    }
    if known.sum() >= FEWEST_PARTNERS:
        made["card"] = known[partner].astype(float)
        for name, competes in (("competing", True), ("complementing", False)):
            made[name] = np.minimum(mix.cards.lines(competes, day), 3)[partner, family].astype(float)
    return made


def _peers(held: Mask, active: Mask, kind: Codes, third: Codes) -> Array:
    """Log odds (n, k) that others of a partner's type and third by size hold a family, drawn to those of all by ten partners' weight."""
    everyone = (held[active].sum(axis=0) + 0.5) / (active.sum() + 1.0)
    code = kind * 3 + third
    groups = int(code.max()) + 1
    n = np.bincount(code[active], minlength=groups).astype(np.float64)
    have = np.stack([np.bincount(code[active], held[active, at], minlength=groups) for at in range(held.shape[1])], axis=1)
    share = (have + _PEERS * everyone) / (n + _PEERS)[:, None]
    odds: Array = np.log(share / (1 - share))[code]
    return odds


def _pace(events: Array, of: Array, months: Array) -> Array:
    """Log odds of an event within a year at the pace of `events` of `of` within `months`."""
    rate = (events + 0.5) / (of + 1.0)
    year = np.clip(1 - (1 - rate) ** (AHEAD / months), 1e-6, 1 - 1e-6)
    made: Array = np.log(year / (1 - year))
    return made


def _log_odds(events: Array, of: Array) -> Array:
    rate = (events + 0.5) / (of + 1.0)
    made: Array = np.log(rate / (1 - rate))
    return made


def _common(kind: NDArray[np.object_]) -> list[str]:
    """Partner types that at least ten are of, in order."""
    counts = pd.Series(kind).value_counts()
    return sorted(str(name) for name, number in counts.items() if name and int(number) >= _COMMON_TYPE)


def _kinds(mix: ProductMix, active: Mask) -> Codes:
    """Codes of the partner types that at least ten active partners are of; 0 for all others."""
    common = pd.Index(_common(mix.kind[active]), dtype=object)
    return (common.get_indexer(pd.Index(mix.kind, dtype=object)) + 1).astype(np.int64)


def _thirds(total: Array, active: Mask) -> Codes:
    """0 smallest, 1 middle, 2 largest third of the active partners by 12-month revenue."""
    if not active.any():
        return np.zeros(len(total), dtype=np.int64)
    edges = np.quantile(total[active], [1 / 3, 2 / 3])
    return np.searchsorted(edges, total, side="right").astype(np.int64)
