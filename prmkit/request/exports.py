"""The exports that a client is asked for, from exports.yaml, held against the canonical tables."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from ruamel.yaml import YAML

from prmkit.data.readiness import TableNeeds, declared
from prmkit.data.tables import Table, tables

_FOLDER = Path(__file__).parent
_MODEL = ConfigDict(frozen=True, extra="forbid")


class Export(BaseModel):
    """One export as it is asked for; `table` is the canonical table that it fills.

    minutes: of its owner's time. needed: fields asked for besides those the contract requires. personal: fields about people.
    """

    model_config = _MODEL

    table: str
    title: str
    ask: str
    system: str
    owner: str
    period: str
    minutes: int = Field(ge=5, le=120)
    needed: tuple[str, ...]
    personal: tuple[str, ...]
    privacy: str

    @model_validator(mode="after")
    def _canonical(self) -> Self:
        if self.table not in tables():
            raise ValueError(f"there is no canonical table {self.table}")
        if unknown := {*self.needed, *self.personal} - set(self.fills.names):
            raise ValueError(f"{self.table} has no field {', '.join(sorted(unknown))}")
        return self

    @property
    def fills(self) -> Table:
        """The canonical table."""
        return tables()[self.table]

    @property
    def fields_needed(self) -> tuple[str, ...]:
        """Fields without which it is of little use: required ones, those an answer cannot do without, and those named here."""
        must = {need.alternatives[0].column for told in _told() for need in told.needs if _only(need, self.table)}
        return tuple(name for name in self.fills.names if name in {*self.fills.required_names, *must, *self.needed})

    @property
    def fields_that_help(self) -> tuple[str, ...]:
        """All its other fields."""
        return tuple(name for name in self.fills.names if name not in self.fields_needed)


def _told() -> tuple[TableNeeds, ...]:
    """The needs of the answers that prmkit gives today."""
    return tuple(told for told in declared() if not told.awaited)


def _only(need: Any, table: str) -> bool:
    return len(need.alternatives) == 1 and need.alternatives[0].table == table


class Asked(BaseModel):
    """exports.yaml: what is asked for, and the tables that are not asked for with the reason. Each canonical table is in one of them."""

    model_config = _MODEL

    exports: Mapping[str, Export]
    not_asked: Mapping[str, str]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        named = [*self.exports, *self.not_asked]
        if sorted(named) != sorted(tables()):
            raise ValueError(f"exports.yaml and the canonical tables differ: {', '.join(sorted(set(named) ^ set(tables())))}")
        return self


@cache
def asked() -> Asked:
    """What is asked for and what is not."""
    given = YAML(typ="safe").load((_FOLDER / "exports.yaml").read_text(encoding="utf-8"))
    exports = {table: {"table": table, **told} for table, told in given["exports"].items()}
    return Asked.model_validate({"exports": exports, "not_asked": given["not_asked"]})


@cache
def samples() -> Mapping[str, tuple[Mapping[str, Any], ...]]:
    """Three made-up rows for each table that is asked for: canonical column -> value."""
    given = YAML(typ="safe").load((_FOLDER / "samples.yaml").read_text(encoding="utf-8"))
    for table, rows in given.items():
        for row in rows:
            if unknown := set(row) - {column.name for column in tables()[table].readable}:
                raise ValueError(f"samples.yaml: {table} has no field {', '.join(sorted(unknown))}")
    return {table: tuple(rows) for table, rows in given.items()}


def unlocked_by(table: str) -> tuple[tuple[TableNeeds, ...], tuple[TableNeeds, ...]]:
    """The answers that a table has a part in: those that cannot do without it or its like, and those it makes better."""

    def named(needs: Any) -> bool:
        return any(alternative.table == table for need in needs for alternative in need.alternatives)

    told = _told()
    must = tuple(one for one in told if named(one.needs))
    return must, tuple(one for one in told if named(one.helps) and one not in must)
