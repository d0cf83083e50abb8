"""Reports that never came are told from months in which nothing was sold."""

from __future__ import annotations

import math
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from prmkit import resources
from prmkit.data.load import Inspection, inspect
from prmkit.data.oddities.reports import as_few, silent
from prmkit.engagement import load_engagement
from tests.data.conftest import codes, fault

Look = Callable[..., Inspection]
HEAD = "sale_id,invoice_id,date,partner_id,distributor_id,revenue,channel\n"


def sheet(*lines: list[int]) -> pd.DataFrame:
    """Counts of senders a, b, ... by month from 2025-01."""
    months = pd.period_range("2025-01", periods=len(lines[0]), freq="M").strftime("%Y-%m")
    return pd.DataFrame(list(lines), index=list("abcdefgh")[: len(lines)], columns=months)


@pytest.mark.parametrize(
    ("lines", "months"),
    [
        ([10, 10, 10, 0, 10, 10, 10], ["2025-04"]),
        ([9, 9, 9, 0, 9, 9, 9], []),
        ([20, 20, 20, 1, 20, 20, 20], ["2025-04"]),
        ([20, 20, 20, 2, 20, 20, 20], []),
        ([20, 20, 0, 0, 20, 20, 20], ["2025-03", "2025-04"]),
        ([20, 0, 0, 0, 0, 20, 20], []),
        ([0, 0, 1, 18, 0, 26, 28, 28], ["2025-05"]),
        ([20, 20, 20, 0, 0], []),
        ([0, 0, 20, 20, 20], []),
        ([1, 0, 0, 20, 20, 20], []),
        ([20, 20, 20, 0, 0, 2, 0], []),
    ],
)
def test_a_silent_month_among_busy_ones(lines: list[int], months: list[str]) -> None:
    assert list(silent(sheet(lines))) == [("a", month) for month in months]


def test_the_chance_is_that_of_poisson() -> None:
    assert as_few(0, 9.3) == pytest.approx(math.exp(-9.3))
    assert as_few(2, 3) == pytest.approx(math.exp(-3) * (1 + 3 + 4.5))
    assert as_few(5, 0) == 1.0
    assert as_few(0, 1e6) == 0.0
    assert as_few(1_000_000, 1e6) == pytest.approx(0.5, abs=0.01)


def report(counts: list[int], distributor: str = "007", partner: str = "P1", channel: str = "sell_through", days: int = 28) -> str:
    """Lines of a distributor for every month from 2025-01, as many as `counts` says, one invoice each."""
    made = []
    for number, count in enumerate(counts):
        month = pd.Period("2025-01", freq="M") + number
        for one in range(count):
            key, day = f"{distributor}{partner}{month}-{one}", one % days + 1
            made.append(f"{key},I{number}-{one},{month}-{day:02d},{partner},{distributor},10,{channel}\n")
    return "".join(made)


def test_a_report_that_never_came_is_told_once_with_its_sender(look: Look) -> None:
    rows = report([12, 12, 12, 0, 12, 12]) + report([2, 2, 2, 2, 2, 2], "", "P2")
    met = fault(look({"data/sales.csv": HEAD + rows}), "report_missing")
    assert (met.severity, met.table, met.column, met.value) == ("warning", "sales", "date", "2025-04")
    assert "No line of the distributor 007 in 2025-04, where" in met.why


def test_a_quiet_month_of_one_of_its_partners_is_not_a_missing_report(look: Look) -> None:
    rows = report([12, 12, 12, 0, 12, 12]) + report([1, 1, 1, 5, 1, 1], "007", "P2")
    assert "report_missing" not in codes(look({"data/sales.csv": HEAD + rows}))


def test_a_partner_that_reports_itself_is_looked_at_and_our_own_invoices_are_not(look: Look) -> None:
    counts = [14, 14, 14, 0, 14, 14]
    others = report([1] * 6, "", "P2")
    met = fault(look({"data/sales.csv": HEAD + report(counts, "") + others}), "report_missing")
    assert "the partner P1 in 2025-04" in met.why
    invoiced = report(counts, "", "P1", "sell_in") + report([1] * 6, "", "P2", "sell_in")
    assert "report_missing" not in codes(look({"data/sales.csv": HEAD + invoiced}))


def test_lines_of_one_order_count_once_for_a_partner(look: Look) -> None:
    rows = report([14, 14, 14, 0, 14, 14], "") + report([1] * 6, "", "P2")
    one_order = re.sub(r",I(\d+)-\d+,", r",I\1,", rows)
    assert "report_missing" not in codes(look({"data/sales.csv": HEAD + one_order}))


def test_a_file_without_a_month_is_told(look: Look) -> None:
    rows = "".join(report([1, 1, 1, 0, 1, 1], "", f"P{n}", "sell_in") for n in range(10)) + report([0, 0, 0, 1], "7", "P99", "sell_in")
    found = look({"data/sales.csv": HEAD + rows})
    assert "No line of the file data/sales.csv in 2025-04" in fault(found, "report_missing").why


def test_a_month_without_anybody_is_left_to_readiness(look: Look) -> None:
    assert "report_missing" not in codes(look({"data/sales.csv": HEAD + report([12, 12, 12, 0, 12, 12])}))


def test_a_last_month_that_is_short_by_one_sender_is_told(look: Look) -> None:
    other = report([30] * 7, "008", "P2")
    met = fault(look({"data/sales.csv": HEAD + report([30] * 6 + [7]) + other}), "report_incomplete")
    assert "from the distributor 007 in 2025-07" in met.why
    assert (
        "from the distributor 007 in 2025-07" in fault(look({"data/sales.csv": HEAD + report([30] * 6) + other}), "report_incomplete").why
    )
    for usual in ([30] * 6 + [16], [30] * 4 + [0, 0, 0], [30] * 5 + [0, 0], [30] * 2 + [0]):
        assert "report_incomplete" not in codes(look({"data/sales.csv": HEAD + report(usual) + other}))


def test_a_month_that_is_not_over_counts_for_its_part(look: Look) -> None:
    other = report([56] * 6 + [18], "008", "P2", days=9)
    assert "report_incomplete" not in codes(look({"data/sales.csv": HEAD + report([56] * 6 + [18], days=9) + other}))
    assert "report_incomplete" in codes(look({"data/sales.csv": HEAD + report([56] * 6) + other}))


def test_the_made_up_programme_gives_up_its_missing_report_and_no_other(tmp_path: Path) -> None:
    sample = resources.folder("data_samples") / "made_up_programme"
    shutil.copytree(sample / "data", tmp_path / "data")
    shutil.copy(sample / "engagement.yaml", tmp_path)
    found = inspect(load_engagement(tmp_path), tmp_path / "cache")
    acts = pd.read_csv(sample / "truth" / "dirt.csv", dtype="str")
    dropped = acts.loc[acts["kind"] == "month_missing", "was"].str.split(",", expand=True)
    planted = set("the distributor " + dropped[0] + " in " + dropped[3].str[:7])
    assert planted == {"the distributor P00107 in 2025-02"}
    told = [one for one in found.faults if one.code == "report_missing"]
    assert {name for one in told for name in re.findall(r"the \w+ \S+ in \d{4}-\d{2}", one.why)} == planted
    assert "report_incomplete" not in codes(found)

    slips = acts[acts["kind"] == "currency_slip"]
    assert len(slips) == 15
    assert fault(found, "currency_slip").count == 14  # one partner has too few lines to have a usual currency
    late = [(one.table, one.value) for one in found.faults if one.code == "history_begins_late"]
    assert late == [("trainings", "2025-02-13")]
    assert set(acts.loc[acts["kind"] == "before_the_system", "file"]) == {"docebo_users_courses"}
    swapped = {(one.table, one.row): one.count for one in found.faults if one.code == "day_month_swapped"}
    assert swapped == {("tickets", 821): 2, ("trainings", 52): 1, ("events", 6): 1}
    assert (
        codes(found) & {"price_off_by_rate", "lines_sent_again", "lines_corrected", "two_tier_twice", "channel_empty", "snapshot_only"}
        == set()
    )
