"""What worries partners: themes found, counted by partner, and never told of too few."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score
from statsmodels.stats.proportion import proportion_confint

from prmkit.data.portfolio import Portfolio, open_portfolio
from prmkit.data.readiness import readiness
from prmkit.estimators.texts import Words
from prmkit.practices import know
from prmkit.practices.know.voices.worries import worries
from prmkit.practices.know.voices.worries_findings import most_apart
from prmkit.practices.know.voices.worry_words import shipped, stop_words
from prmkit.practices.result import table
from tests.data.handmade import client, line
from tests.practices.know.answers import CASH, LABELLED, MARGIN, STAFF, SUPPLY

DAY = "2025-06-01"


def answer(number: int, text: str | None, partner: str | None = "", question: str = "worry", **more: Any) -> dict[str, Any]:
    owner = f"P{number:03}" if partner == "" else partner
    row = {"response_id": f"R{number:03}", "respondent": "partner", "partner_id": owner, "date": pd.Timestamp(DAY)}
    return {**row, "question_id": question, "text": text, **more}


def opened(folder: Path, answers: Iterable[dict[str, Any]], settings: dict[str, Any] | None = None, **about: Any) -> Portfolio:
    listed = list(answers)
    ids = sorted({row["partner_id"] for row in listed if row["partner_id"]})
    partners = about.pop("partners", [{"partner_id": one, "name": f"Firm {one}"} for one in ids])
    lines = [line("2025-06-30", one["partner_id"], "100") for one in partners]
    folder.mkdir(exist_ok=True)
    return open_portfolio(client(folder, lines, settings, partners=partners, surveys=listed))


def told(folder: Path, answers: Iterable[dict[str, Any]], settings: dict[str, Any] | None = None) -> pd.DataFrame:
    return table("know", "worries", worries(opened(folder, answers, settings))).set_index("theme")


def answers_of(counts: dict[str, int]) -> list[dict[str, Any]]:
    """Answers, one a partner, so many of each wording."""
    texts = [text for text, count in counts.items() for _ in range(count)]
    return [answer(number, text) for number, text in enumerate(texts)]


def test_themes_are_counted_with_wilsons_interval(tmp_path: Path) -> None:
    made = told(tmp_path, answers_of({"The margin is gone": 12, "Wir finden keine Techniker": 8, "zzz": 10}))
    assert made["respondents"].to_dict() == {MARGIN: 12, STAFF: 8, "other": 10}
    assert made.index[-1] == "other"
    low, high = proportion_confint(12, 30, alpha=0.1, method="wilson")
    assert made.loc[MARGIN, ["share", "share_low", "share_high"]].tolist() == pytest.approx([0.4, low, high])
    assert made.loc[MARGIN, "words"] == "margin"
    assert made["strength"].eq("thin").all()
    assert made[["wrote", "asked"]].drop_duplicates().values.tolist() == [[30, 30]]


def test_a_respondent_counts_once_for_a_theme_and_a_partner_once_in_the_share(tmp_path: Path) -> None:
    both = [answer(0, "margin, prices and discounts"), answer(0, "the margin again", question="worry:hard deal")]
    crowd = [answer(100 + number, "margin", "BIG") for number in range(9)]
    others = [answer(number, "stock and delivery") for number in range(1, 9)]
    made = told(tmp_path, [*both, *crowd, *others, answer(50, "margin"), answer(51, "prices")])
    assert made.loc[MARGIN, "respondents"] == 12
    assert made.loc[MARGIN, "partners"] == 4
    assert made.loc[MARGIN, "share"] == pytest.approx(4 / 12)


def test_too_few_are_never_told_of_whether_people_or_partners(tmp_path: Path) -> None:
    four = told(tmp_path / "four", answers_of({"margin": 9, "Our bank cut the credit line": 4, "delivery": 6, "zzz": 3}))
    assert set(four.index) == {MARGIN, SUPPLY, "other"}
    assert four.loc["other", "respondents"] == 7
    two_partners = [answer(100 + n, "cash flow", f"P00{n % 2}") for n in range(6)]
    two = told(tmp_path / "two", [*answers_of({"margin": 9, "zzz": 6}), *two_partners])
    assert CASH not in two.index


def test_the_remainder_gives_nobody_away(tmp_path: Path) -> None:
    """Two that fit nothing would stand alone in "other": the smallest theme goes with them."""
    made = told(tmp_path, answers_of({"margin": 20, "delivery": 6, "zzz": 2}))
    assert made["respondents"].to_dict() == {MARGIN: 20, "other": 8}
    whole = told(tmp_path / "whole", answers_of({"margin": 20, "delivery": 6}))
    assert whole["respondents"].to_dict() == {MARGIN: 20, SUPPLY: 6}, "nothing remains, so nothing is given away"
    several = [*answers_of({"margin and delivery": 20, "margin": 4, "delivery": 2}), answer(90, "zzz"), answer(91, "bank")]
    assert told(tmp_path / "several", several)["respondents"].to_dict() == {MARGIN: 24, SUPPLY: 22}, "46 of 28: no sum tells of the two"
    lone = opened(tmp_path / "lone", answers_of({"margin": 6, "zzz": 1}))
    assert know.assess(lone).tables["worries"].empty


def test_a_portfolio_gives_nobody_away_by_what_is_left_of_the_whole(tmp_path: Path) -> None:
    rows = answers_of({"margin": 8, "delivery": 14})
    partners = [{"partner_id": f"P{n:03}", "name": f"Firm {n}", "territory": "N" if n < 6 or n > 15 else "S"} for n in range(22)]
    portfolio = opened(tmp_path, rows, {"portfolios": {"north": {"territory": ["N"]}}}, partners=partners)
    north = open_portfolio(portfolio.client, "north")
    assert set(worries(portfolio)["theme"]) == {MARGIN, SUPPLY}
    seen = worries(north).set_index("theme")
    assert MARGIN not in seen.index, "6 of 8: the whole less the north would tell of 2"
    assert seen["respondents"].to_dict() == {SUPPLY: 6, "other": 6}


def test_the_engagements_own_floor_counts(tmp_path: Path) -> None:
    rows = answers_of({"margin": 4, "delivery": 3})
    assert told(tmp_path / "five", rows).empty
    assert set(told(tmp_path / "three", rows, {"privacy": {"min_peers": 3}}).index) == {MARGIN, SUPPLY}


def test_an_engagement_adds_its_own_words(tmp_path: Path) -> None:
    rows = answers_of({"Nobody buys wallboxes": 6, "Ladesäulen": 3, "margin": 5})
    made = told(tmp_path, rows, {"worries": {"e-mobility": ["wallbox*", "ladesaule*"], MARGIN: ["zzz"]}})
    assert made["respondents"].to_dict() == {"e-mobility": 9, MARGIN: 5}


def test_those_that_worry_about_nothing_are_told_apart_from_the_silent(tmp_path: Path) -> None:
    rows = [*answers_of({"margin": 6, "None.": 3, "Nichts!": 2, "rien": 1}), answer(40, "   "), answer(41, None, question="nps", score=9)]
    made = told(tmp_path, rows)
    assert made["respondents"].to_dict() == {"nothing worries them": 6, MARGIN: 6}
    assert made[["wrote", "asked"]].iloc[0].tolist() == [12, 14]


def test_anonymous_answers_count_as_a_partner_each(tmp_path: Path) -> None:
    rows = [answer(n, "margin" if n < 6 else "delivery", None) for n in range(12)]
    made = worries(opened(tmp_path, rows, partners=[{"partner_id": "A", "name": "A"}])).set_index("theme")
    assert made["partners"].to_dict() == {MARGIN: 6, SUPPLY: 6}


def test_other_open_answers_are_read_where_no_worry_was_asked(tmp_path: Path) -> None:
    made = told(tmp_path / "open", [answer(n, "your margin", question="Q7") for n in range(6)])
    assert made.loc[MARGIN, "respondents"] == 6
    mixed = [*(answer(n, "delivery") for n in range(6)), *(answer(n, "margin", question="Q7") for n in range(10, 20))]
    assert set(told(tmp_path / "mixed", mixed).index) == {SUPPLY}


NAMES = ["<script>alert(1)</script>", "=1+1", "\u202eevil", "x" * 100_000, "' OR 1=1 --", "{{7*7}}", "🙂🙂", "マージンが心配です", "a\x00b"]


def test_hostile_texts_are_texts(tmp_path: Path) -> None:
    rows = [answer(n, NAMES[n % len(NAMES)]) for n in range(45)] + [answer(100 + n, "margin") for n in range(5)]
    made = told(tmp_path, rows)
    assert set(made.index) == {MARGIN, "other"}
    assert made.loc["other", "respondents"] == 40, "signs alone are no words"


def test_no_name_marks_a_theme(tmp_path: Path) -> None:
    """Forty different texts about a manager and a portal: the theme stands, and is told by neither the manager's nor a partner's name."""
    extra = [f"{a}{b}" for a in ("lorem", "ipsum", "dolor", "amet", "elit") for b in ("quam", "nibh", "urna", "orci", "enim", "odio")]
    ours = [answer(n, f"Schmitt and Zyrbank again: parking, lounge, coffee {extra[n]}") for n in range(30)]
    theirs = [answer(30 + n, f"gardens flooded, bridges blocked {extra[n]}") for n in range(30)]
    partners = [
        {"partner_id": f"P{n:03}", "name": "Zyrbank" if n == 0 else f"Firm {n}", "partner_manager": "Ann Schmitt"} for n in range(60)
    ]
    made = know.assess(opened(tmp_path, [*ours, *theirs], partners=partners)).tables["worries"]
    assert made["found_by"].tolist()[:2] == ["found in the texts"] * 2
    assert made["respondents"].tolist()[:2] == [30, 30]
    shown = " ".join([*made["theme"], *made["words"].dropna()])
    assert "schmitt" not in shown
    assert "zyrbank" not in shown
    assert {"coffee", "lounge", "parking"} & set(shown.replace(",", "").split())
    assert {"blocked", "bridges", "flooded", "gardens"} & set(shown.replace(",", "").split())


def test_the_order_of_answers_changes_nothing(tmp_path: Path) -> None:
    rows = [answer(n, text) for n, (text, _) in enumerate(LABELLED * 3)]
    (tmp_path / "x").mkdir()
    pd.testing.assert_frame_equal(told(tmp_path, rows), told(tmp_path / "x", rows[::-1]))


def test_sixty_texts_in_three_languages_are_placed_as_a_reader_would() -> None:
    """When first read, 49 were placed right, none wrong and 13 not at all; the list has gained words since."""
    words = Words.read([text for text, _ in LABELLED])
    hits = {name: sum((words.matching(one) for one in patterns), start=words.matching("")) for name, patterns in shipped().themes.items()}
    first = [next((name for name, hit in hits.items() if hit[words.text[place]]), "") for place in range(len(LABELLED))]
    any_right = [bool(hits[label][words.text[place]]) for place, (_, label) in enumerate(LABELLED)]
    assert sum(any_right) >= 58
    assert adjusted_rand_score([label for _, label in LABELLED], first) > 0.85


def test_lists_of_words_hold_no_empty_word_and_no_stop_word() -> None:
    lists = shipped()
    for name, patterns in lists.themes.items():
        assert len(set(patterns)) > 10, name
        assert not {pattern for pattern in patterns if pattern.strip("*") in stop_words()}, name
    assert set(lists.held_back.values()) == {"margin", "skills", "demand", "attention", "nothing"}
    assert all(len(word) > 0 and "*" not in word for word in stop_words())


def test_one_group_that_worries_more_is_found_and_luck_is_not(tmp_path: Path) -> None:
    partners = [{"partner_id": f"P{n:03}", "name": f"Firm {n}", "partner_type": "VAR" if n < 60 else "MSP"} for n in range(160)]
    texts = ["margin" if (n < 45 or n >= 140) else "delivery" for n in range(160)]
    portfolio = opened(tmp_path, [answer(n, text) for n, text in enumerate(texts)], partners=partners)
    (found,) = [one for one in know.assess(portfolio).findings if one.id.startswith("know.worries.group")]
    assert found.subject_id in {"VAR", "MSP"}
    assert found.value.amount == pytest.approx(0.75 - 0.2)
    assert found.value.low is not None
    assert 0.35 < found.value.low < 0.45
    even = opened(tmp_path / "even", [answer(n, "margin" if n % 2 else "delivery") for n in range(160)], partners=partners)
    types = even.partners.set_index("partner_id")["partner_type"]
    assert most_apart(even, [MARGIN, SUPPLY], {"type": types}) is None


def test_without_answers_it_says_why_and_asks_for_a_survey(tmp_path: Path) -> None:
    bare = know.assess(open_portfolio(client(tmp_path, [line("2025-06-02", "A", "1")])))
    (why,) = [one for one in bare.not_computed if one.table == "worries"]
    assert (why.reason, why.needs) == ("no partner survey", "surveys")
    silent = know.assess(opened(tmp_path / "silent", [answer(n, None, question="nps", score=9) for n in range(9)]))
    (why,) = [one for one in silent.not_computed if one.table == "worries"]
    assert why.reason == "no partner wrote what worries it"
    few = know.assess(opened(tmp_path / "few", answers_of({"margin": 4, "delivery": 3})))
    (why,) = [one for one in few.not_computed if one.table == "worries"]
    assert why.reason == "of 7 that wrote something, no theme is named by 5 respondents of 3 partners"
    assert not [one for one in few.findings if one.id.startswith("know.worries")]


def test_readiness_says_it_can_be_answered_once_somebody_wrote(tmp_path: Path) -> None:
    ready = readiness(opened(tmp_path, answers_of({"margin": 4})).client).set_index("table")
    assert ready.loc["worries", "status"] == "ready"
