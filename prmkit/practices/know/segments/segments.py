"""Segments: discovered where partners truly fall into groups, else size against momentum by rule; each with the chance that it is right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.estimators.annual_noise import AnnualNoise
from prmkit.practices.know.segments.momentum import Momentum, momentum
from prmkit.practices.know.segments.segment_choice import Choice, choose
from prmkit.practices.know.segments.segment_places import NOT_KNOWN, Placed, place_others
from prmkit.practices.know.segments.segment_rules import Segment
from prmkit.practices.know.segments.segment_words import Rule, contrasts, names, rule, treatment
from prmkit.practices.phrases import Phrases

Array = NDArray[Any]

DISCOVERED = "discovered"
FIXED = "rule based, not discovered"


@dataclass(frozen=True)
class Segmentation:
    """Segments of the whole client.

    rows: partner_id, segment (the likeliest), membership, placed_by, momentum, momentum_membership, by_rule, revenue, previous, comparable.
    chances: partners (index) x segment names. stability: by segment, nan where it is not of a bootstrap. rules: of discovered segments, by
    name. noise: how much of a year is luck. kind: what sort of segments, in words. choice: rows of know_segment_choice.
    """

    segments: tuple[Segment, ...]
    rows: pd.DataFrame
    chances: pd.DataFrame
    stability: dict[str, float]
    rules: dict[str, Rule]
    noise: AnnualNoise
    kind: str
    basis: str
    fitted: int
    choice: pd.DataFrame
    why: str


def segmentation(portfolio: Portfolio) -> Segmentation:
    """Segments of all partners of the client, fitted once whatever the portfolio."""
    return portfolio.fitted(_segment)


def members(portfolio: Portfolio, found: Segmentation) -> pd.DataFrame:
    """partner_id, segment (the likeliest), membership (its chance), placed_by, and beside it size against momentum.

    placed_by: "answers", "buying", "likeness" (to those that answered) or "rule". momentum, momentum_membership, by_rule: the segment by
    size and momentum, its chance, and what the figures as they stand say.
    """
    columns = {"revenue": "revenue_12m", "previous": "revenue_previous_12m"}
    return _mine(portfolio, found).drop(columns="comparable").rename(columns=columns)


def probabilities(portfolio: Portfolio, found: Segmentation) -> pd.DataFrame:
    """partner_id, segment, probability: every segment with a chance above zero; they add to 1 for each partner."""
    ids = pd.Index(portfolio.partners["partner_id"])
    chances = found.chances.to_numpy()[found.chances.index.get_indexer(ids)]
    partner, segment = np.nonzero(chances > 0)
    return pd.DataFrame(
        {
            "partner_id": ids.take(partner),
            "segment": found.chances.columns.take(segment).astype("str"),
            "probability": chances[partner, segment],
        }
    )


def summary(portfolio: Portfolio, found: Segmentation) -> pd.DataFrame:
    """One row a segment: rule, partners, 12-month revenue, growth, stability, treatment, kind, basis, fitted, rule_hits, rule_right.

    growth: over the 12 months before, of partners that bought from us throughout both. stability: of a discovered segment how far it comes
    out the same (Jaccard) from bootstrap draws of partners; of one by rule the mean chance that a partner of it belongs in it. rule_hits:
    part of a discovered segment that its rule finds; rule_right: part of those the rule finds that belong there.
    """
    rows = _mine(portfolio, found)
    both = rows[rows["comparable"]].groupby("segment")[["revenue", "previous"]].sum()
    growth = (both["revenue"] / both["previous"] - 1).where(both["previous"] > 0)
    grouped = rows.groupby("segment")
    named = pd.Series([segment.name for segment in found.segments], dtype="str")
    return pd.DataFrame(
        {
            "segment": named,
            "rule": [segment.rule for segment in found.segments],
            "partners": named.map(grouped.size()).fillna(0).astype("int64"),
            "revenue": named.map(grouped["revenue"].sum()).fillna(0.0),
            "growth": named.map(growth),
            "stability": named.map(found.stability).fillna(named.map(grouped["membership"].mean())),
            "treatment": [segment.treatment for segment in found.segments],
            "kind": [found.kind if name in found.rules or not found.rules else FIXED for name in named],
            "basis": found.basis,
            "fitted": found.fitted,
            "rule_hits": [found.rules[name].hits if name in found.rules else np.nan for name in named],
            "rule_right": [found.rules[name].right if name in found.rules else np.nan for name in named],
        }
    )


def _mine(portfolio: Portfolio, found: Segmentation) -> pd.DataFrame:
    place = found.chances.index.get_indexer(pd.Index(portfolio.partners["partner_id"]))
    return found.rows.take(place).reset_index(drop=True)


@reads("worries", "privacy", "client")
def _segment(portfolio: Portfolio) -> Segmentation:
    moving = momentum(portfolio)
    rng = np.random.default_rng(portfolio.settings.seed)
    choice = choose(portfolio, rng)
    beside = moving.rows.rename(columns={"segment": "momentum", "membership": "momentum_membership"})
    if choice.block is None or choice.found is None:
        rows = beside.assign(segment=moving.rows["segment"], membership=moving.rows["membership"], placed_by="rule")
        return Segmentation(
            moving.segments,
            _ordered(rows),
            moving.chances,
            {},
            {},
            moving.noise,
            moving.kind,
            "size and momentum",
            int(np.isfinite(moving.first_month).sum()),
            choice.table,
            choice.why,
        )
    return _found(portfolio, moving, choice, beside, rng)


def _found(portfolio: Portfolio, moving: Momentum, choice: Choice, beside: pd.DataFrame, rng: np.random.Generator) -> Segmentation:
    block, found = choice.block, choice.found
    assert block is not None
    assert found is not None
    inside = found.chances(block.x)
    labels, k = inside.argmax(axis=1), inside.shape[1]
    say, apart = Phrases.of(portfolio), contrasts(block, labels, k)
    named = names(block, apart)
    revenue = moving.rows["revenue"].to_numpy()[block.place]
    worth = [
        float(revenue[labels == at].mean() / revenue.mean()) if revenue.mean() > 0 and (labels == at).any() else np.nan for at in range(k)
    ]
    rules = {name: rule(block, labels, at, apart[at], say) for at, name in enumerate(named)}
    own = tuple(Segment(name, rules[name].text, treatment(block, apart[at], worth[at], say)) for at, name in enumerate(named))
    placed = place_others(portfolio, block, inside, moving, rng)
    segments = (*own, *placed.further)
    table = pd.DataFrame(placed.chances, index=moving.chances.index, columns=[segment.name for segment in segments])
    likeliest = placed.chances.argmax(axis=1)
    rows = beside.assign(
        segment=pd.Series(table.columns.to_numpy()[likeliest], dtype="str"),
        membership=placed.chances[np.arange(len(table)), likeliest],
        placed_by=pd.Series(placed.by, dtype="str"),
    )
    stability = dict(zip(named, choice.stability.tolist(), strict=True))
    kind = DISCOVERED if choice.discovered else FIXED
    return Segmentation(
        segments,
        _ordered(rows),
        table,
        stability,
        rules,
        moving.noise,
        f"{kind}: {choice.why}" if not choice.discovered else choice.why,
        {"needs": "what partners need", "behaviour": "how partners buy", "both": "needs and buying"}[block.name],
        len(block),
        choice.table,
        choice.why,
    )


def _ordered(rows: pd.DataFrame) -> pd.DataFrame:
    first = ["partner_id", "segment", "membership", "placed_by", "momentum", "momentum_membership", "by_rule"]
    return rows[[*first, "revenue", "previous", "comparable"]]


__all__ = ["NOT_KNOWN", "Placed", "Segmentation", "members", "probabilities", "segmentation", "summary"]
