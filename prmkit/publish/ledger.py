"""What has become of every partner's report: one row a partner and edition, kept beside the reports."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

_TABLE = """
    CREATE TABLE IF NOT EXISTS reports (
      partner_id TEXT NOT NULL, edition TEXT NOT NULL, slug TEXT NOT NULL, fingerprint TEXT NOT NULL,
      status TEXT NOT NULL CHECK (status IN ('ok', 'failed')), cause TEXT NOT NULL, finished_at TEXT NOT NULL,
      PRIMARY KEY (partner_id, edition))
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A report that was tried: `fingerprint` says from which results and which playbook."""

    partner_id: str
    edition: str
    slug: str
    fingerprint: str
    status: str
    cause: str


class Ledger:
    """The ledger of one folder of partner reports."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def entries(self) -> dict[tuple[str, str], Entry]:
        """Every entry by partner and edition."""
        rows = self._connection.execute("SELECT partner_id, edition, slug, fingerprint, status, cause FROM reports ORDER BY 1, 2")
        return {(row[0], row[1]): Entry(*row) for row in rows}

    def keep(self, entry: Entry) -> None:
        """Write an entry in the place of the one before it."""
        finished_at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        with self._connection:
            self._connection.execute(
                "INSERT OR REPLACE INTO reports VALUES (?, ?, ?, ?, ?, ?, ?)",
                (entry.partner_id, entry.edition, entry.slug, entry.fingerprint, entry.status, entry.cause, finished_at),
            )


@contextmanager
def open_ledger(folder: Path) -> Iterator[Ledger]:
    """The ledger in `folder`, made when it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(folder / "ledger.db", timeout=30)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(_TABLE)
        yield Ledger(connection)
