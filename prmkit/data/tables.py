"""The canonical tables, read once from spec/tables.yaml: what every check, schema and conversion is made from."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict
from ruamel.yaml import YAML

from prmkit import resources

Kind = Literal["string", "date", "number", "integer", "boolean", "word"]


class Column(BaseModel):
    """One canonical column: its name, kind and unit. `words` are the allowed values of a word column."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    kind: Kind
    words: tuple[str, ...] = ()
    required: bool = False
    rare: bool = False
    unit: str = ""
    note: str = ""
    stand_in: str = ""

    @property
    def is_id(self) -> bool:
        """Whether the column identifies something: kept as written, whatever it looks like."""
        return self.kind == "string" and self.name.endswith("_id")

    @property
    def is_money(self) -> bool:
        """Whether amounts here are in a currency, and so are converted at load."""
        return self.kind == "number" and self.unit.startswith("currency")

    @property
    def is_fraction(self) -> bool:
        """Whether values are fractions: 0.35, never 35."""
        return self.unit.startswith("fraction")

    @property
    def bounds(self) -> tuple[float, float] | None:
        """Smallest and largest possible value, where the unit says so."""
        if self.is_fraction:
            return 0.0, 1.0
        if self.unit == "degrees":
            return (-90.0, 90.0) if self.name == "latitude" else (-180.0, 180.0)
        low, between, high = self.unit.partition("..")
        return (float(low), float(high)) if between and low.isdigit() and high.isdigit() else None


class Table(BaseModel):
    """One canonical table: what a row is, what identifies it, and its columns in order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    grain: str
    key: tuple[str, ...] = ()
    required: bool = False
    columns: tuple[Column, ...]

    def __getitem__(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(column.name for column in self.columns)

    @property
    def required_names(self) -> tuple[str, ...]:
        """Names of the columns that must be there and filled."""
        return tuple(column.name for column in self.columns if column.required)

    @property
    def money(self) -> tuple[Column, ...]:
        """The columns in a currency."""
        return tuple(column for column in self.columns if column.is_money)

    @property
    def readable(self) -> tuple[Column, ...]:
        """The columns a file may carry: the canonical ones and, for money tables, `currency`."""
        if self.money and "currency" not in self.names:
            return (*self.columns, Column(name="currency", kind="string"))
        return self.columns


def _column(name: str, given: Mapping[str, Any]) -> Column:
    described = dict(given)
    kind = described.pop("type")
    if isinstance(kind, list):
        return Column(name=name, kind="word", words=tuple(kind), **described)
    return Column(name=name, kind=kind, **described)


@cache
def tables() -> Mapping[str, Table]:
    """Every canonical table by name, in the order of spec/tables.yaml."""
    with resources.spec("tables.yaml").open(encoding="utf-8") as file:
        given = YAML(typ="safe").load(file)
    made = {}
    for name, described in given.items():
        columns = tuple(_column(column, about) for column, about in described.pop("columns").items())
        made[name] = Table(name=name, columns=columns, **described)
    return MappingProxyType(made)


def table(name: str) -> Table:
    """The canonical table called `name` (KeyError when there is none)."""
    return tables()[name]
