"""What a practice answers with: findings, tables, and what it could not say.

The columns every table has at least are those of spec/results.yaml; `table` holds a frame to
them, so that a reader of results/*.parquet finds the same names, order and types in every run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

import pandas as pd
from ruamel.yaml import YAML

from prmkit import resources
from prmkit.errors import unknown_name

PracticeName = Literal["know", "reach", "enable", "loyalty", "prune"]
Confidence = Literal["high", "medium", "low"]
SubjectKind = Literal["portfolio", "territory", "segment", "programme", "product", "partner", "manager"]
Status = Literal["open", "accepted", "disputed", "corrected", "hidden"]


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with the ends of its 90% interval; None where it cannot be given.

    `unit` is an ISO currency, "fraction", "partners", "hours", ...; `period` is words: "12 months
    to 2013-11-29", "a year". Fractions are fractions, never percent.
    """

    amount: float | None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """The first step: what, who (a role), by when (ISO date or words), and how one sees it worked."""

    what: str
    who: str
    by: str
    measure: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person said of a finding: word, reason ("" where none was needed), by whom, on which day (ISO).

    seen: the figure as it was then computed. computed: as it is now, also where a correction is shown in its
    place. ask_again: the figure left the interval it was judged in, so that the finding is open again.
    """

    word: Status
    reason: str
    by: str
    on: str
    seen: Amount
    computed: Amount
    ask_again: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One claim about one subject.

    `id` is <practice>.<table>.<claim>:<subject kind>:<subject id>, without dates or values, so that
    a person's verdict on it survives the next run. `worth` is the expected annual margin at stake
    in the engagement's currency; its amount is None where it cannot be priced.
    """

    id: str
    practice: PracticeName
    subject_kind: SubjectKind
    subject_id: str
    title: str
    statement: str
    value: Amount
    worth: Amount
    confidence: Confidence
    action: Action
    evidence: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    status: Status = "open"
    verdict: Verdict | None = None

    @property
    def figure(self) -> Amount:
        """What a person judges and may correct: the worth, or the value where the finding has no price."""
        return self.value if self.worth.amount is None else self.worth


@dataclass(frozen=True, slots=True)
class NotComputed:
    """A table (or one column of it) that the data cannot carry: why, and which table would unlock it."""

    table: str
    column: str | None
    reason: str
    needs: str


@dataclass(frozen=True)
class PracticeResult:
    """The answer of one practice for one portfolio.

    `tables` holds every table of the practice named in results.yaml, without the practice prefix;
    one that cannot be computed is there without rows and stands in `not_computed`.
    """

    practice: PracticeName
    tables: Mapping[str, pd.DataFrame]
    findings: tuple[Finding, ...] = ()
    not_computed: tuple[NotComputed, ...] = ()
    warnings: tuple[str, ...] = ()
    notes: Mapping[str, Any] = field(default_factory=dict)


@cache
def contract() -> dict[str, Any]:
    """spec/results.yaml as read."""
    loaded: dict[str, Any] = YAML(typ="safe").load(resources.spec("results.yaml"))
    return loaded


def table_names(practice: str) -> tuple[str, ...]:
    """The tables a practice leaves, in the contract's order."""
    return tuple(contract()[practice])


def columns(practice: str, name: str) -> dict[str, str]:
    """Column -> type word of one results table; KeyError with the known names when there is none."""
    tables = contract()[practice]
    if name not in tables:
        raise KeyError(unknown_name(f"{practice} table", name, tables))
    return dict(tables[name])


def _dtype(word: str) -> str:
    if word in {"string"} or "|" in word:
        return "str"
    if word == "integer":
        return "Int64"
    if word == "boolean":
        return "boolean"
    if word == "date":
        return "datetime64[us]"
    return "float64"


def _typed(values: pd.Series[Any], word: str) -> pd.Series[Any]:
    wanted = _dtype(word)
    nullable = wanted == "float64" and (values.dtype == object or pd.api.types.is_extension_array_dtype(values.dtype))
    typed: pd.Series[Any] = (values.astype("Float64") if nullable else values).astype(pd.api.types.pandas_dtype(wanted))
    return typed


def table(practice: str, name: str, rows: pd.DataFrame | None = None) -> pd.DataFrame:
    """Hold `rows` to the contract: columns that are missing become null, types are made right.

    Contract columns come first and in order, further columns after them. A word outside a
    column's list of allowed words raises ValueError. Without rows the table is empty and typed.
    """
    spec = columns(practice, name)
    frame = pd.DataFrame() if rows is None else rows.reset_index(drop=True)
    made: dict[str, pd.Series[Any]] = {}
    for column, word in spec.items():
        made[column] = _typed(frame[column], word) if column in frame else pd.Series(index=frame.index, dtype=_dtype(word))
        if "|" in word:
            strange = set(made[column].dropna()) - {part.strip() for part in word.split("|")}
            if strange:
                raise ValueError(f"{practice}_{name}.{column}: {sorted(strange)} not among {word}")
    for column in frame.columns.difference(list(spec), sort=False):
        made[column] = frame[column]
    return pd.DataFrame(made)


def complete(practice: str, made: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """All tables of a practice in order: those in `made` held to the contract, the rest empty."""
    for name in made:
        columns(practice, name)
    return {name: table(practice, name, made.get(name)) for name in table_names(practice)}
