"""matches.csv as a person and a spreadsheet leave it: read back exactly, refused in one clear fault, never run."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmkit.data.faults import FaultLog
from prmkit.data.identity.decisions import FILE, digest, guarded, read_decisions, unguarded
from prmkit.data.identity.matches import accept_all, write_matches
from prmkit.data.identity.questions import COLUMNS, Matches, empty
from prmkit.errors import Fault

HEAD = "decision,kind,question,given,proposed\n"


def read(folder: Path, content: str | bytes) -> tuple[list[tuple[str, ...]], tuple[Fault, ...]]:
    raw = content if isinstance(content, bytes) else content.encode()
    (folder / FILE).write_bytes(raw)
    log = FaultLog()
    return [(one.decision, *one.key) for one in read_decisions(folder, log)], log.faults


def matches(*rows: tuple[str, str]) -> Matches:
    """Questions whether `given` is `proposed`."""
    frame = empty().reindex(range(len(rows)))
    frame = frame.assign(
        decision="", kind="partner", question="reference", given=[row[0] for row in rows], proposed=[row[1] for row in rows]
    )
    texts = [name for name in frame.columns if frame[name].dtype == "str"]
    return Matches(frame.fillna(dict.fromkeys(texts, "")).fillna(0.0), {"partner": 0.5}, {"partner": 0})


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "007", "1E5", "3-4", "MAR1", "'x", "TRUE", "123456789012345678"])
def test_what_a_spreadsheet_would_run_or_change_is_written_as_text(text: str) -> None:
    assert guarded(text) == "'" + text
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["", "P1", "Alpha Ltd", "001D000000IqhSL"])
def test_other_texts_are_written_as_they_are(text: str) -> None:
    assert guarded(text) == text


@given(st.text(max_size=20))
def test_any_text_comes_back(text: str) -> None:
    assert unguarded(guarded(text)) == text


def test_decisions_in_every_form_a_spreadsheet_saves(tmp_path: Path) -> None:
    expected = [
        ("yes", "partner", "reference", "Älpha", "007"),
        ("no", "customer", "duplicate", "B", "C"),
        ("", "partner", "reference", "D", "E"),
    ]
    text = HEAD + "YES,partner,reference,Älpha,'007\nn,customer,duplicate,B,C\n,partner,reference,D,E\n,,,,\n"
    for raw in (text.encode(), text.encode("utf-8-sig"), text.replace(",", ";").encode("cp1252"), text.replace(",", "\t").encode("utf-16")):
        assert read(tmp_path, raw) == (expected, ())


@pytest.mark.parametrize(
    ("content", "code", "row", "column", "value"),
    [
        (HEAD + "maybe,partner,reference,A,B\n", "matches_word", 2, "decision", "maybe"),
        (HEAD + "yes,partner,reference,A,B\nyes,vendor,reference,A,B\n", "matches_word", 3, "kind", "vendor"),
        (HEAD + "yes,partner,guess,A,B\n", "matches_word", 2, "question", "guess"),
        (HEAD + "yes,partner,reference,,B\n", "matches_empty", 2, "given", ""),
        (HEAD + "yes,partner,reference,A\n", "matches_empty", 2, "proposed", ""),
        ("decision,kind,given,proposed\nyes,partner,A,B\n", "matches_header", 1, "question", ""),
        (HEAD + "yes,partner,reference,A,B\nyes,partner,reference,A,C\n", "matches_contradiction", 3, "decision", "A"),
        (HEAD + "yes,partner,reference,A,B\nno,partner,reference,A,B\n", "matches_contradiction", 3, "decision", "A"),
    ],
)
def test_a_bad_file_is_one_clear_fault(tmp_path: Path, content: str, code: str, row: int, column: str, value: str) -> None:
    (fault,) = read(tmp_path, content)[1]
    assert (fault.code, fault.severity, fault.file, fault.row, fault.column, fault.value) == (code, "error", FILE, row, column, value)


@given(content=st.binary(max_size=200))
def test_no_bytes_stop_the_reading(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    read(tmp_path_factory.mktemp("any"), content)
    read(tmp_path_factory.mktemp("rows"), HEAD.encode() + content)


def test_no_file_no_decisions(tmp_path: Path) -> None:
    assert read_decisions(tmp_path, FaultLog()) == []
    assert digest(tmp_path) == ""
    assert accept_all(tmp_path) == 0


def test_decisions_are_kept_when_the_file_is_written_again(tmp_path: Path) -> None:
    write_matches(tmp_path, matches(("A", "1"), ("B", "2"), ("C", "3")))
    text = (tmp_path / FILE).read_text(encoding="utf-8-sig")
    lines = text.splitlines()
    assert lines[0].split(",") == list(COLUMNS)
    (tmp_path / FILE).write_text("\n".join([lines[0], "yes" + lines[1], "no" + lines[2], lines[3]]), encoding="utf-8")
    again = write_matches(tmp_path, matches(("D", "4"), ("A", "1"), ("A", "9")))
    assert list(zip(again.questions["decision"], again.questions["given"], again.questions["proposed"], strict=True)) == [
        ("", "D", "4"),
        ("yes", "A", "1"),  # and nobody asks for A again
    ]
    assert again.open == 1
    with (tmp_path / FILE).open(encoding="utf-8-sig", newline="") as file:
        rows = [(row["decision"], row["given"], row["proposed"]) for row in csv.DictReader(file)]
    assert rows == [("", "D", "'4"), ("yes", "A", "'1"), ("no", "B", "'2")]
    back = write_matches(
        tmp_path,
        matches(
            ("B", "2"),
        ),
    )
    assert back.questions["decision"].tolist() == ["no"]


def test_a_file_that_cannot_be_read_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(HEAD + "maybe,partner,reference,A,B\n", encoding="utf-8")
    before = (tmp_path / FILE).read_bytes()
    write_matches(tmp_path, matches(("A", "1")))
    assert accept_all(tmp_path) == 0
    assert (tmp_path / FILE).read_bytes() == before


def test_nothing_to_ask_makes_no_file(tmp_path: Path) -> None:
    write_matches(tmp_path, Matches(empty(), {}, {}))
    assert list(tmp_path.iterdir()) == []


def test_all_open_questions_are_accepted_and_no_other(tmp_path: Path) -> None:
    content = (
        HEAD.strip() + ",note\nno,partner,reference,A,B,=x\n,partner,reference,C,D,\nyes,partner,reference,E,F,\n,partner,reference,E,G,\n"
    )
    read(tmp_path, content)
    before = digest(tmp_path)
    assert accept_all(tmp_path) == 1
    log = FaultLog()
    assert [one.decision for one in read_decisions(tmp_path, log)] == ["no", "yes", "yes", ""]
    assert not log.faults
    assert digest(tmp_path) != before
    assert "'=x" in (tmp_path / FILE).read_text(encoding="utf-8-sig")


def test_the_digest_is_of_what_is_applied(tmp_path: Path) -> None:
    read(tmp_path, HEAD + "yes,partner,reference,A,B\n")
    confirmed = digest(tmp_path)
    read(tmp_path, HEAD + ",partner,reference,X,Y\nno,partner,reference,C,D\nyes,partner,reference,A,B\n")
    assert digest(tmp_path) == confirmed
    read(tmp_path, HEAD + "no,partner,reference,A,B\n")
    assert digest(tmp_path) == ""
    read(tmp_path, HEAD + "maybe,partner,reference,A,B\n")
    assert digest(tmp_path) not in ("", confirmed)
