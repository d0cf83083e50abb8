"""Segments of a client: discovered where there are some, by rule where there are none, and never a partner left out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score, homogeneity_score

from prmkit.data.portfolio import Portfolio, open_portfolio
from prmkit.practices import know
from prmkit.practices.know.segments.segment_blocks import Block, Column, behaviour_block, growth_since, needs_block
from prmkit.practices.know.segments.segment_words import contrasts, names, rule, treatment
from prmkit.practices.know.segments.segments import members, probabilities, segmentation, summary
from prmkit.practices.phrases import Phrases
from prmkit.practices.survey import voices
from prmkit.prove.survey_programme import Survey, crowd, segmented, survey_portfolio
from tests.data.handmade import client, line

SAY = Phrases("EUR", "en_GB")


@pytest.fixture(scope="module")
def surveyed() -> tuple[Survey, Portfolio]:
    survey = segmented(400, 2)
    return survey, survey_portfolio(survey)


def test_four_true_segments_are_found_named_and_described(surveyed: tuple[Survey, Portfolio]) -> None:
    survey, portfolio = surveyed
    found = segmentation(portfolio)
    rows, chances, segments = members(portfolio, found), probabilities(portfolio, found), summary(portfolio, found)
    assert found.kind.startswith("discovered by what partners say they need: 4 groups")
    assert adjusted_rand_score(survey.group, rows["segment"]) > 0.6
    assert chances.groupby("partner_id")["probability"].sum().to_numpy() == pytest.approx(np.ones(400))
    top = chances.groupby("partner_id")["probability"].max()
    assert top.to_numpy() == pytest.approx(rows.set_index("partner_id")["membership"].loc[top.index].to_numpy())
    assert rows["placed_by"].eq("answers").sum() == (np.isfinite(survey.answers).sum(axis=1) >= 6).sum() == 399
    assert segments["segment"].is_unique
    assert segments["segment"].drop_duplicates().str.startswith("wants item").sum() == 4
    assert segments["stability"].min() > 0.5
    assert segments["partners"].sum() == 400
    assert segments["rule_hits"].min() > 0.4
    assert segments["treatment"].str.startswith("Lead with item").sum() == 4


def test_a_rule_does_what_it_says(surveyed: tuple[Survey, Portfolio]) -> None:
    """Each rule, worked out again from its words on the answers themselves, finds the share of partners that it claims."""
    _, portfolio = surveyed
    found = segmentation(portfolio)
    block = needs_block(portfolio, voices(portfolio))
    assert block is not None
    known = dict(zip([column.name for column in block.columns], block.raw.T, strict=True))
    for row in summary(portfolio, found).dropna(subset="rule_hits").itertuples():
        holds = np.ones(len(block), dtype=bool)
        for part in row.rule.split(". Finds ")[0].split(" and rates "):
            words = part.removeprefix("Rates ").split(" ")
            values, text = known[" ".join(words[:2])], " ".join(words[2:])
            cut = float(next(word for word in words[2:] if word.replace(".", "").isdigit()))
            if "above" in text:
                holds &= values >= cut if "at least" in text else values <= cut
            else:
                holds &= values >= -cut if "no more than" in text else values <= -cut
        mine = (found.rows["segment"] == row.segment).to_numpy()[block.place]
        assert (holds & mine).sum() / mine.sum() == pytest.approx(row.rule_hits, abs=1e-6)
        assert (holds & mine).sum() / holds.sum() == pytest.approx(row.rule_right, abs=1e-6)


@pytest.mark.parametrize("kind", ["alike", "one scale", "skewed scale", "heavy tails", "extremes together"])
def test_where_there_are_no_segments_size_and_momentum_stay(kind: str) -> None:
    portfolio = survey_portfolio(crowd(kind, 250, 3))  # type: ignore[arg-type]
    found = segmentation(portfolio)
    assert found.kind.startswith("rule based, not discovered")
    assert not found.choice["chosen"].any() or found.choice.loc[found.choice["chosen"], "k"].eq(1).all()
    assert found.choice["why"].str.len().min() > 10
    assert set(found.rows["segment"]) == {"never bought"}


def test_few_answers_make_a_fixed_number_of_groups_and_say_so() -> None:
    survey = segmented(60, 2)
    found = segmentation(survey_portfolio(survey))
    assert found.kind.startswith("rule based, not discovered: 3 groups of what 60 partners say they need, their number fixed")
    assert found.choice.empty
    assert found.rows["segment"].nunique() == 3
    assert adjusted_rand_score(survey.group, found.rows["segment"]) > 0.3
    assert segmentation(survey_portfolio(segmented(40, 2))).rows["segment"].nunique() == 2
    assert segmentation(survey_portfolio(segmented(25, 2))).basis == "size and momentum"


def test_a_style_of_ticking_high_or_low_moves_nobody(surveyed: tuple[Survey, Portfolio]) -> None:
    survey, portfolio = surveyed
    style = np.random.default_rng(0).integers(-2, 3, (400, 1))
    one = needs_block(portfolio, voices(portfolio))
    other_portfolio = survey_portfolio(Survey(survey.answers + style, survey.group, survey.profiles))
    other = needs_block(other_portfolio, voices(other_portfolio))
    assert one is not None
    assert other is not None
    assert other.raw == pytest.approx(one.raw, nan_ok=True)


def buyers(folder: Path, partners: int = 130, *, groups: bool = True, seed: int = 0) -> Portfolio:
    """Two and a half years of sales: half buy little of everything each month and grow, half seldom, one family, and shrink."""
    rng = np.random.default_rng(seed)
    months = pd.date_range("2023-07-15", "2025-12-15", freq="MS") + pd.Timedelta(days=14)
    lines = []
    for partner in range(partners):
        keen = groups and partner % 2 == 0
        for number, day in enumerate(months):
            trend = 1.0 + (0.04 if keen else -0.025) * number if groups else 1.0
            if rng.random() < (0.9 if keen else 0.35):
                for family in rng.choice(["bikes", "parts", "clothes", "tools"], 3 if keen else 1, replace=False):
                    amount = rng.lognormal(7 if keen else 6, 0.4) * trend
                    lines.append(line(str(day.date()), f"P{partner:03}", f"{amount:.2f}", product_family=str(family)))
    return open_portfolio(client(folder, lines, {"as_of": "2025-12-31"}))


def test_ways_of_buying_are_told_apart_where_they_grow_apart(tmp_path: Path) -> None:
    portfolio = buyers(tmp_path)
    found = segmentation(portfolio)
    assert found.kind.startswith("discovered by how they buy")
    assert len(found.rules) in {2, 3}
    bought = found.rows[found.rows["placed_by"] == "buying"]
    truth = [int(one[1:]) % 2 for one in bought["partner_id"]]
    assert homogeneity_score(truth, bought["segment"]) == pytest.approx(1.0)
    row = found.choice[found.choice["chosen"]].iloc[0]
    assert row["outcome_low"] > 0.2
    assert found.rows["placed_by"].eq("buying").sum() >= 128  # the others began too late
    assert not (found.rows["momentum"][::2] == "fading").any()
    assert (found.rows["momentum"][1::2] == "fading").sum() > 15


def test_equal_partners_are_not_told_apart_by_how_they_buy(tmp_path: Path) -> None:
    found = segmentation(buyers(tmp_path, groups=False))
    assert found.kind == "rule based, not discovered"
    assert found.why == "partners do not fall into clear groups by how they buy"
    assert (found.rows["segment"] == found.rows["momentum"]).all()


def test_behaviour_by_hand(tmp_path: Path) -> None:
    lines = [line("2025-01-10", "A", "100", product_family="bikes", invoice_id="1")]
    lines += [line(f"2025-{month:02}-10", "A", "50", product_family="parts", invoice_id=str(month)) for month in (7, 8, 9)]
    lines += [line("2024-03-10", "A", "125", product_family="bikes", invoice_id="0")]
    lines += [line("2024-01-10", "B", "60", product_family="bikes", invoice_id="9"), line("2025-12-10", "B", "90", product_family="bikes")]
    lines += [line("2025-11-10", "C", "70", product_family="parts")]
    portfolio = open_portfolio(client(tmp_path, lines, {"as_of": "2025-12-31"}))
    block = behaviour_block(portfolio)
    assert block is not None
    assert list(block.place) == [0, 1]  # C began two months ago
    known = dict(zip([(column.kind, column.name) for column in block.columns], block.raw.T, strict=True))
    assert known["size", ""] == pytest.approx([250 / 12, 90 / 12])
    assert known["frequency", ""] == pytest.approx([4 / 12, 1 / 12])
    assert known["breadth", ""] == pytest.approx([2, 1])
    assert known["recency", ""] == pytest.approx([3, 0])
    assert known["mix", "bikes"] == pytest.approx([0.4, 1.0])
    # A: 150 in the last half year after nothing in the same of 2024; B: 90 after nothing
    assert growth_since(portfolio) == pytest.approx([1.0, 1.0, np.nan], nan_ok=True)


def answered(folder: Path, telling: bool) -> Portfolio:
    """130 partners that answered and 70 that did not; what they buy tells what they need, or does not."""
    survey = segmented(130, 3)
    rng = np.random.default_rng(1)
    group = np.concatenate([survey.group, rng.integers(0, 4, 70)])
    lines = []
    for partner, own in enumerate(group):
        kind = own if telling else rng.integers(0, 4)
        for month in range(1, 13):
            family = f"family {kind}" if rng.random() < 0.8 else f"family {rng.integers(0, 4)}"
            lines.append(line(f"2026-{month:02}-10", f"P{partner:05}", f"{rng.lognormal(6, 0.5):.2f}", product_family=family))
    rows = survey_portfolio(survey).tables["surveys"].assign(date=pd.Timestamp("2026-07-30"))
    made = client(folder, lines, {"as_of": "2026-12-31"}, surveys=rows.to_dict("records"))
    return open_portfolio(made)


def test_partners_that_did_not_answer_are_placed_by_likeness_where_it_tells(tmp_path: Path) -> None:
    found = segmentation(answered(tmp_path, telling=True))
    placed = found.rows[130:]
    assert placed["placed_by"].eq("likeness").all()
    assert placed["membership"].between(0.25, 0.999).all()
    assert "needs not known" not in set(found.rows["segment"])


def test_and_are_not_known_where_it_does_not(tmp_path: Path) -> None:
    portfolio = answered(tmp_path, telling=False)
    found = segmentation(portfolio)
    assert found.rows["segment"][130:].eq("needs not known").all()
    assert found.rows["placed_by"][:130].eq("answers").sum() >= 128
    rows = summary(portfolio, found).set_index("segment")
    unknown = int((found.rows["placed_by"] == "rule").sum())
    assert rows.loc["needs not known", ["partners", "kind"]].tolist() == [unknown, "rule based, not discovered"]


def test_every_result_table_is_there_and_the_empty_choice_says_why() -> None:
    found = know.assess(survey_portfolio(segmented(20, 1)))
    assert found.tables["segment_choice"].empty
    said = {missing.table: missing.reason for missing in found.not_computed}
    assert (
        said["segment_choice"]
        == "groups cannot be told from 20 partners; 100 are needed that answered, or bought for half a year or longer"
    )


def test_adventureworks_segments_are_families_bought_and_have_nothing_to_do_with_business_type(adventureworks: Portfolio) -> None:
    """The type of a reseller is not used; three product lines are what tells resellers apart."""
    found = segmentation(adventureworks)
    rows = found.rows[found.rows["placed_by"] == "buying"]
    types = adventureworks.partners.set_index("partner_id").loc[rows["partner_id"], "partner_type"]
    assert len(rows) == 488
    assert rows["segment"].nunique() == 4
    assert adjusted_rand_score(types, rows["segment"]) == pytest.approx(0.0, abs=0.01)
    sold = adventureworks.months[(adventureworks.months["month"] < 12) & adventureworks.months["product_family"].str.endswith(" Bikes")]
    mine = sold.assign(segment=sold["partner_id"].map(rows.set_index("partner_id")["segment"])).dropna(subset="segment")
    shares = mine.pivot_table(index="segment", columns="product_family", values="revenue", aggfunc="sum", fill_value=0.0)
    leading = (shares.div(shares.sum(axis=1), axis=0)).loc[lambda part: part.index.str.startswith("mostly")]
    assert leading.idxmax(axis=1).to_dict() == {
        name: f"{family} Bikes" for name in leading.index for family in ("Mountain", "Road", "Touring") if f"mostly {family} Bikes" in name
    }
    assert len(leading) == 3


@given(
    st.lists(st.text(min_size=1, max_size=30), min_size=3, max_size=5, unique=True),
    st.integers(2, 4),
    st.integers(0, 1_000),
)
def test_words_for_any_segments_of_any_text(needs: list[str], k: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    raw = rng.standard_normal((40, len(needs)))
    raw[rng.random(raw.shape) < 0.2] = np.nan
    block = Block("needs", tuple(Column("need", need) for need in needs), np.arange(40), raw, raw)
    labels = np.arange(40) % k
    apart = contrasts(block, labels, k)
    named = names(block, apart)
    assert len(set(named)) == k
    for segment in range(k):
        said = rule(block, labels, segment, apart[segment], SAY)
        assert said.text.endswith(".")
        assert 0 <= said.hits <= 1
        assert 0 <= said.right <= 1
        assert treatment(block, apart[segment], 1.0, SAY).endswith(".")
