"""What a file that no preset knows could be: told by headers and values, with how sure."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from prmkit.data.recognition import peek
from prmkit.data.recognition.columns import guess
from prmkit.data.tables import tables

RESELLERS = "Partner Nr;Firma;Land;Partner seit\n007;Bäcker & Söhne;DE;01.02.2020\n008;Fjord;NO;15.03.2021\n"
INVOICES = "Rechnungsnummer;Rechnungsdatum;Partner Nr;Nettobetrag\nR1;13.02.2025;007;1.234,50\nR2;14.02.2025;008;99,00\n"


def _file(folder: Path, text: str, name: str = "export.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def test_partners_in_german_headers(tmp_path: Path) -> None:
    made = guess(peek(_file(tmp_path, RESELLERS)), list(tables()))
    assert made is not None
    assert made.table == "partners"
    assert made.headers == {"partner_id": "Partner Nr", "name": "Firma", "country": "Land", "joined_on": "Partner seit"}
    assert made.sure == 0.95


def test_sales_need_a_date_and_an_amount(tmp_path: Path) -> None:
    made = guess(peek(_file(tmp_path, INVOICES)), list(tables()))
    assert made is not None
    assert made.table == "sales"
    assert made.headers == {"invoice_id": "Rechnungsnummer", "date": "Rechnungsdatum", "partner_id": "Partner Nr", "revenue": "Nettobetrag"}


def test_values_that_are_no_numbers_make_it_less_sure(tmp_path: Path) -> None:
    sure = guess(peek(_file(tmp_path, INVOICES)), ["sales"])
    words = INVOICES.replace("1.234,50", "a good deal").replace("99,00", "not much")
    unsure = guess(peek(_file(tmp_path, words)), ["sales"])
    assert sure is not None
    assert sure.sureness["revenue"] == 0.95
    assert unsure is None  # nothing else could be the revenue, which every sale needs


def test_a_header_below_a_title_is_found(tmp_path: Path) -> None:
    made = guess(peek(_file(tmp_path, "Report of May\n\n" + RESELLERS)), list(tables()))
    assert made is not None
    assert (made.table, made.position) == ("partners", 2)


def test_words_that_make_no_table_are_no_guess(tmp_path: Path) -> None:
    assert guess(peek(_file(tmp_path, "alpha;beta;gamma\n1;2;3\n")), list(tables())) is None
    assert guess(peek(_file(tmp_path, "date;amount\n2025-01-01;3\n")), list(tables())) is None


@given(order=st.permutations(range(4)), upper=st.booleans(), gap=st.sampled_from([" ", "_", "-", ""]))
def test_order_and_spelling_of_headers_change_nothing(tmp_path_factory: object, order: list[int], upper: bool, gap: str) -> None:
    lines = [line.split(";") for line in RESELLERS.splitlines()]
    lines[0] = [(header.upper() if upper else header).replace(" ", gap) for header in lines[0]]
    text = "\n".join(";".join(line[place] for place in order) for line in lines) + "\n"
    folder: Path = tmp_path_factory.mktemp("guess")  # type: ignore[attr-defined]
    made = guess(peek(_file(folder, text)), list(tables()))
    assert made is not None
    assert set(made.headers) == {"partner_id", "name", "country", "joined_on"}
