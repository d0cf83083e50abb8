"""Workbooks made to crash, to hang, to fill the memory or to reach other files: one clear fault, or a right reading."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import pytest

from tests.data.hostile.cases import Case, Outcome, instead, judge, run

SHEET, STRINGS, STYLES, BOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
NAMES = ("sale_id", "date", "partner_id", "revenue")


def texts(row: int, values: tuple[str, ...]) -> str:
    cells = zip("ABCD", values, strict=False)
    return "".join(f'<c r="{at}{row}" t="inlineStr"><is><t>{value}</t></is></c>' for at, value in cells)


GOOD = f'<row r="2">{texts(2, ("S1", "2026-01-15", "P1"))}<c r="D2"><v>10</v></c></row>'
Parts = Mapping[str, bytes]


def sheet(rows: str, before: str = "", after: str = "") -> bytes:
    return f'{before}<worksheet xmlns="{MAIN}"><sheetData><row r="1">{texts(1, NAMES)}</row>{rows}</sheetData>{after}</worksheet>'.encode()


def book(changed: Parts, more: Callable[[zipfile.ZipFile], None] | None = None) -> Callable[[Path], None]:
    """A workbook whose parts are replaced by those given; `more` may add whatever it likes."""

    def made(path: Path) -> None:
        openpyxl.Workbook().save(path)
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a name that is there twice
            for name, content in {**parts, SHEET: sheet(GOOD), **changed}.items():
                archive.writestr(name, content)
            if more:
                more(archive)

    return made


def patched(change: Callable[[bytearray], None]) -> Callable[[Path], None]:
    def made(path: Path) -> None:
        book({})(path)
        content = bytearray(path.read_bytes())
        change(content)
        path.write_bytes(content)

    return made


def encrypted(content: bytearray) -> None:
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(mark)
        while place >= 0:
            content[place + flags] |= 1
            place = content.find(mark, place + 4)


def lying(content: bytearray) -> None:
    """The directory says that every part has ten bytes."""
    place = content.find(b"PK\x01\x02")
    while place >= 0:
        content[place + 24 : place + 28] = (10).to_bytes(4, "little")
        place = content.find(b"PK\x01\x02", place + 4)


def overlapping(content: bytearray) -> None:
    """Thirty thousand entries that share the bytes of one."""
    start, end = content.find(b"PK\x01\x02"), content.find(b"PK\x05\x06")
    first = content[start : content.find(b"PK\x01\x02", start + 4)]
    many = content[start:end] + first * 30_000
    tail = content[end:]
    tail[8:12] = (30_010).to_bytes(2, "little") * 2
    tail[12:16] = len(many).to_bytes(4, "little")
    content[start:] = many + tail


def outside(archive: zipfile.ZipFile) -> None:
    for name in ("../../../evil.txt", "/tmp/evil.txt", "xl/../../evil.txt", "..\\evil.txt"):
        archive.writestr(name, b"x")


LAUGHS = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 20}">' for n in range(1, 9))
DOCTYPE = f'<!DOCTYPE w [<!ENTITY e0 "lol">{LAUGHS}<!ENTITY file SYSTEM "file:///etc/passwd">]>'

LAUGHING_BOOK = f'{DOCTYPE}<workbook xmlns="{MAIN}"><sheets>&e8;</sheets></workbook>'.encode()
CELLS_IN_A_CELL = f"""<row r="3"><c r="A3" t="inlineStr"><is><t><![CDATA[{'<c r="A1"' * 90_000}]]></t></is></c></row>"""


def xlsx(what: str, content: Callable[[Path], None], *errors: str, rows: int | None = None) -> Case:
    return instead(what, "data/sales.xlsx", content, *errors, rows=rows)


CASES = [
    xlsx("a healthy workbook", book({}), rows=1),
    xlsx("row two billion", book({SHEET: sheet(GOOD + '<row r="2000000000"><c r="A2000000000"><v>1</v></c></row>')}), "workbook_too_large"),
    xlsx("row 1e300", book({SHEET: sheet(GOOD + '<row r="1e300"/>')}), "workbook_too_large"),
    xlsx("column ZZZ", book({SHEET: sheet(GOOD + '<row r="3"><c r="ZZZ3"><v>1</v></c></row>')}), "workbook_too_large"),
    xlsx("column ZZZZZZ", book({SHEET: sheet(GOOD + '<row r="3"><c r="ZZZZZZ3"><v>1</v></c></row>')}), "broken_workbook"),
    xlsx("millions of empty rows", book({SHEET: sheet(GOOD + "<row/>" * 3_000_000)}), "workbook_too_large"),
    xlsx("millions of strings", book({STRINGS: b"<sst>" + b"<si/>" * 3_000_000 + b"</sst>"}), "workbook_too_large"),
    xlsx("millions of styles", book({STYLES: b"<styleSheet>" + b"<xf/>" * 3_000_000 + b"</styleSheet>"}), "workbook_too_large"),
    xlsx("a sheet of gigabytes in a sheet's name", book({"docProps/x.xml": bytes(20_000_000)}), "workbook_too_large"),
    xlsx("a cell that is never closed", book({SHEET: sheet(GOOD + f'<row r="3"><c r="A3"><f>1</f>{" " * 900_000}x</c></row>')}), rows=1),
    xlsx("cells in cells", book({SHEET: sheet(GOOD + CELLS_IN_A_CELL)}), "required_empty", "required_empty", rows=1),
    xlsx("a billion laughs", book({SHEET: sheet(GOOD.replace("S1", "&e8;"), DOCTYPE)}), "broken_workbook"),
    xlsx("a file of the machine", book({SHEET: sheet(GOOD.replace("S1", "&file;"), DOCTYPE)}), "broken_workbook"),
    xlsx("a billion laughs for a name", book({BOOK: LAUGHING_BOOK}), "broken_workbook"),
    xlsx("names that lead elsewhere", book({}, outside), rows=1),
    xlsx("a part twice", book({}, lambda archive: archive.writestr(SHEET, b"other")), "broken_workbook"),
    xlsx("parts with a password", patched(encrypted), "broken_workbook"),
    xlsx("sizes that lie", patched(lying), "broken_workbook"),
    xlsx("entries that overlap", patched(overlapping), rows=1),
    xlsx("a workbook that links to another", book({"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}), rows=1),
    xlsx("a number without end", book({SHEET: sheet(GOOD.replace("<v>10<", "<v>1e400<"))}), "bad_number", rows=0),
    xlsx("a word for a number", book({SHEET: sheet(GOOD.replace("<v>10<", "<v>ten<"))}), "broken_workbook"),
    xlsx("a character that is none", book({SHEET: sheet(GOOD.replace("S1", "S&#0;"))}), "broken_workbook"),
    xlsx("a text document", lambda path: path.write_bytes(b"PK\x03\x04" + bytes(100)) and None, "broken_workbook"),
]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    return run(CASES, tmp_path_factory.mktemp("workbooks"))


@pytest.mark.parametrize("case", CASES, ids=[case.what for case in CASES])
def test_workbook(case: Case, outcomes: dict[str, Outcome]) -> None:
    judge(case, outcomes[case.what])
