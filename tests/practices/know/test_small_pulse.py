"""Thirty replies and eight interviews, filled in the workbook that `prmkit request` wrote, give a first answer, labelled thin."""

from __future__ import annotations

from pathlib import Path

import pytest

from prmkit.data.portfolio import open_portfolio
from prmkit.practices import know
from prmkit.practices.result import PracticeResult
from prmkit.request import write_new
from tests.request.sheets import engagement, fill

WRITTEN = (
    "Margins shrink", "Discounts eat everything", "Prices", "The margin on hardware", "price pressure", "margin", "Rabatte", "Die Marge",
    "We find no engineers", "Hiring", "Fachkräfte fehlen", "skilled staff", "recruiting",
    "Your own sales call on our customers", "direct sales", "your direct team took a hospital",
    "Lieferzeiten", "stock", "the parking lot",
)  # fmt: skip
"""Nineteen of the thirty wrote something."""


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> PracticeResult:
    """Forty partners with a year of sales; the two sheets filled and saved as the guide says."""
    folder = tmp_path_factory.mktemp("acme")
    made = engagement(folder)
    ids = [f"P{number:02}" for number in range(40)]
    months = [f"2025-{month:02}-10" for month in range(1, 13)]
    (folder / "data" / "partners.csv").write_text("partner_id,name\n" + "".join(f"{one},Firm {one}\n" for one in ids), encoding="utf-8")
    sales = [f"{one}-{day},{day},{one},{100 + place}\n" for place, one in enumerate(ids) for day in months]
    (folder / "data" / "sales.csv").write_text("sale_id,date,partner_id,revenue\n" + "".join(sales), encoding="utf-8")
    (book,) = write_new(made)
    marks = ("1 Recommend us (0 to 10)", "8 Fair dealing (1 to 5)", "9 Support (1 to 5)")
    pulse = {
        number + 2: {
            "Response ID": f"R{number}", "Partner ID": ids[number], "Role": "sales", "Date": "2025-11-03",
            marks[0]: number % 11, marks[1]: number % 5 + 1, marks[2]: (number + 2) % 5 + 1,
            "14 What worries you": WRITTEN[number] if number < len(WRITTEN) else None,
        }
        for number in range(30)
    }  # fmt: skip
    talks = {}
    for number in range(8):
        about = {"Interview ID": f"I{number}", "Partner ID": ids[30 + number], "Role": "executive", "Date": "2025-11-10"}
        worry = "Nobody trains our engineers, and the margin is thin" if number < 4 else "Your own sales force undercuts our prices"
        talks[2 * number + 2] = {**about, "Question": "Worries", "What was said": worry}
        talks[2 * number + 3] = {**about, "Question": "Fair dealing", "What was said": "see above", "Mark (1 to 5)": number % 5 + 1}
    fill(book, "Pulse answers", pulse)
    fill(book, "Interview notes", talks)
    for name in ("partner_pulse", "interview_notes"):
        (folder / "data" / f"{name}.xlsx").write_bytes(book.read_bytes())
    found = look_at(folder)
    return know.assess(open_portfolio(found))


def look_at(folder: Path):  # type: ignore[no-untyped-def]
    """The client in the folder, as it is (the helper of other tests would write its own three partners)."""
    from prmkit.data.load import inspect
    from prmkit.engagement import Engagement

    found = inspect(Engagement(folder=folder, client="Acme", as_of="2025-12-31"), folder / "cache")
    assert [fault for fault in found.faults if fault.severity == "error"] == []
    assert found.client is not None
    return found.client


def test_worries_are_told_and_labelled_thin(answered: PracticeResult) -> None:
    made = answered.tables["worries"].set_index("theme")
    assert made["respondents"].to_dict() == {
        "margin and price": 8 + 4 + 4,
        "hiring and skills": 5 + 4,
        "our own sales as a rival": 3 + 4,
    }
    assert made["strength"].eq("thin").all()
    assert made[["wrote", "asked"]].iloc[0].tolist() == [27, 38]
    assert made.loc["margin and price", "share"] == pytest.approx(16 / 27)
    assert made["share_low"].lt(made["share"]).all()


def test_the_first_worry_is_a_finding_of_low_confidence(answered: PracticeResult) -> None:
    (finding,) = [one for one in answered.findings if one.id.startswith("know.worries.most_named")]
    assert finding.title == "What worries partners most: margin and price, named by 59%"
    assert finding.confidence == "low"
    assert "27 respondents of 38 wrote something; the answer is thin." in finding.statement


def test_no_other_table_breaks(answered: PracticeResult) -> None:
    assert not answered.tables["revenue"].empty
    assert answered.tables["segments"]["partner_id"].nunique() == 40
    assert answered.tables["judgements"].empty
    assert set(answered.tables["drivers"].columns) >= {"driver", "respondents"}
