"""A made-up programme as a client's systems would export it: one module a system, one function a report.

`EXPORTS` says which file is made of which canonical tables; the preset `simulated` reads the files back.
"""

from __future__ import annotations

from pathlib import Path

from prmkit.simulate.exports import (
    accounts,
    contracts,
    finance,
    funds,
    helpdesk,
    learning,
    ledgers,
    opportunities,
    planning,
    survey,
)
from prmkit.simulate.exports.export import EXPORTS, Export, Parts, Tables
from prmkit.simulate.exports.writing import write_files

__all__ = ["EXPORTS", "Export", "Parts", "make_exports", "write_exports"]
_SYSTEMS = (accounts, opportunities, ledgers, funds, finance, learning, helpdesk, survey, contracts, planning)


def make_exports(tables: Tables) -> Parts:
    """Every file of the client by name (without ending), as frames whose columns are its headers; files without rows are left out."""
    made: Parts = {}
    for name in EXPORTS:
        export = EXPORTS.get(name)
        if not tables[export.tables[0]].empty:
            made |= {file: frame for file, frame in export.make(tables).items() if len(frame)}
    return made


def write_exports(tables: Tables, folder: Path) -> list[Path]:
    """Write every file to `folder`/data; their paths. The same tables, the same bytes, on any machine."""
    return write_files(make_exports(tables), folder / "data")
