"""What the server writes to the terminal: one line a failure, with its cause and without a traceback."""

from __future__ import annotations

import logging
from typing import Any

from tornado import web

LOG = logging.getLogger("prmkit.serve")


class OneLine(logging.Filter):
    """A logged exception becomes its last line; a failed cell becomes what it raised, without its source."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every record stays, shortened when it carries an exception."""
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            cause = getattr(error, "ename", type(error).__name__)
            record.msg = "A page, or a part of it, could not be made: %s: %s"
            record.args = (cause, str(getattr(error, "evalue", error)).splitlines()[0] if str(error) else "")
            record.exc_info = record.exc_text = None
        return True


def quiet(*loggers: logging.Logger) -> None:
    """Shorten what these loggers write."""
    for logger in loggers:
        logger.addFilter(OneLine())


def log_request(handler: Any) -> None:
    """Only what failed inside, and never the query, in which a key may stand."""
    status = handler.get_status()
    if isinstance(handler, web.RequestHandler) and status >= 500 and status != 503:
        LOG.error("%s %s %s", status, handler.request.method, handler.request.path)
