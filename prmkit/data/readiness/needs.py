"""What each results table needs of the client's data: needs.yaml, read and held against the contract."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from prmkit.data.tables import tables

_FORM = re.compile(r"(?P<months>months:\d+)|settings\.(?P<setting>[a-z_.]+)|(?P<table>[a-z_]+)(\.(?P<column>[a-z_]+)(=(?P<word>.+))?)?")


@dataclass(frozen=True, slots=True)
class Alternative:
    """One thing that meets a need: a table, a column of it, a word in that column, a setting, or months of sales."""

    written: str
    table: str = ""
    column: str = ""
    word: str = ""
    setting: str = ""
    months: int = 0

    @property
    def said(self) -> str:
        """As a person reads it."""
        if self.months:
            return f"{self.months} months of sales"
        if self.setting:
            return f"engagement.yaml: {self.setting}"
        return f"{self.table}.{self.column} {self.word}" if self.word else self.written

    def matches(self, value: object) -> bool:
        """Whether a value of the column is the word asked for."""
        return fnmatchcase(str(value), self.word)


@dataclass(frozen=True, slots=True)
class Need:
    """Alternatives of which one will do; `cost` is what its absence costs, for needs that only help."""

    alternatives: tuple[Alternative, ...]
    cost: str = ""

    @property
    def said(self) -> str:
        """As a person reads it: "sales.cost or engagement.yaml: economics.gross_margin"."""
        return " or ".join(alternative.said for alternative in self.alternatives)


@dataclass(frozen=True, slots=True)
class TableNeeds:
    """What one results table cannot do without, what it is better with, and what is unknown without it.

    `awaited`: no method fills the table yet, whatever the data hold.
    """

    practice: str
    table: str
    needs: tuple[Need, ...]
    helps: tuple[Need, ...]
    effect: str
    awaited: bool = False


@cache
def declared() -> tuple[TableNeeds, ...]:
    """The needs of every results table, in the contract's order of practices and tables."""
    loaded = YAML(typ="safe").load(Path(__file__).with_name("needs.yaml"))
    return tuple(_table(practice, name, told) for practice, told_tables in loaded.items() for name, told in told_tables.items())


def _table(practice: str, name: str, told: Mapping[str, Any]) -> TableNeeds:
    helps = tuple(need(written, cost) for written, cost in told.get("helps", {}).items())
    return TableNeeds(practice, name, tuple(need(written) for written in told["needs"]), helps, told["effect"], told.get("awaited", False))


def need(written: str, cost: str = "") -> Need:
    """A need from its written form; ValueError when it names what the contract does not have."""
    return Need(tuple(_alternative(part.strip()) for part in written.split(" | ")), cost)


def _alternative(written: str) -> Alternative:
    found = _FORM.fullmatch(written)
    if found is None:
        raise ValueError(f"'{written}' is not a need")
    if found["months"]:
        return Alternative(written, months=int(written.partition(":")[2]))
    if found["setting"]:
        return Alternative(written, setting=found["setting"])
    table, column = found["table"], found["column"] or ""
    if table not in tables() or (column and column not in tables()[table].names):
        raise ValueError(f"'{written}' is not in the canonical tables")
    return Alternative(written, table=table, column=column, word=found["word"] or "")
