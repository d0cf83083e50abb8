"""`prmkit simulate`: an engagement that can be checked, written whole or not at all, the same bytes from the same seed."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from rich.console import Console

from prmkit.check import CheckReport, check
from prmkit.engagement import load_engagement
from prmkit.errors import PrmkitError
from prmkit.simulate import command
from prmkit.simulate.settings import control_totals


def made(folder: Path, seed: int = 7, world: str = "reference", partners: int = 40, months: int = 14) -> str:
    """Make a programme; what the command says."""
    told = io.StringIO()
    assert command.run(folder, partners, months, seed, world, Console(file=told, width=200)) == 0
    return told.getvalue()


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("simulate") / "clean"
    made(folder)
    return folder


@pytest.fixture(scope="module")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("simulate") / "dirty"
    made(folder, world="dirty")
    return folder


@pytest.fixture(scope="module")
def checked(clean: Path) -> CheckReport:
    return check(clean)


def test_the_folder_is_an_engagement_over_every_table(clean: Path, checked: CheckReport) -> None:
    engagement = load_engagement(clean)
    assert engagement.client == "Made-up programme (reference, seed 7)"
    assert (engagement.currency, str(engagement.as_of), engagement.measure) == ("EUR", "2026-09-30", "sell_through")
    assert set(engagement.portfolios) <= {"emea", "amer", "apac"}
    assert len(checked.sources) == 23
    assert "made up" in (clean / "engagement.yaml").read_text(encoding="utf-8").splitlines()[0]
    note = (clean / "data" / "README.md").read_text(encoding="utf-8")
    assert "no company, person or sale of it exists" in note
    assert "| `zendesk_tickets.csv` | 1 |" in note
    assert {path.name for path in (clean / "truth").iterdir()} >= {"TRUTH.txt", "partners.csv", "world.json"}
    assert not (clean / "truth" / "dirt.csv").exists()


def test_a_clean_programme_passes_the_check(checked: CheckReport) -> None:
    assert checked.exit_code == 0
    assert [fault.code for fault in checked.faults if fault.severity == "error"] == []


def test_finance_agrees_with_the_clean_lines_to_the_cent(checked: CheckReport) -> None:
    found = checked.reconciliation
    assert found is not None
    assert len(found) >= 12
    assert (found["ours"] - found["theirs"]).abs().max() < 0.01
    assert (found["ours"] > 0).all()


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(clean: Path, tmp_path: Path) -> None:
    made(tmp_path / "again")
    first, again = content(clean), content(tmp_path / "again")
    first = {name: data for name, data in first.items() if not name.startswith("out/")}
    assert first == again
    made(tmp_path / "other", seed=8)
    assert content(tmp_path / "other")["data/salesforce_partner_accounts.csv"] != first["data/salesforce_partner_accounts.csv"]


def test_a_dirty_programme_warns_and_can_be_assessed(clean: Path, dirty: Path) -> None:
    report = check(dirty)
    assert report.exit_code == 0
    codes = {fault.code for fault in report.faults}
    assert {"duplicate_row", "name_case", "future_date"} <= codes
    acts = pd.read_csv(dirty / "truth" / "dirt.csv", dtype="str")
    assert acts["kind"].nunique() == 13
    for name, rows in acts[acts["column"].notna() & (acts["row"] != "0")].groupby("file"):
        cells = pd.read_csv(dirty / "data" / f"{name}.csv", dtype="str", keep_default_na=False)
        act = rows.iloc[-1]
        assert cells.at[int(act["row"]) - 2, act["column"]] == ("" if pd.isna(act["became"]) else act["became"])
    assert (dirty / "truth" / "partners.csv").read_bytes() == (clean / "truth" / "partners.csv").read_bytes()


def test_what_was_made_and_the_next_command_are_told(tmp_path: Path) -> None:
    told = made(tmp_path / "small", partners=30, months=12, world="dirty")
    assert "Made up: 30 partners, 12 months, " in told
    assert "acts of dirt (world dirty, seed 7)." in told
    assert f"Next: prmkit check {tmp_path / 'small'}" in told


@pytest.mark.parametrize("place", ["engagement", "file", "link"])
def test_nothing_is_ever_overwritten(place: str, tmp_path: Path) -> None:
    target = tmp_path / "there"
    if place == "engagement":
        target.mkdir()
        (target / "engagement.yaml").write_text("client: Real\n", encoding="utf-8")
    elif place == "file":
        target.write_text("mine", encoding="utf-8")
    else:
        target.symlink_to(tmp_path / "nowhere")
    before = content(tmp_path)
    with pytest.raises(PrmkitError, match="nothing was changed"):
        made(target)
    assert content(tmp_path) == before


@pytest.mark.parametrize(
    ("given", "says", "do"),
    [
        ({"partners": 0}, "A made-up programme has 30 to 20,000 partners, not 0.", "Give a number from 30 to 20,000."),
        ({"partners": 29}, "A made-up programme has 30 to 20,000 partners, not 29.", "Give a number from 30 to 20,000."),
        ({"partners": 20_001}, "A made-up programme has 30 to 20,000 partners, not 20,001.", "Give a number from 30 to 20,000."),
        ({"months": 11}, "A made-up programme has 12 to 60 months, not 11.", "Give a number from 12 to 60."),
        ({"months": 61}, "A made-up programme has 12 to 60 months, not 61.", "Give a number from 12 to 60."),
        ({"seed": -1}, "A programme cannot have seed -1.", "Give 0 to"),
        ({"world": "trap"}, "There is no world 'trap'. Did you mean 'traps'?", ""),
    ],
)
def test_what_cannot_be_is_told_and_nothing_written(given: dict[str, Any], says: str, do: str, tmp_path: Path) -> None:
    with pytest.raises(PrmkitError) as refused:
        made(tmp_path / "world", **given)
    assert says in refused.value.what
    assert refused.value.do.startswith(do)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("problem", "raised"), [(OSError(28, "No space left on device"), PrmkitError), (KeyboardInterrupt(), KeyboardInterrupt)]
)
def test_what_stops_the_writing_leaves_nothing(
    problem: BaseException, raised: type[BaseException], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "write_csv", _failing(command.write_csv, problem))
    with pytest.raises(raised) as stopped:
        made(tmp_path / "world")
    if isinstance(stopped.value, PrmkitError):
        assert "No space left on device" in stopped.value.what
        assert stopped.value.exit_code == 1
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_is_taken_and_missing_ones_are_made(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    made(tmp_path / "empty", partners=30, months=12)
    made(tmp_path / "a" / "b", partners=30, months=12)
    assert (tmp_path / "empty" / "engagement.yaml").exists()
    assert (tmp_path / "a" / "b" / "engagement.yaml").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "empty"]


def test_control_totals_are_converted_month_by_month_and_exact() -> None:
    month = pd.to_datetime(["2026-07-01", "2026-08-01"]).astype("datetime64[us]")
    rates = pd.DataFrame({"currency": "USD", "month": month, "kind": "average", "rate": [0.9, 0.8]})
    date = pd.to_datetime(["2026-07-03", "2026-08-31", "2026-09-30", "2026-09-01", "2026-09-02"]).astype("datetime64[us]")
    sales = pd.DataFrame(
        {
            "date": date,
            "partner_id": ["P1", "P1", "P2", None, "P2"],
            "channel": ["sell_through", "sell_through", "sell_through", "direct", "sell_in"],
            "currency": ["USD", "USD", None, "EUR", "EUR"],
            "revenue": [10.01, 20.02, 0.07, 5.0, 99.0],
            "cost": [5.0, None, 0.02, 1.0, 1.0],
        }
    )
    assert control_totals(sales, rates) == {"2026-Q3": {"revenue": 25.1, "direct_revenue": 5.0, "cost": 4.52}}


def _failing(write: Callable[..., Path], problem: BaseException) -> Callable[..., Path]:
    calls = []

    def failing(frame: pd.DataFrame, path: Path) -> Path:
        calls.append(path)
        if len(calls) == 3:
            raise problem
        return write(frame, path)

    return failing
