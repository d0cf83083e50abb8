"""One file of a made-up client: the system it comes from, the canonical tables behind it, and how it is made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from prmkit.registry import Registry

Tables = Mapping[str, pd.DataFrame]
Parts = dict[str, pd.DataFrame]


@dataclass(frozen=True, slots=True)
class Export:
    """about: system and report. tables: the canonical tables it is made of; it is left out where none of the first has rows.

    make: canonical tables -> files by name (without ending), each a frame whose columns are the headers of the export.
    """

    about: str
    tables: tuple[str, ...]
    make: Callable[[Tables], Parts]


EXPORTS: Registry[Export] = Registry("export")


def export(name: str, about: str, *tables: str) -> Callable[[Callable[[Tables], pd.DataFrame]], Callable[[Tables], pd.DataFrame]]:
    """Add a function that makes one frame from the canonical tables: the file `name`."""

    def added(make: Callable[[Tables], pd.DataFrame]) -> Callable[[Tables], pd.DataFrame]:
        EXPORTS.add(name, Export(about, tables, lambda given: {name: make(given)}))
        return make

    return added


def exports(name: str, about: str, *tables: str) -> Callable[[Callable[[Tables], Parts]], Callable[[Tables], Parts]]:
    """Add a function that makes several files whose names begin as `name`, which ends on `*`."""

    def added(make: Callable[[Tables], Parts]) -> Callable[[Tables], Parts]:
        EXPORTS.add(name, Export(about, tables, make))
        return make

    return added
