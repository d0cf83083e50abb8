"""How values become the text of a file."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from prmkit.simulate.exports.writing import as_lines, as_text, write_csv


def text(values: object, kind: str = "float64") -> list[str | None]:
    return [None if pd.isna(value) else value for value in as_text(pd.Series(values).astype(kind))]


def test_numbers_are_written_as_their_column_needs() -> None:
    assert text([1, 2, None, -40_000_000]) == ["1", "2", None, "-40000000"]
    assert text([1.5, 2, None, -0.05, 1e9]) == ["1.50", "2.00", None, "-0.05", "1000000000.00"]
    assert text([13.738, 1 / 3, 2, 1e-7, 12.3456789]) == ["13.7380", "0.3333333333333333", "2.0", "0.0000001", "12.3456789"]
    assert text([0.1 + 0.2, -1.001]) == ["0.30000000000000004", "-1.0010"]
    assert text([-0.0, 0.0]) == ["0", "0"]
    assert text([2.0**60, 0.5]) == ["1152921504606847000.0", "0.5"]


def test_every_number_reads_back_as_it_was() -> None:
    values = np.array([0.1, 1 / 3, 1e-300, 123456.789, 2.0**70, -1.7976931348623157e308, 5e-324])
    assert [float(told) for told in text(values) if told] == values.tolist()


def test_dates_have_a_time_only_where_a_value_has_one() -> None:
    days = pd.to_datetime(["2026-09-30", None, "1999-01-02"]).astype("datetime64[us]")
    assert text(days, "datetime64[us]") == ["2026-09-30", None, "1999-01-02"]
    assert text(days + pd.Timedelta(minutes=61), "datetime64[us]") == ["2026-09-30 01:01:00", None, "1999-01-02 01:01:00"]


def test_cells_are_quoted_only_where_a_reader_would_be_misled(tmp_path: Path) -> None:
    words = ["plain", "a,b", 'say "x"', " edge", "two\nlines", "Öl", None]
    frame = pd.DataFrame({"a": words, "with, comma": words}).astype("str")
    path = write_csv(frame, tmp_path / "words.csv")
    written = path.read_bytes()
    assert written.startswith(b'a,"with, comma"\nplain,plain\n"a,b","a,b"\n"say ""x""",')
    assert b"\r" not in written
    read = pd.read_csv(io.BytesIO(written), dtype="str", skip_blank_lines=False)
    assert read["a"].tolist()[:6] == words[:6]
    assert read["a"].isna().tolist()[6]


def test_long_files_are_written_in_pieces_without_a_seam(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = pd.DataFrame({"number": np.arange(7.0), "word": pd.Series(list("abcdefg"), dtype="str")})
    whole = write_csv(frame, tmp_path / "whole.csv").read_bytes()
    monkeypatch.setattr("prmkit.simulate.exports.writing._AT_A_TIME", 3)
    assert write_csv(frame, tmp_path / "pieces.csv").read_bytes() == whole
    assert whole.count(b"\n") == 8
    assert as_lines(frame).tolist()[0] == "0,a"


@pytest.mark.parametrize("column", [pd.Series([np.inf]), pd.Series([True, False])])
def test_what_has_no_text_is_refused(column: pd.Series) -> None:
    with pytest.raises((ValueError, TypeError)):
        as_text(column)
