"""`prmkit serve`: the playbooks as apps for the consultant's own team, on this machine, behind a token."""

from __future__ import annotations

from pathlib import Path


def serve(folder: Path, *, port: int | None = None, portfolio: str | None = None, open_browser: bool = True) -> int:
    """Serve an engagement's playbooks until stopped; returns the exit code.

    folder: the engagement folder. port: None takes the first free one from 8866 on; a number is taken
    or refused. portfolio: only this one; None serves "all" and every portfolio of engagement.yaml.
    Raises PrmkitError when the engagement cannot be read, the port is taken or Voila cannot be hardened.
    """
    from prmkit.serve.command import run

    return run(folder, port=port, portfolio=portfolio, open_browser=open_browser)
