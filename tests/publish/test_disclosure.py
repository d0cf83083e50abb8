"""A partner's edition says nothing of anyone else, and nothing that we keep to ourselves."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from prmkit.errors import PrmkitError
from prmkit.practices.result import Finding, columns, contract, table
from prmkit.publish import words
from prmkit.publish.disclosure import PARTNER_MAY_READ, view
from prmkit.publish.partner import PartnerReport
from prmkit.results import Results

Make = Callable[..., Results]
MakeFinding = Callable[..., Finding]
COST = 777_123.45
OURS = (
    "GATECANARY",
    "COSTCANARY",
    "RISKCANARY",
    "SEGMENTCANARY",
    "CLAIMCANARY",
    "STEPCANARY",
    "MANAGERCANARY",
    "WARNINGCANARY",
    "REASONCANARY",
)


def page(results: Results, partner_id: str, edition: str = "partner") -> str:
    return PartnerReport.of(results, partner_id, edition).document()


def with_canaries(results: Results, make_finding: MakeFinding) -> Results:
    """The same programme with a word that we keep to ourselves in every place that has room for one."""
    tables = dict(results.tables)
    tables["prune_scorecard"] = tables["prune_scorecard"].assign(missing_costs="COSTCANARY", cost_to_serve=COST)
    tables["prune_decisions"] = tables["prune_decisions"].assign(gates="GATECANARY", decision="exit")
    tables["loyalty_risk"] = tables["loyalty_risk"].assign(first_driver="RISKCANARY", second_driver="RISKCANARY")
    tables["know_segments"] = tables["know_segments"].assign(segment="SEGMENTCANARY")
    tables["enable_compliance"] = tables["enable_compliance"].assign(unearned_discount=COST, note="COSTCANARY")
    tables["know_secret"] = pd.DataFrame({"partner_id": results.partners["partner_id"], "secret": "COSTCANARY"})
    findings = tuple(
        make_finding(title="CLAIMCANARY", statement="CLAIMCANARY", subject=("partner", partner))
        for partner in results.partners["partner_id"]
    )
    run = {**results.run, "warnings": ["WARNINGCANARY"], "portfolio": "WARNINGCANARY"}
    run["not_computed"] = [{"table": "enable_training", "column": None, "reason": "REASONCANARY", "needs": "trainings"}]
    partners = results.partners.assign(partner_manager="MANAGERCANARY", differentiator="CLAIMCANARY", parent_partner_id="P0001")
    return Results(run, findings, tables, partners)


def test_no_other_partner_is_in_a_partners_edition(make_results: Make, make_finding: MakeFinding) -> None:
    """Every partner's page is searched for every other's name, id and exact values: text, attributes, drawings and all."""
    results = with_canaries(make_results(partners=24), make_finding)
    sums = results.tables["partner_months"].query("month < 12").groupby("partner_id")["revenue"].sum()
    names = dict(zip(results.partners["partner_id"], results.partners["name"], strict=True))
    for partner in names:
        html = page(results, partner)
        assert names[partner] in html
        for other, name in names.items():
            if other != partner:
                assert name not in html
                assert not re.search(rf"\b{other}\b", html)
                assert words.money(sums[other], "EUR", full=True) not in html
                assert f"{sums[other]:.0f}" not in html
        assert "at least 20 partners" in html or "at least 10 partners" in html


def test_what_we_keep_to_ourselves_is_not_in_it(make_results: Make, make_finding: MakeFinding) -> None:
    results = with_canaries(make_results(partners=24), make_finding)
    html = page(results, "P0003")
    assert [word for word in OURS if word in html] == []
    for said in ("777", "Risk of silence", "cost to serve", "Cost to serve", "Internal", "Bring", "parting", "confidence"):
        assert said not in html
    internal = page(results, "P0003", "internal")
    for word in ("GATECANARY", "COSTCANARY", "Riskcanary", "SEGMENTCANARY", "CLAIMCANARY", "MANAGERCANARY"):
        assert word.lower() in internal.lower()


def test_a_partners_page_does_not_depend_on_the_exact_numbers_of_others(make_results: Make) -> None:
    """Others renamed and every number of theirs moved a little: the page is the same to the letter."""
    results = make_results(partners=60)
    others = results.partners["partner_id"] != "P0007"
    moved = {}
    for name, frame in results.tables.items():
        theirs = frame["partner_id"] != "P0007"
        money = [column for column in frame.select_dtypes("float64") if frame[column].notna().any()]
        moved[name] = frame.assign(**{column: frame[column].where(~theirs, frame[column] * 1.0007) for column in money})
    renamed = results.partners.assign(name=results.partners["name"].where(~others, "Somebody Else Ltd"))
    changed = Results(results.run, results.findings, moved, renamed)
    assert "the middle half of at least" in page(results, "P0007")
    assert page(changed, "P0007") == page(results, "P0007")


def test_a_band_of_few_peers_is_not_shown(make_results: Make) -> None:
    few = make_results(partners=8)
    assert view(few, "P0001", "partner").peers is None
    html = page(few, "P0001")
    assert "Too few peers to show" in html
    assert "Peers are shown from ten others on" in html


def test_the_number_of_peers_is_the_engagements(make_results: Make) -> None:
    few = make_results(partners=8, settings={"privacy": {"min_peers": 3, "min_peers_money": 5}})
    assert view(few, "P0001", "partner").peers is not None


def test_only_listed_columns_reach_a_partner(make_results: Make, make_finding: MakeFinding) -> None:
    seen = view(with_canaries(make_results(partners=12), make_finding), "P0003", "partner")
    assert set(seen.tables) <= set(PARTNER_MAY_READ)
    assert list(seen.tables["enable_compliance"].columns) == ["tier_held", "tier_earned", "metric", "required", "actual"]
    assert set(seen.months.columns) == {"month", "ends_on", "revenue", "orders"}
    assert seen.findings == ()
    assert seen.not_computed == ()
    assert set(seen.partner) <= {"partner_id", "name", "partner_type", "tier", "territory", "region", "country", "joined_on"}
    assert "portfolio" not in seen.facts
    assert "warnings" not in seen.facts


def test_what_a_partner_may_read_is_in_the_contract() -> None:
    for name, readable in PARTNER_MAY_READ.items():
        practice, _, of = name.partition("_")
        if practice in contract():
            assert set(readable) <= set(columns(practice, of))


def test_months_without_a_sale_are_nought_and_none_is_missing(make_results: Make) -> None:
    results = make_results(partners=3)
    months = results.tables["partner_months"]
    thin = months[(months["partner_id"] != "P0000") | months["month"].isin([2, 30])]
    seen = view(replace(results, tables={**results.tables, "partner_months": thin}), "P0000", "internal").months
    assert len(seen) == 36
    assert seen["month"].tolist() == list(range(35, -1, -1))
    assert str(seen["ends_on"].iloc[-1].date()) == "2026-09-30"
    assert (seen["revenue"] > 0).sum() == 2


def test_a_partner_or_an_edition_that_is_not_there_names_the_nearest(make_results: Make) -> None:
    results = make_results(partners=40)
    with pytest.raises(PrmkitError, match=r"There is no partner 'P003' in this portfolio. Nearest: 'P0003' \(Partner 0003 Systems\)"):
        view(results, "P003")
    with pytest.raises(PrmkitError, match="'P0012'"):
        view(results, "Partner 0012 Sistems")
    with pytest.raises(PrmkitError, match="It has 40 partners"):
        view(results, "\u2603")
    with pytest.raises(PrmkitError, match="There is no edition 'parter'"):
        view(results, "P0003", "parter")


def test_an_id_is_matched_as_it_is_written(make_results: Make) -> None:
    with pytest.raises(PrmkitError):
        view(make_results(partners=3), "p0001")


def test_an_empty_table_of_months_is_no_history(make_results: Make) -> None:
    results = make_results(partners=2)
    none = replace(results, tables={"prune_scorecard": table("prune", "scorecard")})
    assert view(none, "P0001", "partner").months.empty
    assert "We have no sales of yours on record" in page(none, "P0001")
