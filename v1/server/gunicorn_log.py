"""gunicorn's own messages as JSON lines, without what a client sent.

gunicorn logs a request that its parser refuses with the request line itself, and a password may stand in it. Here such
a message is cut where the quotation begins. A client that stalls is one line, not a traceback.
"""

import logging
import re
import sys
from typing import Any

from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from v1.observe.logs import JsonLines

# The reason in gunicorn's own words ends at the first quote, colon or bracket. What the client sent begins there.
_REFUSED_REQUEST = re.compile(r"Invalid request from ip=\S+: [A-Za-z0-9 /-]*")


class Formatter(JsonLines):
    """The service's JSON lines, for messages of gunicorn."""

    def format(self, record: logging.LogRecord) -> str:
        message = record.getMessage()
        if refused := _REFUSED_REQUEST.match(message):
            message = refused[0]
        record.msg, record.args = message.partition("?")[0], ()  # a query string may hold credentials
        return super().format(record)


class Log(Logger):  # type: ignore[misc]
    """Overrides `setup`, which makes the handlers, and `exception`, which logs a traceback."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(Formatter())

    def exception(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        if isinstance(sys.exc_info()[1], BlockingIOError | TimeoutError):
            self.info("a client stalled in its headers, or did not read its answer, and was dropped")
        else:
            super().exception(msg, *args, **kwargs)
