"""Kernels of a shared server: no more than so many at a time, and each belongs to the visitor who asked for it."""

from __future__ import annotations

import datetime as dt
import uuid
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from jupyter_core.utils import ensure_async
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado import web
from tornado.websocket import WebSocketHandler
from traitlets import Integer

STOPPED = "stopped"  # app.js looks for this word
FORSAKEN = dt.timedelta(seconds=20)


@dataclass(slots=True)
class Visit:
    """One request: who asked, which kernel it started, whether it was answered, whether the visitor left before."""

    visitor: str
    kernel_id: str = ""
    answered: bool = False
    left: bool = False


VISIT: ContextVar[Visit | None] = ContextVar("VISIT", default=None)


class CappedKernelManager(AsyncMappingKernelManager):
    """Voila starts a kernel for each page view and knows no limit; beyond `live_kernels` this one answers 503."""

    live_kernels = Integer(8, config=True, help="Kernels alive at a time.")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]
        self._starting: set[str] = set()
        self._visits: dict[str, Visit] = {}
        self._channels: dict[str, set[WebSocketHandler]] = {}

    async def start_kernel(self, **kwargs: Any) -> str:
        """Start a kernel for the visitor of this request; HTTP 503 when there are as many as allowed."""
        if len(self._alive()) >= self.live_kernels:
            await self._stop_forsaken()
        if len(self._alive()) >= self.live_kernels:
            raise web.HTTPError(503)
        visit = VISIT.get() or Visit("")
        kernel_id = visit.kernel_id = str(uuid.uuid4())
        self._visits = {known: made for known, made in self._visits.items() if known in self._alive()} | {kernel_id: visit}
        self._starting.add(kernel_id)
        try:
            await super().start_kernel(kernel_id=kernel_id, **kwargs)
        finally:
            self._starting.discard(kernel_id)
        if visit.left:
            await self.leave(visit)
            raise web.HTTPError(503)
        return kernel_id

    def belongs(self, kernel_id: str, visitor: str) -> bool:
        """Whether this visitor's page started the kernel; what does not exist belongs to nobody."""
        visit = self._visits.get(kernel_id)
        return visit is not None and bool(visitor) and visit.visitor == visitor

    async def gone(self, visit: Visit) -> bool:
        """Whether the kernel that this request started is dead or stopped; False while it is starting."""
        if not visit.kernel_id or visit.kernel_id in self._starting:
            return False
        return visit.kernel_id not in self or not await self._lives(visit.kernel_id)

    async def leave(self, visit: Visit) -> None:
        """The visitor went before the page was whole: the kernel is not kept for nobody."""
        visit.left = True
        if visit.kernel_id in self:
            await self.shutdown_kernel(visit.kernel_id, now=True)  # type: ignore[no-untyped-call]

    def join(self, kernel_id: str, channel: WebSocketHandler) -> None:
        """An open page speaks to the kernel through this channel."""
        self._channels.setdefault(kernel_id, set()).add(channel)

    def part(self, kernel_id: str, channel: WebSocketHandler) -> None:
        """That page is closed."""
        self._channels.get(kernel_id, set()).discard(channel)

    def remove_kernel(self, kernel_id: str) -> Any:
        """A kernel is no more, for whatever reason: its pages are told, since nothing else tells them."""
        for channel in self._channels.pop(kernel_id, set()):
            channel.close(1001, STOPPED)
        return super().remove_kernel(kernel_id)

    def _alive(self) -> set[str]:
        return set(self.list_kernel_ids()) | self._starting

    async def _lives(self, kernel_id: str) -> bool:
        return bool(await ensure_async(self.get_kernel(kernel_id).is_alive()))

    async def _stop_forsaken(self) -> None:
        """Stop kernels whose page is gone (answered, without a connection, and quiet for a while), and forget dead ones."""
        now = dt.datetime.now(dt.UTC)
        for kernel_id in set(self.list_kernel_ids()) - self._starting:
            visit = self._visits.get(kernel_id)
            quiet = now - self.get_kernel(kernel_id).last_activity > FORSAKEN
            forsaken = (visit is None or visit.answered) and quiet and not self._kernel_connections.get(kernel_id)
            if forsaken or not await self._lives(kernel_id):
                await self.shutdown_kernel(kernel_id, now=True)  # type: ignore[no-untyped-call]
