"""Anything at all where a person's answers, or files that nobody knows, are expected: never another error than one that says what to do."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prmkit.assumptions.signature import FILE as SIGNED
from prmkit.assumptions.signature import signatures
from prmkit.check import check
from prmkit.data.faults import FaultLog
from prmkit.data.identity.decisions import FILE as MATCHES
from prmkit.data.identity.decisions import read_decisions
from prmkit.data.presets import PRESETS
from prmkit.data.proposals import FILE as PROPOSALS
from prmkit.data.proposals import read_proposals
from prmkit.data.recognition import peek
from prmkit.data.recognition.columns import guess
from prmkit.data.recognition.fit import best_fit
from prmkit.data.tables import tables
from prmkit.errors import PrmkitError

few = settings(max_examples=40)
folders = itertools.count()
SUFFIXES = (".csv", ".tsv", ".txt", ".csv.gz", ".xlsx", ".xlsm", ".parquet")
HEADERS = sorted(
    {
        header
        for name in PRESETS
        for raw, export in PRESETS.get(name).exports.items()
        for header in [*export.told_by, *(way for ways in export.also.values() for way in ways)]
    }
)
# the beginnings of a workbook, a packed file, a Parquet file and a text with a mark, so that not all is refused at its first byte
beginnings = st.sampled_from([b"", b"PK\x03\x04", b"\x1f\x8b\x08", b"PAR1", b"\xff\xfe", b"\xef\xbb\xbf", b'"a","b"\r\n'])
anything = st.builds(bytes.__add__, beginnings, st.binary(max_size=400))
cells = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)


def _folder(made: pytest.TempPathFactory) -> Path:
    return made.mktemp(f"fuzz{next(folders)}")


@few
@given(suffix=st.sampled_from(SUFFIXES), content=anything)
def test_a_look_at_anything_ends_without_an_error(tmp_path_factory: pytest.TempPathFactory, suffix: str, content: bytes) -> None:
    path = _folder(tmp_path_factory) / f"export{suffix}"
    path.write_bytes(content)
    seen = peek(path)
    best_fit(seen)
    guess(seen, list(tables()))
    assert path.read_bytes() == content


@few
@given(headers=st.lists(st.sampled_from(HEADERS) | cells, min_size=1, max_size=12), rows=st.lists(st.lists(cells, max_size=12), max_size=5))
def test_headers_of_all_systems_mixed_are_one_export_or_none(
    tmp_path_factory: pytest.TempPathFactory, headers: list[str], rows: list[list[str]]
) -> None:
    path = _folder(tmp_path_factory) / "export.csv"
    path.write_text("\n".join(";".join(f'"{cell}"' for cell in row) for row in [headers, *rows]), encoding="utf-8")
    fit = best_fit(peek(path))
    if fit is not None:
        assert set(PRESETS.get(fit.preset).exports[fit.export].told_by) <= set(fit.headers)
        assert set(fit.headers.values()) <= {cell for record in peek(path).records for cell in record}


@settings(max_examples=6)
@given(
    headers=st.lists(st.sampled_from(HEADERS), min_size=4, max_size=12, unique=True),
    rows=st.lists(st.lists(cells, max_size=12), max_size=4),
)
def test_a_folder_of_such_files_is_checked_to_its_end(
    tmp_path_factory: pytest.TempPathFactory, headers: list[str], rows: list[list[str]]
) -> None:
    folder = _folder(tmp_path_factory)
    text = "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [headers, *rows])
    (folder / "report (1).csv").write_bytes(text.encode())
    (folder / "engagement.yaml").write_text("client: Example\ndata: .\n", encoding="utf-8")
    report = check(folder)
    assert report.exit_code == 2  # there are no partners and no sales in it, or nobody has agreed to them yet
    assert all(fault.why and fault.code for fault in report.faults)
    assert (folder / "report (1).csv").read_bytes() == text.encode()


@few
@given(content=anything | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_answers_that_are_none_are_one_clear_error(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = _folder(tmp_path_factory)
    for name in (PROPOSALS, MATCHES, SIGNED):
        (folder / name).write_bytes(content)
    log = FaultLog()
    read_decisions(folder, log)
    said = [error for read in (read_proposals, signatures) if (error := _refusal(read, folder))]
    assert all(error.where and error.do and error.exit_code == 2 for error in said)
    assert all((folder / name).read_bytes() == content for name in (PROPOSALS, MATCHES, SIGNED))


def _refusal(read: Callable[[Path], object], folder: Path) -> PrmkitError | None:
    try:
        read(folder)
    except PrmkitError as error:
        return error
    return None
