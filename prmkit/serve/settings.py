"""What the command hands to the server it starts, as JSON on its standard input."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from prmkit.serve.gallery import Gallery, read_gallery

LIVE_KERNELS = 8
IDLE_SECONDS = 30 * 60
CULL_EVERY_SECONDS = 60
CELL_SECONDS, PAGE_SECONDS = 300, 900


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """One server.

    root: the private folder made for it; apps and runtime: folders in it. port: None for the first
    free one. live_kernels: visitors at work at a time. idle_seconds: after that long without use a
    kernel is stopped, its page open or not. cell_seconds, page_seconds: what one cell, one page may take.
    css: the style sheet of every page.
    """

    root: str
    apps: str
    runtime: str
    token: str
    port: int | None
    css: str
    lang: str
    gallery: Gallery
    live_kernels: int = LIVE_KERNELS
    idle_seconds: int = IDLE_SECONDS
    cull_every_seconds: int = CULL_EVERY_SECONDS
    cell_seconds: int = CELL_SECONDS
    page_seconds: int = PAGE_SECONDS

    def dump(self) -> str:
        """As one line of JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def load(cls, line: str) -> ServerSettings:
        """The reverse of `dump`."""
        plain = json.loads(line)
        return cls(**(plain | {"gallery": read_gallery(plain["gallery"])}))
