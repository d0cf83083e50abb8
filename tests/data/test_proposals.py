"""proposals.yaml: comes back as it was written, whatever stands in it; a decision outlives the next look."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmkit.data.proposals import FILE, Proposal, accepted, as_text, merged, read_proposals
from prmkit.errors import PrmkitError

ONE = Proposal(
    "partners",
    "a.csv holds partners",
    "its headers",
    0.9,
    files={"": ("data/a.csv",)},
    columns={"partner_id": "Nr", "name": "Firma"},
    samples={"Nr": ("007", "=1+1")},
)
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=20)
keys = texts.filter(bool)


def _write(folder: Path, text: str) -> None:
    (folder / FILE).write_text(text, encoding="utf-8")


def test_there_and_back(tmp_path: Path) -> None:
    _write(tmp_path, as_text([ONE, replace(ONE, table="sales", columns={"date": "Tag"}, decision="no")]))
    first, second = read_proposals(tmp_path)
    assert first == ONE
    assert (second.table, second.decision) == ("sales", "no")


@given(what=texts, why=texts, path=keys, header=texts, word=texts, sample=st.lists(texts, max_size=3))
def test_any_text_survives(
    tmp_path_factory: pytest.TempPathFactory, what: str, why: str, path: str, header: str, word: str, sample: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("proposals")
    made = replace(
        ONE, what=what, why=why, files={"": (path,)}, columns={"name": header}, values={"tier": {word: "x"}}, samples={"s": tuple(sample)}
    )
    _write(folder, as_text([made]))
    assert read_proposals(folder) == (made,)


@pytest.mark.parametrize(("written", "meant"), [("yes", "yes"), ("no", "no"), ("true", "yes"), ("False", "no"), ('"Yes"', "yes"), ("", "")])
def test_ways_to_decide(tmp_path: Path, written: str, meant: str) -> None:
    _write(tmp_path, as_text([ONE]).replace("decision:", f"decision: {written}"))
    assert read_proposals(tmp_path)[0].decision == meant


def test_a_decision_and_a_correction_outlive_the_next_look() -> None:
    corrected = replace(ONE, columns={"partner_id": "Kundennr", "name": "Firma"}, decision="yes")
    other = replace(ONE, table="sales", sure=0.5)
    assert corrected.id == ONE.id
    assert merged([corrected], [ONE, other]) == (corrected, other)
    assert [one.decision for one in accepted([replace(ONE, decision="no"), other])] == ["no", "yes"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("proposals: [{id: a, table: nowhere}]", "There is no canonical table 'nowhere'"),
        ("proposals: [{id: a, table: partners, columns: {nome: X}}]", "There is no column of partners 'nome'"),
        ("proposals: [{id: a, table: partners, decision: perhaps}]", "Write yes or no"),
        ("proposals: [{id: a, table: partners, colour: red}]", "colour"),
        ("proposals: 3", "no list"),
        ("a: &x [1]\nb: *x\n", "Anchors and aliases"),
        ("proposals: [", "bracket"),
        ("!!python/object/apply:os.system ['true']", "tag"),
    ],
)
def test_a_file_that_cannot_be_used_says_where(tmp_path: Path, text: str, said: str) -> None:
    _write(tmp_path, text)
    with pytest.raises(PrmkitError) as caught:
        read_proposals(tmp_path)
    assert said in str(caught.value)
    assert FILE in caught.value.where
    assert caught.value.exit_code == 2


def test_what_is_no_utf_8_or_too_large_says_so(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PrmkitError, match="UTF-8"):
        read_proposals(tmp_path)
    (tmp_path / FILE).write_bytes(b"#" * 2_000_000)
    with pytest.raises(PrmkitError, match="too large"):
        read_proposals(tmp_path)
