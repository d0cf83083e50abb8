"""What is true of a programme and stands in no export: kept apart, for judging estimators only."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from prmkit.data.sealed import SEALED_BY
from prmkit.simulate.effects import truth_of_course, truth_of_funding
from prmkit.simulate.records.support import HOURLY_COST
from prmkit.simulate.revenue import expected_revenue, realised_revenue
from prmkit.simulate.state import AHEAD, AS_OF, NEVER, TYPES, Array, State, Whole

if TYPE_CHECKING:
    from prmkit.simulate.programme import Programme

FOLDER = "truth"
YEAR, HALF = 12, 6
_NOTE = """The truth of a made-up programme, for judging what is said of its exports.
No estimator may read this folder: prmkit refuses every source that lies in it.
"""


@dataclass(frozen=True)
class Truth:
    """Tables of what is true.

    partners: one row a partner: its traits, whether it is there on the as-of date, expected_revenue and expected_margin of the
    last 12 months (its actual life known, luck taken out), booked incentives and cost_to_serve, fair_contribution, and what comes
    after (revenue_next_6m, revenue_next_12m, silent_next_6m). programmes: effect, lift, pull_forward_share, whether the data can tell
    (identifiable) and how many took part. territories: partners selling, elasticity, expected revenue.
    """

    partners: pd.DataFrame
    programmes: pd.DataFrame
    territories: pd.DataFrame


def make_truth(state: State, tables: dict[str, pd.DataFrame], known: dict[str, Array]) -> Truth:
    """Work out the truth; `tables` give what was booked, `known` (n,) columns that the records drew."""
    return Truth(_partners(state, tables, known), _programmes(state), _territories(state))


def _partners(state: State, tables: dict[str, pd.DataFrame], known: dict[str, Array]) -> pd.DataFrame:
    network, lives, months = state.network, state.lives, state.months
    year, ahead = slice(max(months - YEAR, 0), months), slice(months, months + AHEAD)
    expected, realised = expected_revenue(state), realised_revenue(state)
    margin = _total(expected[:, year]) * network.margin
    booked = _booked(state, tables)
    left = np.where(lives.alive.any(axis=1), network.joined.clip(0) + lives.alive.sum(axis=1) - 1, NEVER)
    own = {name: column for name, column in known.items() if len(column) == network.size}
    return pd.DataFrame(
        {
            "partner_id": network.partner_id.astype(str),
            "partner_type": np.array(TYPES)[network.kind],
            "territory": np.array(network.places)[network.territory],
            "sells": network.sells,
            "order_rate": np.where(network.sells, network.rate, 0.0),
            "log_order": network.log_size,
            "margin_rate": network.margin,
            "there_now": lives.alive[:, months - 1],
            "last_month": _month(np.where(left < months - 1, left, NEVER)),
            "sales_course_month": _month(state.course.wave),
            "funding_month": _month(state.funding.start),
            "expected_revenue": _total(expected[:, year]),
            "expected_margin": margin,
            "incentives": booked["incentives"],
            "cost_to_serve": booked["cost_to_serve"],
            "fair_contribution": margin - booked["incentives"] - booked["cost_to_serve"],
            "revenue_next_6m": _total(realised[:, months : months + HALF]),
            "revenue_next_12m": _total(realised[:, ahead]),
            "silent_next_6m": state.orders.counts[:, months : months + HALF].sum(axis=1) == 0,
            **own,
        }
    )


def _month(month: Whole) -> pd.Series:
    """Months counted from the first of the history, missing where it never comes."""
    return pd.Series(month, dtype="Int64").mask(month >= NEVER)


def _booked(state: State, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Incentives paid and cost to serve of the 12 months, by partner."""
    ids = pd.Index(state.network.partner_id.astype(str))
    start = AS_OF - pd.DateOffset(months=YEAR)
    support, paid = tables["support"], tables["incentives"]
    support = support[support["month"] > start]
    cost = support["cost"].fillna(support["hours"] * HOURLY_COST)
    paid = paid[(paid["status"] == "paid") & (paid["paid_on"] > start) & (paid["paid_on"] <= AS_OF)]
    return pd.DataFrame(
        {
            "incentives": paid.groupby("partner_id")["amount"].sum().reindex(ids, fill_value=0.0).to_numpy(),
            "cost_to_serve": cost.groupby(support["partner_id"]).sum().reindex(ids, fill_value=0.0).to_numpy(),
        }
    )


def _programmes(state: State) -> pd.DataFrame:
    course, funding = truth_of_course(state), truth_of_funding(state)
    none = {"effect": 0.0, "lift": 0.0, "pull_forward_share": 0.0}
    rows = [
        {"programme": "SALES-101", "kind": "course", **course, "partners": int((state.course.wave < NEVER).sum()), "identifiable": True},
        {"programme": "TECH-201", "kind": "course", **none, "partners": int((state.course.technical < NEVER).sum()), "identifiable": True},
        {
            "programme": "mdf/campaign",
            "kind": "incentive",
            **funding,
            "partners": int((state.funding.start < NEVER).sum()),
            "identifiable": True,
        },
        {"programme": "spiff/launch", "kind": "incentive", **none, "partners": -1, "identifiable": False},
        {"programme": "rebate/annual", "kind": "incentive", **none, "partners": -1, "identifiable": False},
    ]
    return pd.DataFrame(rows)


def _territories(state: State) -> pd.DataFrame:
    network, months = state.network, state.months
    here = state.lives.alive[:, months - 1]
    count = len(network.places)
    year = _total(expected_revenue(state)[:, max(months - YEAR, 0) : months])
    return pd.DataFrame(
        {
            "territory": list(network.places),
            "region": list(network.regions),
            "selling": np.bincount(network.territory[here], minlength=count),
            "elasticity": state.world.elasticity,
            "recaptured": 1.0 - state.world.elasticity,
            "expected_revenue": np.bincount(network.territory, year, minlength=count),
        }
    )


def _total(cells: Array) -> Array:
    """Sums over months, added up in order so that they are the same bits everywhere."""
    made: Array = np.cumsum(cells, axis=1)[:, -1] if cells.shape[1] else np.zeros(len(cells))
    return made


def write_truth(programme: Programme, folder: Path) -> list[Path]:
    """Write the truth of a programme to `folder`/truth, with the marker that keeps it from being read as data."""
    home = folder / FOLDER
    home.mkdir(parents=True)
    truth = programme.truth
    written = []
    for name, frame in (("partners", truth.partners), ("programmes", truth.programmes), ("territories", truth.territories)):
        written.append(home / f"{name}.csv")
        frame.to_csv(written[-1], index=False, lineterminator="\n")
    about = {
        "seed": programme.state.seed,
        "as_of": str(AS_OF.date()),
        "months": programme.state.months,
        "world": asdict(programme.state.world),
    }
    for name, text in (("world.json", json.dumps(about, indent=2) + "\n"), (SEALED_BY, _NOTE)):
        written.append(home / name)
        written[-1].write_text(text, encoding="utf-8", newline="\n")
    return written
