"""A place to listen, on this machine only."""

from __future__ import annotations

import errno
import os
from socket import AF_INET, SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET, socket

from prmkit.errors import PrmkitError

HOST, TRIED_PORTS = "127.0.0.1", 20


def bind(port: int | None, first: int) -> socket:
    """A listening socket on the port asked for, or on the first free one from `first` on; PrmkitError when it is taken."""
    for candidate in [port] if port is not None else [*range(first, first + TRIED_PORTS), 0]:
        listener = socket(AF_INET, SOCK_STREAM)
        try:
            if os.name == "posix":
                listener.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
            listener.bind((HOST, candidate))
            listener.listen(128)
            listener.setblocking(False)
            return listener
        except (OSError, OverflowError) as error:
            listener.close()
            if port is not None:
                reason = "is in use" if getattr(error, "errno", 0) == errno.EADDRINUSE else "cannot be listened on"
                raise PrmkitError(f"Port {port} {reason}.", do="Take another with --port, or leave it out.") from error
    raise PrmkitError("No port could be listened on.", do="Name one with --port.")


def free_port(port: int | None, first: int) -> int:
    """The number of such a port, for a program that listens by itself."""
    with bind(port, first) as listener:
        return int(listener.getsockname()[1])
