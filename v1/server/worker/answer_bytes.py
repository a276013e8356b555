"""Writes an answer as gunicorn does, byte for byte."""

import time
from functools import lru_cache

from gunicorn import SERVER, util  # type: ignore[import-untyped]

from v1.doors.pre_flask import STATUS_LINES, Headers


def encode(status: int, headers: Headers, body: bytes, keep: bool) -> bytes:
    """An HTTP/1.1 answer; `keep` says whether the connection stays open. Without a body, there is none to frame."""
    lines = "".join([f"{name}: {value}\r\n" for name, value in headers])
    return f"{_first_lines(status, keep, int(time.time()))}{lines}\r\n".encode("latin1") + body


@lru_cache(maxsize=16)
def _first_lines(status: int, keep: bool, now: int) -> str:
    connection = "keep-alive" if keep else "close"
    date = util.http_date(now)
    return f"HTTP/1.1 {STATUS_LINES[status]}\r\nServer: {SERVER}\r\nDate: {date}\r\nConnection: {connection}\r\n"
