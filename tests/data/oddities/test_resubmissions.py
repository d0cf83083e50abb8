"""Reports that were sent again are told with their money, and nothing is dropped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from prmkit import resources
from prmkit.data.load import Inspection, inspect
from tests.data.conftest import Content, codes, engagement, fault, lines

Look = Callable[..., Inspection]

HEAD = "sale_id,invoice_id,date,partner_id,product_id,units,revenue,currency\n"
FIRST = "S1,I1,2026-01-05,P1,A,2,100,\nS2,I1,2026-01-05,P1,B,1,50,\nS3,I2,2026-01-09,P2,A,1,60,USD\n"
RATES = "currency,month,rate\nUSD,2026-01-01,0.5\n"
AGAIN = {"lines_sent_again", "lines_corrected"}


def test_lines_in_another_file_without_an_id_are_told_with_their_money(look: Look) -> None:
    again = ",I1,2026-01-05,P1,A,2,100,\n,I2,2026-01-09,P2,A,1,60,USD\n,I3,2026-02-09,P2,A,1,70,\n"
    found = look(
        {"data/sales.csv": None, "data/sales_1.csv": HEAD + FIRST, "data/sales_2.csv": HEAD + again, "data/rates.csv": RATES}, **TWO
    )
    met = fault(found, "lines_sent_again")
    assert (met.severity, met.file, met.row, met.value, met.count) == ("warning", "data/sales_2.csv", 2, "I1", 2)
    assert "2 rows with EUR 100.00 and USD 60.00; all are counted" in met.why
    assert "the first as in data/sales_1.csv, row 2" in met.why
    assert "lines_corrected" not in codes(found)
    assert found.client is not None
    assert len(lines(found.client)) == 6


TWO = {"sources": {"sales": [{"path": "data/sales_1.csv"}, {"path": "data/sales_2.csv"}]}}


def test_another_amount_is_a_correction(look: Look) -> None:
    again = "T1,I1,2026-01-05,P1,A,2,110,\nT2,I1,2026-01-05,P1,B,1,50,\n"
    found = look(
        {"data/sales.csv": None, "data/sales_1.csv": HEAD + FIRST, "data/sales_2.csv": HEAD + again, "data/rates.csv": RATES}, **TWO
    )
    assert fault(found, "lines_corrected").count == 1
    assert "1 row with EUR 110.00" in fault(found, "lines_corrected").why
    assert fault(found, "lines_sent_again").count == 1


def test_a_whole_invoice_in_two_places_of_one_file_is_told(look: Look) -> None:
    again = "T1,I1,2026-01-05,P1,A,2,100,\nT2,I1,2026-01-05,P1,B,1,50,\n"
    found = look({"data/sales.csv": HEAD + FIRST + again, "data/rates.csv": RATES})
    met = fault(found, "lines_sent_again")
    assert (met.row, met.count) == (5, 2)


@pytest.mark.parametrize(
    "rows",
    [
        FIRST,
        # an invoice may hold two equal lines side by side
        FIRST + "S4,I3,2026-02-01,P1,A,1,10,\nS5,I3,2026-02-01,P1,A,1,10,\n",
        # a part of an invoice that stands there again is another line of it
        FIRST + "S4,I1,2026-01-05,P1,A,2,100,\n",
        # other units, other product, other day
        FIRST + "T1,I1,2026-01-05,P1,A,3,100,\nT2,I1,2026-01-05,P1,C,1,50,\nT3,I2,2026-01-10,P2,A,1,60,\n",
        # without an invoice nothing tells equal sales from one that was sent twice
        FIRST + "S4,,2026-02-01,P1,A,1,10,\nS5,I9,2026-02-02,P1,A,1,10,\nS6,,2026-02-01,P1,A,1,10,\n",
    ],
)
def test_what_may_be_a_sale_of_its_own_is_not_told(rows: str, look: Look) -> None:
    assert codes(look({"data/sales.csv": HEAD + rows, "data/rates.csv": RATES})) & AGAIN == set()


def test_without_invoices_another_file_must_repeat_much_of_a_month(look: Look) -> None:
    days = "".join(f",,2026-01-{day:02d},P1,A,1,{day},\n" for day in range(1, 6))
    files = {"data/sales.csv": None, "data/sales_1.csv": HEAD + days + FIRST, "data/rates.csv": RATES}
    assert fault(look({**files, "data/sales_2.csv": HEAD + days}, **TWO), "lines_sent_again").count == 5
    few = "".join(f",,2026-01-{day:02d},P1,A,1,{day},\n" for day in (1, 2, 20, 21))
    assert codes(look({**files, "data/sales_2.csv": HEAD + few}, **TWO)) & AGAIN == set()


def test_equal_ids_are_left_to_the_check_of_keys(look: Look) -> None:
    found = look(
        {"data/sales.csv": None, "data/sales_1.csv": HEAD + FIRST, "data/sales_2.csv": HEAD + FIRST, "data/rates.csv": RATES}, **TWO
    )
    assert fault(found, "duplicate_row").count == 3
    assert codes(found) & AGAIN == set()


def test_the_reports_that_the_made_up_programme_sent_again_are_found_without_their_ids(tmp_path: Path) -> None:
    sample = resources.folder("data_samples") / "made_up_programme"
    acts = pd.read_csv(sample / "truth" / "dirt.csv", dtype="str")
    planted = int((acts["kind"] == "resubmitted").sum())
    corrected = int((acts["kind"] == "corrected_later").sum())
    assert (planted, corrected) == (21, 4)
    names = {
        "Invoice Number": "invoice_id",
        "Invoice Date": "date",
        "Reseller ID": "partner_id",
        "End Customer ID": "customer_id",
        "Vendor Part Number": "product_id",
        "Quantity": "units",
        "Extended Resale Price": "revenue",
    }
    files: dict[str, Content | None] = {"data/sales.csv": None, "data/partners.csv": "partner_id,name\nP00003,A\n"}
    for path in sorted((sample / "data").glob("pos_*.csv")):
        files[f"data/{path.name}"] = pd.read_csv(path, dtype="str")[list(names)].rename(columns=names).to_csv(index=False)
    sources = {"sales": [{"path": name} for name in files if "pos_" in name]}
    found = inspect(engagement(tmp_path, files, sources=sources), tmp_path / "cache")
    told = {one.code: one.count for one in found.faults if one.code in AGAIN}
    assert told == {"lines_sent_again": planted - corrected, "lines_corrected": corrected}
