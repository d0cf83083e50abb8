"""The store, in a file and on a server: what was said is read again, and two who judge at once lose nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from prmkit import assess, results
from prmkit.engagement import load_engagement
from prmkit.errors import PrmkitError
from prmkit.practices.result import Amount, Finding
from prmkit.verdicts.store import FILE, latest, open_store
from prmkit.verdicts.verdict import Judgement

HOSTILE = (
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "'; DROP TABLE prmkit_verdicts; --",
    "\u202eevil",
    "é" * 10_000,
    "{x} %s [red]",
)
FIGURE = Amount(400_000.0, 300_000.0, None, "EUR", "a year")
WRITER = """
import sys
from pathlib import Path
from prmkit.engagement import load_engagement
from prmkit.practices.result import Amount
from prmkit.verdicts.store import open_store
from prmkit.verdicts.verdict import Judgement
engagement = load_engagement(Path(sys.argv[1]))
for number in range(20):
    with open_store(engagement) as store:
        store.add(Judgement(f"f{number}", "accepted", "", sys.argv[2], "2026-11-02", Amount(1.0)))
"""


@pytest.mark.usefixtures("kept_in")
def test_what_was_said_is_read_again_word_for_word(folder: Path) -> None:
    engagement = load_engagement(folder)
    assert latest(engagement) == {}
    made = [Judgement(f"id{place}", "disputed", reason, "Ada", "2026-11-02", FIGURE) for place, reason in enumerate(HOSTILE)]
    made.append(Judgement("id0", "corrected", "r", "Bo", "2026-11-03", Amount(None), Amount(0.0, -1.0, 1.0, "EUR")))
    with open_store(engagement) as store:
        for said in made:
            store.add(said)
        assert store.history() == tuple(made)
        assert store.history("id0") == (made[0], made[-1])
    assert latest(engagement) == {said.finding_id: said for said in made}


@pytest.mark.usefixtures("kept_in")
def test_writers_at_once_lose_no_verdict(folder: Path) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(folder), name], stderr=subprocess.PIPE, text=True) for name in "abc"]
    for writer in writers:
        assert writer.wait(120) == 0, writer.stderr.read() if writer.stderr else ""
        if writer.stderr:
            writer.stderr.close()
    with open_store(load_engagement(folder)) as store:
        said = store.history()
    assert sorted((one.finding_id, one.by) for one in said) == sorted((f"f{number}", name) for number in range(20) for name in "abc")


@pytest.mark.usefixtures("kept_in")
def test_verdicts_of_another_layout_are_refused(folder: Path) -> None:
    from sqlalchemy import text

    engagement = load_engagement(folder)
    with open_store(engagement) as store, store._engine.begin() as connection:
        connection.execute(text("UPDATE prmkit_layouts SET version = 9"))
    with pytest.raises(PrmkitError, match=r"another version of prmkit \(layout 9\)"):
        latest(engagement)


def test_nothing_is_made_by_reading(folder: Path) -> None:
    assert latest(load_engagement(folder)) == {}
    assert not (folder / FILE).exists()


def test_an_address_is_never_repeated(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (folder / "engagement.yaml").open("a", encoding="utf-8") as settings:
        settings.write("store_env: PRMKIT_TEST_NOWHERE\n")
    engagement = load_engagement(folder)
    with pytest.raises(PrmkitError, match="does not hold the address"):
        latest(engagement)
    for address in ("postgresql://reader:hunter2@127.0.0.1:1/x", "nonsense hunter2", "oracle9://hunter2@h/x"):
        monkeypatch.setenv("PRMKIT_TEST_NOWHERE", address)
        with pytest.raises(PrmkitError) as caught:
            latest(engagement)
        assert "hunter2" not in str(caught.value)
        assert caught.value.__cause__ is None


def test_a_file_that_is_no_database_is_one_clear_error(folder: Path) -> None:
    (folder / FILE).write_bytes(b"not a database" * 100)
    with pytest.raises(PrmkitError, match="cannot be used"):
        latest(load_engagement(folder))


def test_out_may_go_and_verdicts_stay(
    folder: Path, make_finding: Callable[..., Finding], make_results: Callable[..., results.Results]
) -> None:
    import shutil

    engagement = load_engagement(folder)
    with open_store(engagement) as store:
        store.add(Judgement(make_finding().id, "hidden", "r", "Ada", "2026-11-02", make_finding().figure))
    shutil.rmtree(folder / "out")
    results.write(make_results(make_finding()), assess.output(engagement) / "results")
    assert [finding.status for finding in assess.read(engagement).findings] == ["hidden"]


def test_without_the_database_the_verdicts_last_written_are_shown_with_a_warning(folder: Path) -> None:
    engagement = load_engagement(folder)
    kept = assess.read(engagement)
    finding = kept.findings[0]
    with open_store(engagement) as store:
        store.add(Judgement(finding.id, "disputed", "r", "Ada", "2026-11-02", finding.figure))
    results.write_findings(assess.read(engagement).findings, assess.output(engagement) / "results")
    (folder / FILE).write_bytes(b"not a database" * 100)
    for beside in folder.glob(f"{FILE}-*"):
        beside.unlink()
    read = assess.read(engagement)
    assert read.findings[0].status == "disputed"
    assert "Verdicts may be out of date" in read.run["warnings"][-1]
