"""The server process: Voila with every setting that client data needs, and only the routes a page uses.

Started by `launch.py` as `python -m prmkit.serve.server`, with ServerSettings on standard input. It
lives as long as that input is open: when the command that started it goes, so does the server.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import sys
import threading
from typing import Any

import voila
from jupyter_server.base.handlers import FileFindHandler
from jupyter_server.services.kernels.handlers import KernelHandler
from tornado import httpserver, ioloop
from traitlets import TraitError
from traitlets.config import Config
from voila.app import Voila
from voila.configuration import VoilaConfiguration
from voila.execute import VoilaExecutor
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.static_file_handler import MultiStaticFileHandler, TemplateStaticFileHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from prmkit.errors import PrmkitError
from prmkit.serve.guard import guarded
from prmkit.serve.hardening import INSTALL, check_effective, check_known, hardened
from prmkit.serve.identity import LoginPage, TokenIdentity
from prmkit.serve.kernels import CappedKernelManager
from prmkit.serve.logs import log_request, quiet
from prmkit.serve.pages import AppPage, Channel, GalleryPage, NotFoundPage
from prmkit.serve.ports import bind
from prmkit.serve.settings import ServerSettings

FIRST_PORT = 8866
LONGEST_SOCKET = 100  # bytes of a socket's path that every system takes
OFFERED = {  # Voila's handler -> the one that answers in its place; the last three serve the program's own files
    TornadoVoilaHandler: AppPage,
    VoilaKernelWebsocketHandler: Channel,
    **{
        handler: guarded(handler)
        for handler in (
            KernelHandler,
            VoilaShutdownKernelHandler,
            TemplateStaticFileHandler,
            MultiStaticFileHandler,
            FileFindHandler,
        )
    },
}


class AppServer(Voila):  # type: ignore[misc]
    """Voila without configuration files, on one address, with a list of routes instead of all there are."""

    settings_given: ServerSettings

    def load_config_file(self, *args: Any, **kwargs: Any) -> None:
        """Nothing is read: a voila.json or a user's Jupyter configuration could undo the hardening."""

    def init_settings(self) -> dict[str, Any]:
        """Tornado's settings: the pages' own words, no other host's name, no address in the log."""
        given = self.settings_given
        return dict(super().init_settings()) | {
            "prmkit_page_seconds": given.page_seconds,
            "prmkit_page": {"css": given.css, "lang": given.lang, "gallery": given.gallery, "prefix": "/voila/render/"},
            "allow_remote_access": False,
            "local_hostnames": ["localhost"],
            "default_handler_class": NotFoundPage,
            "log_function": log_request,
            "xsrf_cookie_kwargs": {"samesite": "Strict"},
            "ws_ping_timeout": 30_000,
        }

    def init_handlers(self) -> list[Any]:
        """Voila's routes that a page needs, each behind the guard; a route nobody thought of is not there."""
        offered = [(rule[0], OFFERED[rule[1]], *rule[2:]) for rule in super().init_handlers() if rule[1] in OFFERED]
        return [("/", GalleryPage), ("/login", guarded(LoginPage, open_to_all=True)), *offered]

    def listen(self) -> None:
        """Listen, say so on standard output, serve until stopped."""
        listener = bind(self.settings_given.port, FIRST_PORT)
        self.port = listener.getsockname()[1]
        server = httpserver.HTTPServer(self.app, max_body_size=1_000_000, idle_connection_timeout=600)
        server.add_sockets([listener])
        self.ioloop = ioloop.IOLoop.current()
        _say({"port": self.port})
        threading.Thread(target=self._stop_with_the_command, daemon=True).start()
        try:
            self.ioloop.start()
        finally:
            self.stop()

    def stop(self) -> None:
        """End the kernels, then remove all that was made for this server."""
        self.ioloop.run_sync(lambda: self.kernel_manager.shutdown_all(now=True), timeout=15)
        shutil.rmtree(self.settings_given.root, ignore_errors=True)

    def _stop_with_the_command(self) -> None:
        while os.read(sys.stdin.fileno(), 1):  # not sys.stdin.read, whose lock would be held when the process ends
            pass
        self.ioloop.add_callback(self.ioloop.stop)


def run(settings: ServerSettings) -> None:
    """Serve until told to stop; PrmkitError when that cannot be done safely."""
    longest = len(os.fsencode(settings.runtime)) + len("/voila_12345678/kernel-12345678-1234-1234-1234-123456789012-ipc-5")
    wanted = hardened(settings, sockets=os.name == "posix" and longest <= LONGEST_SOCKET)
    classes = {
        "VoilaConfiguration": VoilaConfiguration,
        "Voila": Voila,
        "VoilaExecutor": VoilaExecutor,
        "CappedKernelManager": CappedKernelManager,
        "TokenIdentity": TokenIdentity,
    }
    check_known({name: wanted[name] for name in classes}, classes, voila.__version__)
    try:
        app = AppServer.instance(config=Config(wanted))
        app.settings_given = settings
        app.initialize([])
    except TraitError as error:
        raise PrmkitError(f"Voila {voila.__version__} refuses a setting that client data needs: {error}", do=INSTALL) from error
    quiet(app.log, logging.getLogger("tornado.application"), logging.getLogger("tornado.general"))
    check_effective(wanted["VoilaConfiguration"], app.voila_configuration)
    check_effective(wanted["Voila"], app)
    app.start()


def _say(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Read the settings, serve."""
    os.umask(0o077)
    settings = ServerSettings.load(sys.stdin.buffer.readline().decode("utf-8"))
    try:
        run(settings)
    except KeyboardInterrupt:
        return
    except PrmkitError as error:
        _say({"what": error.what, "where": error.where, "do": error.do})


if __name__ == "__main__":
    main()
