"""The one way to extend prmkit: a named thing is added to a registry and found by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from prmkit.errors import PrmkitError, unknown_name

T = TypeVar("T")


class Registry(Generic[T]):
    """Named things of one kind, in the order they were added.

    A wrong name raises PrmkitError that lists the known names and the nearest one.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._entries: dict[str, T] = {}

    def add(self, name: str, entry: T) -> T:
        """Add `entry` under `name`; a name can be taken once."""
        if name in self._entries:
            raise ValueError(f"the {self.kind} '{name}' is registered already")
        self._entries[name] = entry
        return entry

    def register(self, name: str) -> Callable[[T], T]:
        """The same as a decorator."""
        return lambda entry: self.add(name, entry)

    def get(self, name: str) -> T:
        """The entry called `name`; PrmkitError when there is none."""
        if name not in self._entries:
            raise PrmkitError(unknown_name(self.kind, name, self._entries))
        return self._entries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __contains__(self, name: object) -> bool:
        return name in self._entries
