"""Number boxes for the inputs of a plan, with their help, their faults, and the answer below."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import ipywidgets as widgets
import pandas as pd
from markupsafe import Markup

from prmkit.charts.frames import rows_of
from prmkit.charts.scale import finite
from prmkit.errors import PrmkitError
from prmkit.practices.reach.what_if import Answer, WhatIf, WrongInputs
from prmkit.publish import what_if as said
from prmkit.publish.exhibits.build import Facts
from prmkit.publish.exhibits.reach.what_if import NO_ESTIMATE, answers_html, heading, in_words, limits_words, range_words

FIRST = "Reading the data: the first change takes a few seconds."
_LINKED = {"goal": "goal_growth", "goal_growth": "goal"}
_ROW = widgets.Layout(display="flex", flex_flow="row wrap", width="100%", overflow="visible")
_CELL = {"width": "256px", "max_width": "100%", "margin": "0 16px 12px 0", "overflow": "visible"}
_UNITS = {"share": "%", "months": "months"}


class Box:
    """One number box: `shown` is what it holds for the plan, in the unit on its label."""

    def __init__(self, row: Any, facts: Facts) -> None:
        self.key, self.unit = str(row.input), str(row.unit)
        self.scale = 100.0 if self.unit == "share" else 1.0
        estimate = finite(row.setting)
        self.known = estimate is not None
        self.shown = _rounded((estimate or 0.0) * self.scale, self.unit)
        unit = facts.currency if self.unit == "money" else _UNITS.get(self.unit, "")
        label = f"{row.label}, {unit}" if unit else str(row.label)
        taken = in_words(estimate, self.unit, facts, NO_ESTIMATE)
        spread = range_words(row.low, row.high, self.unit, facts)
        limits = limits_words(row.least, row.most, self.unit, facts)
        about = (
            f"{row.about} The plan: {taken}{f' ({spread})' if spread else ''}. From {limits}."
            if self.known
            else f"{row.about} {_cap(taken)}."
        )
        self.field = widgets.FloatText(
            value=self.shown,
            step=_step(self.shown, self.unit),
            description=label,
            tooltip=about,
            style={"description_width": "initial"},
            layout=widgets.Layout(width="100%"),
        )
        self.field.add_class("what-if-box")
        self.help = widgets.HTML(_help(about))
        self.fault = widgets.HTML("")
        self.help.add_class("what-if-about")
        self.fault.add_class("what-if-about")
        self.whole = widgets.VBox([self.field, self.help, self.fault], layout=widgets.Layout(**_CELL))
        self.whole.add_class("what-if-cell")

    @property
    def moved(self) -> bool:
        """Whether it holds anything but the plan's value."""
        return bool(self.field.value != self.shown)

    @property
    def value(self) -> float:
        """What it holds, shares as fractions."""
        return float(self.field.value) / self.scale

    def show(self, value: float | None) -> None:
        """Put a value into the box."""
        if value is not None and math.isfinite(value):
            self.field.value = _rounded(value * self.scale, self.unit)

    def complain(self, fault: str) -> None:
        """Say at the box what is wrong with it; "" takes it back."""
        self.fault.value = str(Markup('<p role="alert" class="what-if-fault">{}</p>').format(fault)) if fault else ""


class Boxes:
    """All boxes of a plan, and its answer, which stays as it was where an input cannot be."""

    def __init__(self, table: pd.DataFrame, answers: pd.DataFrame, world: Callable[[], WhatIf], facts: Facts, *, whole: bool) -> None:
        self.world, self.facts, self.whole = world, facts, whole
        self.boxes = {str(row.input): Box(row, facts) for row in rows_of(table)}
        self.summary = widgets.HTML(_status("Change a number and leave the box, by Tab or Enter: the answer follows."))
        self.summary.add_class("what-if-live")
        self.detail = widgets.HTML(str(Markup('<div class="prmkit">{}</div>').format(answers_html(answers, facts))))
        self.settings = widgets.Textarea(
            description="These numbers as settings, for engagement.yaml", rows=8, layout=widgets.Layout(width="100%", display="none")
        )
        self.settings.style.description_width = "initial"
        self.settings.add_class("what-if-settings")
        self.reset = widgets.Button(description="Back to the plan", layout=widgets.Layout(width="auto", align_self="flex-start"))
        self.reset.on_click(lambda _: self.back())
        self._quiet, self._asked_before, self._follower = False, False, ""
        for key, box in self.boxes.items():
            box.field.observe(lambda _, key=key: self._changed(key), "value")
        groups = []
        for name, rows in table.groupby("group", sort=False):
            groups += [widgets.HTML(str(Markup('<p class="what-if-group">{}</p>').format(heading(str(name)))))]
            groups += [widgets.Box([self.boxes[str(key)].whole for key in rows["input"]], layout=_ROW)]
        self.widget = widgets.VBox(
            [*groups, self.reset, self.summary, self.detail, self.settings], layout=widgets.Layout(width="100%", overflow="visible")
        )
        self.widget.add_class("prmkit")
        self.widget.add_class("what-if")

    def back(self) -> None:
        """Every box as the plan takes it."""
        self._follower = ""
        with self._silence():
            for box in self.boxes.values():
                box.field.value = box.shown
        self.answer()

    def _changed(self, key: str) -> None:
        if self._quiet:
            return
        self._follower = _LINKED.get(key, self._follower)
        self.answer()

    @contextmanager
    def _silence(self) -> Iterator[None]:
        """Boxes are moved by the program: nobody is asked."""
        self._quiet = True
        try:
            yield
        finally:
            self._quiet = False

    def answer(self) -> None:
        """Ask with what the boxes hold, and show the answer or what is wrong."""
        asked = {key: box.value for key, box in self.boxes.items() if box.moved and key != self._follower}
        try:
            world = self._opened()
            now = world.answer(asked)
        except WrongInputs as wrong:
            for key, box in self.boxes.items():
                box.complain(wrong.faults.get(key, ""))
            self.summary.value = _status("One box cannot be as it is, see there; the answer is the last good one.")
            return
        except PrmkitError as error:
            self.summary.value = _status(error.what)
            return
        for box in self.boxes.values():
            box.complain("")
        self._show(world, now)

    def _opened(self) -> WhatIf:
        if not self._asked_before:
            self.summary.value = _status(FIRST)
        made = self.world()
        self._asked_before = True
        return made

    def _show(self, world: WhatIf, now: Answer) -> None:
        growth = now.goal / world.case.revenue - 1 if now.goal is not None and world.case.revenue > 0 else None
        if self._follower in self.boxes:
            with self._silence():
                self.boxes[self._follower].show(now.goal if self._follower == "goal" else growth)
        self.summary.value = _status(said.in_short(world.base, now, self.facts))
        self.detail.value = str(said.answer_html(world.base, now, world.inputs, self.facts))
        self.settings.value = said.settings_text(now, world.inputs, growth=growth, whole=self.whole)
        self.settings.layout.display = None if now.moved else "none"


def boxes(table: pd.DataFrame, answers: pd.DataFrame, world: Callable[[], WhatIf], facts: Facts, *, whole: bool) -> widgets.VBox:
    """The boxes of `table` (reach_what_if) as one widget, with `answers` (reach_what_if_answers) below until one is changed.

    world: gives the case when it is first needed. whole: whether it is the whole client.
    """
    return Boxes(table, answers, world, facts, whole=whole).widget


def _status(text: str) -> str:
    return str(Markup('<p role="status" class="what-if-said">{}</p>').format(text))


def _help(text: str) -> str:
    return str(Markup('<p class="what-if-help">{}</p>').format(text))


def _cap(text: str) -> str:
    return text[:1].upper() + text[1:]


def _rounded(value: float, unit: str) -> float:
    """As many figures as a person would type."""
    if unit == "money":
        return float(round(value)) if abs(value) >= 100 else round(value, 2)
    return float(round(value)) if unit in {"partners", "a month"} else round(value, 1 if unit in {"share", "months"} else 2)


def _step(value: float, unit: str) -> float:
    """What an arrow key adds: one, or for money the second figure."""
    if unit == "money":
        return float(10 ** max(math.floor(math.log10(abs(value))) - 1, 0)) if value else 100.0
    return 0.05 if unit == "number" else 1.0
