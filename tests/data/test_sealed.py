"""What is true of a made-up programme cannot be read as data, however it is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from prmkit.data.load import Inspection
from prmkit.data.sealed import SEALED_BY, is_sealed
from prmkit.engagement import SourceSettings
from tests.data.conftest import PARTNERS, codes, fault

Look = Callable[..., Inspection]
SEALED = {"truth/TRUTH.txt": "true\n", "truth/partners.csv": PARTNERS, "truth/below/partners.csv": PARTNERS}


@pytest.mark.parametrize("path", ["truth/partners.csv", "truth/*.csv", "truth/below/partners.csv", "data/../truth/partners.csv"])
def test_a_source_in_a_sealed_folder_is_refused(path: str, look: Look) -> None:
    found = look({**SEALED, "data/partners.csv": None}, sources={"partners": [SourceSettings(path=path)]})
    refused = fault(found, "truth_refused")
    assert (refused.table, refused.severity) == ("partners", "error")
    assert "never read as data" in refused.why
    assert codes(found, "error") == {"truth_refused"}
    assert found.client is None
    assert "partners" not in found.tables


def test_a_data_folder_that_is_sealed_gives_nothing(look: Look) -> None:
    found = look({"data/TRUTH.txt": ""})
    assert {fault.table for fault in found.faults if fault.code == "truth_refused"} == {"partners", "sales"}
    assert found.tables == {}


def test_a_link_into_a_sealed_folder_is_followed(look: Look, tmp_path: Path) -> None:
    look(SEALED)
    link = tmp_path / "data" / "partners.csv"
    link.unlink()
    try:
        link.symlink_to(tmp_path / "truth" / "partners.csv")
    except OSError:
        pytest.skip("this system makes no links")
    assert is_sealed(link)
    assert not is_sealed(tmp_path / "data" / "sales.csv")


def test_without_the_marker_a_folder_called_truth_is_a_folder_like_any_other(look: Look) -> None:
    files = {"truth/partners.csv": PARTNERS, "data/partners.csv": None}
    found = look(files, sources={"partners": [SourceSettings(path="truth/partners.csv")]})
    assert codes(found, "error") == set()
    assert found.tables["partners"]["partner_id"].tolist() == ["P1", "P2", "007"]
    assert SEALED_BY == "TRUTH.txt"
