"""A client's files while dirt is put on them: every act is written down, so that it could be taken back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from prmkit.simulate.exports.writing import as_lines, as_text

COLUMNS = ("file", "row", "kind", "column", "was", "became")


class Spoiling:
    """Files by name, and the acts on them.

    Rows are known by their index, which stays with them whatever is added or taken away; `acts` turns it into the row of the spreadsheet.
    An act on a cell has a column, and what was and became of it. A row added has no column, and its cells in `became`; a row
    taken away has row 0, and its cells in `was`.
    """

    def __init__(self, files: Mapping[str, pd.DataFrame]) -> None:
        self.files = {name: frame.reset_index(drop=True) for name, frame in files.items()}
        self._noted: list[tuple[str, pd.DataFrame]] = []
        self._used: dict[str, set[int]] = {}
        self._next = {name: len(frame) for name, frame in self.files.items()}

    def named(self, *patterns: str) -> Iterator[str]:
        """The files whose names are given; a pattern that ends on * stands for all names that begin so."""
        for name in self.files:
            if any(name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern for pattern in patterns):
                yield name

    def free(self, name: str) -> pd.DataFrame:
        """The rows of a file that no act has touched, so that no two acts meet in one row."""
        frame = self.files[name]
        return frame[~frame.index.isin(list(self._used.get(name, ())))]

    def change(self, name: str, kind: str, column: str, became: pd.Series) -> None:
        """Put new values into a column; `became` is indexed by the rows, missing where the cell is to be empty."""
        if became.empty:
            return
        frame = self.files[name]
        was = frame.loc[became.index, column]
        changed = frame[column].copy()
        changed.loc[became.index] = became
        self.files[name] = frame.assign(**{column: changed})
        self._note(name, kind, became.index, column, as_text(was), as_text(became.astype(frame[column].dtype)))

    def drop(self, name: str, kind: str, rows: pd.Index) -> None:
        """Take rows away."""
        if rows.empty:
            return
        frame = self.files[name]
        self._note(name, kind, rows, "", as_lines(frame.loc[rows]), None)
        self.files[name] = frame.drop(index=rows)

    def add(self, name: str, kind: str, rows: pd.DataFrame) -> pd.Index:
        """Add rows below the others; they get an index of their own, which is returned."""
        frame = self.files[name]
        first = self._next[name]
        self._next[name] += len(rows)
        added = rows.set_axis(pd.RangeIndex(first, first + len(rows)))
        if rows.empty:
            return added.index
        self.files[name] = pd.concat([frame, added])
        self._note(name, kind, added.index, "", None, as_lines(added))
        return added.index

    def touch(self, name: str, rows: pd.Index) -> None:
        """Keep later acts away from rows."""
        self._used.setdefault(name, set()).update(int(row) for row in rows)

    def acts(self) -> pd.DataFrame:
        """All acts: file, row in the spreadsheet (0 where it is gone), kind, column, was, became."""
        found = []
        for name, noted in self._noted:
            place = pd.Series(np.arange(2, len(self.files[name]) + 2), index=self.files[name].index)
            row = place.reindex(noted["row"]).fillna(0).astype("int64").to_numpy()
            found.append(noted.assign(file=name, row=row))
        if not found:
            return pd.DataFrame({name: pd.Series(dtype="int64" if name == "row" else "str") for name in COLUMNS})
        made = pd.concat(found, ignore_index=True).astype(dict.fromkeys((name for name in COLUMNS if name != "row"), "str"))
        return made[list(COLUMNS)]

    def _note(self, name: str, kind: str, rows: pd.Index, column: str, was: pd.Series | None, became: pd.Series | None) -> None:
        self.touch(name, rows)
        noted = {"row": rows.to_numpy(), "kind": kind, "column": column}
        noted |= {key: None if told is None else told.to_numpy() for key, told in (("was", was), ("became", became))}
        self._noted.append((name, pd.DataFrame(noted).astype({"was": "str", "became": "str"})))
