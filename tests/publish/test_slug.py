"""Folder names of partners: safe anywhere, and one each."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmkit.publish.slug import slug

SAFE = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
HARD = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from('./\\:*?"<>|\x00 \u00e9e\u0301\u212b\u00c5\u2126AaIi\u0130')), max_size=300
)

COLLIDING = [
    "ACME", "acme", "Acme", "acme.", "acme..", "acme ", " acme", "acme\x00", "acme/", "../acme", "..\\acme", "/acme", "acme\n",
    "caf\u00e9", "cafe\u0301", "cafe", "", ".", "..", "007", "7", "7.0", "\u212bngstrom", "\u00c5ngstrom", "\ud800",
]  # fmt: skip


@given(HARD)
def test_a_slug_is_a_plain_name_of_bounded_length(partner_id: str) -> None:
    made = slug(partner_id)
    assert SAFE.fullmatch(made)
    assert len(made) <= 57
    assert made == slug(partner_id)


@given(HARD, HARD)
def test_two_ids_never_share_a_folder(one: str, other: str) -> None:
    assert (slug(one) == slug(other)) == (one == other)


@given(HARD)
def test_ids_that_differ_by_case_or_a_trailing_dot_are_told_apart(partner_id: str) -> None:
    near = {partner_id, partner_id + ".", partner_id.swapcase(), partner_id + " ", partner_id + "\x00"}
    assert len({slug(name).casefold() for name in near}) == len(near)


def test_ids_that_look_alike_make_as_many_files(tmp_path: Path) -> None:
    for partner_id in COLLIDING:
        (tmp_path / f"{slug(partner_id)}.html").write_text("x")
    assert len(list(tmp_path.iterdir())) == len(COLLIDING)


@pytest.mark.parametrize("name", ["CON", "nul", "COM1", "LPT9.txt", "aux"])
def test_device_names_of_windows_are_no_folder_names(name: str) -> None:
    stem = slug(name).split(".")[0].upper()
    assert stem not in {"CON", "PRN", "AUX", "NUL", *(f"COM{n}" for n in range(10)), *(f"LPT{n}" for n in range(10))}


def test_the_readable_part_is_the_id_in_plain_letters() -> None:
    assert slug("Société Générale 42").startswith("societe-generale-42-")
    assert slug("株式会社").startswith("partner-")
    assert slug("x" * 300).startswith("x" * 40 + "-")
    assert slug("../../escaped") == "escaped-" + slug("../../escaped").rsplit("-", 1)[1]


def test_a_slug_stays_what_it_was() -> None:
    """Links to reports are kept by people: the name of a folder must not change with a release."""
    assert slug("701") == "701-h7izltriuc4nhmrn"
