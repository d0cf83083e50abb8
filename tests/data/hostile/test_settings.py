"""engagement.yaml made to crash or to hang: said in a few lines, in a second or two."""

from __future__ import annotations

from pathlib import Path

import pytest

from prmkit.engagement import load_engagement
from prmkit.errors import PrmkitError
from tests.data.hostile.cases import Case, Outcome, judge, run


def bad(what: str, text: str | bytes, faults: int = 1) -> Case:
    """Settings that are refused with so many faults."""
    return Case(what, {}, ("setting",) * faults, settings=text)


def fine(what: str, text: str | bytes) -> Case:
    return Case(what, {}, (), 3, settings=text)


SOURCE = "client: x\nsources: {{sales: {{path: data/sales.csv, {0}}}}}\n"
CASES = [
    bad("a billion laughs", "a: &a [x]\nb: &b [*a, *a]\nclient: x\n"),
    bad("brackets in brackets", "client: " + "[" * 300_000),
    bad("braces in braces", "client: " + "{a: " * 100_000),
    bad("lists in lists", "client: x\nsources: " + "- " * 200_000),
    bad("a staircase", "".join(" " * depth + "a:\n" for depth in range(1_000))),
    bad("a key without end", "a" * 900_000 + ": 1\n"),
    bad("an address without end", f"client: x\nfoo: '://{':' * 900_000}'\n"),
    bad("one key, a hundred thousand times", "client: x\n" * 90_000),
    bad("ninety thousand keys", "".join(f"k{number}: 1\n" for number in range(90_000))),
    bad("a thousand keys that are none", "client: x\n" + "".join(f"k{number}: 1\n" for number in range(1_000)), 200),
    bad("a thousand portfolios", "client: x\nportfolios:\n" + "".join(f"  p{number}: {{tier: a}}\n" for number in range(1_000))),
    bad("an object of the language", "client: !!python/object/apply:os.system ['id']\n"),
    bad("a key that merges", "client: x\n<<: {a: 1}\n"),
    bad("NUL", "client: a\0b\n"),
    bad("half a letter", 'client: "\\ud800"\n'),
    bad("half a letter in a key", SOURCE.format('values: {partner_id: {"\\ud800": x}}')),
    bad("another encoding", "client: Süd\n".encode("latin-1")),
    bad("UTF-16", "client: x\n".encode("utf-16")),
    bad("ten megabytes", "#" * 10_000_000),
    bad("nothing", ""),
    bad("two documents", "client: x\n---\nclient: y\n"),
    bad("numbers without end", "client: x\ngoal: {revenue: 1e400}\ncontrol_totals: {2026: {revenue: .inf}}\n", 2),
    bad("years that cannot be", "client: x\nas_of: 0001-01-01\ncontrol_totals: {9999: {revenue: 1}, '0000': {revenue: 1}}\n", 3),
    bad("a seed of five thousand digits", f"client: x\nseed: {'9' * 5_000}\n"),
    bad("escape sequences", 'client: x\n"\\e[2J\\u202e": 1\n'),
    fine("a byte order mark and CR", b"\xef\xbb\xbfclient: x\r\ncurrency: EUR\r\n"),
    fine("NUL in a name", 'client: "a\\0b"\n'),
    fine("escape sequences in a name", 'client: "\\e[2J\\u202e"\n'),
    fine("statements and NUL among the values", SOURCE.format('values: {partner_id: {"a\\0\'; DROP TABLE x; --": "\'"}}')),
    fine("a megabyte of notes", "client: x\n" + "# note\n" * 100_000),
]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    return run(CASES, tmp_path_factory.mktemp("settings"))


@pytest.mark.parametrize("case", CASES, ids=[case.what for case in CASES])
def test_settings(case: Case, outcomes: dict[str, Outcome]) -> None:
    judge(case, outcomes[case.what])


def test_a_device_is_no_file_of_settings(tmp_path: Path) -> None:
    (tmp_path / "engagement.yaml").symlink_to("/dev/zero")
    with pytest.raises(PrmkitError, match=r"There is no engagement\.yaml"):
        load_engagement(tmp_path)
