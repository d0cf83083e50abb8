"""The settings of a made-up client: engagement.yaml, and the note beside its exports."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from prmkit.data.presets import PRESETS
from prmkit.engagement import Engagement
from prmkit.engagement.loading import dump
from prmkit.simulate.exports import EXPORTS
from prmkit.simulate.records.support import HOURLY_COST
from prmkit.simulate.state import AS_OF
from prmkit.simulate.worlds import World

PRESET, MEASURE, CURRENCY = "simulated", "sell_through", "EUR"
_GROWTH = 0.15
_ECONOMICS = {"hourly_cost": HOURLY_COST, "manager_hours": 1_600.0, "partner_cost": 6_000.0, "recruit_cost": 4_000.0}
_PROMISE = {"critical": (1.0, 8.0), "high": (4.0, 24.0), "medium": (8.0, 72.0), "low": (24.0, 120.0)}
_MADE_UP = """# Everything here is made up by `prmkit simulate`: no company, person or sale of it exists.
# What is true of it lies in truth/, which prmkit refuses to read as data.
"""


def settings(world: World, seed: int, tables: Mapping[str, pd.DataFrame]) -> str:
    """The text of engagement.yaml for the canonical tables of a made-up programme, with finance's totals of the clean lines."""
    regions = [str(region) for region in dict.fromkeys(tables["partners"]["region"].dropna())]
    promise = {severity: {"first_response_hours": first, "resolution_hours": solved} for severity, (first, solved) in _PROMISE.items()}
    given: dict[str, Any] = {
        "client": f"Made-up programme ({world.name}, seed {seed})",
        "currency": CURRENCY,
        "as_of": AS_OF.date(),
        "measure": MEASURE,
        "sources": {name: [{"path": "data", "preset": PRESET}] for name in PRESETS.get(PRESET).tables if len(tables[name])},
        "portfolios": {region.casefold(): {"region": [region]} for region in sorted(regions)},
        "goal": {"growth": _GROWTH},
        "economics": _ECONOMICS,
        "control_totals": control_totals(tables["sales"], tables["rates"]),
        "service_promise": promise,
    }
    return _MADE_UP + dump(Engagement.model_validate(given))


def control_totals(sales: pd.DataFrame, rates: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Finance's figures of whole years and of the last four quarters: {period: {measure: EUR}}, exact to the cent.

    revenue and cost of lines sold through partners, direct_revenue of those sold by ourselves.
    """
    average = rates[rates["kind"] != "plan"]
    of_month = average["month"].dt.to_period("M")
    rate = {(str(c), m): Decimal(str(r)) for c, m, r in zip(average["currency"], of_month, average["rate"], strict=True)}
    partner = sales["partner_id"].notna() & (sales["channel"] == MEASURE)
    direct = sales["partner_id"].isna() & (sales["channel"] == "direct")
    by_month = {
        "revenue": _by_month(sales[partner], "revenue", rate),
        "direct_revenue": _by_month(sales[direct], "revenue", rate),
        "cost": _by_month(sales[partner], "cost", rate),
    }
    months = pd.period_range(sales["date"].min(), AS_OF, freq="M")
    return {label: {measure: _total(found, inside) for measure, found in by_month.items()} for label, inside in _periods(months).items()}


def _total(found: Mapping[pd.Period, Decimal], months: Sequence[pd.Period]) -> float:
    return float(round(sum((found.get(month, Decimal(0)) for month in months), Decimal(0)), 2))


def _periods(months: pd.PeriodIndex) -> dict[str, list[pd.Period]]:
    """Whole years within the months, and the last four quarters."""
    found: dict[str, list[pd.Period]] = {}
    for month in months:
        found.setdefault(str(month.year), []).append(month)
    years = {label: inside for label, inside in found.items() if len(inside) == 12}
    quarters: dict[str, list[pd.Period]] = {}
    for month in months:
        quarters.setdefault(f"{month.year}-Q{month.quarter}", []).append(month)
    whole = {label: inside for label, inside in quarters.items() if len(inside) == 3}
    return years | dict(list(whole.items())[-4:])


def _by_month(lines: pd.DataFrame, column: str, rate: Mapping[tuple[str, pd.Period], Decimal]) -> dict[pd.Period, Decimal]:
    """Sums of a column in EUR: whole cents are added up in each currency, then converted."""
    filled = lines[lines[column].notna()]
    cents = pd.Series(np.rint(filled[column].to_numpy() * 100).astype(np.int64), index=filled.index)
    month = filled["date"].dt.to_period("M")
    made: dict[pd.Period, Decimal] = {}
    for currency in filled["currency"].fillna(CURRENCY).unique():
        ours = filled["currency"].fillna(CURRENCY) == currency
        sums = cents[ours].groupby(month[ours]).sum()
        for when, total in zip(sums.index, sums, strict=True):
            factor = Decimal(1) if currency == CURRENCY else rate[str(currency), when]
            made[when] = made.get(when, Decimal(0)) + Decimal(int(total)) / 100 * factor
    return made


def note(files: Collection[str]) -> str:
    """The text of data/README.md: that all is made up, and what each file is."""
    rows = []
    for name in EXPORTS:
        there = [file for file in files if (file.startswith(name[:-1]) if name.endswith("*") else file == name)]
        if there:
            export = EXPORTS.get(name)
            rows.append(f"| `{name}.csv` | {len(there)} | {export.about} | {', '.join(export.tables)} |")
    return "\n".join(
        [
            "# Exports of a made-up programme",
            "",
            "Everything here is made up by `prmkit simulate`: no company, person or sale of it exists. The files are what a",
            f"client's systems would export; the preset `{PRESET}` reads them.",
            "",
            "| file | how many | from | tables |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )
