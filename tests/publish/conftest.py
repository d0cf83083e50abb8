"""A programme's results written by hand, so that pages can be tested without computing anything."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from prmkit.practices.result import Action, Amount, Finding, PracticeName, table
from prmkit.results import Results, by_worth

AS_OF = pd.Timestamp("2026-09-30")
NEEDS = (
    ("know_drivers", None, "No partner has been asked.", "surveys"),
    ("know_worries", None, "No partner has been asked.", "surveys"),
    ("loyalty_index", "attitude", "No partner has been asked.", "surveys"),
    ("enable_training", None, "Nothing says who was trained.", "trainings"),
    ("loyalty_service", None, "There are no tickets.", "tickets"),
    ("reach_coverage", None, "No territory has a market potential.", "territories.market_potential"),
)


def make_finding(
    practice: PracticeName = "prune",
    claim: str = "scorecard.below_hurdle",
    subject: tuple[str, str] = ("portfolio", "all"),
    worth: tuple[float | None, float | None, float | None] = (410_000.0, 250_000.0, 590_000.0),
    **changes: Any,
) -> Finding:
    """A finding with everything in it; `changes` replace its fields."""
    fields: dict[str, Any] = {
        "id": f"{practice}.{claim}:{subject[0]}:{subject[1]}",
        "practice": practice,
        "subject_kind": subject[0],
        "subject_id": subject[1],
        "title": "Eleven partners cost more than they bring",
        "statement": "Eleven partners cost EUR 410k a year more than they bring.",
        "value": Amount(11, 9, 13, "partners", "12 months to 2026-09-30"),
        "worth": Amount(*worth, "EUR", "a year"),
        "confidence": "high",
        "action": Action("Hold the tough conversation with the eleven", "Channel chief", "2026-11-30", "Contribution above zero"),
        "evidence": ("prune_scorecard",),
        "inputs": ("sales", "support"),
    }
    return Finding(**{**fields, **changes})


def make_results(partners: int = 40, findings: tuple[Finding, ...] = (), seed: int = 7, **changes: Any) -> Results:
    """A programme of `partners` with 36 months of sales; `changes` replace fields of run."""
    rng = np.random.default_rng(seed)
    ids = [f"P{number:04d}" for number in range(partners)]
    people = pd.DataFrame(
        {
            "partner_id": ids,
            "name": [f"Partner {number:04d} Systems" for number in range(partners)],
            "partner_type": rng.choice(["reseller", "msp"], partners),
            "tier": rng.choice(["gold", "silver", None], partners),
            "territory": rng.choice(["north", "south"], partners),
            "country": "DE",
            "partner_manager": rng.choice(["Ada Lindqvist", "Bo Meyer"], partners),
        }
    )
    size = rng.lognormal(10, 1, partners)
    run = {
        "results_version": 1,
        "prmkit_version": "0.1.0",
        "started_at": "2026-10-02T08:00:00+00:00",
        "finished_at": "2026-10-02T08:01:00+00:00",
        "seed": 20260930,
        "as_of": "2026-09-30",
        "client": "Example Software",
        "currency": "EUR",
        "locale": "en_GB",
        "measure": "sell_through",
        "portfolio": "all",
        "fingerprint": "0f" * 32,
        "inputs": {"sales": {"files": ["pos.csv"], "rows": 60_855, "preset": "pos", "first": "2023-10-02", "last": "2026-09-30"}},
        "settings": {"privacy": {"min_peers": 5, "min_peers_money": 10}},
        "practices": ["know", "reach", "enable", "loyalty", "prune"],
        "not_computed": [dict(zip(("table", "column", "reason", "needs"), item, strict=True)) for item in NEEDS],
        "warnings": ["The last month looks incomplete."],
        **changes,
    }
    tables = {
        "partner_months": _months(ids, size, rng),
        "prune_scorecard": _scorecard(ids, size, rng),
        "prune_decisions": _decisions(ids, rng),
        "loyalty_risk": _risk(ids, size, rng),
        "enable_compliance": _compliance(ids, rng),
        "know_segments": table("know", "segments", pd.DataFrame({"partner_id": ids, "segment": rng.choice(["A", "B"], partners)})),
        "know_fit": _fit(ids, rng),
    }
    return Results(run, by_worth(list(findings)), tables, people)


def _months(ids: list[str], size: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    frame = pd.MultiIndex.from_product([ids, range(36)], names=["partner_id", "month"]).to_frame(index=False)
    ends = [(AS_OF - pd.DateOffset(months=month)) + pd.offsets.MonthEnd(0) for month in range(36)]
    revenue = np.round(np.repeat(size, 36) * rng.gamma(2, 0.5, len(frame)), 2)
    return frame.assign(
        ends_on=frame["month"].map(dict(enumerate(ends))),
        revenue=revenue,
        gross_margin=np.round(revenue * 0.35, 2),
        orders=rng.poisson(3, len(frame)),
    )


def _scorecard(ids: list[str], size: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    margin = size * 12 * 0.35
    cost = rng.gamma(2, 20_000, len(ids))
    fair = 0.8 * (margin - cost)
    return table(
        "prune",
        "scorecard",
        pd.DataFrame(
            {
                "partner_id": ids,
                "revenue": size * 12,
                "gross_margin": margin,
                "cost_to_serve": cost,
                "contribution": margin - cost,
                "fair_contribution": fair,
                "fair_low": fair - 15_000,
                "fair_high": fair + 15_000,
                "p_below_hurdle": np.clip(0.5 - fair / 100_000, 0.01, 0.99),
                "missing_costs": "training",
            }
        ),
    )


def _decisions(ids: list[str], rng: np.random.Generator) -> pd.DataFrame:
    words = np.array(["grow", "keep", "fix", "exit", "too_early", "not_judged"])
    return table(
        "prune",
        "decisions",
        pd.DataFrame(
            {
                "partner_id": ids,
                "decision": words[np.arange(len(ids)) % 6],
                "value_keep": rng.normal(0, 30_000, len(ids)),
                "value_fix": rng.normal(0, 30_000, len(ids)),
                "value_exit": 0.0,
                "p_decision_right": 0.83,
                "gates": "",
                "review_on": pd.Timestamp("2027-03-31"),
            }
        ),
    )


def _risk(ids: list[str], size: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    chance = rng.beta(2, 8, len(ids))
    return table(
        "loyalty",
        "risk",
        pd.DataFrame(
            {
                "partner_id": ids,
                "probability_alive": 0.9,
                "p_dormant_6m": chance,
                "p_low": chance * 0.6,
                "p_high": np.minimum(chance * 1.5, 1),
                "margin_at_risk": chance * size,
                "first_driver": "Fewer orders than usual",
            }
        ),
    )


def _compliance(ids: list[str], rng: np.random.Generator) -> pd.DataFrame:
    frame = pd.DataFrame({"partner_id": np.repeat(ids, 2), "metric": ["certified_people", "revenue"] * len(ids)})
    return table(
        "enable",
        "compliance",
        frame.assign(
            tier_held="gold", tier_earned="silver", required=4.0, actual=rng.integers(1, 7, len(frame)), unearned_discount=1_234.5
        ),
    )


def _fit(ids: list[str], rng: np.random.Generator) -> pd.DataFrame:
    frame = pd.MultiIndex.from_product([ids, ["Suite", "Guard", "Cloud"]], names=["partner_id", "product_family"]).to_frame(index=False)
    return table(
        "know", "fit", frame.assign(actual_share=rng.choice([0.0, 0.4, 0.6], len(frame)), next_family_value=rng.gamma(2, 4_000, len(frame)))
    )


@pytest.fixture(name="make_finding")
def make_finding_fixture() -> Callable[..., Finding]:
    """The function that makes a finding."""
    return make_finding


@pytest.fixture(name="make_results")
def make_results_fixture() -> Callable[..., Results]:
    """The function that makes a programme's results."""
    return make_results


@dataclass(frozen=True)
class Looked:
    """What a browser without network made of a page: axe's violations, what it asked for, what ran wrong, its width at 320 px."""

    violations: tuple[str, ...]
    requests: tuple[str, ...]
    errors: tuple[str, ...]
    width_at_320: int


@pytest.fixture(scope="module", name="chromium")
def chromium_fixture() -> Iterator[Any]:
    """A browser; skipped where there is none."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("no Chromium on this machine")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(name="look")
def look_fixture(chromium: Any, tmp_path: Path) -> Callable[[str], Looked]:
    """The function that opens a page at 1280 and 375 px without network and says what is wrong with it."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()

    def look(html: str) -> Looked:
        path = tmp_path / "page.html"
        path.write_text(html, encoding="utf-8")
        violations: list[str] = []
        requests: list[str] = []
        errors: list[str] = []
        context = chromium.new_context(viewport={"width": 1280, "height": 800}, offline=True, bypass_csp=True)
        page = context.new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: errors.append(message.text))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("dialog", lambda dialog: (errors.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.goto(path.as_uri())
        for wide in (1280, 375):
            page.set_viewport_size({"width": wide, "height": 800})
            violations += [f"{found['id']}: {found['nodes'][0]['html']}" for found in axe.run(page).response["violations"]]
        page.set_viewport_size({"width": 320, "height": 800})
        width = page.evaluate("document.documentElement.scrollWidth")
        context.close()
        outside = tuple(url for url in requests if not url.startswith("file:"))
        return Looked(tuple(violations), outside, tuple(errors), width)

    return look
