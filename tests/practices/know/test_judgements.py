"""What managers believe, against two years of sales and against what partners say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from prmkit.data.portfolio import Portfolio, open_portfolio
from prmkit.practices import know
from prmkit.practices.know.segments.sure_change import sure_change
from prmkit.practices.know.voices.judgements import believed, judgements
from prmkit.practices.result import Finding
from tests.data.handmade import client, line


def said(partner: str, question: str, answer: str | None, on: str = "2025-12-01", by: str = "Ann") -> dict[str, Any]:
    return {"partner_id": partner, "question": question, "answer": answer, "judged_by": by, "judged_on": pd.Timestamp(on)}


def partner(number: int) -> str:
    return f"P{number:03}"


def opened(folder: Path, estimates: list[dict[str, Any]], levels: list[tuple[float, float]], months: int = 24, **more: Any) -> Portfolio:
    """Partners that buy every month around a level: (a year ago, now); the first is the largest."""
    rng, lines = np.random.default_rng(5), []
    for number, (before, now) in enumerate(levels):
        for back in range(months):
            day = pd.Timestamp("2025-12-15") - pd.DateOffset(months=back)
            level = now if back < 12 else before
            amount = level * rng.gamma(20, 1 / 20)
            lines.append(line(str(day.date()), partner(number), f"{amount:.2f}"))
    partners = [{"partner_id": partner(number), "name": f"Firm {number}"} for number in range(len(levels))]
    settings = {"as_of": "2025-12-31", "currency": "USD", **more.pop("settings", {})}
    folder.mkdir(exist_ok=True)
    return open_portfolio(client(folder, lines, settings, partners=partners, estimates=estimates, **more))


LEVELS = [(30000.0, 30000.0), (16000.0, 6000.0), (2000.0, 6000.0), *[(1000.0, 1000.0)] * 37]


def named(portfolio: Portfolio) -> dict[str, Finding]:
    return {finding.id.split(":")[0]: finding for finding in know.assess(portfolio).findings if ".judgements." in finding.id}


def test_answers_are_counted_with_revenue_and_wilsons_interval(tmp_path: Path) -> None:
    told = [said(partner(n), "relationship", "one" if n < 3 else "two_or_more" if n < 9 else None) for n in range(10)]
    portfolio = opened(tmp_path, told, LEVELS)
    rows = judgements(portfolio).set_index("answer")
    assert rows.index.tolist() == ["two_or_more", "one", "weak", "not_known"]
    assert rows["partners"].tolist() == [6, 3, 0, 1]
    bought = portfolio.per_partner()
    assert rows.loc["one", "revenue"] == pytest.approx(bought.iloc[:3].sum())
    assert rows.loc["one", ["share", "share_low", "share_high"]].tolist() == pytest.approx(
        [1 / 3, *proportion_confint(3, 9, alpha=0.1, method="wilson")]
    )
    assert rows.loc["weak", "share"] == 0
    assert np.isnan(rows.loc["not_known", "share"])


def test_the_latest_judgement_counts_and_strangers_do_not(tmp_path: Path) -> None:
    told = [
        said("P000", "outlook", "growing", "2025-01-01", "Zoe"),
        said("P000", "outlook", "leaving", "2025-11-01"),
        said("P000", "portfolio_role", "main_line"),
        said("P001", "outlook", "a word of our own"),
        said("NOBODY", "outlook", "growing"),
    ]
    rows = believed(opened(tmp_path, told, LEVELS)).set_index("partner_id")
    assert rows["answer"].to_dict() == {"P000": "leaving", "P001": "not_known"}


def test_sales_contradict_an_outlook_only_where_luck_does_not_explain_it(tmp_path: Path) -> None:
    told = [said(partner(n), "outlook", {0: "steady", 1: "growing", 2: "leaving"}.get(n, "growing")) for n in range(40)]
    portfolio = opened(tmp_path, told, LEVELS)
    rows = believed(portfolio)
    assert rows.loc[rows["against"], "partner_id"].tolist() == ["P001", "P002"]
    table = judgements(portfolio).set_index("answer")
    assert table["against"].to_dict() == {"growing": 1, "steady": 0, "shrinking": 0, "leaving": 1, "not_known": 0}
    assert table["compared"].sum() == 40
    found = named(portfolio)
    down = found["know.judgements.said_up"]
    assert down.title == "1 partner said to grow or hold clearly fell by a quarter in the last year"
    bought, before = portfolio.per_partner(), portfolio.per_partner(first=12)
    assert down.value.amount == pytest.approx(before["P001"] - bought["P001"])
    assert "Firm 1." in down.statement
    assert "Firm 2." in found["know.judgements.said_down"].statement
    assert down.worth.amount is None


def test_large_partners_on_one_person_are_named_with_their_revenue(tmp_path: Path) -> None:
    told = [said("P000", "relationship", "weak"), said("P002", "relationship", "one"), said("P030", "relationship", "one")]
    portfolio = opened(tmp_path, told, LEVELS)
    finding = named(portfolio)["know.judgements.few_ties"]
    bought = portfolio.per_partner()
    half = bought.sort_values(ascending=False).cumsum()
    large = set(half.index[: int((half < bought.sum() / 2).sum()) + 1])
    assert {"P000", "P002"} <= large
    assert "P030" not in large
    assert finding.value.amount == pytest.approx(bought["P000"] + bought["P002"])
    assert finding.title.startswith("2 partners behind half of the revenue hang on one person: USD ")
    assert "1 of them on nobody we could call" in finding.statement
    assert finding.statement.endswith("Largest: Firm 0, Firm 2.")
    safe = [said("P000", "relationship", "two_or_more"), said("P030", "relationship", "one")]
    assert "know.judgements.few_ties" not in named(opened(tmp_path / "safe", safe, LEVELS))


def answers(texts: list[str]) -> list[dict[str, Any]]:
    day = pd.Timestamp("2025-10-01")
    return [
        {
            "response_id": f"R{n:03}", "respondent": "partner", "partner_id": partner(n), "date": day, "question_id": "worry", "text": text,
        }
        for n, text in enumerate(texts)
    ]  # fmt: skip


def test_managers_and_partners_disagree_where_chance_does_not_explain_it(tmp_path: Path) -> None:
    told = [said(partner(n), "held_back", "skills" if n < 30 else "margin") for n in range(40)]
    surveys = answers(["The margin"] * 30 + ["We find no engineers"] * 10)
    portfolio = opened(tmp_path, told, LEVELS, surveys=surveys)
    table = judgements(portfolio).set_index("answer")
    assert table.loc[["skills", "margin"], "share"].tolist() == [0.75, 0.25]
    assert table.loc[["skills", "margin"], "said_share"].tolist() == [0.25, 0.75]
    assert table.loc[["demand", "attention", "nothing"], "said_share"].isna().all(), "nobody's own words may be told of these"
    found = named(portfolio)["know.judgements.disagree"]
    assert found.value.amount in (pytest.approx(0.5), pytest.approx(-0.5))
    assert "25%" in found.title
    assert "75%" in found.title
    alike = answers(["The margin"] * 12 + ["We find no engineers"] * 28)
    assert "know.judgements.disagree" not in named(opened(tmp_path / "alike", told, LEVELS, surveys=alike))


def test_own_words_never_tell_of_a_theme_that_is_not_shown(tmp_path: Path) -> None:
    """Skills are two themes: the one that three name is not in the sum, or the sum less the other would tell of three."""
    told = [said(partner(n), "held_back", "skills") for n in range(12)]
    surveys = answers(["We find no engineers"] * 8 + ["too many courses"] * 3 + ["zzz"] * 9)
    table = judgements(opened(tmp_path, told, LEVELS, surveys=surveys)).set_index("answer")
    assert table.loc["skills", "said_share"] == pytest.approx(8 / 20)


def test_less_than_two_years_contradict_nothing(tmp_path: Path) -> None:
    told = [said(partner(n), "outlook", "growing") for n in range(40)]
    portfolio = opened(tmp_path, told, LEVELS, months=18)
    result = know.assess(portfolio)
    assert result.tables["judgements"]["against"].fillna(0).sum() == 0
    assert ("judgements", "against") in {(one.table, one.column) for one in result.not_computed}
    assert not [one for one in result.findings if ".judgements.said" in one.id]


def test_nobody_judged(tmp_path: Path) -> None:
    result = know.assess(opened(tmp_path, [], LEVELS[:3], months=3))
    assert result.tables["judgements"].empty
    (why,) = [one for one in result.not_computed if one.table == "judgements"]
    assert (why.reason, why.needs) == ("no partner manager has judged these partners", "estimates")


def test_momentum_by_hand(tmp_path: Path) -> None:
    """Twelve months on either side, each amount with a squared variation of 1/20: a fall to three eighths is beyond doubt, none is none."""
    made = sure_change(opened(tmp_path, [], LEVELS))
    assert made.loc["P001", "fell"] > 0.99
    assert made.loc["P002", "grew"] > 0.99
    assert made.iloc[3:][["fell", "grew"]].max().max() < 0.5
    assert made.iloc[3:][["fell", "grew"]].mean().max() < 0.05
    gone = [*LEVELS[:3], (1000.0, 0.0)]
    few = sure_change(opened(tmp_path / "few", [], gone))
    assert few.loc["P003", "fell"] == pytest.approx(1 - 1.75**-12, abs=1e-9), "four buyers teach no luck: as if at random"
    assert few.loc["P003", "grew"] == 0


def test_a_portfolio_shows_the_same_partners_in_the_same_way(tmp_path: Path) -> None:
    told = [said(partner(n), "outlook", "growing") for n in range(40)]
    portfolio = opened(tmp_path, told, LEVELS, settings={"portfolios": {"few": {"partner_id": ["P001", "P003"]}}})
    few = believed(open_portfolio(portfolio.client, "few")).set_index("partner_id")
    pd.testing.assert_frame_equal(few, believed(portfolio).set_index("partner_id").loc[["P001", "P003"]])
