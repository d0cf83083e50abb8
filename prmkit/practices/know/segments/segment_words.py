"""Discovered segments in the words of a channel manager: a name, a rule short enough to be remembered, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prmkit.practices.know.segments.segment_blocks import Block, Column
from prmkit.practices.phrases import Phrases

Array = NDArray[Any]

_MARKED = 0.35
"""Standard deviations from the rest at which something marks a segment."""
_CUTS = 14
_SIMPLER = 0.04
_NAMES = {
    ("size", True): "large",
    ("size", False): "small",
    ("frequency", True): "frequent buyers",
    ("frequency", False): "occasional buyers",
    ("breadth", True): "broad range",
    ("breadth", False): "narrow range",
    ("recency", True): "quiet of late",
    ("recency", False): "bought lately",
    ("growth", True): "growing",
    ("growth", False): "shrinking",
}
_ADVICE = {
    ("size", True): "a named manager and a joint plan",
    ("size", False): "orders without help and one shared contact",
    ("frequency", True): "automatic reordering and stock terms",
    ("frequency", False): "a reason to order each month, such as a small bundle",
    ("breadth", True): "early access to new families",
    ("breadth", False): "one next family with an opening offer",
    ("recency", True): "a call within the month to learn why they went quiet",
    ("recency", False): "steady service, nothing more",
    ("growth", True): "marketing money tied to a growth plan",
    ("growth", False): "a visit to find the cause before any offer",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule in words; hits: part of the segment that it finds; right: part of those it finds that belong there."""

    text: str
    hits: float
    right: float


def contrasts(block: Block, labels: Array, k: int) -> Array:
    """How far each segment lies from all others in each column, in standard deviations, (k, d)."""
    made = np.zeros((k, block.x.shape[1]))
    for segment in range(k):
        mine = labels == segment
        if mine.any() and not mine.all():
            made[segment] = _mean(block.x[mine]) - _mean(block.x[~mine])
    return made


def _mean(x: Array) -> Array:
    seen = np.isfinite(x)
    made: Array = np.where(seen, x, 0.0).sum(axis=0) / np.maximum(seen.sum(axis=0), 1)
    return made


def names(block: Block, apart: Array) -> list[str]:
    """A name for each segment, all different: what marks it most, and as much more as it takes to tell it from the others."""
    marks = [_marks(block, row) for row in apart]
    made = [_joined(mark[:2] if mark[1:] else mark[:1]) for mark in marks]
    for extra in range(3, 3 + apart.shape[1]):
        twice = {name for name in made if made.count(name) > 1}
        if not twice:
            break
        made = [_joined(mark[:extra]) if name in twice else name for name, mark in zip(made, marks, strict=True)]
    return [f"{name} ({made[:at].count(name) + 1})" if made.count(name) > 1 else name for at, name in enumerate(made)]


def _marks(block: Block, apart: Array) -> list[str]:
    """What marks a segment, strongest first. Of needs only what it wants more than others do."""
    said: list[str] = []
    for at in np.argsort(-np.abs(apart), kind="stable"):
        column, up = block.columns[at], bool(apart[at] > 0)
        if abs(apart[at]) < _MARKED and said:
            break
        if column.kind in {"need", "mix"}:
            if up:
                said.append(f"{column.name} first" if column.kind == "need" else f"mostly {column.name}")
        else:
            said.append(_NAMES[column.kind, up])
    return said or ["no strong mark"]


def _joined(marks: list[str]) -> str:
    parts = []
    for lead, said in (("wants", " first"), ("mostly", "mostly ")):
        own = [mark.removesuffix(said) if lead == "wants" else mark.removeprefix(said) for mark in marks if _is(mark, said)]
        parts += [f"{lead} {' and '.join(own)}"] if own else []
    return ", ".join([*parts, *(mark for mark in marks if not _is(mark, " first") and not _is(mark, "mostly "))])


def _is(mark: str, said: str) -> bool:
    return mark.endswith(said) if said == " first" else mark.startswith(said)


def treatment(block: Block, apart: Array, worth: float, say: Phrases) -> str:
    """What to do with a segment, made from what marks it. worth: its revenue a partner against the average of all, nan if not known."""
    marks = [at for at in np.argsort(-np.abs(apart), kind="stable") if abs(apart[at]) >= _MARKED]
    wants = [block.columns[at].name for at in marks if block.columns[at].kind == "need" and apart[at] > 0][:2]
    least = [block.columns[at].name for at in marks if block.columns[at].kind == "need" and apart[at] < 0][:1]
    families = [block.columns[at].name for at in marks if block.columns[at].kind == "mix" and apart[at] > 0][:1]
    advice = [_ADVICE[block.columns[at].kind, bool(apart[at] > 0)] for at in marks if (block.columns[at].kind, True) in _ADVICE][:2]
    said: list[str] = []
    if wants:
        said.append(f"Lead with {' and '.join(wants)}" + (f", spend less on {least[0]}" if least else ""))
    if families:
        said.append(f"Build on {families[0]}: launches, training and offers of that family first")
    if advice:
        said.append(f"{advice[0][:1].upper()}{advice[0][1:]}" + (f"; {advice[1]}" if advice[1:] else ""))
    if wants and np.isfinite(worth):
        said.append(
            "A named manager: they buy more than most"
            if worth >= 1.5
            else "Reach them by web and events: they buy little"
            if worth <= 0.5
            else f"They buy {say.share(worth)} of the average: the usual contact"
        )
    return f"{'. '.join(said)}." if said else "As all others: nothing marks them enough to treat them differently."


def rule(block: Block, labels: Array, segment: int, apart: Array, say: Phrases) -> Rule:
    """The best rule of one or two conditions on what marks a segment, judged by how well both ways it meets the segment (F1)."""
    mine = labels == segment
    conditions = [
        (at, up, cut)
        for at in np.argsort(-np.abs(apart), kind="stable")[:5]
        for up in (bool(apart[at] > 0),)
        for cut in _cuts(block.raw[:, at], up)
    ]
    if not conditions or not mine.any():
        return Rule("No short rule tells it.", float("nan"), float("nan"))
    holds = np.array([block.raw[:, at] >= cut if up else block.raw[:, at] <= cut for at, up, cut in conditions], dtype=np.float32)
    picked = np.rint(holds @ holds.T)
    good = np.rint((holds * mine) @ holds.T)
    score = 2 * good / np.maximum(picked + mine.sum(), 1)
    one = int(np.diag(score).argmax())
    first, second = np.unravel_index(int(score.argmax()), score.shape)
    if score[first, second] < score[one, one] + _SIMPLER:
        first = second = np.intp(one)
    parts = dict.fromkeys(_condition(block.columns[at], up, cut, say) for at, up, cut in (conditions[first], conditions[second]))
    hits, right = float(good[first, second] / mine.sum()), float(good[first, second] / max(picked[first, second], 1.0))
    text = " and ".join(parts)
    often = f"Finds {say.share(hits)} of them; {say.share(right)} of those it finds belong here."
    return Rule(f"{text[:1].upper()}{text[1:]}. {often}", hits, right)


def _cuts(values: Array, up: bool) -> list[float]:
    """Places to cut a column on the side that marks the segment, in two figures, so that the rule said is the rule meant."""
    known = values[np.isfinite(values)]
    if not len(known):
        return []
    return sorted(
        {float(f"{cut:.2g}") for cut in np.quantile(known, np.linspace(0.25, 0.95, _CUTS) if up else np.linspace(0.05, 0.75, _CUTS))}
    )


def _condition(column: Column, up: bool, cut: float, say: Phrases) -> str:
    bound = "at least" if up else "at most"
    if column.kind == "need":
        side = "above" if cut >= 0 else "below"
        bound = bound if up == (cut >= 0) else "no more than" if cut < 0 else bound
        bound = bound if up or cut >= 0 else "at least"
        points = f"{abs(cut):g} {'point' if abs(cut) == 1 else 'points'}"
        return f"rates {column.name} {bound} {points} {side} its own average answer"
    if column.kind == "mix" and cut == 0 and not up:
        return f"buys no {column.name}"
    if column.kind == "mix":
        return f"{bound} {say.share(cut)} of its purchases are {column.name}"
    return {
        "size": f"buys {bound} {say.money(cut)} a month",
        "frequency": f"orders {bound} {cut:g} times a month",
        "breadth": f"buys from {bound} {cut:g} product {'family' if cut == 1 else 'families'}",
        "recency": f"last bought {bound} {cut:g} months ago",
        "growth": f"buys {bound} {cut:g} times what it bought a year before",
    }[column.kind]
