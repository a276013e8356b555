"""Owns gunicorn's own log: in the service's form, and without what a client sent."""

import logging
import re
import sys
from typing import Any

from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from v1.observe.logs import JsonLines

# The reason ends where the first quote, colon or bracket begins what was sent.
_REFUSED = re.compile(r"Invalid request from ip=\S+: [A-Za-z0-9 /-]*")


class Lines(JsonLines):
    """gunicorn's own words in the service's form, without what a client sent: it quotes whole request lines."""

    def format(self, record: logging.LogRecord) -> str:
        words = record.getMessage()
        if refused := _REFUSED.match(words):
            words = refused[0]
        record.msg, record.args = words.partition("?")[0], ()
        return super().format(record)


class Log(Logger):  # type: ignore[misc]
    """gunicorn's logger with those lines."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(Lines())

    def exception(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        if isinstance(sys.exc_info()[1], BlockingIOError | TimeoutError):
            self.info("a client stalled in its headers, or did not read its answer, and was dropped")
        else:
            super().exception(msg, *args, **kwargs)
