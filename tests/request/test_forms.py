"""What people fill in comes back: judgements as estimates, answers as surveys, and every wording that is none as a fault with its place."""

from __future__ import annotations

import tempfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from prmkit.data.forms import FORMS, Form, Question
from prmkit.data.mapping import plain
from prmkit.data.portfolio import open_portfolio
from prmkit.data.readiness import warnings
from prmkit.request import write_new
from tests.request.sheets import engagement, fill, look, rows, save_as_csv

MANAGERS, PULSE = FORMS.get("partner_managers"), FORMS.get("partner_pulse")
FIRST = {
    "Judged on": "2026-11-02",
    "1 Our role in their portfolio": "add-on",
    "2 Our share of what they spend on our category": "10% to 25%",
    "3 Our rank among their vendors": "6th or lower",
    "4 Their size (own yearly revenue)": "1 to 5 million",
    "5 What earns them most": "don't know",
    "Note": "+1, on their word",
}


@pytest.fixture
def returned(tmp_path: Path) -> Path:
    """The request of an engagement with three partners, the first of them judged (007, the first by manager and name)."""
    (path,) = write_new(engagement(tmp_path))
    fill(path, "Partner managers", {2: FIRST})
    return path


def test_the_sheet_is_filled_with_the_partners_there_are(returned: Path) -> None:
    shown = [row[:3] for row in rows(returned, "Partner managers")]
    assert shown == [
        ["Partner ID", "Partner", "Partner manager"],
        ["P2", "Beta", "Ann"],
        ["007", "Gamma", "Ann"],
        ["P1", "Alpha", "Bo"],
    ]


def sheet_alone(returned: Path, data: Path) -> None:
    book = openpyxl.load_workbook(returned)
    for name in book.sheetnames:
        if name != "Partner managers":
            del book[name]
    book["Partner managers"].title = "Sheet1"
    book.save(data / "partner_managers.xlsx")


def whole_workbook(returned: Path, data: Path) -> None:
    (data / "partner_managers.xlsx").write_bytes(returned.read_bytes())


def as_csv(returned: Path, data: Path) -> None:
    save_as_csv(rows(returned, "Partner managers"), data / "partner_managers.csv", delimiter=";")


@pytest.mark.parametrize("way", [sheet_alone, whole_workbook, as_csv])
def test_judgements_come_back_whichever_way_they_are_saved(returned: Path, way: object) -> None:
    way(returned, returned.parent / "data")  # type: ignore[operator]
    found = look(returned.parent)
    assert [fault for fault in found.faults if fault.severity == "error"] == []
    made = found.tables["estimates"].set_index("question")
    assert set(made["partner_id"]) == {"P2"}
    assert set(made["judged_by"]) == {"Ann"}
    assert {str(day.date()) for day in made["judged_on"]} == {"2026-11-02"}
    assert set(made["note"]) == {"+1, on their word"}
    assert made["answer"].dropna().to_dict() == {
        "portfolio_role": "add_on",
        "share_of_wallet": "10_to_25",
        "vendor_rank": "sixth_or_lower",
        "size_band": "1m_to_5m",
    }
    assert made.loc["share_of_wallet", ["low", "high"]].tolist() == [0.1, 0.25]
    assert made.loc["size_band", ["low", "high"]].tolist() == [1e6, 5e6]
    assert made.loc["vendor_rank", "low"] == 6
    assert made.loc["vendor_rank", ["high"]].isna().all()
    assert made.loc[["earns_most"], "answer"].isna().all(), "asked, and not known"
    assert "outlook" not in made.index, "not answered"


def test_faults_name_row_column_and_what_may_stand_there(returned: Path) -> None:
    fill(
        returned,
        "Partner managers",
        {
            3: {"7 Relationship": "so so", "6 Outlook with us": "GROWING "},
            4: {"7 Relationship": "quite strong"},
            5: {"7 Relationship": "weak"},
        },
    )
    whole_workbook(returned, returned.parent / "data")
    found = look(returned.parent)
    told = {fault.code: fault for fault in found.faults}
    answer = told["form_answer"]
    assert (answer.severity, answer.table, answer.file, answer.row, answer.column, answer.value, answer.count) == (
        "error", "estimates", "data/partner_managers.xlsx", 3, "7 Relationship", "so so", 2,
    )  # fmt: skip
    assert "'quite strong'" in answer.why
    assert answer.do == "Choose one of: two or more strong ties, one strong tie, weak, don't know."
    lost = told["form_row_without"]
    assert (lost.severity, lost.row, lost.column) == ("error", 5, "Partner ID")
    kept = found.tables["estimates"]
    assert kept.loc[kept["partner_id"] == "007", ["question", "answer"]].values.tolist() == [["outlook", "growing"]]


def test_each_manager_may_send_a_file_and_a_lost_question_is_told(returned: Path) -> None:
    data = returned.parent / "data"
    whole_workbook(returned, data)
    save_as_csv([["Partner ID", "7 Relationship"], ["P1", "weak"]], data / "partner_managers_bo.csv")
    found = look(returned.parent)
    made = found.tables["estimates"]
    assert made.loc[made["partner_id"] == "P1", "answer"].tolist() == ["weak"]
    assert found.sources["estimates"].files == ("data/partner_managers.xlsx", "data/partner_managers_bo.csv")
    (lost,) = [fault for fault in found.faults if fault.code == "form_question_missing"]
    assert lost.severity == "warning"
    assert lost.why.startswith("The sheet has lost questions: 1 Our role in their portfolio, 2 Our share")


def test_a_partner_nobody_knows_is_an_orphan(returned: Path) -> None:
    save_as_csv([["Partner ID", "7 Relationship"], ["P9", "weak"]], returned.parent / "data" / "partner_managers.csv")
    (orphan,) = [fault for fault in look(returned.parent).faults if fault.code == "orphan"]
    assert (orphan.table, orphan.column, orphan.value) == ("estimates", "partner_id", "P9")


def test_a_sheet_nobody_filled_in_makes_no_rows(returned: Path) -> None:
    save_as_csv(rows(returned, "Pulse answers"), returned.parent / "data" / "partner_pulse.csv")
    found = look(returned.parent)
    assert [(fault.code, fault.severity) for fault in found.faults if fault.table == "surveys"] == [("no_rows", "warning")]


ANSWERS = {
    "Response ID": "R1", "Partner ID": "007", "Role": "executive", "Date": "2026-03-01", "1 Recommend us (0 to 10)": 9,
    "2 Margin, how important (1 to 5)": "4", "10 Ease of working with us": "4th or 5th", "11 Our share of what you buy": "10% to 25%",
    "12 Our rank among your vendors": "don't know", "14 What worries you": "Prices, mostly",
}  # fmt: skip


@pytest.mark.parametrize("way", ["xlsx", "csv"])
def test_answers_of_the_pulse_come_back_as_surveys(returned: Path, way: str) -> None:
    fill(returned, "Pulse answers", {2: ANSWERS})
    data = returned.parent / "data"
    if way == "xlsx":
        (data / "partner_pulse.xlsx").write_bytes(returned.read_bytes())
    else:
        save_as_csv(rows(returned, "Pulse answers"), data / "partner_pulse.csv")
    found = look(returned.parent)
    assert [fault for fault in found.faults if fault.severity == "error"] == []
    made = found.tables["surveys"].set_index("question_id")
    assert made["score"].dropna().to_dict() == {"nps": 9, "need:margin:importance": 4, "ease_rank": 4.5, "share_of_wallet": 0.175}
    assert made.loc["worry", "text"] == "Prices, mostly"
    assert set(made["respondent"]) == {"partner"}
    assert set(made["partner_id"]) == {"007"}
    assert set(made["role"]) == {"executive"}
    assert len(made) == 5, "what is not known is no answer"


def test_answers_of_the_pulse_are_added_to_a_survey_there_is(returned: Path) -> None:
    data = returned.parent / "data"
    (data / "surveys.csv").write_text("response_id,respondent,date,question_id,score\nX,partner,2026-01-01,nps,3\n", encoding="utf-8")
    save_as_csv([["Response ID", "Date", "1 Recommend us (0 to 10)"], ["R1", "2026-02-01", "9,5"]], data / "partner_pulse.csv", ";")
    assert look(returned.parent).tables["surveys"]["score"].tolist() == [3, 9.5]


@pytest.mark.parametrize("said", ["11", "-1", "nine", "inf", "nan", "1e9"])
def test_a_mark_outside_its_scale_is_a_fault(returned: Path, said: str) -> None:
    save_as_csv(
        [["Response ID", "Date", "1 Recommend us (0 to 10)"], ["R1", "2026-02-01", said]], returned.parent / "data" / "partner_pulse.csv"
    )
    (fault,) = [fault for fault in look(returned.parent).faults if fault.code == "form_answer"]
    assert (fault.row, fault.column, fault.value) == (2, "1 Recommend us (0 to 10)", said)
    assert fault.do == "Choose one of: a number from 0 to 10."


def test_the_forms_have_eight_and_fourteen_questions_and_every_answer_has_a_place() -> None:
    assert len(MANAGERS.questions) == 8
    assert len(PULSE.questions) == 14
    for form in (MANAGERS, PULSE):
        assert [question.header.split()[0] for question in form.questions] == [str(n + 1) for n in range(len(form.questions))]
        assert len(set(form.headers)) == len(form.headers)
    for question in MANAGERS.questions:
        assert question.options[-1].say == "don't know"
        assert question.options[-1].fills == {}
        assert all(option.fills["answer"] for option in question.options[:-1])


def test_a_form_that_does_not_fit_the_contract_is_refused() -> None:
    whole = MANAGERS.model_dump()
    with pytest.raises(ValidationError, match="has no column judge"):
        Form(**whole | {"columns": whole["columns"] | {"judge": "Judge"}})
    with pytest.raises(ValidationError, match="does not know mood"):
        Form(**whole | {"questions": [{"id": "mood", "header": "Mood", "asks": "?", "words": "note"}]})
    with pytest.raises(ValidationError, match="read alike"):
        Question(id="outlook", header="x", asks="?", options=[{"say": "Up!"}, {"say": "up"}])  # type: ignore[list-item]
    with pytest.raises(ValidationError, match="one of them only"):
        Question(id="outlook", header="x", asks="?")


WORDINGS = [option.say for question in MANAGERS.questions for option in question.options]
LETTERS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(st.one_of(st.sampled_from(WORDINGS), LETTERS), min_size=8, max_size=8), min_size=1, max_size=4))
def test_whatever_people_write_is_an_answer_or_a_fault(answers: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        engagement(folder)
        head = ["Partner ID", *(question.header for question in MANAGERS.questions)]
        save_as_csv([head, *([f"P{number}", *row] for number, row in enumerate(answers))], folder / "data" / "partner_managers.csv")
        found = look(folder)
    told = sum(fault.count for fault in found.faults if fault.code == "form_answer")
    made = len(found.tables["estimates"]) if "estimates" in found.tables else 0
    given_ = [(question, cell.strip()) for row in answers for question, cell in zip(MANAGERS.questions, row, strict=True) if cell.strip()]
    right = sum(plain(cell) in question.by_wording for question, cell in given_)
    assert (made, told) == (right, len(given_) - right)


def test_answers_that_come_after_the_last_sale_are_told(returned: Path) -> None:
    late = [["Response ID", "Date", "1 Recommend us (0 to 10)"], ["R1", "2026-02-01", "9"], ["R2", "2026-11-20", "4"]]
    save_as_csv(late, returned.parent / "data" / "partner_pulse.csv")
    client = look(returned.parent).client
    assert client is not None
    portfolio = open_portfolio(client)
    assert portfolio.tables["surveys"]["response_id"].tolist() == ["R1"]
    (said,) = [said for said in warnings(portfolio) if "survey" in said]
    assert said.startswith("1 of 2 survey answers are dated after 2026-03-15")


def test_a_workbook_without_the_sheet_says_which_one_it_wants(returned: Path) -> None:
    book = openpyxl.load_workbook(returned)
    del book["Partner managers"]
    book.save(returned.parent / "data" / "partner_managers.xlsx")
    (fault,) = [fault for fault in look(returned.parent).faults if fault.code == "which_sheet"]
    assert (fault.table, fault.do) == ("estimates", "Name the sheet 'Partner managers', or save it as a file of its own.")


NOTES = FORMS.get("interview_notes")
TALK = {"Interview ID": "I1", "Partner ID": "007", "Role": "executive", "Date": "2026-03-02"}


def noted(*rows: dict[str, object]) -> dict[int, dict[str, object]]:
    return {number: {**TALK, **row} for number, row in enumerate(rows, start=2)}


@pytest.mark.parametrize("way", ["xlsx", "csv"])
def test_interviews_come_back_beside_the_pulse(returned: Path, way: str) -> None:
    fill(returned, "Pulse answers", {2: ANSWERS})
    told = noted(
        {"Question": "Worries", "What was said": "=1+1; no engineers"},
        {"Question": "worries ", "What was said": "and prices"},
        {"Question": "Fair dealing", "What was said": "They called our customer", "Mark (1 to 5)": 2},
        {"Question": "Support", "Mark (1 to 5)": "4"},
        {"Question": "Hard deals", "What was said": "Nobody knew the discount"},
        {"Question": "How they earn"},
    )
    fill(returned, "Interview notes", told)
    data = returned.parent / "data"
    if way == "xlsx":
        for name in ("partner_pulse", "interview_notes"):
            (data / f"{name}.xlsx").write_bytes(returned.read_bytes())
    else:
        save_as_csv(rows(returned, "Pulse answers"), data / "partner_pulse.csv", delimiter=";")
        save_as_csv(rows(returned, "Interview notes"), data / "interview_notes_ann.csv", delimiter=";")
    found = look(returned.parent)
    assert [fault for fault in found.faults if fault.severity == "error"] == []
    surveys = found.tables["surveys"]
    made = surveys[surveys["response_id"] == "interview:I1"].set_index("question_id")
    assert made["text"].dropna().to_dict() == {
        "worry": "=1+1; no engineers",
        "worry:2": "and prices",
        "driver:fair dealing": "They called our customer",
        "worry:hard deal": "Nobody knew the discount",
    }
    assert made["score"].dropna().to_dict() == {"driver:fair dealing": 2, "driver:support": 4}
    assert made[["respondent", "partner_id", "role"]].drop_duplicates().values.tolist() == [["partner", "007", "executive"]]
    assert set(surveys["response_id"]) == {"R1", "interview:I1"}, "the pulse is there too"


def test_faults_of_interview_notes_have_their_place(returned: Path) -> None:
    told = noted(
        {"Question": "Mood", "What was said": "good"},
        {"What was said": "to no question"},
        {"Question": "Support", "What was said": "slow", "Mark (1 to 5)": 7},
        {"Question": "Worries", "What was said": "prices", "Mark (1 to 5)": 3},
        {"Question": "Worries", "What was said": "when?", "Date": None},
    )
    fill(returned, "Interview notes", told)
    (returned.parent / "data" / "interview_notes.xlsx").write_bytes(returned.read_bytes())
    found = look(returned.parent)
    places = {(fault.code, fault.row, fault.column, fault.count) for fault in found.faults if fault.code.startswith("form_")}
    assert places == {("form_answer", 2, "Question", 2), ("form_answer", 4, "Mark (1 to 5)", 2), ("form_row_without", 6, "Date", 1)}
    allowed = [fault.do for fault in found.faults if fault.code == "form_answer"]
    assert "Choose one of: How they earn, Hard deals, " in allowed[0]
    assert allowed[1] == "Choose one of: a number from 1 to 5."
    kept = found.tables["surveys"].set_index("question_id")
    assert kept["text"].to_dict() == {"driver:support": "slow", "worry": "prices"}
    assert kept["score"].isna().all()


def test_the_sheet_for_notes_offers_every_question_and_bounds_the_mark(returned: Path) -> None:
    sheet = openpyxl.load_workbook(returned)["Interview notes"]
    assert [cell.value for cell in sheet[1]] == [
        "Interview ID", "Partner ID", "Role", "Date", "Question", "What was said", "Mark (1 to 5)",
    ]  # fmt: skip
    rules = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
    assert rules["E2"].formula1 == '"' + ",".join(question.header for question in NOTES.questions) + '"'
    assert len(rules["E2"].formula1) <= 257
    assert (rules["G2"].type, rules["G2"].formula1, rules["G2"].formula2) == ("decimal", "1.0", "5.0")
    asked = {question.id.split(":")[0] for question in NOTES.questions}
    assert asked == {"worry", "interview", "driver", "need"}
    assert {question.id for question in NOTES.questions if question.scale} <= {question.id for question in PULSE.questions}
