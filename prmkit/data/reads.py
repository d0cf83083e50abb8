"""What of the settings a fit reads: it is kept where another setting is varied."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

Fit = TypeVar("Fit", bound=Callable[..., Any])
_READS: dict[Callable[..., Any], tuple[str, ...]] = {}


def reads(*settings: str) -> Callable[[Fit], Fit]:
    """Marks a fit with all it reads of the settings besides the seed: "reach", "goal.by", or nothing. One that is not marked reads any."""

    def mark(fit: Fit) -> Fit:
        _READS[fit] = settings
        return fit

    return mark


def unmoved(fit: object, setting: str) -> bool:
    """Whether a fit stays as it is when the setting, such as "economics.hourly_cost", is another."""
    told = _READS.get(fit) if callable(fit) else None
    return told is not None and not any(_same(one, setting) for one in told)


def _same(one: str, other: str) -> bool:
    """Whether one of two names is the other or a part of it."""
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")
