"""Checks engagement folders one after another under limits of memory and processor time; prints a line of JSON for each."""

from __future__ import annotations

import io
import json
import resource
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

from rich.console import Console

from prmkit.check import check, show
from prmkit.errors import PrmkitError

MOST_MEMORY = 6 << 30
MOST_SECONDS = 20
MOST_WAITING = 60


def examined(folder: Path) -> dict[str, Any]:
    """The faults as (code, severity, row), rows by table, and characters of the output that a terminal would act on."""
    try:
        report = check(folder)
        written = ""
        for terminal in (False, True):
            out = io.StringIO()
            show(report, Console(file=out, width=120, force_terminal=terminal, color_system=None))
            written += out.getvalue()
        written.encode("utf-8")
    except PrmkitError as error:
        return {"error": str(error)}
    except BaseException:
        return {"crash": traceback.format_exc()}
    return {
        "faults": [(fault.code, fault.severity, fault.row, fault.count) for fault in report.faults],
        "rows": {name: source.rows for name, source in report.sources.items()},
        "acted_on": [letter for letter in written if not letter.isprintable() and letter != "\n"],
        "longest": max((len(fault.why) + len(fault.do) for fault in report.faults), default=0),
    }


def main(folders: list[str]) -> None:
    """Each folder gets the same seconds; a process that takes more is ended by the system."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    for folder in folders:
        usage = resource.getrusage(resource.RUSAGE_SELF)
        spent = int(usage.ru_utime + usage.ru_stime)
        signal.alarm(MOST_WAITING)
        resource.setrlimit(resource.RLIMIT_CPU, (spent + MOST_SECONDS, resource.RLIM_INFINITY))
        print(json.dumps({"folder": folder, **examined(Path(folder))}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
