"""`prmkit check`: every fault at once, in a terminal and in a file; nothing changed, nothing taken for markup."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from rich.console import Console

import prmkit.check
from prmkit.check import CheckReport, check, fault_table, run, show
from prmkit.data.client import Client, Source
from prmkit.errors import DataFaults, Fault, PrmkitError
from tests.data.handmade import client, line

LINES = [line(str(day.date()), "007", "100", cost="60") for day in pd.date_range("2023-01-31", periods=14, freq="ME")]
ERROR = Fault("date", "error", "sales", "sales.csv", 12, "date", "2024-02-30", "There is no such day.", "Correct it.", 3)
WARNING = Fault("margin", "warning", "sales", "sales.csv", 0, "", "", "Something is odd.", "")
SOURCES = {"sales": Source("sales", ("sales.csv",), 1234, pd.Timestamp("2023-01-31"), pd.Timestamp("2024-02-29"))}

Inspect = Callable[..., None]


def shown(report: CheckReport, *, terminal: bool = False, width: int = 100) -> str:
    out = io.StringIO()
    show(report, Console(file=out, force_terminal=terminal, width=width, color_system=None, legacy_windows=False))
    return out.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "engagement"
    made.mkdir()
    (made / "engagement.yaml").write_text(
        "client: Example\ncontrol_totals: {2023: {revenue: 1100}}\nportfolios: {gold: {tier: [gold]}}\n", encoding="utf-8"
    )
    return made


@pytest.fixture
def inspects(monkeypatch: pytest.MonkeyPatch) -> Inspect:
    """Makes the loader answer with a client (or none) and faults."""

    def answer(known: Client | None, *faults: Fault) -> None:
        found = SimpleNamespace(client=known, faults=faults, sources=SOURCES, tables={}, matches=None)
        monkeypatch.setattr(prmkit.check.load, "inspect", lambda engagement, cache: found)

    return answer


def loaded(folder: Path, tier: str = "gold", **settings: Any) -> Client:
    """A client whose settings are the folder's, with more."""
    known = {
        "control_totals": {"2023": {"revenue": 1100}},
        "portfolios": {"gold": {"tier": ["gold"]}},
        "folder": folder,
        **settings,
    }
    return client(folder.parent, LINES, known, partners=[{"partner_id": "007", "name": "Seven [bold]", "tier": tier}])


class TestReport:
    def test_a_sound_client_ends_well(self, folder: Path, inspects: Inspect) -> None:
        inspects(loaded(folder), WARNING)
        report = check(folder)
        assert report.exit_code == 0
        assert report.faults == (WARNING,)
        assert report.sources == SOURCES
        assert report.readiness is not None
        assert report.unlocks is not None
        assert set(report.readiness["practice"]) == {"know", "reach", "enable", "loyalty", "prune"}
        assert report.reconciliation is not None
        assert report.reconciliation["difference"].tolist() == [100.0]

    def test_errors_of_the_data_end_with_2_and_the_rest_is_still_told(self, folder: Path, inspects: Inspect) -> None:
        inspects(None, ERROR, WARNING)
        report = check(folder)
        assert (report.exit_code, report.faults, report.sources) == (2, (ERROR, WARNING), SOURCES)
        assert report.readiness is None
        inspects(loaded(folder), ERROR)
        report = check(folder)
        assert report.exit_code == 2
        assert report.readiness is not None

    def test_a_portfolio_that_selects_nobody_is_an_error(self, folder: Path, inspects: Inspect) -> None:
        inspects(loaded(folder, tier="silver"))
        (fault,) = check(folder).faults
        assert (fault.severity, fault.file, fault.column) == ("error", "engagement.yaml", "portfolios.gold")
        assert "selects no partner" in fault.why

    def test_what_is_odd_about_the_sales_is_a_warning(self, folder: Path, inspects: Inspect) -> None:
        thin = [{**one, "cost": "99"} for one in LINES]
        inspects(client(folder.parent, thin, {"folder": folder}))
        (fault,) = check(folder).faults
        assert (fault.severity, fault.table) == ("warning", "sales")
        assert "hardly any margin" in fault.why

    def test_faults_of_the_settings_stand_in_the_table(self, folder: Path) -> None:
        (folder / "engagement.yaml").write_text("clint: A\nseed: -1\n", encoding="utf-8")
        report = check(folder)
        assert report.exit_code == 2
        assert [(fault.row, fault.column) for fault in report.faults] == [(1, ""), (1, "clint"), (2, "seed")]

    def test_faults_raised_by_the_loader_stand_in_the_table(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(engagement: object, cache: Path) -> None:
            raise DataFaults([ERROR])

        monkeypatch.setattr(prmkit.check.load, "inspect", refuse)
        assert check(folder).faults == (ERROR,)

    def test_a_folder_without_an_engagement_is_an_error(self, tmp_path: Path) -> None:
        with pytest.raises(PrmkitError, match="no such engagement folder"):
            check(tmp_path / "nowhere")

    def test_the_settings_are_not_touched(self, folder: Path, inspects: Inspect) -> None:
        before = (folder / "engagement.yaml").read_bytes()
        inspects(loaded(folder))
        assert run(folder, True, Console(file=io.StringIO())) == 0
        assert (folder / "engagement.yaml").read_bytes() == before
        assert [path.name for path in folder.iterdir()] == ["engagement.yaml"]


class TestShown:
    def test_plain_text_has_one_line_for_each_fault(self, folder: Path, inspects: Inspect) -> None:
        inspects(loaded(folder), WARNING, ERROR)
        report = check(folder)
        text = shown(report, width=40)
        lines = text.splitlines()
        assert "Faults: 1 error, 1 warning" in lines
        error = "  error | sales | sales.csv, row 12, date | 2024-02-30 | There is no such day. (3 rows) Correct it."
        assert lines.index(error) < lines.index("  warning | sales | sales.csv |  | Something is odd.")
        assert "  sales | 1,234 | 2023-01-31 | 2024-02-29 | sales.csv" in lines
        assert "  2023 | revenue | 1,200 | 1,100 | 100 | unknown" in lines
        assert "1 error has to be mended before an assessment can run." in lines
        assert any(line.startswith("  Know your partners | profile, concentration,") for line in lines)
        assert report.unlocks is not None
        first = report.unlocks[report.unlocks["export"] != "engagement.yaml"].iloc[0]
        said = f"One more export would unlock the most: {first['export']} with {first['columns']}. It makes possible: {first['tables']}."
        assert said in lines
        assert any(line.startswith("In engagement.yaml, goal would make possible: reach_waterfall, ") for line in lines)
        assert "\x1b" not in text
        assert "┃" not in text

    def test_a_terminal_gets_tables(self, folder: Path, inspects: Inspect) -> None:
        inspects(loaded(folder), ERROR)
        text = shown(check(folder), terminal=True)
        assert "┃ Severity" in text
        assert "2024-02-30" in text
        assert all(len(line) <= 100 for line in text.splitlines() if "│" in line)

    @pytest.mark.parametrize("terminal", [True, False])
    def test_values_are_never_markup_nor_control(self, terminal: bool) -> None:
        hostile = "[bold red]x[/] [/nothing] \x1b[2J\u202e\r\nnext"
        fault = Fault("a", "error", "partners", f"{hostile}.csv", 2, hostile, hostile, hostile, hostile)
        text = shown(CheckReport(Path("x[/]"), (fault,)), terminal=terminal, width=200)
        assert "[bold red]x[/] [/nothing] \\u001b[2J\\u202e" in text
        assert "\u202e" not in text
        assert "\x1b[2J" not in text

    def test_a_long_value_is_cut(self) -> None:
        (row,) = fault_table([Fault("a", "error", "t", "f", 1, "c", "v" * 500, "why", "do")]).rows
        assert row[3] == "v" * 59 + "…"

    def test_nothing_to_accept_is_said_plainly(self, folder: Path, inspects: Inspect) -> None:
        inspects(loaded(folder))
        assert "There is nothing to accept: no mapping and no match was proposed." in shown(check(folder, accept=True))
        assert "nothing to accept" not in shown(check(folder))

    def test_a_clean_bill_names_the_next_step(self, folder: Path, inspects: Inspect) -> None:
        inspects(loaded(folder))
        assert shown(check(folder)).endswith(f"Nothing stops an assessment. Next: prmkit assess {folder}\n")


class TestOnFiles:
    def test_a_small_engagement_from_files(self, folder: Path) -> None:
        (folder / "data").mkdir()
        (folder / "data" / "partners.csv").write_text("partner_id,name,tier\n007,Seven,gold\n008,Eight,\n", encoding="utf-8")
        (folder / "data" / "sales.csv").write_text("date,partner_id,revenue\n2023-01-31,007,1000\n2023-12-31,007,100\n", encoding="utf-8")
        out = io.StringIO()
        assert run(folder, False, Console(file=out, width=80)) == 0
        assert "  2023 | revenue | 1,100 | 1,100 | 0 | the same" in out.getvalue()
        assert {path.name for path in folder.iterdir()} == {"engagement.yaml", "data", "out"}

    def test_every_fault_of_the_files_is_named(self, folder: Path) -> None:
        (folder / "data").mkdir()
        (folder / "data" / "partners.csv").write_text("partner_id,name,tier\n007,Seven,gold\n", encoding="utf-8")
        (folder / "data" / "sales.csv").write_text("date,partner_id,revenue\n2024-02-30,007,10\n2024-03-01,007,ten\n", encoding="utf-8")
        out = io.StringIO()
        assert run(folder, False, Console(file=out, width=80)) == 2
        assert "2024-02-30" in out.getvalue()
        assert "ten" in out.getvalue()
