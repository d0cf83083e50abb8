"""What the gallery page shows: the apps of each portfolio, with title, question and status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class App:
    """One playbook of one portfolio; `path` is below the folder of apps, `status` a few words."""

    title: str
    question: str
    status: str
    path: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """The apps of one portfolio; `note` says which data they show."""

    portfolio: str
    note: str
    apps: tuple[App, ...]


@dataclass(frozen=True, slots=True)
class Gallery:
    """All apps of one engagement."""

    client: str
    shelves: tuple[Shelf, ...]


def read_gallery(plain: Mapping[str, Any]) -> Gallery:
    """A gallery from its JSON form."""
    shelves = tuple(Shelf(shelf["portfolio"], shelf["note"], tuple(App(**app) for app in shelf["apps"])) for shelf in plain["shelves"])
    return Gallery(plain["client"], shelves)
