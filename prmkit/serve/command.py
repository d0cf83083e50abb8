"""`prmkit serve`, step by step: results first, working copies, the server, and a link to open."""

from __future__ import annotations

import os
import secrets
import webbrowser
from collections.abc import Sequence
from pathlib import Path

import typer
from markupsafe import escape

from prmkit import assess
from prmkit.engagement import Engagement, load_engagement
from prmkit.errors import PrmkitError, unknown_name
from prmkit.publish import style, words
from prmkit.serve.environment import cleaned, secrets_of
from prmkit.serve.launch import Running, private_root, running, server_environment
from prmkit.serve.settings import ServerSettings
from prmkit.serve.staging import stage


def run(folder: Path, *, port: int | None, portfolio: str | None, open_browser: bool) -> int:
    """Serve until interrupted; 0 then, 1 when the server ended by itself."""
    engagement = load_engagement(folder)
    names = portfolios(engagement, portfolio)
    typer.echo("Results: computed now where they are missing or no longer fit the data ...")
    assess.ensure_results(folder, names)
    with private_root() as root:
        gallery = stage(engagement, names, root / "apps")
        settings = ServerSettings(
            root=str(root),
            apps=str(root / "apps"),
            runtime=str(root / "run"),
            token=secrets.token_urlsafe(32),
            port=port,
            css=style.css(),
            lang=words.language(engagement.locale),
            gallery=gallery,
        )
        kept = cleaned(os.environ, secrets_of(engagement)) | {"PRMKIT_CODE_HASH": assess.code_hash()}
        with running(settings, server_environment(root, kept)) as server:
            typer.echo(f"The apps are at (the link holds the key, share it with your team only):\n\n  {server.url}\n")
            typer.echo("Stop with Ctrl-C.")
            if open_browser:
                _open(server, root)
            return _until_stopped(server)


def portfolios(engagement: Engagement, asked: str | None) -> Sequence[str]:
    """The portfolios to serve; PrmkitError for a name the engagement does not have."""
    known = ["all", *engagement.portfolios]
    if asked is None:
        return known
    if asked not in known:
        raise PrmkitError(unknown_name("portfolio", asked, known))
    return [asked]


def _until_stopped(server: Running) -> int:
    try:
        server.process.wait()
    except KeyboardInterrupt:
        typer.echo("\nStopped.")
        return 0
    raise PrmkitError("The apps stopped by themselves; the lines above say why.", exit_code=1)


def _open(server: Running, root: Path) -> None:
    """Open the browser by way of a private file: the link, with its key, must not stand among the running processes."""
    page = root / "open.html"
    page.touch(mode=0o600)
    page.write_text(
        f'<!DOCTYPE html><html lang="en"><title>Opening the apps</title><meta http-equiv="refresh" content="0; url={escape(server.url)}">',
        encoding="utf-8",
    )
    webbrowser.open(page.as_uri())
