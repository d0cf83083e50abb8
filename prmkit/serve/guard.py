"""What every route of the server shares: the token, the headers, and kernels that belong to somebody.

Voila serves its static files, and with them those beside a notebook, without asking for the token.
Here each route Voila offers is either on the list of `server.py` and wrapped in `Guard`, or gone.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from tornado import web
from tornado.ioloop import IOLoop
from tornado.websocket import WebSocketHandler

from prmkit.serve.kernels import VISIT, Visit

# Voila writes this into a page that takes longer than ten seconds
_HEARTBEAT = base64.b64encode(hashlib.sha256(b"window.voila_heartbeat()").digest()).decode("ascii")
POLICY = "; ".join(
    (
        "default-src 'none'",
        f"script-src 'self' 'sha256-{_HEARTBEAT}'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
PROGRAM_FILES = "private, no-cache"


class Guard(JupyterHandler):
    """Mixed in before a handler of Voila's: nothing is answered to a request without the token."""

    open_to_all = False
    takes_query = True
    visit: Visit | None = None

    def set_default_headers(self) -> None:
        """Our headers, and no others that Jupyter would add."""
        if not isinstance(self, WebSocketHandler):
            for name, value in HEADERS.items():
                self.set_header(name, value)
            self.clear_header("Server")

    def set_extra_headers(self, path: str) -> None:
        """Files of the program itself may be kept by the browser, if it asks each time whether they changed."""
        self.set_header("Cache-Control", PROGRAM_FILES)

    def set_cors_headers(self) -> None:
        """No other site may read anything, with or without the token."""

    async def prepare(self, **kwargs: Any) -> None:
        """Refuse, or go on with a known visitor.

        A page takes nothing from its address: the token there is exchanged for the cookie, and all
        that stands after the question mark is removed before Voila or a kernel could see it.
        """
        await super().prepare(**kwargs)
        if self._finished or self.open_to_all:
            return
        if self.current_user is None:
            raise web.HTTPError(403)
        self.xsrf_token  # noqa: B018 -- sets the cookie without which a page that closes cannot end its kernel
        self.visit = Visit(self.current_user.username)
        VISIT.set(self.visit)
        kernel_id = self._kernel_asked_for()
        if kernel_id is not None and not self.kernel_manager.belongs(kernel_id, self.current_user.username):
            raise web.HTTPError(404)
        if not self.takes_query and self.request.query:
            self.redirect("/" + self.request.path.lstrip("/"))

    def on_connection_close(self) -> None:
        """A visitor who goes while the page is being worked out takes the kernel along."""
        super().on_connection_close()
        if self.visit is not None and self.visit.kernel_id:
            IOLoop.current().add_callback(self.kernel_manager.leave, self.visit)

    def on_finish(self) -> None:
        """From now on only an open page keeps the kernel."""
        super().on_finish()
        if self.visit is not None:
            self.visit.answered = True

    def _kernel_asked_for(self) -> str | None:
        named = self.path_kwargs.get("kernel_id")
        if named is None and "/api/shutdown/" in self.request.path:
            named = self.path_args[0]
        return named

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """A plain page (or line, for what is not a page), without a word about the inside."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        template = self.settings["voila_jinja2_env"].get_template("error.html")
        self.finish(template.render(status_code=status_code, **self.settings["prmkit_page"]))


def guarded(handler: type[web.RequestHandler], *, open_to_all: bool = False) -> type[web.RequestHandler]:
    """The handler behind the guard."""
    return type(f"Guarded{handler.__name__}", (Guard, handler), {"open_to_all": open_to_all})
