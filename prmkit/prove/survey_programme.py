"""Made-up surveys of partners, with and without segments among them, opened as a client's data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from prmkit.data.client import Client
from prmkit.data.portfolio import Portfolio
from prmkit.data.tables import tables
from prmkit.engagement import Engagement
from prmkit.prove.limit.needs import likeliest_group
from prmkit.simulate.state import Array, Whole

Crowd = Literal["alike", "one scale", "skewed scale", "heavy tails", "extremes together"]
CROWDS: tuple[Crowd, ...] = ("alike", "one scale", "skewed scale", "heavy tails", "extremes together")
"""Partners without segments: that differ by chance alone, along one scale (normal or skewed), with outliers in single answers or in all."""

ITEMS, MISSING = 12, 0.2
SHARES = np.array([0.35, 0.30, 0.20, 0.15])
_PROFILE, _SPREAD, _STYLE = 1.05, 0.9, 0.6
_AS_OF = pd.Timestamp("2026-09-30")
_NEVER = pd.Series(dtype="datetime64[us]")


@dataclass(frozen=True)
class Survey:
    """answers: (n, 12) from 1 to 5, nan where not given; group: (n,) the true segment; profiles: (segments, 12)."""

    answers: Array
    group: Whole
    profiles: Array

    def limit(self) -> Whole:
        """The likeliest segment of each partner, told the profiles."""
        return likeliest_group(self.answers, self.profiles, SHARES, _SPREAD, _STYLE)


def segmented(n: int, seed: int) -> Survey:
    """Four true segments of partners, a style of answering of each partner's own, a fifth of the answers missing."""
    rng = np.random.default_rng([seed, n])
    profiles = rng.normal(3.3, 0.4, ITEMS) + rng.normal(0, _PROFILE, (len(SHARES), ITEMS))
    group = rng.choice(len(SHARES), n, p=SHARES)
    return Survey(_ticked(profiles[group] + _SPREAD * rng.standard_normal((n, ITEMS)), rng), group.astype(np.int64), profiles)


def crowd(kind: Crowd, n: int, seed: int) -> Survey:
    """Partners without segments."""
    rng = np.random.default_rng([seed, n, CROWDS.index(kind)])
    felt = _SPREAD * rng.standard_normal((n, ITEMS))
    loading = rng.normal(0, 0.8, ITEMS)
    if kind == "one scale":
        felt += rng.standard_normal((n, 1)) * loading
    elif kind == "skewed scale":
        felt += (rng.gamma(1.0, 1.0, (n, 1)) - 1) * loading
    elif kind == "heavy tails":
        felt = 0.7 * rng.standard_t(3, (n, ITEMS))
    elif kind == "extremes together":
        felt *= np.sqrt(4 / rng.chisquare(4, (n, 1)))
    middle = rng.normal(3.3, 0.4, ITEMS)
    return Survey(_ticked(middle + felt, rng), np.zeros(n, dtype=np.int64), middle[None])


def _ticked(felt: Array, rng: np.random.Generator) -> Array:
    answers = np.clip(np.rint(felt + _STYLE * rng.standard_normal((len(felt), 1))), 1, 5)
    made: Array = np.where(rng.random(felt.shape) < MISSING, np.nan, answers)
    return made


def survey_portfolio(survey: Survey) -> Portfolio:
    """A client with these partners and their answers, and no sale."""
    n = len(survey.answers)
    ids = pd.Series([f"P{number:05d}" for number in range(n)], dtype="str")
    who, item = np.nonzero(np.isfinite(survey.answers))
    questions = pd.Series([f"need:item {number + 1:02d}:importance" for number in range(ITEMS)], dtype="str")
    rows = pd.DataFrame(
        {
            "response_id": ids.take(who).to_numpy(),
            "respondent": "partner",
            "partner_id": ids.take(who).to_numpy(),
            "role": None,
            "date": (_AS_OF - pd.DateOffset(months=2)).as_unit("us"),
            "question_id": questions.take(item).to_numpy(),
            "score": survey.answers[who, item],
            "text": pd.Series([None] * len(who), dtype="str"),
        }
    ).astype({"response_id": "str", "respondent": "str", "partner_id": "str", "role": "str", "question_id": "str"})
    client = Client(Engagement.model_validate({"client": "Made up"}), {"surveys": rows}, Path(), {}, _AS_OF, {})
    amounts = ["revenue", "cost", "costed_revenue", "list_amount", "listed_revenue", "discount", "units", "lines"]
    months = _empty({"partner_id": "str", "month": "int32", "territory": "str", "product_family": "str"}, amounts)
    orders = _empty({"partner_id": "str", "month": "int32"}, ["revenue", "orders", "order_days", "customers"]).assign(
        first_on=_NEVER, last_on=_NEVER
    )
    return Portfolio(
        client=client,
        name="all",
        as_of=_AS_OF.as_unit("us"),
        measure="sell_through",
        partners=_partners(ids),
        months=months,
        orders=orders,
        direct=months,
        years=_empty({"year": "int32", "territory": "str", "partner_id": "str"}, ["revenue"]),
        tables=client.tables,
    )


def _partners(ids: pd.Series) -> pd.DataFrame:
    """Partners of which only the names are known."""
    kinds = {"date": "datetime64[us]", "number": "float64", "integer": "float64", "boolean": "boolean"}
    unknown = {one.name: pd.Series([None] * len(ids), dtype=kinds.get(one.kind, "str")) for one in tables()["partners"].columns}
    return pd.DataFrame(unknown | {"partner_id": ids, "name": ids})


def _empty(kinds: dict[str, str], amounts: list[str]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in (kinds | dict.fromkeys(amounts, "float64")).items()})
