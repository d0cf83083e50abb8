"""One assumption, and how far it may plausibly be off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from prmkit.engagement import Engagement

Source = Literal["setting", "default", "stand_in", "prior"]


@dataclass(frozen=True, slots=True)
class Assumption:
    """name: its key in engagement.yaml, or the canonical column or method it stands in for; unique, and stable over runs.

    what: in plain words. value, unit: as a person reads them. practices: which answers rest on it. tables: canonical
    tables whose findings rest on it (all of the practices' findings where empty). ends: the low and the high setting of a
    plausible range; None where no setting can be moved, and then `fixed` says why.
    """

    name: str
    what: str
    value: str
    unit: str
    source: Source
    practices: tuple[str, ...]
    tables: tuple[str, ...] = ()
    ends: tuple[Any, Any] | None = None
    fixed: str = ""


def changed(engagement: Engagement, name: str, value: Any) -> Engagement:
    """The settings with one of them changed: "prune.hurdle" is `hurdle` of section `prune`."""
    section, _, key = name.partition(".")
    if not key:
        return engagement.model_copy(update={section: value})
    held = getattr(engagement, section)
    within = {**held, key: value} if isinstance(held, dict) else held.model_copy(update={key: value})
    return engagement.model_copy(update={section: within})
