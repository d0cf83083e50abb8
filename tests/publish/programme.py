"""A made-up programme's results with every table of the contract filled, so that every exhibit has something to show."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from prmkit.practices.result import Action, Amount, Finding, columns, table, table_names
from prmkit.results import Results, by_worth

PRACTICES = ("know", "reach", "enable", "loyalty", "prune")
LONG = "Aktiengesellschaft für Bürobedarf und Vertriebsdienstleistungen Süddeutschland Hauptniederlassung & Söhne"
HOSTILE = '<script>alert("x")</script> $\\frac{1}{2}$ & Sons'
NAMES = (LONG, HOSTILE, "شركة التوزيع المتقدمة", "株式会社パートナー", "🚲 Emoji Bikes", "Plain Ltd")
NEEDS = {
    "know_drivers": ("No partner has been asked.", "surveys"),
    "reach_coverage": ("No territory has a market potential.", "territories.market_potential"),
    "enable_training": ("Nothing says who was trained.", "trainings"),
    "loyalty_index": ("No partner has been asked.", "surveys"),
    "prune_whale": ("Sales carry no cost and no margin is given.", "sales.cost"),
}


def ids(count: int) -> list[str]:
    return [f"{number:03d}" for number in range(1, count + 1)]


def people(count: int) -> pd.DataFrame:
    names = [NAMES[rank] if rank < len(NAMES) else f"Partner {rank + 1}" for rank in range(count)]
    return pd.DataFrame({"partner_id": ids(count), "name": names, "territory": "north"})


def filled(practice: str, name: str, count: int, rng: np.random.Generator) -> pd.DataFrame:
    """`count` rows that obey the contract; low <= value <= high where a column has a range."""
    spec = columns(practice, name)
    made: dict[str, Any] = {}
    for column, word in spec.items():
        if column == "partner_id":
            made[column] = ids(count)
        elif "|" in word:
            words = [part.strip() for part in word.split("|")]
            made[column] = [words[rank % len(words)] for rank in range(count)]
        elif word == "string":
            made[column] = [f"{column.replace('_', ' ')} {rank + 1}" for rank in range(count)]
        elif word == "date":
            made[column] = pd.date_range("2026-10-31", periods=count, freq="ME")
        elif word == "boolean":
            made[column] = [rank % 2 == 0 for rank in range(count)]
        elif word == "integer":
            made[column] = rng.integers(0, 50, count)
        else:
            scale = {"currency": 200_000, "fraction": 1, "hours": 40}.get(word, 30)
            made[column] = rng.random(count) * scale
    frame = pd.DataFrame(made)
    for low in [column for column in frame if column.endswith("low") and spec[column] not in {"string"}]:
        high = low.removesuffix("low") + "high"
        value = {"low": None}.get(low, low.removesuffix("_low"))
        if high in frame:
            ends = np.sort(rng.random((count, 2)) * frame[[low, high]].max(axis=None), axis=1)
            frame[low], frame[high] = ends[:, 0], ends[:, 1]
            if value in frame and spec[value] != "string":
                frame[value] = ends.mean(axis=1)
    return table(practice, name, frame)


def _fit(rng: np.random.Generator, count: int) -> pd.DataFrame:
    """An offer to each partner, with its range, and how its kind and others sell the family."""
    value = rng.random(count) * 20_000
    return filled("know", "fit", count, rng).assign(
        next_family_value=value,
        value_low=value / 2,
        value_high=value * 2,
        value_is="margin",
        recommended=True,
        chance=rng.random(count),
        first_year=value * 9,
        kind=[f"reseller, {('smallest', 'largest')[rank % 2]} third" for rank in range(count)],
        sold_by_kind=rng.random(count) / 2,
        sold_by_others=0.5 + rng.random(count) / 2,
        of_kind=20.0,
    )


def own(rng: np.random.Generator, count: int) -> dict[str, pd.DataFrame]:
    """Tables whose rows hang together."""
    contribution = np.sort(rng.normal(20_000, 40_000, count))[::-1]
    fair = 0.6 * contribution
    return {
        "know_revenue": table(
            "know",
            "revenue",
            pd.DataFrame(
                {
                    "year": [2024, 2024, 2025, 2025, 2026, 2026],
                    "territory": "north",
                    "route": ["partner", "direct"] * 3,
                    "partners": [20, None, 24, None, 26, None],
                    "revenue": [21e6, 9e6, 25e6, 10e6, 30_400_000.0, 12e6],
                }
            ),
        ),
        "know_concentration": table(
            "know",
            "concentration",
            pd.DataFrame(
                {
                    "measure": ["top_10_share", "top_20_share", "hhi", "gini", "effective_partners"],
                    "value": [0.34, 0.52, 0.021, 0.61, 47],
                    "low": [0.31, 0.49, 0.018, 0.58, 41],
                    "high": [0.38, 0.56, 0.024, 0.64, 55],
                }
            ),
        ),
        "know_fit": table("know", "fit", _fit(rng, count)),
        "reach_plan": table(
            "reach",
            "plan",
            pd.DataFrame(
                {
                    "territory": ["all", "north", "south"],
                    "goal": [50e6, 30e6, 20e6],
                    "baseline": [41e6, 26e6, 15e6],
                    "baseline_low": [37e6, 23e6, 13e6],
                    "baseline_high": [45e6, 29e6, 18e6],
                    "productive_partners": [410, 260, 150],
                    "recruits_naive": [49.0, 30, 19],
                    "recruits_p50": [61.0, 37, 24],
                    "recruits_p80": [70.0, 43, 28],
                    "recruits_p90": [79.0, 49, 33],
                    "probability_now": [0.07, 0.2, 0.1],
                }
            ),
        ),
        "reach_waterfall": table(
            "reach",
            "waterfall",
            pd.DataFrame(
                {
                    "step": ["Plain division", "New partners ramp up", "Some never sell", "Growth of today's", "Recommended"],
                    "recruits": [49, 20.0, 15, -14, 70],
                }
            ),
        ),
        "reach_calendar": table(
            "reach",
            "calendar",
            pd.DataFrame(
                {
                    "month": pd.date_range("2026-10-31", periods=12, freq="ME"),
                    "territory": "all",
                    "recruits_to_sign": [6.0] * 10 + [5.0] * 2,
                    "revenue_p10": np.linspace(3.0e6, 3.4e6, 12),
                    "revenue_p50": np.linspace(3.4e6, 4.2e6, 12),
                    "revenue_p90": np.linspace(3.8e6, 5.1e6, 12),
                }
            ),
        ),
        **_reach_count(),
        "reach_backtests": table(
            "reach",
            "backtests",
            pd.DataFrame(
                {
                    "origin": pd.to_datetime(["2024-09-30", "2025-03-31", "2025-09-30"]),
                    "months": [12, 12, 12],
                    "partners": [380, 395, 402],
                    "expected": [30e6, 33e6, 36e6],
                    "low": [26e6, 29e6, 32e6],
                    "high": [34e6, 37e6, 40e6],
                    "seen": [31e6, 38e6, 35e6],
                    "naive": [28e6, 32e6, 39e6],
                    "quantile": [0.65, 0.98, 0.33],
                    "inside": [True, False, True],
                }
            ),
        ),
        "reach_price_erosion": table(
            "reach",
            "price_erosion",
            pd.DataFrame(
                {
                    "quoting_partners": [1, 2, 3],
                    "deals": [420, 130, 40],
                    "customers": [210, 90, 30],
                    "discount": [0.12, 0.19, 0.26],
                    "adjusted": [0.12, 0.15, 0.177],
                    "low": [0.12, 0.14, 0.15],
                    "high": [0.12, 0.16, 0.204],
                }
            ),
        ),
        "loyalty_backtest": _backtest("loyalty", 0.78, 0.71),
        "prune_backtest": _backtest("prune", 0.66, 0.7),
        "prune_whale": table(
            "prune",
            "whale",
            pd.DataFrame({"rank": np.arange(1, count + 1), "partner_id": ids(count), "cumulative_contribution": contribution.cumsum()}),
        ),
        "prune_scorecard": table(
            "prune",
            "scorecard",
            pd.DataFrame(
                {
                    "partner_id": ids(count),
                    "revenue": 100_000.0,
                    "contribution": contribution,
                    "fair_contribution": fair,
                    "fair_low": fair - 15_000,
                    "fair_high": fair + 15_000,
                    "p_below_hurdle": np.linspace(0.01, 0.99, count),
                }
            ),
        ),
    }


def _reach_count() -> dict[str, pd.DataFrame]:
    """Signing, onboarding, the funnel and yields of the made-up programme's plan."""
    ends = pd.date_range("2026-10-31", periods=12, freq="ME")
    worth = np.linspace(60_000.0, 2_000.0, 12)
    months = pd.DataFrame(
        {
            "kind": "month",
            "signing": ends.strftime("%Y-%m-%d"),
            "begins": ends - pd.Timedelta(days=30),
            "ends": ends,
            "revenue": worth,
            "revenue_low": 0.8 * worth,
            "revenue_high": 1.3 * worth,
            "against_first": worth / worth[0],
        }
    )
    paces = pd.DataFrame(
        {
            "kind": "pace",
            "signing": ["first_month", "first_quarter", "evenly", "last_half"],
            "ends": ends[[0, 2, 11, 11]],
            "revenue": [60_000.0, 55_000.0, 30_000.0, 15_000.0],
            "recruits_asked": [40.0, 44.0, 70.0, 150.0],
        }
    )
    stages = [("qualified", "contacted", 0.45), ("signed", "qualified", 0.4), ("first_sale", "signed", 0.7), ("signed", "contacted", 0.18)]
    funnel = [
        {"group": "all", "name": "all", "stage": stage, "of_stage": of, "cases": 400, "passed": int(400 * share), "share": share}
        | {"share_low": share - 0.03, "share_high": share + 0.04, "months": 4.2, "open": 30, "cost": 6_750.0}
        for stage, of, share in stages
    ]
    funnel += [{**funnel[-1], "group": "territory", "name": name, "open": None, "cost": None} for name in ("north", HOSTILE)]
    yields = pd.DataFrame(
        {
            "partner_type": ["all", "all", "reseller", "msp"],
            "age": ["all", "under 1 year", "all", "all"],
            "partners": [410, 60, 300, 110],
            "mean": [95_000.0, 70_000.0, 80_000.0, 140_000.0],
            "low": [85_000.0, 50_000.0, 70_000.0, 110_000.0],
            "high": [108_000.0, 95_000.0, 92_000.0, 170_000.0],
            "median": [40_000.0, 35_000.0, 33_000.0, 70_000.0],
            "drawn": [95_000.0, 80_000.0, 82_000.0, 130_000.0],
            "recruit_year": [28_000.0, None, 24_000.0, 40_000.0],
            "tenth_share": [0.48, 0.4, 0.45, 0.41],
            "tenth_lognormal": [0.42, 0.41, 0.41, 0.4],
            "heavy_tail": [True, False, False, False],
        }
    )
    onboarding = pd.DataFrame(
        {
            "basis": ["hours", "most_seen"],
            "per_month": [4.0, 3.3],
            "per_month_low": [3.1, None],
            "per_month_high": [5.2, None],
            "managers": [12, None],
            "hours_each": [48.0, None],
            "asked": 70.0,
            "asked_per_month": 6.0,
            "reachable": [48.0, 40.0],
            "chance": [0.41, 0.33],
            "binding": True,
            "means": ["hours that older partners leave", "the most in any three months"],
        }
    )
    return {
        "reach_signing": table("reach", "signing", pd.concat([months, paces], ignore_index=True)),
        "reach_onboarding": table("reach", "onboarding", onboarding),
        "reach_funnel": table("reach", "funnel", pd.DataFrame(funnel)),
        "reach_yields": table("reach", "yields", yields),
    }


def _backtest(practice: str, model: float, naive: float) -> pd.DataFrame:
    rows = {
        "measure": ["auc", "expected_events", "observed_events"],
        "model": [model, 41.2, 38],
        "naive": [naive, 60, None],
        "n": [400, 400, 400],
    }
    return table(practice, "backtest", pd.DataFrame(rows))


def finding(practice: Any, claim: str, subject: tuple[Any, str] = ("portfolio", "all"), worth: float | None = 410_000.0) -> Finding:
    range_ = (None, None) if worth is None else (worth * 0.6, worth * 1.4)
    return Finding(
        id=f"{practice}.{claim}:{subject[0]}:{subject[1]}",
        practice=practice,
        subject_kind=subject[0],
        subject_id=subject[1],
        title=f"{claim.rsplit('.', 1)[-1].replace('_', ' ').capitalize()} at {HOSTILE}",
        statement="The claim with its numbers, in a sentence.",
        value=Amount(11, 9, 13, "partners"),
        worth=Amount(worth, *range_, "EUR", "a year"),
        confidence="medium",
        action=Action("Hold the conversation", "Channel chief", "2026-11-30", "Contribution above zero"),
        evidence=(f"{practice}_{claim.split('.', 1)[0]} {subject[1]}",),
        inputs=("sales",),
        caveats=("Cost to serve leaves out tickets.",),
    )


def run(**changes: Any) -> dict[str, Any]:
    not_computed = [{"table": key, "column": None, "reason": why, "needs": needs} for key, (why, needs) in NEEDS.items()]
    return {
        "results_version": 1,
        "prmkit_version": "0.1.0",
        "started_at": "2026-10-02T08:00:00+00:00",
        "finished_at": "2026-10-02T08:01:00+00:00",
        "seed": 20260930,
        "as_of": "2026-09-30",
        "client": f"Example {HOSTILE}",
        "currency": "EUR",
        "locale": "en_GB",
        "measure": "sell_through",
        "portfolio": "all",
        "fingerprint": "0f" * 32,
        "inputs": {"sales": {"files": ["pos.csv"], "rows": 60_855, "preset": "pos", "first": "2023-10-02", "last": "2026-09-30"}},
        "settings": {},
        "practices": list(PRACTICES),
        "not_computed": not_computed,
        "warnings": ["The last month looks incomplete."],
        **changes,
    }


def full(count: int = 26, seed: int = 3) -> Results:
    """Every table filled."""
    rng = np.random.default_rng(seed)
    tables = {f"{practice}_{name}": filled(practice, name, count, rng) for practice in PRACTICES for name in table_names(practice)}
    tables |= own(rng, count)
    tables["readiness"] = pd.DataFrame(
        {
            "practice": ["know", "reach"],
            "table": ["revenue", "coverage"],
            "status": ["ready", "missing"],
            "needs": ["sales", "territories with a market potential"],
            "coverage": [1.0, 0.0],
            "effect": ["", "White space cannot be priced."],
            "lacks": ["", "territories.market_potential"],
        }
    )
    tables["reconciliation"] = pd.DataFrame(
        {
            "period": ["2025"],
            "measure": ["revenue"],
            "ours": [25e6],
            "theirs": [25.4e6],
            "difference": [-0.4e6],
            "explained_by": ["returns"],
        }
    )
    findings = [
        finding(practice, f"{table_names(practice)[0]}.claim", worth=410_000.0 - 10_000 * rank) for rank, practice in enumerate(PRACTICES)
    ]
    findings += [finding("loyalty", "renewals.low", ("partner", partner), 9_000.0 + rank) for rank, partner in enumerate(ids(12))]
    findings.append(finding("loyalty", "risk.unpriced", worth=None))
    return Results(run(not_computed=[]), by_worth(findings), tables, people(count))


def empty() -> Results:
    """Nothing could be computed; the reasons of some tables are given."""
    return Results(run(), (), {}, people(0))
