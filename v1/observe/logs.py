"""The log: one JSON object a line on standard error, with the request id and without secrets.

An exception is logged with its type and the lines of code in its traceback. Its text is left out, because it may quote
a request.
"""

import json
import logging
import random
import re
import select
import sys
import time
import traceback
from contextlib import suppress
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, Final

request_id: ContextVar[str] = ContextVar("request_id", default="")

_log = logging.getLogger(__name__)
_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{1,64}")
# A token or a digest, wherever a caller put it: into a path, a device name, a request id.
_SECRET = re.compile(r"[0-9A-Fa-f]{40,}|gp[acmp]_[0-9A-Za-z]+|eyJ[\w-]{8,}[\w.-]*")
_FIELDS: Final[tuple[str, ...]] = (
    *("event", "door", "reason", "key", "user_id", "token_id", "kind", "revoked", "address", "device", "by", "scope"),
    *("number", "method", "path", "status", "seconds", "host", "state"),
)


def choose_request_id(offered: str) -> str:
    """The caller's X-Request-Id if it is well-formed, else a new one of 32 hex digits. It is no secret."""
    if offered and _WELL_FORMED.fullmatch(offered) and not _SECRET.search(offered):
        return offered
    return f"{random.getrandbits(128):032x}"


def begin(offered: str) -> str:
    """Begin a request: choose its id, put it on all log lines from now on, and return it."""
    chosen = choose_request_id(offered)
    request_id.set(chosen)
    return chosen


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON. Of `extra` only the fields in _FIELDS are logged."""

    def format(self, record: logging.LogRecord) -> str:
        found = record.__dict__
        fields = {name: found[name] for name in _FIELDS if name in found}
        line = _line(record.created, record.levelname.lower(), fields)
        if (message := record.getMessage()) and getattr(record, "event", "") not in ("request", message):
            line["message"] = message
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
            line["at"] = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(record.exc_info[2])]
        return _encoded(line)


def _line(unix: float, level: str, fields: dict[str, Any]) -> dict[str, Any]:
    line: dict[str, Any] = {"time": f"{_second(int(unix))}.{int(unix * 1000) % 1000:03d}Z", "level": level} | fields
    return line | {"request_id": current} if (current := request_id.get()) else line


def _encoded(line: dict[str, Any]) -> str:
    """The line as JSON. Texts are masked first: in JSON the digits of an escape could look like part of a token."""
    return json.dumps({name: masked(value) if isinstance(value, str) else value for name, value in line.items()})


def masked(text: str) -> str:
    """The text with `***` in place of everything that looks like a token or a digest."""
    return _SECRET.sub("***", text)


@lru_cache(maxsize=2)
def _second(unix: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(unix))


class Lines(logging.StreamHandler):  # type: ignore[type-arg]
    """Loses a line that cannot be written. `logging` would write a traceback, into the same log once there is room."""

    def handleError(self, record: logging.LogRecord) -> None:
        if not isinstance(sys.exc_info()[1], OSError | ValueError):
            super().handleError(record)


def configure() -> None:
    """Send the log of this service to standard error as lines of JSON. A second call changes nothing."""
    # No line names its thread, process or line of code: finding them out takes a third of the time of logging.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logger = logging.getLogger("v1")
    if not logger.handlers:
        handler = Lines(sys.stderr)
        handler.setFormatter(JsonLines())
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False


def write(*lines: str) -> None:
    """Write lines to standard error. If that fails, they are lost and the request goes on, as with `logging`.

    Many lines go in few writes. None is longer than PIPE_BUF: the workers share a pipe, and longer writes may be mixed.
    """
    together = ""
    for line in lines:
        if together and len(together) + len(line) > select.PIPE_BUF:
            _write(together)
            together = ""
        together += line
    _write(together)


def _write(text: str) -> None:
    with suppress(OSError, ValueError):  # a full disk, a reader that is gone, a closed file
        sys.stderr.write(text)


def access(method: str, path: str, status: int, seconds: float) -> None:
    """Write the line of an answered request, and end the request id."""
    write(access_line(method, path, status, seconds))


def access_line(method: str, path: str, status: int, seconds: float) -> str:
    """The line of an answered request, for `write`. Ends the request id.

    `logging` and `json` are not used: they take a fifth of the time of a token check (bench/results.md).
    """
    unix, current = time.time(), request_id.get()
    request_id.set("")  # what this thread logs next belongs to another request
    return (
        f'{{"time": "{_second(int(unix))}.{int(unix * 1000) % 1000:03d}Z", "level": "info", "event": "request", '
        f'{_method_and_path(method, path)}, "status": {status}, "seconds": {seconds:.6f}, "request_id": "{current}"}}\n'
    )


@lru_cache(maxsize=64)  # few: a caller may send long paths
def _method_and_path(method: str, path: str) -> str:
    """Two members of a JSON object.

    The path is cut at a `?` or `=`, which none of our paths has: what follows may be an encoded query with a secret.
    """
    if "?" in path or "=" in path:
        path = re.split("[?=]", path)[0] + "***"
    return _encoded({"method": method, "path": path})[1:-1]


def event(name: str, **fields: object) -> None:
    """Log an event: a login, a token issued or revoked, an act of an administrator.

    The names of `fields` are in _FIELDS. No value comes from a password, a token or a digest.
    """
    _log.info(name, extra={"event": name, **fields})


def unforeseen(error: Exception) -> None:
    """Log the type and the traceback's lines of an unforeseen error."""
    _log.error("an unforeseen error", extra={"event": "error"}, exc_info=error)
