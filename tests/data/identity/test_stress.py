"""Precision and recall where the truth is known: a programme spoilt on purpose, and the bundled sample as it is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from prmkit.data.load import inspect
from prmkit.engagement import load_engagement
from tests.data.identity.stress import judged, spoil, write

SAMPLE = Path(__file__).resolve().parents[3] / "data_samples" / "made_up_programme"


@pytest.fixture(scope="module", params=[7, 20])
def found(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """Judged questions of a programme of 500 partners and some 4,000 customers."""
    folder = tmp_path_factory.mktemp("stress")
    stress = spoil(500, seed=request.param)
    write(stress, folder)
    matches = inspect(load_engagement(folder), folder / "out").matches
    assert matches is not None
    return judged(stress, matches.questions)


def rates(found: pd.DataFrame, least: float) -> tuple[float, float]:
    """Precision and recall of the questions at least so sure."""
    asked = found[found["asked"] & (found["sure"] >= least)]
    true = (found["way"] != "none").sum()
    return asked["right"].mean(), asked["right"].sum() / true


def test_what_is_sure_is_right(found: pd.DataFrame) -> None:
    precision, recall = rates(found, 0.9)
    assert precision >= 0.995
    assert recall >= 0.85


def test_hardly_anything_is_missed(found: pd.DataFrame) -> None:
    precision, recall = rates(found, 0.0)
    assert precision >= 0.97
    assert recall >= 0.99


def test_every_way_of_writing_is_found(found: pd.DataFrame) -> None:
    true = found[found["way"] != "none"]
    assert set(true["way"]) == {"misspelt", "other capitals", "legal form", "id in brackets"}
    assert (true.groupby(["kind", "question", "way"])["right"].mean() >= 0.95).all()


def test_how_sure_is_roughly_how_often_right(found: pd.DataFrame) -> None:
    asked = found[found["asked"]]
    assert abs(asked["sure"].mean() - asked["right"].mean()) < 0.06


def sample(folder: Path) -> Path:
    shutil.copytree(SAMPLE, folder / "sample")
    return folder / "sample"


def test_the_accounts_entered_twice_are_found_and_no_other(tmp_path: Path) -> None:
    folder = sample(tmp_path)
    matches = inspect(load_engagement(folder), folder / "out").matches
    assert matches is not None
    dirt = pd.read_csv(folder / "truth" / "dirt.csv", dtype=str)
    second = dirt.loc[dirt["kind"] == "account_twice", "became"].str.split(",").str[0]
    twice = {text: text.removesuffix("-2") for text in second}
    assert len(twice) == 2
    found = matches.questions[matches.questions["kind"] == "partner"]
    assert dict(zip(found["given"], found["proposed"], strict=True)) == twice
    assert (found["sure"] >= 0.9).all()
    assert (matches.questions["kind"] == "customer").sum() == 0


def test_names_of_the_help_desk_and_domains_of_the_learning_system_lead_to_their_ids(tmp_path: Path) -> None:
    """Read without the preset that knows how to look them up, beside what it finds."""
    folder = sample(tmp_path)
    known = inspect(load_engagement(folder), folder / "out").tables
    settings = folder / "engagement.yaml"
    text = settings.read_text(encoding="utf-8")
    for table, columns in (
        ("tickets", "{path: data/zendesk_tickets.csv, columns: {ticket_id: Id, partner_id: Organization, opened_on: Created at}}"),
        ("trainings", "{path: data/learning.csv, columns: {person_id: User, partner_id: Domain, completed_on: On, course_id: Course}}"),
    ):
        text = text.replace(f'  {table}:\n  - path: "data"\n    preset: "simulated"\n', f"  {table}:\n  - {columns}\n")
    settings.write_text(text, encoding="utf-8")
    learning = pd.read_csv(folder / "data" / "docebo_users_courses.csv", dtype=str)
    learning = learning[learning["Branch Name"] != "Employees"].dropna(subset=["Completion Date"])
    learning["Domain"] = learning["Email"].str.partition("@")[2]
    named = {"User unique ID": "User", "Completion Date": "On", "Course code": "Course"}
    learning.rename(columns=named)[["User", "Domain", "On", "Course"]].to_csv(folder / "data" / "learning.csv", index=False)
    matches = inspect(load_engagement(folder), folder / "out").matches
    assert matches is not None
    found = matches.questions[matches.questions["question"] == "reference"].set_index("given")

    raw = pd.read_csv(folder / "data" / "zendesk_tickets.csv", dtype=str).drop_duplicates("Id").set_index("Id")["Organization"].dropna()
    truth = known["tickets"].set_index("ticket_id")["partner_id"]
    meant = {name: truth[ticket].removesuffix("-2") for ticket, name in raw.items() if str(truth[ticket]).startswith("P")}
    assert len(meant) > 60
    right = [found["proposed"].get(name) == partner for name, partner in meant.items() if name not in set(known["partners"]["partner_id"])]
    assert sum(right) / len(right) >= 0.99
    assert found.loc[[name for name in meant if name in found.index], "sure"].ge(0.9).all()

    homes = known["partners"].dropna(subset=["domain"]).drop_duplicates("domain", keep=False).set_index("domain")["partner_id"]
    domains = sorted(set(learning["Domain"]) & set(homes.index))
    assert len(domains) > 20
    assert {domain: found["proposed"].get(domain) for domain in domains} == homes[domains].to_dict()
    assert "mail.example" not in found.index
