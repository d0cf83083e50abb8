"""The answer to a what-if in words, a table and a picture, and the inputs as settings."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup
from ruamel.yaml import YAML

from prmkit.charts.curve import Mark, curve
from prmkit.practices.reach.what_if import Answer, Input
from prmkit.publish import words
from prmkit.publish.exhibits.build import Facts
from prmkit.publish.exhibits.reach.what_if import in_words, range_words
from prmkit.publish.table import Format, table_html

Line = tuple[str, str, Callable[[Answer], Any]]
_REACH = {name: name for name in ("activation", "ramp_months", "attrition", "conversion", "elasticity")} | {
    "onboarding": "onboarding_capacity"
}
_ECONOMICS = {"recruit_cost": "recruit_cost", "partner_cost": "partner_cost", "margin": "gross_margin"}
_BEYOND = "beyond what this programme has ever shown"
_UNTOLD = "nothing seen here tells whether it can be had"
_GOAL = ("goal", "goal_growth", "goal_months", "confidence")
_CERTAIN = (
    "An assessment takes numbers of your own as certain; here they keep the estimate's spread. Its count can come out a little lower."
)


def in_short(base: Answer, now: Answer, facts: Facts) -> str:
    """One or two sentences: the recruits asked for, against the plan's, and the chance with those looked at."""
    sure = facts.share(now.confidence)
    if now.goal is None:
        return "No goal is named: enter one to see how many recruits it needs."
    if now.asked is None:
        head = f"Not even {facts.count(now.most, 'recruit')} reach the goal with a chance of {sure}."
    elif not now.moved:
        head = f"The plan: {facts.count(now.asked, 'recruit')} for a chance of {sure}."
    elif base.asked is None:
        head = f"{facts.count(now.asked, 'recruit')} for a chance of {sure}; the plan's own inputs give no number."
    elif now.asked == base.asked:
        head = f"No change: {facts.count(now.asked, 'recruit')} for a chance of {sure}."
    else:
        apart = facts.count(abs(now.asked - base.asked))
        word = "fewer" if now.asked < base.asked else "more"
        noun = "recruit" if apart == "1" else "recruits"
        head = f"{apart} {word} {noun}: {facts.count(now.asked)} instead of {facts.count(base.asked)} for a chance of {sure}."
    with_them = f"With {facts.count(now.recruits, 'recruit')} the chance is {facts.share(now.chance)}"
    before = f", {facts.share(base.chance)} in the plan" if now.moved and base.chance is not None and base.recruits == now.recruits else ""
    return f"{head} {with_them}{before}."


def answer_html(base: Answer, now: Answer, inputs: Sequence[Input], facts: Facts) -> Markup:
    """The answer beside the plan's, what is beyond anything seen, and the picture."""
    parts = [
        _table("Recruits the goal needs", _RECRUITS, base, now, facts),
        _table("What so many come to", _OUTCOME, base, now, facts),
        *(Markup('<p class="note">{}</p>').format(line) for line in remarks(now, inputs, facts)),
    ]
    if now.goal is not None:
        parts.append(_picture(base, now, facts))
    return Markup('<div class="prmkit"><div class="exhibit">{}</div></div>').format(Markup("").join(parts))


def remarks(now: Answer, inputs: Sequence[Input], facts: Facts) -> list[str]:
    """What to keep in mind: beyond what was seen, more than can be taken on."""
    said = []
    for one in inputs:
        if one.key in now.seen and now.seen[one.key] is not True:
            value = in_words(now.moved[one.key], one.unit, facts)
            said.append(f"{one.label}, {value}: {_BEYOND if now.seen[one.key] is False else _UNTOLD}.")
    if now.over_capacity and now.capacity is not None and now.asked is not None:
        said.append(f"{facts.count(now.asked, 'recruit')} are more than you can take on: {facts.count(now.capacity)} by then.")
    return said


_RECRUITS: tuple[Line, ...] = (
    ("For an even chance", "partners", lambda one: _count(one, one.counts[0.5])),
    ("For four chances in five", "partners", lambda one: _count(one, one.counts[0.8])),
    ("For nine chances in ten", "partners", lambda one: _count(one, one.counts[0.9])),
    ("For the chance asked", "partners", lambda one: _count(one, one.asked)),
    ("Prospects to approach for that", "partners", lambda one: one.candidates),
)
_OUTCOME: tuple[Line, ...] = (
    ("Goal", "money", lambda one: one.goal),
    ("Chance with today's partners alone", "share", lambda one: one.chance_now),
    ("Revenue with today's partners alone", "money", lambda one: one.baseline),
    ("Recruits looked at", "partners", lambda one: one.recruits),
    ("Chance with them", "share", lambda one: one.chance),
    ("Revenue with them", "money", lambda one: one.revenue),
    ("Cost of signing and keeping them", "money", lambda one: one.cost),
    ("Margin left after it, by the goal's date", "money", lambda one: one.margin_left),
)


def _table(title: str, lines: Sequence[Line], base: Answer, now: Answer, facts: Facts) -> Markup:
    rows = [(name, _cell(value(base), unit, facts), _cell(value(now), unit, facts)) for name, unit, value in lines]
    frame = pd.DataFrame(rows, columns=["answer", "plan", "now"])
    named = {"answer": Format.text(title), "plan": Format.text("The plan"), "now": Format.text("What if")}
    return table_html(frame, named, "", f"Table: {title.lower()}, beside the plan's", locale=facts.locale)


def _count(one: Answer, count: int | None) -> Any:
    return f"more than {one.most:,}" if count is None and one.goal is not None else count


def _cell(value: Any, unit: str, facts: Facts) -> str:
    if isinstance(value, str):
        return value
    if hasattr(value, "mean"):
        return f"{facts.money(value.mean)} ({range_words(value.low, value.high, 'money', facts)})"
    return in_words(value, unit, facts)


def _picture(base: Answer, now: Answer, facts: Facts) -> Markup:
    rows, before = (one.curve.rename(columns={"count": "at", "chance": "value"}) for one in (now, base))
    marks = [Mark(float(now.recruits), now.chance or 0.0, f"{facts.count(now.recruits)}: {facts.share(now.chance)}")]
    if now.asked is not None and now.asked != now.recruits:
        marks.append(Mark(float(now.asked), now.confidence, f"{facts.count(now.asked)}: {facts.share(now.confidence)}"))
    drawn = curve(
        rows,
        marks,
        alt=f"The chance of the goal rises with the number of recruits. {in_short(base, now, facts)}",
        across_title="recruits signed",
        up_title="chance of the goal; the plan in grey" if now.moved else "chance of the goal",
        locale=facts.locale,
        before=before if now.moved and base.goal is not None else None,
    )
    return drawn.html()


def settings_text(now: Answer, inputs: Sequence[Input], *, growth: float | None, whole: bool) -> str:
    """The moved inputs as lines for engagement.yaml, and by name those that no setting holds.

    growth: the goal over the last 12 months. whole: whether this is the whole client, whose goal may stand in money; the goal of a part
    of it stands as growth.
    """
    moved, made = now.moved, dict[str, Any]()
    if set(_GOAL) & set(moved) and now.goal is not None:
        in_money = whole and "goal_growth" not in moved
        size = {"revenue": round(now.goal, 2)} if in_money or growth is None else {"growth": round(growth, 6)}
        made["goal"] = size | {"by": now.by.date(), "confidence": _plain(now.confidence)}
    own = {name: _plain(moved[key]) for key, name in _REACH.items() if key in moved}
    money = {name: _plain(moved[key]) for key, name in _ECONOMICS.items() if key in moved}
    made |= {name: values for name, values in (("reach", own), ("economics", money)) if values}
    lines = _yaml(made).splitlines() if made else ["# nothing to set"]
    held = {*_GOAL, *_REACH, *_ECONOMICS}
    rest = [f"{one.label} {_plain(moved[one.key])}" for one in inputs if one.key in moved and one.key not in held]
    if rest:
        lines.append(f"# Not settings: {words.plain('; '.join(rest))}.")
    if own:
        lines.append(f"# {_CERTAIN}")
    return "\n".join(lines) + "\n"


def _plain(value: float) -> float | int:
    rounded = round(float(value), 6)
    return int(rounded) if rounded == int(rounded) and abs(rounded) > 1 else rounded


def _yaml(values: Mapping[str, Any]) -> str:
    writer, text = YAML(typ="safe"), io.StringIO()
    writer.default_flow_style = False
    writer.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    writer.dump(dict(values), text)
    return text.getvalue()
