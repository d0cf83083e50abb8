"""What a visitor sees: the gallery, an app, and the channel between an open page and its kernel."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from markupsafe import escape
from tornado import web
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from prmkit.serve.guard import Guard
from prmkit.serve.hardening import FAILED, TOO_LONG

GLANCE_SECONDS = 2


class AppPage(Guard, TornadoVoilaHandler):  # type: ignore[misc]
    """One playbook, worked out for this visitor; given up after a time, so that no request lasts for ever."""

    takes_query = False

    async def get(self, path: str | None = None) -> None:
        """The page, part by part as each is done."""
        work = asyncio.ensure_future(self._work(path))
        deadline = time.monotonic() + self.settings["prmkit_page_seconds"]
        while not (await asyncio.wait({work}, timeout=GLANCE_SECONDS))[0]:
            late = time.monotonic() > deadline
            if late or await self.kernel_manager.gone(self.visit):
                work.cancel()
                await self.kernel_manager.leave(self.visit)
                return self._give_up(TOO_LONG if late else FAILED)
        return work.result()

    async def _work(self, path: str | None) -> None:
        work = super().get(path)
        if work is not None:
            await work

    def _give_up(self, said: str) -> None:
        """The kernel is gone or the time is over, and Voila would wait on."""
        if not self._headers_written:
            raise web.HTTPError(500)
        self.finish(f'<p class="failed" role="alert">{escape(said)}</p></main></body></html>')


class Channel(Guard, VoilaKernelWebsocketHandler):  # type: ignore[misc]
    """What an open page and its kernel say to each other; closed with the kernel."""

    async def open(self, kernel_id: str) -> None:
        """The page is there."""
        self.kernel_manager.join(kernel_id, self)
        await super().open(kernel_id)

    def on_close(self) -> None:
        """The page is gone."""
        self.kernel_manager.part(self.kernel_id, self)
        super().on_close()


class GalleryPage(Guard):
    """The first page: which apps there are."""

    takes_query = False

    async def get(self) -> None:
        """The page, from what the command prepared; no folder is listed."""
        template = self.settings["voila_jinja2_env"].get_template("gallery.html")
        self.finish(template.render(**self.settings["prmkit_page"]))


class NotFoundPage(Guard):
    """What is on no list."""

    async def prepare(self, **kwargs: Any) -> None:
        """404, after the token was asked for."""
        await super().prepare(**kwargs)
        if not self._finished:
            raise web.HTTPError(404)
